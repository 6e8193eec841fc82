// For the tests of layouts: a directory of their own that is written file by file and removed.
#pragma once

#include <string>

#include "harness/base/error.h"
#include "harness/load/layout.h"
#include "harness/testing/scratch_directory.h"

namespace drydock {

class TestDirectory : public testing::ScratchDirectory {
 public:
  TestDirectory& write(const std::string& relative, const std::string& content) {
    ScratchDirectory::write(relative, content);
    return *this;
  }

  MigrationSet load(const std::string& layout = "auto", const LayoutOptions& options = {}) const {
    return load_migrations(string(), layout, options);
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
