// A directory for one test case, removed at its end.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>
#include <string_view>

#include "harness/base/files.h"

namespace drydock::testing {

class TempDirectory {
 public:
  TempDirectory() {
    std::string name = (std::filesystem::temp_directory_path() / "drydock_test_XXXXXX").string();
    path_ = ::mkdtemp(name.data());
  }
  ~TempDirectory() { remove_tree(path_); }
  TempDirectory(const TempDirectory&) = delete;
  TempDirectory& operator=(const TempDirectory&) = delete;

  const std::filesystem::path& path() const { return path_; }
  std::string string() const { return path_.string(); }
  /// Writes a file below it, with its parent directories.
  void write(const std::string& name, std::string_view content) const {
    write_file(path_ / name, content);
  }

 private:
  std::filesystem::path path_;
};

}  // namespace drydock::testing
