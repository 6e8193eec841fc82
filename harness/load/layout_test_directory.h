// For the tests of layouts: a directory of their own that is written file by file and removed.
#pragma once

#include <unistd.h>

#include <filesystem>
#include <string>

#include "harness/base/error.h"
#include "harness/base/files.h"
#include "harness/load/layout.h"

namespace drydock {

class TestDirectory {
 public:
  TestDirectory() {
    std::string pattern = (std::filesystem::temp_directory_path() / "layoutXXXXXX").string();
    path_ = ::mkdtemp(pattern.data());
  }
  TestDirectory(const TestDirectory&) = delete;
  TestDirectory& operator=(const TestDirectory&) = delete;
  ~TestDirectory() { remove_tree(path_); }

  const std::filesystem::path& path() const { return path_; }
  std::string at(const std::string& relative) const { return (path_ / relative).string(); }

  TestDirectory& write(const std::string& relative, const std::string& content) {
    write_file(path_ / relative, content);
    return *this;
  }

  MigrationSet load(const std::string& layout = "auto", const LayoutOptions& options = {}) const {
    return load_migrations(path_.string(), layout, options);
  }

  /// What load() throws: "message | remedy"; "" when it does not.
  std::string load_error(const std::string& layout = "auto") const {
    try {
      load(layout);
    } catch (const Error& error) {
      return error.message() + " | " + error.remedy();
    }
    return "";
  }

 private:
  std::filesystem::path path_;
};

inline std::vector<std::string> ids(const MigrationSet& set) {
  std::vector<std::string> result;
  for (const Migration& migration : set.migrations) result.push_back(migration.id);
  return result;
}

inline std::vector<std::string> texts(const Script& script) {
  std::vector<std::string> result;
  for (const Query& query : script.queries) result.push_back(query.text);
  return result;
}

inline std::vector<int> lines(const Script& script) {
  std::vector<int> result;
  for (const Query& query : script.queries) result.push_back(query.line);
  return result;
}

/// "file: reason" of what was ignored, file without the directory.
inline std::vector<std::string> ignored(const MigrationSet& set) {
  std::vector<std::string> result;
  for (const IgnoredFile& file : set.ignored) {
    result.push_back(file.path.substr(set.directory.size() + 1) + ": " + file.reason);
  }
  return result;
}

}  // namespace drydock
