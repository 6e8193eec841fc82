// Signals change the whole process, so what needs real ones happens in a child of the test.
#include "harness/base/cancellation.h"

#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness/base/error.h"
#include "harness/testing/catch.h"

namespace drydock {
namespace {

/// Exit status of `work` in a child; work returns true when all is as it should be.
template <typename Work>
int status_in_child(Work work) {
  const pid_t child = ::fork();
  if (child == 0) ::_exit(work() ? 0 : 1);
  int status = -1;
  ::waitpid(child, &status, 0);
  return status;
}

bool readable(int fd) {
  pollfd watch{fd, POLLIN, 0};
  return ::poll(&watch, 1, 0) == 1;
}

TEST_CASE("without a signal nothing is cancelled and there is nothing to wait for") {
  CHECK_FALSE(cancelled());
  CHECK(cancellation_fd() == -1);
  CHECK_NOTHROW(throw_if_cancelled());
}

TEST_CASE("a test can cancel and take it back") {
  set_cancelled_for_test(true);
  CHECK(cancelled());
  CHECK_THROWS_AS(throw_if_cancelled(), Cancelled);
  set_cancelled_for_test(false);
  CHECK_NOTHROW(throw_if_cancelled());
}

TEST_CASE("each of the three signals cancels and wakes whoever waits on the descriptor") {
  for (const int number : {SIGINT, SIGTERM, SIGHUP}) {
    CHECK(status_in_child([number] {
            install_cancellation();
            const bool quiet = !cancelled() && !readable(cancellation_fd());
            ::raise(number);
            return quiet && cancelled() && readable(cancellation_fd());
          }) == 0);
  }
}

TEST_CASE("a second signal ends the process at once with the code that shells know") {
  const int status = status_in_child([] {
    install_cancellation();
    ::raise(SIGINT);
    ::raise(SIGTERM);
    return true;
  });
  CHECK(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 128 + SIGTERM);
}

TEST_CASE("a reader that goes away does not end the process") {
  CHECK(status_in_child([] {
          install_cancellation();
          int pipe_ends[2];
          if (::pipe(pipe_ends) != 0) return false;
          ::close(pipe_ends[0]);
          return ::write(pipe_ends[1], "x", 1) == -1 && errno == EPIPE;
        }) == 0);
}

}  // namespace
}  // namespace drydock
