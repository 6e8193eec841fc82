// Prisma: folders TIMESTAMP_name with a migration.sql; there is no way back.
//
// The folders run in the order of their names. Prisma's schema engine sends the whole file as one
// query and opens no transaction of its own. migration_lock.toml names the database the history was
// written for; Prisma refuses a history for another one. A down.sql beside it is a convention for
// people, which no Prisma command runs.
#include <fmt/format.h>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/load/layout.h"
#include "harness/load/layout_script.h"

namespace drydock {
namespace {

constexpr const char* kLock = "migration_lock.toml";

Detection detect(const MigrationDirectory& directory) {
  for (const std::string& folder : directory.folders()) {
    if (!directory.has_file(folder + "/migration.sql")) continue;
    if (directory.has_file(kLock)) return {Certainty::kMarker, fmt::format("it has a {}", kLock)};
    return {Certainty::kNaming, fmt::format("{} is a folder with a migration.sql", folder)};
  }
  return {};
}

void check_provider(const MigrationDirectory& directory) {
  if (!directory.has_file(kLock)) return;
  for (const std::string_view line : split_lines(directory.text(kLock))) {
    if (!trim(line).starts_with("provider")) continue;
    if (line.find("postgres") != std::string_view::npos) return;
    throw Error(fmt::format("{} says these migrations are not for PostgreSQL: {}",
                            directory.shown(kLock), trim(line)),
                "Give the directory of a PostgreSQL history.");
  }
}

void load(const MigrationDirectory& directory, const LayoutOptions&, MigrationSet& set) {
  check_provider(directory);
  for (const std::string& file : directory.files()) {
    if (file != kLock) ignore(set, directory, file, "a file: Prisma's migrations are folders");
  }
  for (const std::string& folder : directory.folders()) {
    const std::string file = folder + "/migration.sql";
    if (!directory.has_file(file)) {
      ignore(set, directory, folder, "a folder without migration.sql");
      continue;
    }
    set.migrations.push_back(migration_with(folder, folder.substr(0, folder.find('_')),
                                            whole_utf8_file(directory, file, false, "Prisma")));
  }
}

}  // namespace

Layout prisma_layout() {
  return {"prisma", "Prisma: each migration.sql is one query, no transaction around it; no downs",
          false, detect, load};
}

}  // namespace drydock
