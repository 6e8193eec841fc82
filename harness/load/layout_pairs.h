// Ups and downs that belong together by a number in their names.
//
// golang-migrate and its kin, sqlx and others find a migration's two files by their version, a
// number that is compared as one: 2 comes before 10, and 007 is 7. Two ups (or downs) with the same
// number, and a down without its up, are mistakes that must never be smoothed over: whichever file
// we took, the other one would silently stay unrehearsed.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/load/layout_directory.h"

namespace drydock {

/// Orders digit strings of any length by value; 7 and 007 are the same.
struct NumberLess {
  bool operator()(std::string_view a, std::string_view b) const;
};

/// Digits at the start of `name`; empty when there are none.
std::string_view leading_digits(std::string_view name);

/// Whether the digits are at most `limit` (digits too): does the version fit the tool's integer?
bool at_most(std::string_view digits, std::string_view limit);

enum class Direction { kUp, kDown };

/// 000012_add_x.up.sql: version 000012, title add_x.
struct PairName {
  std::string version;
  std::string title;
  Direction direction = Direction::kUp;
  std::string extension;  ///< "sql"
};

/// Digits, an underscore, a title, .up. or .down. and an extension; nullopt for other names.
std::optional<PairName> parse_pair_name(std::string_view name);

struct Pair {
  std::string version;  ///< as written, of the up
  std::string id;       ///< version_title of the up
  std::string up;       ///< relative file names; empty: there is none
  std::string down;
};

class Pairs {
 public:
  /// Throws Error naming both files when the version has one in this direction already.
  void add(Direction direction, const std::string& version, const std::string& id,
           const std::string& file);

  /// In the order of versions. Throws Error for a down whose up is missing, naming it as shown.
  std::vector<Pair> take(const MigrationDirectory& directory);

 private:
  std::map<std::string, Pair, NumberLess> pairs_;
};

}  // namespace drydock
