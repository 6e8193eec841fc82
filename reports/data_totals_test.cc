#include "reports/data_totals.h"

#include "harness/testing/catch.h"
#include "harness/testing/sample_run.h"

namespace drydock {
namespace {

/// A run whose migrations filled these tables.
ScenarioRun run_that_filled(const std::vector<std::vector<FilledTable>>& migrations) {
  ScenarioRun run;
  run.rows = 10;
  for (const auto& filled : migrations) {
    MigrationResult& migration = run.migrations.emplace_back();
    migration.evidence.migration = "m" + std::to_string(run.migrations.size());
    migration.evidence.data.filled = filled;
  }
  return run;
}

TEST_CASE("a table is counted once, as the last migration found it") {
  const RowsSummary summary = summarize_rows(run_that_filled(
      {{{"public.a", 0, 10, "", "no value fits", "x"}, {"public.b", 10, 10, "", "", ""}},
       {{"public.a", 10, 10, "", "", ""}},
       {{"public.b", 4, 10, "", "only 4 values are possible", "y"}}}));
  CHECK(summary.tables == 2);
  CHECK(summary.rows == 14);
  REQUIRE(summary.unfilled.size() == 1);
  CHECK(summary.unfilled[0].table == "public.b");
  CHECK(summary.unfilled[0].migration == "m3");
  CHECK(summary.unfilled[0].problem == "only 4 values are possible");
  CHECK(summary.unfilled[0].remedy == "y");
  CHECK(unfilled_phrase(summary) == "1 of 2 tables could not be filled as asked");
}

TEST_CASE("a run without rows says nothing of rows") {
  ScenarioRun run = run_that_filled({{}});
  run.rows = 0;
  CHECK(rows_phrase(run).empty());
  CHECK(unfilled_phrase(summarize_rows(run)).empty());
}

TEST_CASE("the phrase about rows leaves out a profile that is not known") {
  ScenarioRun run = run_that_filled({{{"public.a", 1234567, 10, "", "", ""}}});
  CHECK(rows_phrase(run) == "10 rows in each table: 1 of 1 table filled, 1,234,567 rows (seed 1)");
  run.row_profile = "adversarial";
  CHECK(rows_phrase(run) ==
        "10 rows in each table: 1 of 1 table filled, 1,234,567 rows (adversarial, seed 1)");
}

TEST_CASE("digits are grouped by thousands") {
  CHECK(grouped(0) == "0");
  CHECK(grouped(999) == "999");
  CHECK(grouped(1000) == "1,000");
  CHECK(grouped(-123456) == "-123,456");
  CHECK(grouped(1234567890) == "1,234,567,890");
}

TEST_CASE("nothing was seen to be lost when nothing was looked at") {
  DataEvidence data = testing::sample_run().runs[0].migrations[9].evidence.data;
  data.new_rows.losses.clear();
  CHECK(loss_statement(data, OwnTables::kTold) ==
        "12 of the 1,000 rows of public.lots; 640 values of public.parcels.weight_kg");
  data.observed = false;
  CHECK(loss_statement(data, OwnTables::kTold).empty());
}

TEST_CASE("columns of one table are told together, and a whole table as such") {
  DataEvidence data;
  data.observed = true;
  TableChange table;
  table.table = "public.a";
  table.rows_before = 1200;
  table.lost = 1200;
  table.columns.resize(3);
  table.columns[0].column = "x";
  table.columns[0].rows = 7;
  table.columns[1].column = "y";
  table.columns[2].column = "z";
  table.columns[2].rows = 1100;
  data.restored.tables = {table};
  data.new_rows.losses = {{"public.b", 3, 0, false, false, {{"x", 3, true}, {"y", 2, true}}}};
  CHECK(loss_statement(data, OwnTables::kTold) ==
        "all 1,200 rows of public.a; 7 values of public.a.x, 1,100 of z; "
        "what is written to public.b.x, y");
}

TEST_CASE("a dropped table's columns are not told beside all its rows") {
  DataEvidence data;
  NewRowsLoss loss{"public.a", 3, 3, true, false, {{"x", 3, false}}};
  data.new_rows.losses = {loss};
  CHECK(loss_statement(data, OwnTables::kLeftOut) == "all rows of public.a");
  loss = {"public.a", 3, 0, false, false, {{"x", 3, true}, {"y", 0, true}}};
  data.new_rows.losses = {loss};
  CHECK(loss_statement(data, OwnTables::kLeftOut) == "what is written to public.a.x");
}

}  // namespace
}  // namespace drydock
