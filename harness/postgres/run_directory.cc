#include "harness/postgres/run_directory.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <pwd.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <cstring>

#include "harness/base/error.h"
#include "harness/base/files.h"

namespace drydock {
namespace fs = std::filesystem;
namespace {

constexpr const char* kPrefix = "drydock-";
/// Its presence makes a directory one of ours: people call their own ones drydock-something too.
constexpr const char* kLockName = "drydock.lock";
constexpr const char* kDraftName = "drydock.lock.new";

/// A run directory without a lock file is being made right now, unless it is older than this.
constexpr auto kGrace = std::chrono::minutes(1);

bool held_by_someone(const fs::path& directory) {
  const int fd = ::open((directory / kLockName).c_str(), O_RDWR | O_CLOEXEC);
  if (fd < 0) {
    std::error_code code;
    const auto age = fs::file_time_type::clock::now() - fs::last_write_time(directory, code);
    return !code && age < kGrace;
  }
  const bool free = ::flock(fd, LOCK_EX | LOCK_NB) == 0;
  ::close(fd);
  return !free;
}

/// As mkdtemp makes them of drydock-XXXXXX.
bool has_our_name(const fs::path& path) {
  const std::string name = path.filename().string();
  const std::size_t prefix = std::strlen(kPrefix);
  return name.size() == prefix + 6 && name.starts_with(kPrefix) &&
         std::all_of(name.begin() + static_cast<std::ptrdiff_t>(prefix), name.end(),
                     [](unsigned char letter) { return std::isalnum(letter) != 0; });
}

/// Its maker is at work on it, or was killed before it had its lock.
bool unfinished(const fs::path& path) {
  std::error_code code;
  for (const auto& entry : fs::directory_iterator(path, code)) {
    if (entry.path().filename() != kDraftName) return false;
  }
  return !code;
}

bool ours(const fs::path& path) {
  struct stat status {};
  if (!has_our_name(path)) return false;
  if (::lstat(path.c_str(), &status) != 0 || !S_ISDIR(status.st_mode)) return false;
  if (::geteuid() != 0 && status.st_uid != ::geteuid()) return false;
  std::error_code code;
  return fs::exists(path / kLockName, code) || unfinished(path);
}

}  // namespace

Account server_account() {
  if (::geteuid() != 0) return {};
  for (const char* name : {"postgres", "nobody"}) {
    if (const passwd* entry = ::getpwnam(name)) return {entry->pw_uid, entry->pw_gid};
  }
  throw Error("PostgreSQL refuses to run as root, and there is no account postgres or nobody",
              "Run Drydock as an ordinary user, or create the account: useradd --system postgres.");
}

std::vector<fs::path> run_roots() {
  std::vector<fs::path> roots;
  if (const char* chosen = std::getenv("DRYDOCK_RUN_ROOT"); chosen && *chosen) {
    roots.push_back(fs::absolute(chosen));  // the keeper works in another directory
    return roots;
  }
  // As root the server runs under another account, which may not enter the user's own directory.
  const char* runtime = ::geteuid() == 0 ? nullptr : std::getenv("XDG_RUNTIME_DIR");
  if (runtime && *runtime) roots.emplace_back(runtime);
  roots.emplace_back("/dev/shm");
  std::error_code code;
  const fs::path temporary = fs::temp_directory_path(code);
  roots.push_back(code ? fs::path("/tmp") : temporary);
  return roots;
}

namespace {

/// The first root with the room that is a tmpfs or that is none; else the first with the room.
fs::path choose_root(std::uintmax_t needed_bytes, bool tmpfs) {
  const auto usable = [&](const fs::path& root) {
    return ::access(root.c_str(), W_OK | X_OK) == 0 && free_bytes(root) >= needed_bytes;
  };
  const std::vector<fs::path> roots = run_roots();
  for (const fs::path& root : roots) {
    if (on_tmpfs(root) == tmpfs && usable(root)) return root;
  }
  for (const fs::path& root : roots) {
    if (usable(root)) return root;
  }
  std::string tried;
  for (const fs::path& root : roots) {
    tried += fmt::format("{}{} ({} MB free)", tried.empty() ? "" : ", ", root.string(),
                         free_bytes(root) >> 20);
  }
  throw Error(fmt::format("no place for a disposable server: {} MB are needed; looked at {}",
                          needed_bytes >> 20, tried),
              "Free some room, or name a directory that has it: DRYDOCK_RUN_ROOT=/path.");
}

}  // namespace

fs::path choose_run_root(std::uintmax_t needed_bytes) { return choose_root(needed_bytes, true); }

fs::path choose_durable_root(std::uintmax_t needed_bytes) {
  return choose_root(needed_bytes, false);
}

RunDirectory make_run_directory(const fs::path& root) {
  std::string name = (root / (std::string(kPrefix) + "XXXXXX")).string();
  if (::mkdtemp(name.data()) == nullptr) {
    throw Error(
        fmt::format("cannot make a directory in {}: {}", root.string(), std::strerror(errno)));
  }
  RunDirectory made{name, -1};
  // Locked before it has its name: a sweeper must never find a lock file that nobody holds yet.
  const fs::path draft = made.path / kDraftName;
  made.lock_fd = ::open(draft.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  const Account account = server_account();
  const bool changed =
      account.uid == static_cast<uid_t>(-1) || ::chown(name.c_str(), account.uid, account.gid) == 0;
  if (!changed || made.lock_fd < 0 || ::flock(made.lock_fd, LOCK_EX | LOCK_NB) != 0 ||
      ::rename(draft.c_str(), (made.path / kLockName).c_str()) != 0) {
    const int code = errno;
    if (made.lock_fd >= 0) ::close(made.lock_fd);
    remove_tree(made.path);
    throw Error(fmt::format("cannot prepare {}: {}", name, std::strerror(code)));
  }
  return made;
}

std::uintmax_t tree_bytes(const fs::path& path) {
  std::uintmax_t total = 0;
  std::error_code code;
  for (fs::recursive_directory_iterator it(path, code), end; !code && it != end;
       it.increment(code)) {
    std::error_code ignored;
    if (it->is_regular_file(ignored)) total += it->file_size(ignored);
  }
  return total;
}

std::vector<LeftOver> list_run_directories() {
  std::vector<LeftOver> found;
  for (const fs::path& root : run_roots()) {
    std::error_code code;
    for (const auto& entry : fs::directory_iterator(root, code)) {
      const fs::path& path = entry.path();
      if (ours(path))
        found.push_back({path, held_by_someone(path), fs::exists(kept_mark(path)), 0});
    }
  }
  return found;
}

fs::path kept_mark(const fs::path& directory) { return directory / "kept"; }

std::vector<LeftOver> sweep_run_directories() {
  std::vector<LeftOver> removed;
  for (LeftOver& left : list_run_directories()) {
    if (left.in_use) continue;
    left.bytes = tree_bytes(left.path);
    remove_tree(left.path);
    removed.push_back(left);
  }
  return removed;
}

}  // namespace drydock
