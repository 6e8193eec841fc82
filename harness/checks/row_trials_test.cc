// The two checks that judge trials on rows of our own: rows that users write after the up, and rows
// as unpleasant as the schema before it allows.
#include "harness/checks/check.h"
#include "harness/testing/builders.h"
#include "harness/testing/catch.h"
#include "harness/testing/judgement.h"

namespace drydock {
namespace {

using testing::clean_rehearsal;
using testing::only_finding;
using testing::passed;

Failure refused(const std::string& file, int line) {
  Failure failure;
  failure.sqlstate = "23502";
  failure.message = "column \"code\" of relation \"lots\" contains null values";
  failure.schema = "public";
  failure.table = "lots";
  failure.table_column = "code";
  failure.file = file;
  failure.line = line;
  return failure;
}

StatementRun in_down(const std::string& kind, const std::string& text, int line) {
  StatementRun run;
  run.file = "0002_add_lots.down.sql";
  run.kind = kind;
  run.text = text;
  run.line = line;
  return run;
}

Rehearsal tried() {
  Rehearsal rehearsal = clean_rehearsal();
  rehearsal.data.rows = 1000;
  rehearsal.data.observed = true;
  rehearsal.data.new_rows.ran = true;
  rehearsal.data.adversarial.ran = true;
  return rehearsal;
}

TableChange lots() {
  TableChange table;
  table.table = "public.lots";
  table.rows_before = 1000;
  table.key = {"id"};
  return table;
}

Judgement judged_by(const std::string& check, const Rehearsal& rehearsal,
                    const Scenario& scenario = {}) {
  return find_check(check).judge(rehearsal, scenario);
}

TEST_CASE("a trial that goes through passes") {
  CHECK(passed(judged_by("down-with-new-rows", tried())));
  CHECK(passed(judged_by("data-dependent", tried())));
}

TEST_CASE("a trial that did not run is skipped with the reason") {
  Rehearsal rehearsal = tried();
  rehearsal.data.new_rows.ran = false;
  rehearsal.data.adversarial.ran = false;
  CHECK(judged_by("down-with-new-rows", rehearsal).skipped ==
        "no rows were written after the up script");
  CHECK(judged_by("data-dependent", rehearsal).skipped == "no rows were tried");
  rehearsal.data.new_rows.skipped = "the script commits";
  rehearsal.data.adversarial.skipped = "the script commits";
  CHECK(judged_by("down-with-new-rows", rehearsal).skipped == "the script commits");
  CHECK(judged_by("data-dependent", rehearsal).skipped == "the script commits");
  CHECK(judged_by("data-dependent", clean_rehearsal()).skipped == "no rows: --rows 0");
  CHECK(judged_by("down-with-new-rows", clean_rehearsal()).skipped == "no rows: --rows 0");
  rehearsal.down.outcome = PhaseOutcome::kFailed;
  CHECK(judged_by("down-with-new-rows", rehearsal).skipped ==
        "the down script did not run through");
}

TEST_CASE(
    "a down that fails on new rows is told with the rows, those of the column and the table "
    "first") {
  Rehearsal rehearsal = tried();
  rehearsal.data.new_rows.wrote = {"3 rows in public.notes", "3 rows in public.lots",
                                   "12 rows with code NULL in public.lots"};
  rehearsal.data.new_rows.failure = refused("0002_add_lots.down.sql", 4);
  const Finding found = only_finding(judged_by("down-with-new-rows", rehearsal));
  CHECK(found.check == "down-with-new-rows");
  CHECK(found.severity == Severity::kError);
  CHECK(found.message ==
        "the down script fails as soon as there are rows that were written after the up script: "
        "column \"code\" of relation \"lots\" contains null values (SQLSTATE 23502)\n"
        "Written were:\n"
        "  12 rows with code NULL in public.lots\n"
        "  3 rows in public.lots\n"
        "  3 rows in public.notes");
  CHECK(found.file == "0002_add_lots.down.sql");
  CHECK(found.line == 4);
  CHECK(found.objects == std::vector<std::string>{"table public.lots", "column public.lots.code"});
}

TEST_CASE("of many kinds of new rows six are told and the rest counted") {
  Rehearsal rehearsal = tried();
  for (int i = 0; i < 9; ++i) {
    rehearsal.data.new_rows.wrote.push_back("1 row in public.t" + std::to_string(i));
  }
  rehearsal.data.new_rows.failure = refused("0002_add_lots.down.sql", 4);
  const std::string message = only_finding(judged_by("down-with-new-rows", rehearsal)).message;
  CHECK(message.ends_with("\n  1 row in public.t5\n  … and 3 kinds more"));
}

TEST_CASE("rows of before that the down harms because of new ones are an error") {
  Rehearsal rehearsal = tried();
  TableChange table = lots();
  table.lost = 2;
  table.lost_samples = {"id = 1", "id = 2"};
  rehearsal.data.new_rows.harmed.tables = {table};
  rehearsal.down.statements = {in_down("ALTER TABLE", "ALTER TABLE lots DROP COLUMN code", 1),
                               in_down("DELETE", "DELETE FROM lots USING twins", 2)};
  const Finding found = only_finding(judged_by("down-with-new-rows", rehearsal));
  CHECK(found.severity == Severity::kError);
  CHECK(found.message ==
        "with rows written after the up script, the down script harms rows of public.lots that "
        "were there before:\n"
        "  2 of 1000 rows are gone: id = 1; id = 2");
  CHECK(found.line == 2);
}

TEST_CASE("what the down harms anyway is told once, by data-restored") {
  Rehearsal rehearsal = tried();
  TableChange table = lots();
  table.lost = 2;
  ColumnChange column;
  column.column = "code";
  column.rows = 800;
  table.columns = {column};
  rehearsal.data.restored.tables = {table};
  rehearsal.data.new_rows.harmed.tables = {table};
  CHECK(passed(judged_by("down-with-new-rows", rehearsal)));
  rehearsal.data.new_rows.harmed.tables[0].columns[0].rows = 801;
  CHECK(only_finding(judged_by("down-with-new-rows", rehearsal))
            .message.ends_with("\n  code has another value in 801 of 1000 rows"));
}

TEST_CASE("a new row with the key of a row that the up deleted is no harm to that one") {
  Rehearsal rehearsal = tried();
  TableChange table = lots();
  table.lost = 1000;
  rehearsal.data.restored.tables = {table};
  table.lost = 993;
  ColumnChange column;
  column.column = "code";
  column.rows = 7;
  table.columns = {column};
  rehearsal.data.new_rows.harmed.tables = {table};
  CHECK(passed(judged_by("down-with-new-rows", rehearsal)));
  rehearsal.data.new_rows.harmed.tables[0].columns[0].rows = 8;
  CHECK_FALSE(passed(judged_by("down-with-new-rows", rehearsal)));
}

TEST_CASE("what is lost of new rows is information where the up made it, else a warning") {
  Rehearsal rehearsal = tried();
  NewRowsLoss lots;
  lots.table = "public.lots";
  lots.written = 12;
  lots.lost = 5;
  lots.columns = {{"lot_code", 11, true}, {"grade", 7, false}, {"note", 0, false}};
  NewRowsLoss made;
  made.table = "public.batches";
  made.written = 4;
  made.lost = 4;
  made.table_dropped = true;
  made.made_by_up = true;
  rehearsal.data.new_rows.losses = {made, lots};
  rehearsal.down.statements = {in_down("DROP TABLE", "DROP TABLE batches", 1),
                               in_down("DELETE", "DELETE FROM lots WHERE grade > 2", 2),
                               in_down("ALTER TABLE", "ALTER TABLE lots DROP lot_code", 3)};
  const Judgement judgement = judged_by("down-with-new-rows", rehearsal);
  REQUIRE(judgement.findings.size() == 2);
  const Finding& warning = judgement.findings[0];
  CHECK(warning.severity == Severity::kWarning);
  CHECK(warning.message ==
        "rolling back takes new rows or values out of what was there before:\n"
        "  public.lots: 5 of 12 rows written since\n"
        "  public.lots.grade: 7 of 12 values written since");
  CHECK(warning.line == 2);
  CHECK(warning.objects ==
        std::vector<std::string>{"table public.lots", "column public.lots.grade"});
  const Finding& info = judgement.findings[1];
  CHECK(info.severity == Severity::kInfo);
  CHECK(info.message ==
        "rolling back loses what was written since into what this migration made:\n"
        "  public.batches: the table with all its rows\n"
        "  public.lots.lot_code: 11 of 12 values written since");
  CHECK(info.line == 1);
}

TEST_CASE("losses in what may change are not told") {
  Rehearsal rehearsal = tried();
  NewRowsLoss loss;
  loss.table = "public.lots";
  loss.written = 12;
  loss.columns = {{"grade", 7, false}};
  rehearsal.data.new_rows.losses = {loss};
  Scenario scenario;
  scenario.may_change = {"*.grade"};
  CHECK(passed(judged_by("down-with-new-rows", rehearsal, scenario)));
}

TEST_CASE("new values that a down writes over are information of their own") {
  Rehearsal rehearsal = tried();
  NewRowsLoss loss;
  loss.table = "public.lots";
  loss.written = 12;
  loss.columns = {{"grade", 7, false, true}, {"note", 2, false, true}};
  rehearsal.data.new_rows.losses = {loss};
  rehearsal.down.statements = {in_down("UPDATE", "UPDATE lots SET grade = 1", 2)};
  const Finding info = only_finding(judged_by("down-with-new-rows", rehearsal));
  CHECK(info.severity == Severity::kInfo);
  CHECK(info.message ==
        "rolling back writes over what was written since:\n"
        "  public.lots.grade: 7 of 12 values\n"
        "  public.lots.note: 2 of 12 values");
  Scenario scenario;
  scenario.may_change = {"*.grade", "*.note"};
  CHECK(passed(judged_by("down-with-new-rows", rehearsal, scenario)));
}

TEST_CASE("an up that trips over ordinary rows is a warning with the cure for its kind") {
  Rehearsal rehearsal = tried();
  rehearsal.data.tripped = {refused("0002_add_lots.up.sql", 3), "public.lots was emptied"};
  const Finding found = only_finding(judged_by("data-dependent", rehearsal));
  CHECK(found.severity == Severity::kWarning);
  CHECK(found.message ==
        "the up script fails on ordinary rows that the schema allows: column \"code\" of relation "
        "\"lots\" contains null values (SQLSTATE 23502)\n"
        "The rehearsal went on with other rows (public.lots was emptied).");
  CHECK(found.remedy.starts_with("Fill the column before it becomes NOT NULL"));
  CHECK(found.file == "0002_add_lots.up.sql");
  CHECK(found.line == 3);
  CHECK(found.objects == std::vector<std::string>{"table public.lots", "column public.lots.code"});
}

TEST_CASE("an up that trips over unpleasant rows says which kind of row does it") {
  Rehearsal rehearsal = tried();
  Failure failure = refused("0002_add_lots.up.sql", 3);
  failure.sqlstate = "23505";
  failure.message = "could not create unique index \"lots_code_key\"";
  failure.detail = "Key (code)=(A) is duplicated.";
  rehearsal.data.adversarial.failure = failure;
  rehearsal.data.adversarial.condition = "two rows share a code";
  const Finding found = only_finding(judged_by("data-dependent", rehearsal));
  CHECK(found.message ==
        "the up script fails as soon as two rows share a code: could not create unique index "
        "\"lots_code_key\" (SQLSTATE 23505)\n"
        "  detail: Key (code)=(A) is duplicated.");
  CHECK(found.remedy.starts_with("Merge or renumber what is double"));
}

TEST_CASE("one statement is told once, two statements are two findings") {
  Rehearsal rehearsal = tried();
  rehearsal.data.tripped = {refused("0002_add_lots.up.sql", 3), "public.lots was emptied"};
  rehearsal.data.adversarial.failure = refused("0002_add_lots.up.sql", 3);
  CHECK(judged_by("data-dependent", rehearsal).findings.size() == 1);
  rehearsal.data.adversarial.failure->line = 4;
  CHECK(judged_by("data-dependent", rehearsal).findings.size() == 2);
}

TEST_CASE("each kind of refusal has its cure, an unknown one that of the check") {
  const std::vector<std::pair<std::string, std::string>> cures = {
      {"23503", "Remove or reattach"},   {"23514", "Mend the rows"},
      {"23P01", "Resolve the overlaps"}, {"21000", "Let the subquery"},
      {"22001", "Guard the conversion"}, {"22P02", "Guard the conversion"},
      {"55000", "Look for the rows"}};
  for (const auto& [sqlstate, remedy] : cures) {
    Rehearsal rehearsal = tried();
    rehearsal.data.adversarial.failure = refused("0002_add_lots.up.sql", 3);
    rehearsal.data.adversarial.failure->sqlstate = sqlstate;
    CHECK(only_finding(judged_by("data-dependent", rehearsal)).remedy.starts_with(remedy));
  }
}

}  // namespace
}  // namespace drydock
