// What the scenario says of tables and columns that never were stops the run; what is gone by its
// end was there.

#include "harness/testing/catch.h"
#include "harness/testing/migration_directory.h"

namespace drydock {
namespace {

using Directory = testing::MigrationDirectory;

/// The second down needs the database to be rebuilt behind it.
void add_history(Directory& d) {
  d.add("create table gone(id int, at timestamp); create table lots(id int);",
        "drop table gone, lots;")
      .add("drop table gone;", "select 1;")
      .add("create sequence lot_numbers;", "drop sequence lot_numbers;")
      .add("create table last(id int, noted int);", "drop table last;");
}

std::string error_with(const std::vector<std::string>& may_change) {
  Scenario scenario;
  scenario.file = "s.json";
  scenario.may_change = may_change;
  Directory d;
  add_history(d);
  try {
    return d.run_with_rows(5, scenario).runs.at(0).error;
  } catch (const std::exception& error) {
    return error.what();
  }
}

TEST_CASE("what was there at any time is no unused rule") {
  CHECK(error_with({"public.gone", "*.at", "public.lot_numbers", "public.last.noted"}) == "");
}

TEST_CASE("a misspelt name of what may change is said, with the one that was meant") {
  const std::string error = error_with({"public.last.notd"});
  CHECK_THAT(error, Catch::Contains("preserve.may_change names public.last.notd"));
  CHECK_THAT(error, Catch::Contains("Did you mean public.last.noted?"));
}

}  // namespace
}  // namespace drydock
