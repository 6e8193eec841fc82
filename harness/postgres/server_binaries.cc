#include "harness/postgres/server_binaries.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <set>

#include "harness/base/error.h"
#include "harness/base/subprocess.h"
#include "harness/base/text.h"

namespace drydock {
namespace fs = std::filesystem;
namespace {

/// "postgres (PostgreSQL) 15.20 (Debian …)" to "15.20"; also "16beta1", "17devel".
std::string version_word(const std::string& output) {
  const std::size_t at = output.find("(PostgreSQL) ");
  if (at == std::string::npos) return {};
  const std::string rest = output.substr(at + 13);
  return rest.substr(0, rest.find_first_of(" \n"));
}

std::optional<ServerBinaries> examine(const fs::path& directory) {
  if (::access((directory / "postgres").c_str(), X_OK) != 0) return std::nullopt;
  if (::access((directory / "initdb").c_str(), X_OK) != 0) return std::nullopt;
  const CommandResult asked = run_command({(directory / "postgres").string(), "--version"});
  const std::string version = version_word(asked.output);
  if (asked.exit_code != 0 || version.empty()) return std::nullopt;
  // The server is started from another working directory.
  return ServerBinaries{fs::absolute(directory).string(), version, std::atoi(version.c_str())};
}

/// Directories in which servers usually are, found without asking any program.
std::vector<fs::path> usual_directories() {
  std::vector<fs::path> directories;
  if (const char* path = std::getenv("PATH")) {
    for (const std::string& entry : split(path, ':')) directories.emplace_back(entry);
  }
  std::error_code code;
  for (const auto& entry : fs::directory_iterator("/usr/lib/postgresql", code)) {
    directories.push_back(entry.path() / "bin");
  }
  return directories;
}

/// Where pg_config says that programs are; asking costs 15 ms (on Debian it is a shell script).
std::vector<fs::path> pg_config_directory() {
  const CommandResult asked = run_command({"pg_config", "--bindir"});
  if (asked.exit_code != 0) return {};
  return {fs::path(std::string(trim(asked.output)))};
}

/// The servers in `directories`, newest first, each once.
std::vector<ServerBinaries> servers_in(const std::vector<fs::path>& directories) {
  std::vector<ServerBinaries> found;
  std::set<std::string> seen;
  for (const fs::path& directory : directories) {
    std::error_code code;
    const fs::path real = fs::canonical(directory / "postgres", code);
    if (code || !seen.insert(real.string()).second) continue;
    if (auto server = examine(real.parent_path())) found.push_back(*server);
  }
  std::stable_sort(found.begin(), found.end(),
                   [](const auto& a, const auto& b) { return natural_less(b.version, a.version); });
  return found;
}

const ServerBinaries* matching(const std::vector<ServerBinaries>& servers,
                               const std::string& wanted) {
  for (const ServerBinaries& server : servers) {
    if (wanted.empty() || server.version == wanted || std::to_string(server.major) == wanted) {
      return &server;
    }
  }
  return nullptr;
}

const char* kHowToGetOne =
    "Install one (Debian: apt-get install postgresql-15), or say where it is: "
    "--postgres /path/to/bin, or use a running server: --postgres postgresql://user@host/db.";

std::string list_found(const std::vector<ServerBinaries>& found) {
  std::vector<std::string> lines;
  for (const ServerBinaries& server : found) {
    lines.push_back(fmt::format("{} in {}", server.version, server.directory));
  }
  return lines.empty() ? "none" : join(lines, ", ");
}

}  // namespace

std::vector<ServerBinaries> find_servers() {
  std::vector<fs::path> directories = usual_directories();
  for (const fs::path& directory : pg_config_directory()) directories.push_back(directory);
  return servers_in(directories);
}

ServerBinaries select_server(const std::string& wanted) {
  if (wanted.find('/') != std::string::npos) {
    if (auto server = examine(wanted)) return *server;
    throw Error(fmt::format("{} has no working postgres and initdb", wanted), kHowToGetOne);
  }
  const std::vector<ServerBinaries> usual = servers_in(usual_directories());
  if (const ServerBinaries* server = matching(usual, wanted)) return *server;
  const std::vector<ServerBinaries> found = find_servers();
  if (const ServerBinaries* server = matching(found, wanted)) return *server;
  if (found.empty()) throw Error("no PostgreSQL server was found on this machine", kHowToGetOne);
  throw Error(fmt::format("no PostgreSQL {} was found; found: {}", wanted, list_found(found)),
              kHowToGetOne);
}

}  // namespace drydock
