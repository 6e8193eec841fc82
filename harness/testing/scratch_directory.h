// An empty directory of a test's own, gone with the end of scope.
#pragma once

#include <stdlib.h>

#include <filesystem>
#include <stdexcept>
#include <string>
#include <string_view>

#include "harness/base/files.h"

namespace drydock::testing {

class ScratchDirectory {
 public:
  /// Below `parent`; without one, below the temporary directory.
  explicit ScratchDirectory(const std::filesystem::path& parent = {}) {
    const auto root = parent.empty() ? std::filesystem::temp_directory_path() : parent;
    std::string name = (root / "drydock_test_XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("mkdtemp failed: " + name);
    path_ = name;
  }
  ~ScratchDirectory() { remove_tree(path_); }
  ScratchDirectory(const ScratchDirectory&) = delete;
  ScratchDirectory& operator=(const ScratchDirectory&) = delete;

  const std::filesystem::path& path() const { return path_; }
  std::string string() const { return path_.string(); }
  std::string at(const std::string& relative) const { return (path_ / relative).string(); }

  /// Writes a file below it, with its parent directories.
  void write(const std::string& relative, std::string_view content) const {
    write_file(path_ / relative, content);
  }

 private:
  std::filesystem::path path_;
};

}  // namespace drydock::testing
