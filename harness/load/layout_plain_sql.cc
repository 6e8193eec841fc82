// Plain SQL files, forward only: run by hand or by a script with psql -f, in the natural order of
// their names (2_x before 10_a), each sent as psql sends it when told to stop at the first error.
#include <fmt/format.h>

#include <algorithm>

#include "harness/base/text.h"
#include "harness/load/layout.h"
#include "harness/load/layout_script.h"
#include "harness/load/psql_script.h"

namespace drydock {
namespace {

Detection detect(const MigrationDirectory& directory) {
  for (const std::string& file : directory.files()) {
    if (file.ends_with(".sql")) {
      return {Certainty::kPossible, fmt::format("{} is an .sql file", file)};
    }
  }
  return {};
}

void load(const MigrationDirectory& directory, const LayoutOptions& options, MigrationSet& set) {
  for (const std::string& file : directory.files()) {
    if (!file.ends_with(".sql")) {
      ignore(set, directory, file, "not an .sql file");
      continue;
    }
    set.migrations.push_back(
        migration_with(file.substr(0, file.size() - 4), "",
                       psql_script(directory.path() / file, directory.shown(file),
                                   {options.placeholders, directory.path()})));
  }
  ignore_folders(set, directory);
  std::stable_sort(set.migrations.begin(), set.migrations.end(),
                   [](const Migration& a, const Migration& b) { return natural_less(a.id, b.id); });
}

}  // namespace

Layout plain_sql_layout() {
  return {"plain-sql", "SQL files, sent as psql -f sends them: statement by statement; no downs",
          false, detect, load};
}

}  // namespace drydock
