// A directory of migrations as layouts look at it: names first, contents on demand and once.
//
// Fifteen layouts ask the same directory whether it is theirs; without the memory each of them
// would read all files again. Hidden entries (.gitkeep, .DS_Store) are nobody's migrations and are
// left out without a word.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace drydock {

class MigrationDirectory {
 public:
  /// `shown` is the directory as the user wrote it. Throws Error when it does not exist, is no
  /// directory or cannot be listed.
  explicit MigrationDirectory(const std::string& shown);

  const std::filesystem::path& path() const { return path_; }
  /// Names, sorted bytewise. What is no folder counts as a file, so that reading it tells why.
  const std::vector<std::string>& files() const { return files_; }
  const std::vector<std::string>& folders() const { return folders_; }
  /// Files here and in the folders below, relative to the directory, sorted bytewise. `levels` of
  /// folders are entered; detection must not walk a whole repository to say no.
  std::vector<std::string> files_below(int levels = kAllLevels) const;
  static constexpr int kAllLevels = 1000;

  bool has_file(const std::string& relative) const;
  /// Byte for byte. Throws Error. The reference stays valid as long as the directory.
  const std::string& text(const std::string& relative) const;
  /// The directory as given joined with `relative`.
  std::string shown(const std::string& relative) const;

 private:
  std::filesystem::path path_;
  std::vector<std::string> files_;
  std::vector<std::string> folders_;
  mutable std::map<std::string, std::string> texts_;
};

}  // namespace drydock
