// The part of run.json on tenant isolation: its names, its round trip, its size.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "harness/base/text.h"
#include "harness/model/isolation_words.h"
#include "harness/testing/catch.h"
#include "harness/testing/sample_run.h"
#include "harness/testing/sample_tenants.h"
#include "reports/json.h"

namespace drydock {
namespace {

using Json = nlohmann::json;

Json sample() { return Json::parse(render_json(testing::sample_run())); }

TEST_CASE("what was seen of tenant isolation has the names of the contract") {
  const Json isolation = sample().at("runs").at(0).at("migrations").at(11).at("isolation");
  CHECK(isolation.at("judged") == true);
  CHECK(isolation.at("at_end") == true);
  CHECK(isolation.at("summary").get<std::string>().rfind("5 tables as wms_app, ", 0) == 0);
  const Json& lots = isolation.at("tables").at(1);
  CHECK(lots.at("held").at("other").at("0 of 500 rows") ==
        "select copy lock_rows returning update update_all delete delete_all");
  CHECK(lots.at("held").at("own").at("1 of 1 row") == "insert");
  CHECK(lots.at("held")
            .at("no_context")
            .at("new row violates row-level security policy for table \"lots\" (42501)") ==
        "insert upsert move");
  CHECK(lots.at("not_tried").at("other").at("the role has no privilege TRUNCATE") == "truncate");
  CHECK(lots.at("statements").at("no_context").at("update") == "UPDATE public.lots SET id = id");
  CHECK_FALSE(lots.at("statements").contains("empty_context"));
  CHECK_FALSE(lots.contains("probes"));
  CHECK_FALSE(lots.contains("link"));
  CHECK_FALSE(lots.contains("exempt"));
  const Json leak = isolation.at("tables").at(3).at("probes").at(2);
  CHECK(leak.at("command") == "select");
  CHECK(leak.at("situation") == "no_context");
  CHECK(leak.at("verdict") == "leak");
  CHECK(leak.at("rows") == 1000);
  CHECK(leak.at("examples").size() == 2);
  CHECK(isolation.at("tables").at(3).at("policies").at(2).at("permissive") == false);
  CHECK(isolation.at("paths").at(0).at("kind") == "view");
  CHECK(isolation.at("mutants").at(1).at("kind") == "drop_check");
  CHECK_FALSE(isolation.at("mutants").at(1).contains("noticed"));
  CHECK(isolation.at("role_faithful").at("hidden").at(0).at("rows_unbound") == 1000);
  CHECK(isolation.at("windows").at(1).at("in_down") == true);
}

TEST_CASE("what was seen of tenant isolation comes back as it was") {
  const IsolationEvidence before = testing::with_isolation().evidence.isolation;
  const RunResult again = parse_json(render_json(testing::sample_run()));
  const IsolationEvidence& after = again.runs[0].migrations[11].evidence.isolation;
  CHECK(after.role_words == before.role_words);
  CHECK(after.notes == before.notes);
  CHECK(after.tables[2].link == TenantLink::kParent);
  CHECK(after.tables[2].seen_after == "000003_tenant_policies");
  CHECK(after.tables[3].policies[1].check_expression == "true");
  CHECK(after.tables[4].privileges_assumed);
  CHECK(after.paths[0].leaks);
  CHECK(after.mutants[3].by == "select as the table's owner");
  CHECK(after.plans[0].plan_with == before.plans[0].plan_with);
  CHECK(after.role_faithful.hidden[1].contents == "public.totals: 1 value differs");
  CHECK(after.windows[0].closed_by == before.windows[0].closed_by);
  CHECK(again.runs[0].migrations[11].findings[2].migration == "000001_create_lots");
}

/// Sorted texts, so that two lists of tries can be compared whatever their order.
std::vector<std::string> as_texts(const std::vector<IsolationProbe>& probes) {
  std::vector<std::string> texts;
  for (const IsolationProbe& probe : probes) {
    std::string text = std::string(word(probe.situation)) + " " + word(probe.command) + " " +
                       word(probe.verdict) + " " + std::to_string(probe.rows) + "/" +
                       std::to_string(probe.of) + " " + valid_utf8(probe.outcome) + " " + probe.sql;
    for (const std::string& example : probe.examples) text += " " + valid_utf8(example);
    texts.push_back(text);
  }
  std::sort(texts.begin(), texts.end());
  return texts;
}

TEST_CASE("every try comes back as it was, whatever its outcome looks like") {
  RunResult result = testing::long_run(1);
  result.runs[0].migrations = {testing::with_isolation()};
  std::vector<TableIsolation>& tables = result.runs[0].migrations[0].evidence.isolation.tables;
  tables[1].probes[0].outcome.clear();
  tables[1].probes[1].outcome = "3 of 4: as a text";
  tables[1].probes[2].outcome = "3 of 4 rows";
  tables[1].probes[1].rows = tables[1].probes[1].of = 0;
  tables[1].probes.push_back(tables[1].probes[0]);  // the same try twice
  const RunResult again = parse_json(render_json(result));
  for (std::size_t i = 0; i < tables.size(); ++i) {
    const TableIsolation& after = again.runs[0].migrations[0].evidence.isolation.tables[i];
    CHECK(as_texts(after.probes) == as_texts(tables[i].probes));
  }
  CHECK(render_json(again) == render_json(result));
}

TEST_CASE("a table that holds against everything takes little of run.json") {
  RunResult result = testing::long_run(1);
  const auto size_with = [&](int tables) {
    result.runs[0].migrations = {testing::with_many_tenant_tables("000001_many", tables)};
    return render_json(result).size();
  };
  CHECK((size_with(100) - size_with(0)) / 100 < 9'000);
}

TEST_CASE("a migration after which isolation was not judged says so and no more") {
  const Json isolation = sample().at("runs").at(0).at("migrations").at(0).at("isolation");
  CHECK(isolation == Json({{"judged", false}, {"skipped", ""}}));
}

TEST_CASE("why isolation could not be judged comes back as it was") {
  RunResult result = testing::long_run(1);
  IsolationEvidence& isolation = result.runs[0].migrations[0].evidence.isolation;
  isolation.failed = "the server ended";
  isolation.role_faithful.skipped = "no table is bound";
  const RunResult again = parse_json(render_json(result));
  const IsolationEvidence& after = again.runs[0].migrations[0].evidence.isolation;
  CHECK(after.failed == "the server ended");
  CHECK(after.role_faithful.skipped == "no table is bound");
  CHECK_FALSE(after.judged);
}

}  // namespace
}  // namespace drydock
