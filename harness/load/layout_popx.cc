// popx (Ory): VERSION_name[.dialect][.autocommit].up.sql and .down.sql, in folders of any depth.
//
// popx's match.go has the pattern. For one version a file for postgres stands before the one for
// all databases; files for other databases are not for us. Versions are ordered as text. Each file
// is one query in a transaction (a serializable one); .autocommit sends it outside. A file of
// comments and blank lines is not sent. Files are Go templates and may be written in fizz; those
// that really are cannot be rehearsed and are refused.
//
// Ory cuts one change into pieces whose versions share their first fourteen digits. The pieces are
// one migration here: up in order, down in reverse, because a half of them is never deployed.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/load/layout.h"
#include "harness/load/layout_pairs.h"
#include "harness/load/layout_script.h"

namespace drydock {
namespace {

constexpr std::size_t kGroupDigits = 14;
constexpr std::size_t kPieceDigits = 20;  // a timestamp and six digits for the piece

struct Name {
  std::string version;
  std::string title;
  std::string dialect;  ///< canonical; "all" when the name has none
  bool autocommit = false;
  bool up = true;
  bool fizz = false;
};

std::string canonical(const std::string& dialect) {
  static const std::map<std::string, std::string> kNames = {
      {"postgres", "postgres"}, {"postgresql", "postgres"}, {"pg", "postgres"},
      {"mysql", "mysql"},       {"mariadb", "mariadb"},     {"sqlite", "sqlite3"},
      {"sqlite3", "sqlite3"},   {"cockroach", "cockroach"}, {"cockroachdb", "cockroach"},
      {"crdb", "cockroach"}};
  const auto known = kNames.find(dialect);
  return known != kNames.end() ? known->second : dialect;
}

/// VERSION_name, then perhaps a dialect, then perhaps "autocommit", then direction and type.
std::optional<Name> parse(const std::string& relative) {
  std::vector<std::string> parts = split(relative.substr(relative.rfind('/') + 1), '.');
  const std::string_view version = leading_digits(parts.front());
  const std::string_view title = std::string_view(parts.front()).substr(version.size());
  if (parts.size() < 3 || version.empty() || title.size() < 2 || title.front() != '_') return {};
  Name name{std::string(version), std::string(title.substr(1)), "all", false, false, false};
  const std::string type = parts.back();
  parts.pop_back();
  const std::string direction = parts.back();
  parts.pop_back();
  if ((type != "sql" && type != "fizz") || (direction != "up" && direction != "down")) return {};
  name.up = direction == "up";
  name.fizz = type == "fizz";
  if (parts.back() == "autocommit") {
    name.autocommit = true;
    parts.pop_back();
  }
  if (parts.size() > 2) return {};
  if (parts.size() == 2) name.dialect = canonical(parts.back());
  return name;
}

Script script(const MigrationDirectory& directory, const std::string& file, const Name& name) {
  Script result{directory.shown(file), !name.autocommit, {}, {}, 0};
  const std::string& text = directory.text(file);
  if (name.fizz) {
    refuse(result, "a fizz file: only popx itself can translate it. Write the migration in SQL.",
           1);
  } else if (text.find("{{") != std::string::npos) {
    refuse(result, "a Go template: only the application knows its values. Write plain SQL.", 1);
  }
  add_query(result, text, 1);
  return result;
}

struct File {
  std::string path;
  Name name;
};

struct Version {
  std::optional<File> up;
  std::optional<File> down;
  bool up_for_others = false;
};

/// postgres over all; two of the same kind are a mistake.
void choose(std::optional<File>& place, File file) {
  if (place && place->name.dialect == file.name.dialect) {
    throw Error(
        fmt::format("two {} scripts have version {}: {} and {}", file.name.up ? "up" : "down",
                    file.name.version, place->path, file.path),
        "Give one of them a version of its own.");
  }
  if (!place || file.name.dialect == "postgres") place = std::move(file);
}

std::map<std::string, Version> choose_files(const MigrationDirectory& directory,
                                            MigrationSet& set) {
  std::map<std::string, Version> versions;
  for (const std::string& path : directory.files_below()) {
    const auto name = parse(path);
    if (!name) {
      ignore(set, directory, path, "not named VERSION_name[.dialect][.autocommit].up|down.sql");
      continue;
    }
    Version& version = versions[name->version];
    if (name->dialect == "all" || name->dialect == "postgres") {
      choose(name->up ? version.up : version.down, {path, *name});
    } else {
      version.up_for_others = version.up_for_others || name->up;
      ignore(set, directory, path, "for " + name->dialect);
    }
  }
  return versions;
}

/// A down without an up is a slip, unless the up exists for other databases only.
bool usable(const MigrationDirectory& directory, const Version& version, MigrationSet& set) {
  if (version.up) return true;
  if (!version.down) return false;
  if (!version.up_for_others) {
    throw Error(fmt::format("{} has no up script", directory.shown(version.down->path)),
                "Add the up script, or remove this down: nothing ever needs it.");
  }
  ignore(set, directory, version.down->path, "its up is for other databases only");
  return false;
}

void add_piece(const MigrationDirectory& directory, const Version& version, Migration& migration) {
  if (version.up) {
    migration.up.push_back(script(directory, version.up->path, version.up->name));
  }
  if (version.down) {
    migration.has_down = true;
    migration.down.insert(migration.down.begin(),
                          script(directory, version.down->path, version.down->name));
  }
}

Detection detect(const MigrationDirectory& directory) {
  for (const std::string& path : directory.files_below(1)) {
    const auto name = parse(path);
    if (!name) continue;
    static const std::string kDialects[] = {"postgres", "mysql", "mariadb", "sqlite3", "cockroach"};
    const bool dialect =
        std::find(std::begin(kDialects), std::end(kDialects), name->dialect) != std::end(kDialects);
    const bool piece = name->version.size() == kPieceDigits && name->version.starts_with("20");
    if (dialect || name->autocommit || piece) {
      return {Certainty::kNaming, fmt::format("{} is named as popx names files", path)};
    }
  }
  return {};
}

void load(const MigrationDirectory& directory, const LayoutOptions&, MigrationSet& set) {
  for (const auto& [number, version] : choose_files(directory, set)) {
    if (!usable(directory, version, set)) continue;
    const std::string group = number.substr(0, kGroupDigits);
    if (set.migrations.empty() || set.migrations.back().version != group) {
      Migration migration;
      migration.version = group;
      migration.id = group + "_" + version.up->name.title;
      set.migrations.push_back(std::move(migration));
    }
    add_piece(directory, version, set.migrations.back());
  }
}

}  // namespace

Layout popx_layout() {
  return {"popx", "popx: each file is one query in a transaction, unless it is named .autocommit",
          true, detect, load};
}

}  // namespace drydock
