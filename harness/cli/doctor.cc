// drydock doctor: what is here, what is missing, how to get it.

#include <fmt/format.h>
#include <pwd.h>
#include <unistd.h>

#include "harness/base/clock.h"
#include "harness/base/error.h"
#include "harness/base/files.h"
#include "harness/base/subprocess.h"
#include "harness/base/text.h"
#include "harness/cli/commands.h"
#include "harness/cli/exit_code.h"
#include "harness/postgres/prepared_directory.h"
#include "harness/postgres/run_directory.h"
#include "harness/postgres/server.h"

namespace drydock {
namespace {

void line(const char* mark, const std::string& subject, const std::string& words) {
  fmt::print("  {:<7} {:<12} {}\n", mark, subject, words);
}

bool report_servers() {
  const std::vector<ServerBinaries> servers = find_servers();
  for (const ServerBinaries& server : servers) {
    line("ok", "PostgreSQL", fmt::format("{} in {}", server.version, server.directory));
  }
  if (servers.empty()) {
    line("missing", "PostgreSQL",
         "no server found. Debian: apt-get install postgresql-15; or give --postgres");
  }
  return !servers.empty();
}

void report_places() {
  for (const auto& root : run_roots()) {
    const bool writable = ::access(root.c_str(), W_OK | X_OK) == 0;
    line(writable ? "ok" : "no", "place",
         fmt::format("{}: {}, {} MB free{}", root.string(), on_tmpfs(root) ? "tmpfs" : "disk",
                     free_bytes(root) >> 20, writable ? "" : ", not writable"));
  }
  std::uintmax_t bytes = 0;
  const auto entries = list_prepared_directories();
  for (const CacheEntry& entry : entries) bytes += entry.bytes;
  line("ok", "cache",
       fmt::format("{}: {}, {} MB", cache_directory().string(),
                   plural(entries.size(), "prepared cluster"), bytes >> 20));
}

bool report_account() {
  try {
    const Account account = server_account();
    const passwd* entry = account.uid == static_cast<uid_t>(-1) ? nullptr : ::getpwuid(account.uid);
    line(
        "ok", "account",
        entry ? fmt::format("root; servers run as {}", entry->pw_name) : "servers run as yourself");
    return true;
  } catch (const Error& error) {
    line("missing", "account", error.message() + ". " + error.remedy());
    return false;
  }
}

/// The proof of the pudding.
bool report_start() {
  try {
    const auto start = SteadyClock::now();
    const Server server = Server::start(select_server(""), {});
    line("ok", "start",
         fmt::format("a disposable server {} was ready after {} in {}", server.version(),
                     human_duration(milliseconds_since(start)), server.place()));
    return true;
  } catch (const Error& error) {
    line("failed", "start", error.message() + " " + error.remedy());
    return false;
  }
}

int doctor() {
  fmt::print("drydock {}\n", DRYDOCK_VERSION);
  const bool servers = report_servers();
  const bool account = report_account();
  report_places();
  const bool git = run_command({"git", "--version"}).exit_code == 0;
  line(git ? "ok" : "missing", "git",
       git ? "for --since" : "--since needs it: apt-get install git");
  const bool started = servers && account && report_start();
  return started ? kExitPassed : kExitCouldNotTell;
}

}  // namespace

void add_doctor_command(CLI::App& app, int& exit_code) {
  CLI::App* command = app.add_subcommand("doctor", "What is here, what is missing, how to get it");
  command->callback([&exit_code] { exit_code = doctor(); });
}

}  // namespace drydock
