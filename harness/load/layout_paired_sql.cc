// Plain pairs: NAME.sql (or NAME_up.sql) with NAME_down.sql or NAME.down.sql beside it.
//
// No tool owns this layout: such files are run by hand or by a script with psql -f. So they are
// sent as psql sends them when it is told to stop at the first error: statement by statement, each
// on its own unless the file brings its own BEGIN and COMMIT. Names are ordered naturally (2_x
// before 10_a). \i is looked up from the directory of the migrations.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/load/layout.h"
#include "harness/load/layout_script.h"
#include "harness/load/psql_script.h"

namespace drydock {
namespace {

struct Files {
  std::string up;
  std::string down;
};

std::optional<std::string> stem(const std::string& file, std::string_view suffix) {
  if (!file.ends_with(suffix) || file.size() == suffix.size()) return std::nullopt;
  return file.substr(0, file.size() - suffix.size());
}

std::optional<std::string> stem_of_down(const std::string& file) {
  const auto underscore = stem(file, "_down.sql");
  return underscore ? underscore : stem(file, ".down.sql");
}

std::string stem_of_up(const std::string& file) {
  for (const std::string_view suffix : {"_up.sql", ".up.sql"}) {
    if (const auto found = stem(file, suffix)) return *found;
  }
  return file.substr(0, file.size() - 4);
}

void put(std::string& place, const std::string& file, const char* direction) {
  if (!place.empty()) {
    throw Error(fmt::format("{} and {} are both the {} of one migration", place, file, direction),
                "Keep one of them.");
  }
  place = file;
}

Detection detect(const MigrationDirectory& directory) {
  for (const std::string& file : directory.files()) {
    if (stem_of_down(file)) {
      return {Certainty::kNaming, fmt::format("{} is named as the way back of a pair", file)};
    }
  }
  return {};
}

Script script(const MigrationDirectory& directory, const std::string& file,
              const LayoutOptions& options) {
  return psql_script(directory.path() / file, directory.shown(file),
                     {options.placeholders, directory.path()});
}

void load(const MigrationDirectory& directory, const LayoutOptions& options, MigrationSet& set) {
  std::map<std::string, Files> pairs;
  for (const std::string& file : directory.files()) {
    if (!file.ends_with(".sql")) {
      ignore(set, directory, file, "not an .sql file");
    } else if (const auto down = stem_of_down(file)) {
      put(pairs[*down].down, file, "down");
    } else {
      put(pairs[stem_of_up(file)].up, file, "up");
    }
  }
  ignore_folders(set, directory);
  for (const auto& [name, files] : pairs) {
    if (files.up.empty()) {
      throw Error(fmt::format("{} has no {}.sql beside it", directory.shown(files.down), name),
                  "Add the up script, or remove this down: nothing ever needs it.");
    }
    Migration migration = migration_with(name, "", script(directory, files.up, options));
    if (!files.down.empty()) add_down(migration, script(directory, files.down, options));
    set.migrations.push_back(std::move(migration));
  }
  std::stable_sort(set.migrations.begin(), set.migrations.end(),
                   [](const Migration& a, const Migration& b) { return natural_less(a.id, b.id); });
}

}  // namespace

Layout paired_sql_layout() {
  return {"paired-sql", "pairs of SQL files, sent as psql -f sends them: statement by statement",
          true, detect, load};
}

}  // namespace drydock
