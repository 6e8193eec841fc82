// sqlx (Rust): VERSION_TITLE.sql, or VERSION_TITLE.up.sql and VERSION_TITLE.down.sql.
//
// sqlx-core's migrate/source.rs cuts a name at its first underscore; what has none, or does not end
// in .sql, is passed over, and a version that is no integer stops it. A .sql file without .up or
// .down is a simple migration that cannot be reverted. sqlx-postgres' migrate.rs sends the file as
// one query inside a transaction. A file that starts with "-- no-transaction" (the first bytes, not
// the first comment) goes without one; a file of several statements then still gets the server's
// implicit transaction, unless "/* sqlx: split */" comments, which newer versions know, cut it into
// messages. Files are read as UTF-8 text.
//
// On disk this is golang-migrate's naming. sqlx is detected where something says so: the comment
// above, or fourteen-digit versions together with a .sqlx folder or a Cargo.toml that names sqlx,
// up to the root of the repository.
#include <fmt/format.h>

#include <algorithm>

#include "harness/base/error.h"
#include "harness/base/files.h"
#include "harness/load/layout.h"
#include "harness/load/layout_pairs.h"
#include "harness/load/layout_script.h"

namespace drydock {
namespace fs = std::filesystem;
namespace {

constexpr std::string_view kNoTransaction = "-- no-transaction";
constexpr std::string_view kSplit = "/* sqlx: split */";
constexpr const char* kLargestVersion = "9223372036854775807";  // Rust's i64
constexpr std::size_t kTimestampDigits = 14;

struct Name {
  std::string version;
  std::string title;
  Direction direction = Direction::kUp;
  bool simple = false;
};

/// nullopt: sqlx passes over such a name. An empty version: it stops at it.
std::optional<Name> parse(const std::string& file) {
  const std::size_t underscore = file.find('_');
  if (underscore == std::string::npos || !file.ends_with(".sql")) return std::nullopt;
  if (const auto pair = parse_pair_name(file); pair && pair->extension == "sql") {
    return Name{pair->version, pair->title, pair->direction, false};
  }
  const std::string_view digits = leading_digits(file);
  const bool number = digits.size() == underscore && at_most(digits, kLargestVersion);
  return Name{number ? std::string(digits) : "",
              file.substr(underscore + 1, file.size() - underscore - 5), Direction::kUp, true};
}

std::optional<std::string> sign_of_sqlx_above(const fs::path& directory) {
  std::error_code code;
  for (fs::path at = fs::absolute(directory, code).lexically_normal(); !code;) {
    if (fs::is_directory(at / ".sqlx", code)) return (at / ".sqlx").string();
    const fs::path cargo = at / "Cargo.toml";
    if (fs::is_regular_file(cargo, code) && read_file(cargo).find("sqlx") != std::string::npos) {
      return cargo.string() + " (names sqlx)";
    }
    if (fs::exists(at / ".git", code) || !at.has_relative_path()) break;
    at = at.parent_path();
    code.clear();
  }
  return std::nullopt;
}

Detection detect(const MigrationDirectory& directory) {
  bool any = false;
  bool timestamps = true;
  for (const std::string& file : directory.files()) {
    const auto name = parse(file);
    if (!name || name->version.empty()) continue;
    any = true;
    timestamps = timestamps && name->version.size() == kTimestampDigits;
    if (directory.text(file).starts_with(kNoTransaction)) {
      return {Certainty::kMarker, fmt::format("{} starts with '-- no-transaction'", file)};
    }
  }
  if (!any || !timestamps) return {};
  const auto sign = sign_of_sqlx_above(directory.path());
  if (!sign) return {};
  return {Certainty::kMarker, fmt::format("versions are timestamps and there is {}", *sign)};
}

/// The parts of a file between split comments, each a message with its line.
void add_parts(Script& script, std::string_view text) {
  for (int line = 1;;) {
    const std::size_t split = text.find(kSplit);
    const std::string_view part = text.substr(0, split);
    add_query(script, std::string(part), line);
    if (split == std::string_view::npos) return;
    line += static_cast<int>(std::count(part.begin(), part.end(), '\n'));
    text.remove_prefix(split + kSplit.size());
  }
}

Script script(const MigrationDirectory& directory, const std::string& file) {
  const std::string& text = directory.text(file);
  if (!text.starts_with(kNoTransaction)) return whole_utf8_file(directory, file, true, "sqlx");
  Script script{directory.shown(file), false, {}, {}, 0};
  if (require_utf8(script, text, "sqlx")) add_parts(script, text);
  return script;
}

void load(const MigrationDirectory& directory, const LayoutOptions&, MigrationSet& set) {
  Pairs pairs;
  bool reversible = false;
  for (const std::string& file : directory.files()) {
    const auto name = parse(file);
    if (!name) {
      ignore(set, directory, file, "not named VERSION_TITLE.sql");
      continue;
    }
    if (name->version.empty()) {
      throw Error(fmt::format("{}: sqlx stops here, the name does not start with a version number",
                              directory.shown(file)),
                  "Rename it to VERSION_TITLE.sql, or move it out of the directory.");
    }
    reversible = reversible || !name->simple;
    pairs.add(name->direction, name->version, name->version + "_" + name->title, file);
  }
  ignore_folders(set, directory);
  set.layout_has_downs = reversible;
  for (const Pair& pair : pairs.take(directory)) {
    Migration migration = migration_with(pair.id, pair.version, script(directory, pair.up));
    if (!pair.down.empty()) add_down(migration, script(directory, pair.down));
    migration.down_possible = migration.has_down || pair.up.ends_with(".up.sql");
    set.migrations.push_back(std::move(migration));
  }
}

}  // namespace

Layout sqlx_layout() {
  return {"sqlx",
          "sqlx: each file is one query in a transaction, unless it starts with -- no-transaction",
          true, detect, load};
}

}  // namespace drydock
