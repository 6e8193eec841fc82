// How long until a server answers: each run starts one, so whoever tries a single migration waits
// for little else.
//
// By hand is what a script does that keeps a data directory too: cp, pg_ctl, psql. Without a cache
// initdb comes first, once for each version of the server.
#include <benchmark/benchmark.h>
#include <fmt/format.h>
#include <stdlib.h>
#include <unistd.h>

#include <filesystem>
#include <string>

#include "harness/base/clock.h"
#include "harness/base/error.h"
#include "harness/base/files.h"
#include "harness/base/subprocess.h"
#include "harness/postgres/prepared_directory.h"
#include "harness/postgres/run_directory.h"
#include "harness/postgres/server.h"

namespace drydock {
namespace {

namespace fs = std::filesystem;

/// Milliseconds until the first statement is answered.
double start_server(const ServerBinaries& binaries) {
  const auto began = SteadyClock::now();
  const Server server = Server::start(binaries, {});
  Connection(server.administrator("template1")).query_value("SELECT 1");
  return milliseconds_since(began);
}

void run(const std::vector<std::string>& words, const Account& account = {}) {
  const CommandResult result = run_command(words, {account, "/", ""});
  if (result.exit_code != 0) throw Error(fmt::format("{}: {}", words.front(), result.error));
}

/// The same with the programs that everybody has.
class ServerByHand {
 public:
  explicit ServerByHand(const ServerBinaries& binaries)
      : programs_(binaries.directory),
        place_(make_run_directory(choose_run_root(std::uintmax_t{192} << 20))) {}

  ~ServerByHand() {
    run_command({programs_ + "/pg_ctl", "-D", data(), "-m", "immediate", "stop"},
                {account_, "/", ""});
    remove_tree(place_.path);
    ::close(place_.lock_fd);
  }
  ServerByHand(const ServerByHand&) = delete;
  ServerByHand& operator=(const ServerByHand&) = delete;

  double start(const fs::path& prepared) {
    const std::string socket = place_.path.string();
    std::string settings = "-k " + socket + " -c listen_addresses=";
    for (const auto& [name, value] : fast_settings()) settings += " -c " + name + "=" + value;
    const auto began = SteadyClock::now();
    run({"cp", "-r", prepared.string(), data()});
    if (::geteuid() == 0) run({"chown", "-R", fmt::format("{}", account_.uid), data()});
    run({"chmod", "700", data()});
    run({programs_ + "/pg_ctl", "-w", "-D", data(), "-l", socket + "/log", "-o", settings, "start"},
        account_);
    run({programs_ + "/psql", "-Xqc", "SELECT 1", "-h", socket, "-U", "postgres", "template1"});
    return milliseconds_since(began);
  }

 private:
  std::string data() const { return (place_.path / "data").string(); }

  const std::string programs_;
  const Account account_ = server_account();
  const RunDirectory place_;
};

void server_start(benchmark::State& state) {
  const ServerBinaries binaries = select_server("");
  start_server(binaries);  // the data directory is in the cache from here on
  double drydock = 0, by_hand = 0;
  for ([[maybe_unused]] const auto iteration : state) {
    by_hand += ServerByHand(binaries).start(prepared_directory_path(binaries));
    const double mine = start_server(binaries);
    drydock += mine;
    state.SetIterationTime(mine / 1000);
  }
  state.counters["by_hand_ms"] = by_hand / static_cast<double>(state.iterations());
  state.counters["times_by_hand"] = drydock / by_hand;
}

/// XDG_CACHE_HOME is an empty directory until the end of scope.
class EmptyCache {
 public:
  EmptyCache() {
    if (const char* usual = ::getenv("XDG_CACHE_HOME")) usual_ = usual;
    if (::mkdtemp(place_.data()) == nullptr) throw Error("cannot make a directory " + place_);
    ::setenv("XDG_CACHE_HOME", place_.c_str(), 1);
  }
  ~EmptyCache() {
    ::unsetenv("XDG_CACHE_HOME");
    if (!usual_.empty()) ::setenv("XDG_CACHE_HOME", usual_.c_str(), 1);
    remove_tree(place_);
  }
  EmptyCache(const EmptyCache&) = delete;
  EmptyCache& operator=(const EmptyCache&) = delete;

 private:
  std::string usual_;
  std::string place_ = (fs::temp_directory_path() / "drydock_cache_XXXXXX").string();
};

void server_start_with_initdb(benchmark::State& state) {
  const ServerBinaries binaries = select_server("");
  for ([[maybe_unused]] const auto iteration : state) {
    const EmptyCache cache;
    state.SetIterationTime(start_server(binaries) / 1000);
  }
}

BENCHMARK(server_start)->UseManualTime()->Unit(benchmark::kMillisecond)->Iterations(10);
BENCHMARK(server_start_with_initdb)->UseManualTime()->Unit(benchmark::kMillisecond)->Iterations(3);

}  // namespace
}  // namespace drydock
