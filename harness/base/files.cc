#include "harness/base/files.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "harness/base/error.h"

namespace drydock {
namespace fs = std::filesystem;
namespace {

Error file_error(const fs::path& path, const std::string& doing, int code) {
  std::string remedy;
  if (code == ENOSPC) remedy = "Free some room on that disk, or choose another place with --out.";
  if (code == EACCES || code == EROFS) {
    remedy = "Check the permissions, or choose another place.";
  }
  return Error(fmt::format("cannot {} {}: {}", doing, path.string(), std::strerror(code)), remedy);
}

/// Closes at the end of scope.
struct Descriptor {
  int fd;
  ~Descriptor() {
    if (fd >= 0) ::close(fd);
  }
};

}  // namespace

std::string read_file(const fs::path& path) {
  const Descriptor file{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
  if (file.fd < 0) throw file_error(path, "read", errno);
  struct stat status {};
  if (::fstat(file.fd, &status) == 0 && S_ISDIR(status.st_mode)) {
    throw file_error(path, "read", EISDIR);
  }
  std::string content;
  char buffer[65536];
  for (;;) {
    const ssize_t got = ::read(file.fd, buffer, sizeof buffer);
    if (got == 0) return content;
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) throw file_error(path, "read", errno);
    content.append(buffer, static_cast<std::size_t>(got));
  }
}

void write_file(const fs::path& path, std::string_view content) {
  std::error_code ignored;
  if (path.has_parent_path()) fs::create_directories(path.parent_path(), ignored);
  const fs::path temporary = path.string() + fmt::format(".{}.tmp", ::getpid());
  const auto fail = [&](int code) {
    ::unlink(temporary.c_str());
    return file_error(path, "write", code);
  };
  {
    const Descriptor file{
        ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666)};
    if (file.fd < 0) throw fail(errno);
    while (!content.empty()) {
      const ssize_t put = ::write(file.fd, content.data(), content.size());
      if (put < 0 && errno == EINTR) continue;
      if (put < 0) throw fail(errno);
      content.remove_prefix(static_cast<std::size_t>(put));
    }
  }
  if (::rename(temporary.c_str(), path.c_str()) != 0) throw fail(errno);
}

std::vector<fs::directory_entry> list_directory(const fs::path& path) {
  std::error_code code;
  std::vector<fs::directory_entry> entries;
  fs::directory_iterator it(path, code);
  if (code) throw file_error(path, "list", code.value());
  for (; it != fs::directory_iterator(); it.increment(code)) entries.push_back(*it);
  if (code) throw file_error(path, "list", code.value());  // an error ends the iteration
  std::sort(entries.begin(), entries.end(),
            [](const auto& a, const auto& b) { return a.path().native() < b.path().native(); });
  return entries;
}

void remove_tree(const fs::path& path) noexcept {
  std::error_code ignored;
  fs::remove_all(path, ignored);
}

std::uintmax_t free_bytes(const fs::path& path) noexcept {
  std::error_code code;
  const fs::space_info space = fs::space(path, code);
  return code ? 0 : space.available;
}

bool on_tmpfs(const fs::path& path) noexcept {
  struct statfs status {};
  if (::statfs(path.c_str(), &status) != 0) return false;
  return status.f_type == TMPFS_MAGIC || status.f_type == static_cast<long>(RAMFS_MAGIC);
}

fs::path cache_directory() {
  if (const char* cache = std::getenv("XDG_CACHE_HOME"); cache && *cache == '/') {
    return fs::path(cache) / "drydock";
  }
  if (const char* home = std::getenv("HOME"); home && *home) {
    return fs::path(home) / ".cache" / "drydock";
  }
  return fs::path("/tmp") / fmt::format("drydock-cache-{}", ::getuid());
}

}  // namespace drydock
