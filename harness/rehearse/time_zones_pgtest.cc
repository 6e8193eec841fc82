// Times keep their values in the zone in which the migrations' session casts them, wherever that
// zone comes from.

#include "harness/testing/catch.h"
#include "harness/testing/migration_directory.h"

namespace drydock {
namespace {

using testing::outcome;
using Directory = testing::MigrationDirectory;

constexpr const char* kShifts = "create table shifts(id int primary key, starts_at timestamp);";
constexpr const char* kGiveZone = "alter table shifts alter starts_at type timestamptz";
constexpr const char* kTakeZone = "alter table shifts alter starts_at type timestamp";

/// What data-preserved says of giving times a zone, between what `before` and `after` do.
std::string judged(const std::string& before, const std::string& up, Scenario scenario = {}) {
  Directory d;
  d.add(kShifts, "drop table shifts;")
      .add(before, "select 1;")
      .add(up, std::string(kTakeZone) + ";");
  return outcome(d.run_with_rows(30, scenario), 2, "data-preserved");
}

TEST_CASE("a zone of the server's, of the database's or of the script's own changes no time") {
  Scenario scenario;
  scenario.settings["timezone"] = "America/New_York";
  CHECK(judged("select 1;", std::string(kGiveZone) + ";", scenario) == "passed");
  CHECK(judged("do $$ begin execute format('alter database %I set timezone = %L', "
               "current_database(), 'Asia/Tokyo'); end $$;",
               std::string(kGiveZone) + ";") == "passed");
  CHECK(judged("select 1;", "begin; set local time zone 'Asia/Kolkata'; " + std::string(kGiveZone) +
                                "; commit;") == "passed");
}

TEST_CASE("times that are read in another zone than the session's are shifted") {
  Scenario scenario;
  scenario.settings["timezone"] = "America/New_York";
  const std::string up = std::string(kGiveZone) + " using starts_at at time zone 'Asia/Tokyo';";
  CHECK(judged("select 1;", up, scenario) == "failed");
}

}  // namespace
}  // namespace drydock
