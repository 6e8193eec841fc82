// run.json is a contract: its names are tested as words, its round trip byte for byte.
#include "reports/json.h"

#include <nlohmann/json.hpp>
#include <set>

#include "harness/base/error.h"
#include "harness/base/files.h"
#include "harness/testing/catch.h"
#include "harness/testing/sample_run.h"

namespace drydock {
namespace {

using Json = nlohmann::json;

Json sample() { return Json::parse(render_json(testing::sample_run())); }

std::string complaint_about(const std::string& text) {
  try {
    parse_json(text);
  } catch (const Error& error) {
    return error.message();
  }
  return "nothing";
}

TEST_CASE("a run that is written, read and written again is the same to the byte") {
  const std::string once = render_json(testing::sample_run());
  CHECK(render_json(parse_json(once)) == once);
}

TEST_CASE("text that is valid survives the round trip as it was") {
  RunResult result = testing::long_run(1);
  result.runs[0].migrations[0].evidence.migration = "tab\t bell\x07 quote\" שלום 🚢";
  const RunResult again = parse_json(render_json(result));
  CHECK(again.runs[0].migrations[0].evidence.migration ==
        result.runs[0].migrations[0].evidence.migration);
}

TEST_CASE("the seed keeps all its 64 bits") {
  CHECK(parse_json(render_json(testing::sample_run())).seed == 18446744073709551615U);
}

TEST_CASE("the top of run.json has the names of the contract") {
  const Json json = sample();
  CHECK(json.at("schema_version") == 1);
  CHECK(json.at("tool") == Json({{"name", "drydock"}, {"version", "0.1.0"}}));
  CHECK(json.at("verdict") == "errored");
  CHECK(json.at("seed") == 18446744073709551615U);
  CHECK(json.at("started_at") == "2026-11-21T08:00:00Z");
  CHECK(json.at("duration_ms") == 61876.25);
  CHECK(json.at("context").at("machine").at("cores") == "8");
  // work_mem was chosen in one run only, so it is no setting of the whole.
  CHECK(json.at("context").at("settings") == Json({{"fsync", "off"}, {"timezone", "UTC"}}));
}

TEST_CASE("a migration in run.json has the names of the contract") {
  const Json migration = sample().at("runs").at(0).at("migrations").at(1);
  CHECK(migration.at("id") == "000002_add_lot_code");
  CHECK(migration.at("files").at("down") == "db/migrations/000002_add_lot_code.down.sql");
  CHECK(migration.at("outcome") == "failed");
  CHECK(migration.at("phases").at(0).at("name") == "up");
  CHECK(migration.at("phases").at(0).at("outcome") == "ok");
  CHECK(migration.at("phases").at(0).at("error").is_null());
  CHECK(migration.at("phases").at(0).at("statements").at(0).at("rows").is_null());
  CHECK(migration.at("phases").at(0).at("statements").at(1).at("rows") == 128000);
  const Json down = migration.at("phases").at(1);
  CHECK(down.at("name") == "down");
  CHECK(down.at("outcome") == "failed");
  CHECK(down.at("error").at("sqlstate") == "42703");
  CHECK(down.at("error").at("line") == 3);
  CHECK(migration.at("phases").at(2).at("name") == "up_again");
}

TEST_CASE("a finding in run.json has the names of the contract") {
  const Json migrations = sample().at("runs").at(0).at("migrations");
  const Json finding = migrations.at(2).at("findings").at(0);
  CHECK(finding.at("check") == "schema-restored");
  CHECK(finding.at("severity") == "error");
  CHECK(finding.at("waived").is_null());
  CHECK(finding.at("known") == false);
  CHECK(finding.at("fingerprint") == "22d0c0de22d0c0de");
  CHECK(finding.at("file") == "db/migrations/000003_tenant_policies.down.sql");
  CHECK(finding.at("line") == 0);
  CHECK(finding.at("objects").size() == 4);
  CHECK(migrations.at(3).at("findings").at(0).at("waived") ==
        "restored from the nightly dump, agreed on 2026-11-02");
  CHECK(migrations.at(3).at("findings").at(1).at("known") == true);
}

TEST_CASE("what was seen of rows has the names of the contract") {
  const Json run = sample().at("runs").at(0);
  CHECK(run.at("data").at("rows") == 1000);
  CHECK(run.at("data").at("profile") == "typical");
  CHECK(run.at("data").at("generated") == 2026);
  CHECK(run.at("data").at("unfilled").at(1) ==
        Json({{"table", "public.zones"},
              {"migration", "000009_shelves"},
              {"rows", 26},
              {"wanted", 1000},
              {"problem", "only 26 values are possible for letter"},
              {"remedy", ""}}));
  const Json data = run.at("migrations").at(9).at("data");
  const Json lots = data.at("preserved").at("tables").at(1);
  CHECK(lots.at("kind") == "table");
  CHECK(lots.at("lost") == 12);
  CHECK(lots.at("columns").at(0).at("samples").at(0) ==
        Json({{"row", "id = 7"}, {"before", "LOT-2026-0007"}, {"after", "LOT-2026"}}));
  CHECK(lots.at("columns").at(1).at("samples").at(0).at("after").is_null());
  CHECK(data.at("tripped").at("yielded") == "public.lots got distinct lot_codes");
  CHECK(data.at("adversarial").at("condition") == "two rows share a lot_code");
  CHECK(data.at("new_rows").at("losses").at(0).at("columns").at(0).at("made_by_up") == true);
  CHECK(data.at("assertions").at(0).at("at") == "after_up_again");
  CHECK(data.at("assertions").at(0).at("found").at(0) == Json({"L-1", nullptr}));
}

TEST_CASE("what was seen of rows comes back as it was") {
  const DataEvidence before = testing::sample_run().runs[0].migrations[9].evidence.data;
  const RunResult again = parse_json(render_json(testing::sample_run()));
  const DataEvidence& after = again.runs[0].migrations[9].evidence.data;
  CHECK(again.runs[0].rows == 1000);
  CHECK(again.runs[0].seed == 7);
  CHECK(again.runs[0].row_profile == "typical");
  CHECK(after.tripped.has_value());
  CHECK(after.adversarial.condition == before.adversarial.condition);
  CHECK(after.preserved.sequences[0].in_use == 1000);
  CHECK_FALSE(after.preserved.sequences[1].in_use.has_value());
  CHECK(after.preserved.tables[4].kind == ContentsKind::kMaterializedView);
  CHECK(after.preserved.tables[1].columns[1].samples[1].after ==
        before.preserved.tables[1].columns[1].samples[1].after);
  CHECK(after.assertions[0].found[0] == before.assertions[0].found[0]);
  CHECK(after.assertions[0].at == AssertionMoment::kAfterUpAgain);
  CHECK(after.new_rows.losses[0].columns[1].values == 2);
  CHECK(after.constraints[0].broken == 17);
}

TEST_CASE("what a statement locked has the names of the contract") {
  const Json up = sample().at("runs").at(0).at("migrations").at(10).at("phases").at(0);
  const Json retype = up.at("statements").at(1);
  CHECK(retype.at("started_ms") == 0.5);
  CHECK(retype.at("locks").at(0) == Json({{"relation", "public.orders"},
                                          {"mode", "AccessExclusiveLock"},
                                          {"rows", 12000},
                                          {"acquired_ms", 0.5},
                                          {"waited_ms", 12.75},
                                          {"held_ms", 78.25}}));
  CHECK(retype.at("rewrites").at(0) ==
        Json({{"relation", "public.orders"}, {"reason", "column type"}, {"rows", 12000}}));
  CHECK(retype.at("passes") == Json({{"public.orders", 3}}));
  CHECK(retype.at("pass_rows") == Json({{"public.orders", 12000}}));
  CHECK(retype.at("lock_timeout_ms") == 2000);
  CHECK(up.at("statements").at(3).at("locks").at(0).at("own") == true);
  CHECK(up.at("statements").at(4).at("own_commit") == true);
  CHECK(up.at("statements").at(4).at("locks").at(0).at("exact") == false);
  const Json quiet = up.at("statements").at(0);
  CHECK(quiet.at("observed") == true);
  CHECK_FALSE(quiet.contains("locks"));
}

TEST_CASE("what the trials of locks saw has the names of the contract") {
  const Json locks = sample().at("runs").at(0).at("migrations").at(10).at("locks");
  CHECK(locks.at("leftovers").at(1).at("accepted") == true);
  const Json probe = locks.at("traffic").at("probes").at(4);
  CHECK(probe.at("operation") == "select_for_update");
  CHECK(probe.at("blocked_by") == "AccessExclusiveLock");
  CHECK(probe.at("under").at("longest_ms") == 87.75);
  CHECK(locks.at("queue").at("attempts").at(1).at("holder") == "idle_in_transaction");
  CHECK(locks.at("interruptions").at("interruptions").at(2).at("contents") ==
        "public.sites has 80 rows instead of 40");
  CHECK(locks.at("forecasts").at(0).at("measured").at(2) ==
        Json({{"rows", 200000}, {"held_ms", 690}}));
  CHECK(locks.at("strongest") ==
        "ACCESS EXCLUSIVE on public.orders (12,000 rows) for 78 ms, after waiting 13 ms, keeps out "
        "reads and writes (up, db/migrations/000011_widen_order_totals.up.sql:3)");
}

TEST_CASE("what was seen of locks comes back as it was") {
  const Rehearsal before = testing::sample_run().runs[0].migrations[10].evidence;
  const RunResult again = parse_json(render_json(testing::sample_run()));
  const Rehearsal& after = again.runs[0].migrations[10].evidence;
  REQUIRE(after.up.statements.size() == 5);
  const Footprint& retype = after.up.statements[1].footprint;
  CHECK(retype.observed);
  CHECK(retype.locks[1].kind == LockedKind::kIndex);
  CHECK(retype.locks[1].table == "public.orders");
  CHECK(retype.rewrites[1].reason == "rebuilt");
  CHECK(retype.passes[0].passes == 3);
  CHECK(retype.passes[0].rows == 12000);
  CHECK(retype.wal_bytes == 4'200'000);
  const Footprint& notes = after.up.statements[3].footprint;
  CHECK(notes.locks[0].own);
  CHECK(notes.locks[0].rows == -1);
  CHECK(notes.locks[1].kind == LockedKind::kSequence);
  CHECK(after.up.statements[4].footprint.own_commit);
  CHECK_FALSE(after.up.statements[4].footprint.locks[0].exact);
  CHECK(after.locks.traffic.probes[0].under.histogram ==
        before.locks.traffic.probes[0].under.histogram);
  CHECK(after.locks.traffic.failure->sqlstate == "40P01");
  CHECK(after.locks.queue.attempts[1].left_behind.size() == 1);
  CHECK(after.locks.interruptions.interruptions[1].failure->line == 8);
  CHECK(after.locks.forecasts[1].mode == LockMode::kShareRowExclusive);
}

TEST_CASE("a lock mode that does not exist is refused with the modes that do") {
  Json json = sample();
  json["runs"][0]["migrations"][10]["phases"][0]["statements"][1]["locks"][0]["mode"] = "Shared";
  CHECK(complaint_about(json.dump())
            .rfind("/runs/0/migrations/10/phases/0/statements/1/locks/0/mode"
                   ": expected one of AccessShareLock, RowShareLock, ",
                   0) == 0);
}

bool names_are_data(const std::string& field) {
  return field == "settings" || field == "machine" || field == "passes" || field == "pass_rows" ||
         field == "held" || field == "not_tried";
}

/// The names of all fields in `json`, but for objects whose names are data.
void collect_names(const Json& json, std::set<std::string>& names) {
  if (!json.is_structured()) return;
  for (const auto& [name, value] : json.items()) {
    if (json.is_object()) names.insert(name);
    if (!names_are_data(name)) collect_names(value, names);
  }
}

TEST_CASE("every field of run.json is told in docs/report-format.md") {
  const std::string page = read_file(DRYDOCK_SOURCE_DIR "/docs/report-format.md");
  std::set<std::string> names;
  collect_names(sample(), names);
  CHECK(names.size() > 50);
  for (const std::string& name : names) {
    CAPTURE(name);
    CHECK(page.find("`" + name + "`") != std::string::npos);
  }
}

TEST_CASE("bytes that are no UTF-8 become the replacement character in run.json") {
  const std::string id = sample().at("runs").at(0).at("migrations").at(4).at("id");
  CHECK(id.find("\xEF\xBF\xBD\xEF\xBF\xBD(") != std::string::npos);
}

TEST_CASE("text that is no JSON is refused with the place where it stops being JSON") {
  CHECK(complaint_about("{\n  \"schema_version\": 1,\n  oops") ==
        "line 3, column 3: this is not JSON");
}

TEST_CASE("a newer run.json is refused instead of half read") {
  CHECK(complaint_about(R"({"schema_version": 2, "verdict": "passed", "runs": []})") ==
        "/schema_version: this Drydock reads version 1, the file has 2");
}

TEST_CASE("a field that a verdict hangs on must be there") {
  CHECK(complaint_about(R"({"schema_version": 1, "runs": []})") ==
        "/verdict: the field is missing");
  CHECK(complaint_about("{}") == "/schema_version: the field is missing");
}

TEST_CASE("a value of the wrong type is refused with its JSON pointer") {
  Json json = sample();
  json["runs"][0]["migrations"][1]["findings"][0]["line"] = "three";
  CHECK(complaint_about(json.dump()) ==
        "/runs/0/migrations/1/findings/0/line: expected a whole number, found \"three\"");
  CHECK(complaint_about("[]") == "/: expected an object, found []");
}

TEST_CASE("an unknown word is refused with the words that would do") {
  Json json = sample();
  json["runs"][0]["migrations"][1]["outcome"] = "pased";
  CHECK(complaint_about(json.dump()) ==
        "/runs/0/migrations/1/outcome: expected one of passed, failed, errored, skipped, found "
        "\"pased\"");
}

TEST_CASE("fields that a later version added are left out, those it lacks keep their defaults") {
  const RunResult result = parse_json(
      R"({"schema_version": 1, "verdict": "passed", "later": {"x": 1}, "runs": [{"migrations": []}]})");
  CHECK(result.verdict == Outcome::kPassed);
  CHECK(result.seed == 1);
  CHECK(result.runs.at(0).scenario.empty());
}

}  // namespace
}  // namespace drydock
