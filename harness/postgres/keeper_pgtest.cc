// Nothing may be left behind, whoever dies first: us, the keeper, the server.
#include "harness/postgres/keeper.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>

#include "harness/base/cancellation.h"
#include "harness/base/files.h"
#include "harness/base/text.h"
#include "harness/postgres/server.h"
#include "harness/testing/catch.h"
#include "harness/testing/error_of.h"
#include "harness/testing/eventually.h"
#include "harness/testing/processes.h"
#include "harness/testing/run_root.h"

namespace drydock {
namespace {

namespace fs = std::filesystem;
using testing::error_of;
using testing::eventually;
using testing::has;
using testing::RunRoot;
using testing::runs;

KeeperOrder order(const RunRoot& root) {
  KeeperOrder order{select_server(""), root.path(), {}};
  for (const auto& [name, value] : fast_settings()) {
    order.arguments.insert(order.arguments.end(), {"-c", name + "=" + value});
  }
  return order;
}

pid_t parent_of(pid_t id) {
  const std::string status = read_file("/proc/" + std::to_string(id) + "/stat");
  return std::stoi(status.substr(status.rfind(')') + 4));
}

/// A child of ours that holds a server: killed outright like a Drydock in trouble.
struct Holder {
  pid_t id = -1;
  fs::path directory;
  pid_t postmaster = -1;
};

Holder hold_server_in_child(const RunRoot& root, int open_descriptors) {
  int told[2];
  REQUIRE(::pipe(told) == 0);
  Holder holder;
  holder.id = ::fork();
  REQUIRE(holder.id >= 0);
  if (holder.id == 0) {
    ::close(told[0]);
    while (open_descriptors-- > 0) ::open("/dev/null", O_RDONLY | O_CLOEXEC);
    try {
      const Keeper keeper(order(root));
      ::dprintf(told[1], "%s\n%d\n", keeper.directory().c_str(), keeper.postmaster());
      for (;;) ::pause();
    } catch (const Error&) {
      ::_exit(1);
    }
  }
  ::close(told[1]);
  FILE* lines = ::fdopen(told[0], "r");
  char directory[4096] = "";
  const int read = std::fscanf(lines, "%4095s %d", directory, &holder.postmaster);
  std::fclose(lines);
  REQUIRE(read == 2);
  holder.directory = directory;
  return holder;
}

void kill_outright(pid_t child) {
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
}

TEST_CASE("letting go of a server ends it and removes its directory before it returns") {
  const RunRoot root;
  pid_t postmaster = -1, keeper = -1;
  {
    const Keeper held(order(root));
    postmaster = held.postmaster();
    keeper = parent_of(postmaster);
    CHECK(held.alive());
    CHECK(runs(postmaster));
    CHECK(held.directory().parent_path() == root.path());
    CHECK(fs::exists(held.directory() / "data" / "PG_VERSION"));
  }
  CHECK(root.empty());
  CHECK_FALSE(runs(postmaster));
  CHECK_FALSE(runs(keeper));
}

TEST_CASE("a keeper that was moved from lets go of nothing") {
  const RunRoot root;
  {
    Keeper first(order(root));
    const Keeper second(std::move(first));
    CHECK(second.alive());
  }
  CHECK(root.empty());
}

TEST_CASE("when we are killed outright the server and its directory go, too") {
  const RunRoot root;
  const Holder holder = hold_server_in_child(root, 0);
  CHECK(runs(holder.postmaster));
  CHECK(fs::exists(holder.directory));
  kill_outright(holder.id);
  CHECK(eventually([&] { return !runs(holder.postmaster) && root.empty(); }));
}

TEST_CASE("the keeper sees our end however many files were open when it was made") {
  rlimit files{};
  REQUIRE(::getrlimit(RLIMIT_NOFILE, &files) == 0);
  if (files.rlim_cur < 700) return;
  const RunRoot root;
  const Holder holder = hold_server_in_child(root, 600);
  kill_outright(holder.id);
  CHECK(eventually([&] { return !runs(holder.postmaster) && root.empty(); }));
}

TEST_CASE("when the keeper itself is killed the server ends, and sweeping removes what is left") {
  const RunRoot root;
  const Keeper held(order(root));
  ::kill(parent_of(held.postmaster()), SIGKILL);
  CHECK(eventually([&] { return !runs(held.postmaster()); }));
  CHECK(eventually([&] { return !held.alive(); }));
  CHECK_FALSE(root.empty());
  REQUIRE(sweep_run_directories().size() == 1);
  CHECK(root.empty());
}

TEST_CASE("when the server dies by itself that is seen, and its log stays until we let go") {
  const RunRoot root;
  {
    const Keeper held(order(root));
    ::kill(held.postmaster(), SIGQUIT);
    CHECK(eventually([&] { return !held.alive(); }));
    CHECK(has(read_file(held.directory() / "server.log"), "immediate shutdown"));
  }
  CHECK(root.empty());
}

TEST_CASE("a server that refuses a setting is told in its log's words and leaves nothing") {
  const RunRoot root;
  const Error error = error_of([] {
    Server::start(select_server(""), {{"shared_buffers", "nonsense"}});
  });
  CHECK(has(error.message(), "the disposable server did not start; its log says:\n"));
  CHECK(has(error.message(), "invalid value for parameter \"shared_buffers\": \"nonsense\""));
  CHECK(has(error.remedy(), "postgres.settings"));
  CHECK(root.empty());
}

TEST_CASE("programs that cannot make a server are told and leave nothing") {
  const RunRoot root;
  const testing::EnvironmentVariable no_cache("XDG_CACHE_HOME", "/proc/no-such-place");
  KeeperOrder broken = order(root);
  broken.binaries.directory = "/no/such/directory";
  CHECK(has(error_of([&] { Keeper{broken}; }).message(),
            "the disposable server was not started: initdb failed (exit code 127)"));
  CHECK(root.empty());
}

TEST_CASE("a place that cannot be written is told by name") {
  const RunRoot root;
  KeeperOrder nowhere = order(root);
  nowhere.root = "/no/such/place";
  CHECK(has(error_of([&] { Keeper{nowhere}; }).message(),
            "the disposable server was not started: cannot make a directory in /no/such/place"));
}

TEST_CASE("a start that the user stops leaves nothing") {
  const RunRoot root;
  set_cancelled_for_test(true);
  bool was_cancelled = false;
  try {
    Keeper{order(root)};
  } catch (const Cancelled&) {
    was_cancelled = true;
  }
  set_cancelled_for_test(false);
  CHECK(was_cancelled);
  CHECK(root.empty());
}

TEST_CASE("a server that is let live stays until kept servers are stopped") {
  const RunRoot root;
  pid_t postmaster = -1;
  fs::path directory;
  {
    Keeper held(order(root));
    postmaster = held.postmaster();
    directory = held.directory();
    held.let_live();
  }
  REQUIRE(eventually([&] { return fs::exists(kept_mark(directory)); }));
  CHECK(runs(postmaster));
  CHECK(sweep_run_directories().empty());  // it is in use
  const std::vector<LeftOver> stopped = stop_kept_servers();
  REQUIRE(stopped.size() == 1);
  CHECK(stopped[0].path == directory);
  CHECK(stopped[0].bytes > 1'000'000);
  CHECK(eventually([&] { return !runs(postmaster); }));
  CHECK(root.empty());
  CHECK(stop_kept_servers().empty());
}

TEST_CASE("stopping kept servers leaves the others alone") {
  const RunRoot root;
  const Keeper held(order(root));
  CHECK(stop_kept_servers().empty());
  CHECK(held.alive());
}

}  // namespace
}  // namespace drydock
