// golang-migrate: VERSION_TITLE.up.sql and VERSION_TITLE.down.sql.
//
// Its name pattern (source/parse.go) takes digits, an underscore, any title, the direction and any
// extension; the digits are an unsigned 64-bit number, and that number, not the text, is what
// orders and pairs files. Its PostgreSQL driver (database/postgres, Run) hands the whole file to
// the server as one query without opening a transaction. So a file of several statements runs in
// the server's implicit transaction, and a file of one statement runs outside any: that is why a
// lone CREATE INDEX CONCURRENTLY works there and one in company does not. A file of white space is
// not sent at all. x-multi-statement, an option of the connection URL, is not followed.
#include <fmt/format.h>

#include "harness/load/layout.h"
#include "harness/load/layout_pairs.h"
#include "harness/load/layout_script.h"

namespace drydock {
namespace {

constexpr const char* kLargestVersion = "18446744073709551615";  // Go's uint64

Detection detect(const MigrationDirectory& directory) {
  for (const std::string& file : directory.files()) {
    const auto name = parse_pair_name(file);
    if (name && name->direction == Direction::kUp && name->extension == "sql") {
      return {Certainty::kNaming, fmt::format("{} is named VERSION_TITLE.up.sql", file)};
    }
  }
  return {};
}

void load(const MigrationDirectory& directory, const LayoutOptions&, MigrationSet& set) {
  Pairs pairs;
  for (const std::string& file : directory.files()) {
    const auto name = parse_pair_name(file);
    if (!name) {
      ignore(set, directory, file, "not named VERSION_TITLE.up.sql or VERSION_TITLE.down.sql");
    } else if (!at_most(name->version, kLargestVersion)) {
      ignore(set, directory, file, "its version is larger than golang-migrate's 64 bits");
    } else {
      pairs.add(name->direction, name->version, name->version + "_" + name->title, file);
    }
  }
  ignore_folders(set, directory);
  for (const Pair& pair : pairs.take(directory)) {
    Migration migration =
        migration_with(pair.id, pair.version, whole_file(directory, pair.up, false));
    if (!pair.down.empty()) add_down(migration, whole_file(directory, pair.down, false));
    set.migrations.push_back(std::move(migration));
  }
}

}  // namespace

Layout golang_migrate_layout() {
  return {"golang-migrate", "golang-migrate: each file is one query, no transaction around it",
          true, detect, load};
}

}  // namespace drydock
