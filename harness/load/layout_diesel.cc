// diesel (Rust): a folder per migration with up.sql and, for the way back, down.sql.
//
// diesel's migrations_internals takes every folder that is not hidden. The version is the name up
// to its first underscore without the dashes (2019-09-12-100000_create gives 20190912100000), and
// versions are ordered as text. Each file is one batch_execute (one simple query) in a transaction.
// metadata.toml can say run_in_transaction = false; because that key's default is taken from the
// type and not from the rule, a metadata.toml without the key turns the transaction off, too.
// A metadata.toml that is not TOML counts as absent.
//
// An empty file is where diesel has two answers: its command line refuses one, an application with
// embedded migrations runs it as nothing. The latter is what deployments do, so it is followed.
#include <fmt/format.h>

#include <algorithm>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/load/layout.h"
#include "harness/load/layout_script.h"

namespace drydock {
namespace {

std::string version_of(const std::string& folder) {
  std::string version = folder.substr(0, folder.find('_'));
  std::erase(version, '-');
  return version;
}

/// What follows "key =" on a line of the top level, a comment cut off.
bool top_level_key_is(std::string_view toml, std::string_view key, std::string_view value) {
  for (const std::string_view raw : split_lines(toml)) {
    const std::string_view line = trim(raw.substr(0, raw.find('#')));
    if (line.starts_with('[')) return false;
    const std::size_t equals = line.find('=');
    if (equals != std::string_view::npos && trim(line.substr(0, equals)) == key) {
      return trim(line.substr(equals + 1)) == value;
    }
  }
  return false;
}

/// Good enough to tell TOML from something else: each line is blank, a table or "key = value".
bool looks_like_toml(std::string_view text) {
  for (const std::string_view raw : split_lines(text)) {
    const std::string_view line = trim(raw.substr(0, raw.find('#')));
    if (!line.empty() && !line.starts_with('[') && line.find('=') == std::string_view::npos) {
      return false;
    }
  }
  return true;
}

bool runs_in_transaction(const MigrationDirectory& directory, const std::string& folder) {
  const std::string metadata = folder + "/metadata.toml";
  if (!directory.has_file(metadata)) return true;
  const std::string& text = directory.text(metadata);
  return !looks_like_toml(text) || top_level_key_is(text, "run_in_transaction", "true");
}

Detection detect(const MigrationDirectory& directory) {
  for (const std::string& folder : directory.folders()) {
    if (directory.has_file(folder + "/up.sql")) {
      return {Certainty::kNaming, fmt::format("{} is a folder with an up.sql", folder)};
    }
  }
  return {};
}

Migration migration_in(const MigrationDirectory& directory, const std::string& folder) {
  const bool in_transaction = runs_in_transaction(directory, folder);
  Migration migration =
      migration_with(folder, version_of(folder),
                     whole_utf8_file(directory, folder + "/up.sql", in_transaction, "diesel"));
  if (directory.has_file(folder + "/down.sql")) {
    add_down(migration, whole_utf8_file(directory, folder + "/down.sql", in_transaction, "diesel"));
  }
  return migration;
}

void check_versions(const std::vector<Migration>& sorted) {
  const auto same = [](const Migration& a, const Migration& b) { return a.version == b.version; };
  const auto twice = std::adjacent_find(sorted.begin(), sorted.end(), same);
  if (twice == sorted.end()) return;
  throw Error(fmt::format("two migrations have version {}: {} and {}", twice->version, twice->id,
                          std::next(twice)->id),
              "Rename one of the folders; diesel would record both as the same migration.");
}

void load(const MigrationDirectory& directory, const LayoutOptions&, MigrationSet& set) {
  for (const std::string& file : directory.files()) {
    ignore(set, directory, file, "a file: diesel's migrations are folders");
  }
  for (const std::string& folder : directory.folders()) {
    if (directory.has_file(folder + "/up.sql")) {
      set.migrations.push_back(migration_in(directory, folder));
    } else if (directory.has_file(folder + "/down.sql")) {
      throw Error(fmt::format("{} has no up.sql beside it", directory.shown(folder + "/down.sql")),
                  "Add the up script, or remove this down: nothing ever needs it.");
    } else {
      ignore(set, directory, folder, "a folder without up.sql");
    }
  }
  std::stable_sort(set.migrations.begin(), set.migrations.end(),
                   [](const Migration& a, const Migration& b) { return a.version < b.version; });
  check_versions(set.migrations);
}

}  // namespace

Layout diesel_layout() {
  return {"diesel",
          "diesel: each file is one query in a transaction, unless metadata.toml turns it off",
          true, detect, load};
}

}  // namespace drydock
