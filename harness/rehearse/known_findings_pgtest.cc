// Findings on rows that were accepted once are recognised when other rows are generated.

#include <set>

#include "harness/testing/catch.h"
#include "harness/testing/migration_directory.h"

namespace drydock {
namespace {

using Directory = testing::MigrationDirectory;

constexpr const char* kTables =
    "create table lots(id int primary key, code text not null, note text, size int);"
    "create table items(id int primary key, lot int references lots, name varchar(20), n int);";

/// Errors and warnings; the losses that are the price of any rollback aside.
std::set<std::string> prints(Directory& directory, std::uint64_t seed, std::int64_t rows) {
  Scenario scenario;
  scenario.seed = seed;
  const RunResult result = directory.run_with_rows(rows, scenario);
  std::set<std::string> found;
  for (const MigrationResult& migration : result.runs.at(0).migrations) {
    for (const Finding& finding : migration.findings) {
      found.insert(finding.check + " " + migration.evidence.migration + " " + finding.fingerprint);
    }
  }
  return found;
}

TEST_CASE("a finding on rows is the same one under another seed and with other rows") {
  Directory d;
  d.add(kTables, "drop table items; drop table lots;")
      .add("update lots set note = left(note, 5), size = 0 where size > 500;", "select 1;")
      .add("alter table lots drop note, drop size;",
           "alter table lots add note text, add size int default 7;")
      .add("alter table items alter name set not null;",
           "alter table items alter name drop not null;")
      .add("alter table items alter n type bigint, alter name type text;",
           "alter table items alter n type int, alter name type varchar(20);")
      .add("delete from items where n % 3 = 0;", "select 1;");
  const std::set<std::string> one = prints(d, 1, 200);
  CHECK(one.size() >= 5);
  CHECK(prints(d, 8, 200) == one);
  CHECK(prints(d, 8, 40) == one);
}

}  // namespace
}  // namespace drydock
