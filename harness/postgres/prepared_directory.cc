#include "harness/postgres/prepared_directory.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <functional>

#include "harness/base/error.h"
#include "harness/base/files.h"
#include "harness/base/text.h"
#include "harness/postgres/run_directory.h"

namespace drydock {
namespace fs = std::filesystem;
namespace {

/// Changes when what initdb is asked for changes, so that old caches are not used.
constexpr const char* kRecipe = "r1";

/// Touched at each use; its time tells prune the entry's age.
constexpr const char* kUsedMark = "drydock-used";

Error copy_error(const fs::path& path, int code) {
  return Error(
      fmt::format("cannot copy the prepared data directory to {}: {}", path.string(),
                  std::strerror(code)),
      code == ENOSPC ? "Free some room there, or name another place: DRYDOCK_RUN_ROOT=/path." : "");
}

void give(int fd, const Account& account) {
  if (account.uid != static_cast<uid_t>(-1) && ::fchown(fd, account.uid, account.gid) != 0) {
    throw Error(
        fmt::format("cannot give a file to the server's account: {}", std::strerror(errno)));
  }
}

void copy_bytes(int in, int out, off_t size, const fs::path& to) {
  if (::ioctl(out, FICLONE, in) == 0) return;
  while (size > 0) {
    const ssize_t sent = ::sendfile(out, in, nullptr, static_cast<std::size_t>(size));
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0) throw copy_error(to, errno);
    if (sent == 0) throw copy_error(to, EIO);
    size -= sent;
  }
}

void copy_one(const fs::path& from, const fs::path& to, const Account& account) {
  const int in = ::open(from.c_str(), O_RDONLY | O_CLOEXEC);
  if (in < 0) throw copy_error(from, errno);
  const int out = ::open(to.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  struct stat status {};
  try {
    if (out < 0 || ::fstat(in, &status) != 0) throw copy_error(to, errno);
    give(out, account);
    copy_bytes(in, out, status.st_size, to);
  } catch (...) {
    ::close(in);
    if (out >= 0) ::close(out);
    throw;
  }
  ::close(in);
  ::close(out);
}

void must(const CommandResult& result, const std::string& what) {
  if (result.exit_code == 0) return;
  throw Error(fmt::format("{} failed (exit code {}): {}", what, result.exit_code,
                          trim(result.error.empty() ? result.output : result.error)),
              result.exit_code == 126 ? "The server's account may not run it: check that every "
                                        "directory of its path can be entered by others."
                                      : "");
}

void run_initdb(const ServerBinaries& binaries, const fs::path& data, const Account& account) {
  const CommandOptions as_server{account, "/", ""};
  must(run_command({binaries.directory + "/initdb", "--pgdata=" + data.string(),
                    "--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8",
                    "--wal-segsize=1", "--no-sync", "--no-instructions"},
                   as_server),
       "initdb");
  // Single-user mode: one statement a line.
  CommandOptions slimming = as_server;
  slimming.input =
      "update pg_database set datistemplate = false where datname = 'template0'\n"
      "drop database template0\n"
      "drop database postgres\n";
  must(run_command({binaries.directory + "/postgres", "--single", "-D", data.string(), "-c",
                    "fsync=off", "template1"},
                   slimming),
       "slimming the data directory");
}

/// Best effort: the next run pays initdb again when this fails.
void store_in_cache(const fs::path& data, const fs::path& cached) {
  const fs::path temporary = cached.string() + fmt::format(".{}.tmp", ::getpid());
  try {
    fs::create_directories(cached.parent_path());
    copy_tree(data, temporary, {});
    write_file(temporary / kUsedMark, "");
    std::error_code code;
    fs::rename(temporary, cached, code);  // fails when another run was faster: that one will do
  } catch (const std::exception&) {
  }
  remove_tree(temporary);
}

}  // namespace

fs::path prepared_directory_path(const ServerBinaries& binaries) {
  const std::size_t place = std::hash<std::string>{}(binaries.directory);
  return cache_directory() / "clusters" /
         fmt::format("{}-{}-{:08x}", binaries.version, kRecipe, place & 0xffffffffU);
}

void copy_tree(const fs::path& from, const fs::path& to, const Account& account) {
  if (::mkdir(to.c_str(), 0700) != 0) throw copy_error(to, errno);
  if (account.uid != static_cast<uid_t>(-1) && ::chown(to.c_str(), account.uid, account.gid) != 0) {
    throw copy_error(to, errno);
  }
  for (const fs::directory_entry& entry : fs::directory_iterator(from)) {
    const fs::path target = to / entry.path().filename();
    if (entry.is_directory()) {
      copy_tree(entry.path(), target, account);
    } else if (entry.path().filename() != kUsedMark) {
      copy_one(entry.path(), target, account);
    }
  }
}

void provide_data_directory(const ServerBinaries& binaries, const fs::path& data,
                            const Account& account) {
  const fs::path cached = prepared_directory_path(binaries);
  std::error_code code;
  if (fs::exists(cached / "PG_VERSION", code)) {
    copy_tree(cached, data, account);
    fs::last_write_time(cached / kUsedMark, fs::file_time_type::clock::now(), code);
    return;
  }
  run_initdb(binaries, data, account);
  store_in_cache(data, cached);
}

std::vector<CacheEntry> list_prepared_directories() {
  std::vector<CacheEntry> entries;
  std::error_code code;
  for (const auto& entry : fs::directory_iterator(cache_directory() / "clusters", code)) {
    std::error_code ignored;
    const auto used = fs::last_write_time(entry.path() / kUsedMark, ignored);
    const std::chrono::duration<double> age = fs::file_time_type::clock::now() - used;
    entries.push_back({entry.path(), tree_bytes(entry.path()), age.count() / 86400});
  }
  return entries;
}

}  // namespace drydock
