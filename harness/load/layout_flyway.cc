// Flyway: V<version>__<description>.sql, U… for the way back, R__… again and again, B… baselines.
//
// Locations are searched in all folders below. Versions are numbers separated by dots or
// underscores and compared part by part, so 1.10 comes after 1.9 and 1.0 is 1. Repeatable
// migrations come last, by description; Flyway knows no way back for them. A baseline replaces the
// versions up to its own on a new database; where those versions still exist they are rehearsed
// and the baseline is passed over, because existing databases took that way.
//
// Flyway cuts statements itself (layout_flyway_script) and sends each alone, inside one transaction
// a file. Files are read as UTF-8, a byte order mark is taken off.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/load/layout.h"
#include "harness/load/layout_flyway_script.h"
#include "harness/load/layout_pairs.h"
#include "harness/load/layout_script.h"

namespace drydock {
namespace {

struct Name {
  char kind = 'V';
  std::vector<std::string> version;  ///< parts, without trailing zeros
  std::string shown_version;         ///< 1.2
  std::string description;
};

std::string file_name(const std::string& path) { return path.substr(path.rfind('/') + 1); }
std::string stem(const std::string& path) {
  const std::string name = file_name(path);
  return name.substr(0, name.size() - 4);
}

/// The parts of 1.10_2, without trailing zeros; none when it is no version.
std::vector<std::string> version_parts(std::string version) {
  std::replace(version.begin(), version.end(), '_', '.');
  std::vector<std::string> parts = split(version, '.');
  for (const std::string& part : parts) {
    if (part.empty() || leading_digits(part).size() != part.size()) return {};
  }
  while (parts.size() > 1 && parts.back().find_first_not_of('0') == std::string::npos) {
    parts.pop_back();
  }
  return parts;
}

std::optional<Name> parse(const std::string& path) {
  const std::string name = file_name(path);
  const std::size_t separator = name.find("__");
  if (separator == std::string::npos || separator == 0 || !name.ends_with(".sql")) return {};
  Name result{name.front(), {}, name.substr(1, separator - 1), stem(path).substr(separator + 2)};
  if (result.kind == 'R') return separator == 1 ? std::optional(result) : std::nullopt;
  if (result.kind != 'V' && result.kind != 'U' && result.kind != 'B') return {};
  result.version = version_parts(result.shown_version);
  if (result.version.empty()) return {};
  std::replace(result.shown_version.begin(), result.shown_version.end(), '_', '.');
  return result;
}

struct VersionLess {
  bool operator()(const std::vector<std::string>& a, const std::vector<std::string>& b) const {
    return std::lexicographical_compare(a.begin(), a.end(), b.begin(), b.end(), NumberLess{});
  }
};

struct Versioned {
  std::string path;
  std::string shown_version;
};
using Files = std::map<std::vector<std::string>, Versioned, VersionLess>;

void put(Files& files, const Name& name, const std::string& path) {
  const auto [known, first] = files.emplace(name.version, Versioned{path, name.shown_version});
  if (first) return;
  throw Error(fmt::format("two migrations have version {}: {} and {}", name.shown_version,
                          known->second.path, path),
              "Give one of them a version of its own; Flyway stops at this, too.");
}

std::string why_not(const std::string& path) {
  const std::string name = file_name(path);
  if (name.ends_with(".sql.conf")) return "script configuration, read with its migration";
  if (!name.ends_with(".sql")) return "not an .sql file";
  if (name.starts_with("before") || name.starts_with("after")) return "a Flyway callback";
  return "not named V<version>__<description>.sql, U…, R__… or B…";
}

struct Found {
  Files versioned, undo, baselines;
  std::map<std::string, std::string> repeatable;  ///< description to path
};

Found sort_out(const MigrationDirectory& directory, MigrationSet& set) {
  Found found;
  for (const std::string& path : directory.files_below()) {
    const auto name = parse(path);
    if (!name) {
      ignore(set, directory, path, why_not(path));
    } else if (name->kind == 'R') {
      const auto [known, first] = found.repeatable.emplace(name->description, path);
      if (first) continue;
      throw Error(fmt::format("two repeatable migrations have the description {}: {} and {}",
                              name->description, known->second, path),
                  "Rename one of them; Flyway stops at this, too.");
    } else {
      put(name->kind == 'V'   ? found.versioned
          : name->kind == 'U' ? found.undo
                              : found.baselines,
          *name, path);
    }
  }
  return found;
}

void check_undo(const MigrationDirectory& directory, const Found& found) {
  for (const auto& [version, undo] : found.undo) {
    if (found.versioned.contains(version)) continue;
    throw Error(fmt::format("{} undoes version {}, which has no V script",
                            directory.shown(undo.path), undo.shown_version),
                "Add the V script, or remove this undo: nothing ever needs it.");
  }
}

/// Takes the newest baseline in when nothing older than it is left; all others are passed over.
void settle_baselines(const MigrationDirectory& directory, Found& found, MigrationSet& set) {
  if (found.baselines.empty()) return;
  const auto newest = std::prev(found.baselines.end());
  const bool needed =
      found.versioned.empty() || VersionLess{}(newest->first, found.versioned.begin()->first);
  for (auto baseline = found.baselines.begin(); baseline != found.baselines.end(); ++baseline) {
    if (needed && baseline == newest) continue;
    ignore(set, directory, baseline->second.path,
           "a baseline: the versions that it replaces are rehearsed");
  }
  if (needed) found.versioned.insert(*newest);
}

/// False: its configuration tells Flyway to skip the script.
bool add_migration(const MigrationDirectory& directory, const LayoutOptions& options,
                   const Versioned& up, const std::string& down, MigrationSet& set) {
  auto script = flyway_script(directory, up.path, options.placeholders);
  if (!script) {
    ignore(set, directory, up.path, "its configuration says shouldExecute=false");
    return false;
  }
  set.migrations.push_back(migration_with(stem(up.path), up.shown_version, std::move(*script)));
  if (down.empty()) return true;
  if (auto undo = flyway_script(directory, down, options.placeholders)) {
    add_down(set.migrations.back(), std::move(*undo));
  }
  return true;
}

Detection detect(const MigrationDirectory& directory) {
  for (const std::string& path : directory.files_below(1)) {
    if (parse(path)) return {Certainty::kNaming, fmt::format("{} is named as Flyway wants", path)};
  }
  return {};
}

void load(const MigrationDirectory& directory, const LayoutOptions& options, MigrationSet& set) {
  Found found = sort_out(directory, set);
  check_undo(directory, found);
  settle_baselines(directory, found, set);
  set.layout_has_downs = !found.undo.empty();
  for (const auto& [version, up] : found.versioned) {
    const auto undo = found.undo.find(version);
    add_migration(directory, options, up, undo != found.undo.end() ? undo->second.path : "", set);
  }
  for (const auto& [description, path] : found.repeatable) {
    if (add_migration(directory, options, {path, ""}, "", set)) {
      set.migrations.back().down_possible = false;
    }
  }
}

}  // namespace

Layout flyway_layout() {
  return {"flyway",
          "Flyway: each statement alone, in one transaction a file unless it cannot be in one",
          true, detect, load};
}

}  // namespace drydock
