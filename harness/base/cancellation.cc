#include "harness/base/cancellation.h"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <atomic>

#include "harness/base/error.h"

namespace drydock {
namespace {

std::atomic<int> g_signals{0};
int g_pipe[2] = {-1, -1};

void on_signal(int number) {
  if (g_signals.fetch_add(1) > 0) ::_exit(128 + number);
  const char byte = 1;
  [[maybe_unused]] const ssize_t ignored = ::write(g_pipe[1], &byte, 1);
}

}  // namespace

void install_cancellation() {
  if (::pipe2(g_pipe, O_CLOEXEC | O_NONBLOCK) != 0) return;
  struct sigaction action {};
  action.sa_handler = on_signal;
  for (const int number : {SIGINT, SIGTERM, SIGHUP}) ::sigaction(number, &action, nullptr);
  ::signal(SIGPIPE, SIG_IGN);
}

bool cancelled() { return g_signals.load() > 0; }

int cancellation_fd() { return g_pipe[0]; }

void throw_if_cancelled() {
  if (cancelled()) throw Cancelled();
}

void set_cancelled_for_test(bool value) { g_signals.store(value ? 1 : 0); }

}  // namespace drydock
