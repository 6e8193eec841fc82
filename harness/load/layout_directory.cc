#include "harness/load/layout_directory.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/base/error.h"
#include "harness/base/files.h"

namespace drydock {
namespace fs = std::filesystem;
namespace {

bool hidden(const fs::path& path) { return path.filename().string().starts_with('.'); }

void check_is_directory(const fs::path& path) {
  std::error_code code;
  const fs::file_status status = fs::status(path, code);
  if (status.type() == fs::file_type::not_found) {
    throw Error(fmt::format("{}: no such directory", path.string()),
                "Give the directory that holds the migrations.");
  }
  if (code) throw Error(fmt::format("{}: {}", path.string(), code.message()));
  if (!fs::is_directory(status)) {
    throw Error(fmt::format("{} is a file, not a directory of migrations", path.string()),
                path.has_parent_path()
                    ? fmt::format("Give its directory: {}", path.parent_path().string())
                    : "Give the directory that holds the migrations.");
  }
}

}  // namespace

MigrationDirectory::MigrationDirectory(const std::string& shown) : path_(shown) {
  check_is_directory(path_);
  for (const fs::directory_entry& entry : list_directory(path_)) {
    if (hidden(entry.path())) continue;
    std::error_code ignored;
    (entry.is_directory(ignored) ? folders_ : files_).push_back(entry.path().filename().string());
  }
}

std::vector<std::string> MigrationDirectory::files_below(int levels) const {
  std::vector<std::string> found;
  std::error_code code;
  fs::recursive_directory_iterator it(path_, fs::directory_options::skip_permission_denied, code);
  for (; !code && it != fs::recursive_directory_iterator(); it.increment(code)) {
    std::error_code ignored;
    if (hidden(it->path()) || it.depth() >= levels) it.disable_recursion_pending();
    if (hidden(it->path())) continue;
    if (!it->is_directory(ignored)) {
      found.push_back(it->path().lexically_relative(path_).string());
    }
  }
  if (code) throw Error(fmt::format("cannot list {}: {}", path_.string(), code.message()));
  std::sort(found.begin(), found.end());
  return found;
}

bool MigrationDirectory::has_file(const std::string& relative) const {
  std::error_code ignored;
  return fs::is_regular_file(path_ / relative, ignored);
}

const std::string& MigrationDirectory::text(const std::string& relative) const {
  const auto known = texts_.find(relative);
  if (known != texts_.end()) return known->second;
  return texts_.emplace(relative, read_file(path_ / relative)).first->second;
}

std::string MigrationDirectory::shown(const std::string& relative) const {
  return (path_ / relative).string();
}

}  // namespace drydock
