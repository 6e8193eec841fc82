// Whether the up keeps what was there: passing, failing, and the exact words.
#include "harness/checks/check.h"
#include "harness/testing/builders.h"
#include "harness/testing/catch.h"
#include "harness/testing/judgement.h"

namespace drydock {
namespace {

using testing::clean_rehearsal;
using testing::only_finding;
using testing::passed;
using testing::statement;

Rehearsal with_rows() {
  Rehearsal rehearsal = clean_rehearsal();
  rehearsal.data.rows = 1000;
  rehearsal.data.observed = true;
  return rehearsal;
}

ColumnChange shortened_code() {
  ColumnChange column;
  column.column = "code";
  column.type_before = "text";
  column.type_after = "character varying(4)";
  column.rows = 812;
  column.samples = {{"id = 7", "A-7-LONG", "A-7-"}, {"id = 9", "B-9-LONG", std::nullopt}};
  return column;
}

TableChange lots() {
  TableChange table;
  table.table = "public.lots";
  table.rows_before = 1000;
  table.rows_after = 1000;
  table.key = {"id"};
  return table;
}

Judgement judged_by_it(const Rehearsal& rehearsal, const Scenario& scenario = {}) {
  return find_check("data-preserved").judge(rehearsal, scenario);
}

TEST_CASE("data that stayed what they were pass") { CHECK(passed(judged_by_it(with_rows()))); }

TEST_CASE("changed values are told with numbers, types and a handful of rows") {
  Rehearsal rehearsal = with_rows();
  TableChange table = lots();
  table.columns = {shortened_code()};
  rehearsal.data.preserved.tables = {table};
  rehearsal.up.statements = {
      statement("CREATE TABLE", "CREATE TABLE notes (lots text)", 1),
      statement("ALTER TABLE", "ALTER TABLE lots ADD COLUMN note text", 2),
      statement("ALTER TABLE", "ALTER TABLE lots ALTER code TYPE varchar(4)", 5)};
  const Finding found = only_finding(judged_by_it(rehearsal));
  CHECK(found.check == "data-preserved");
  CHECK(found.severity == Severity::kError);
  CHECK(found.message ==
        "the up script does not keep the data of public.lots:\n"
        "  code has another value in 812 of 1000 rows (text → character varying(4)):\n"
        "    id = 7: 'A-7-LONG' → 'A-7-'\n"
        "    id = 9: 'B-9-LONG' → NULL");
  CHECK(found.remedy == find_check("data-preserved").text.remedy);
  CHECK(found.file == "db/0002_add_lots.up.sql");
  CHECK(found.line == 5);
  CHECK(found.objects == std::vector<std::string>{"table public.lots", "column public.lots.code"});
}

TEST_CASE("filling NULLs is a warning as long as nothing else happened") {
  Rehearsal rehearsal = with_rows();
  TableChange table = lots();
  ColumnChange column = shortened_code();
  column.rows = column.from_null = 90;
  column.samples = {{"id = 7", std::nullopt, "A-7"}};
  table.columns = {column};
  rehearsal.data.preserved.tables = {table};
  const Finding filled = only_finding(judged_by_it(rehearsal));
  CHECK(filled.severity == Severity::kWarning);
  CHECK(filled.message.starts_with(
      "the up script gives values to rows of public.lots that had none"));
  CHECK(filled.remedy.find("coalesce(old, …)") != std::string::npos);
  rehearsal.data.preserved.tables[0].columns[0].rows = 91;
  CHECK(only_finding(judged_by_it(rehearsal)).severity == Severity::kError);
}

TEST_CASE("rows that went with a dropped partition were meant to go, and no others") {
  Rehearsal rehearsal = with_rows();
  TableChange table = lots();
  table.lost = table.lost_with_partitions = 300;
  table.lost_samples = {"id = 3"};
  rehearsal.data.preserved.tables = {table};
  CHECK(passed(judged_by_it(rehearsal)));
  rehearsal.data.preserved.tables[0].lost = 312;
  CHECK(only_finding(judged_by_it(rehearsal)).message ==
        "the up script does not keep the data of public.lots:\n  12 of 1000 rows are gone");
  rehearsal.data.restored.tables = {table};
  CHECK_FALSE(passed(find_check("data-restored").judge(rehearsal, {})));
}

TEST_CASE("a table whose rows are hidden is a warning with the role and the remedy") {
  Rehearsal rehearsal = with_rows();
  TableChange table;
  table.table = "public.lots";
  table.hidden_from = "rehearser";
  rehearsal.data.preserved.tables = {table};
  const Finding found = only_finding(judged_by_it(rehearsal));
  CHECK(found.severity == Severity::kWarning);
  CHECK(found.message ==
        "after the up script the rows of public.lots were not compared: its row security binds "
        "rehearser, which looks at them, and is neither a superuser nor has BYPASSRLS");
  CHECK(found.remedy.starts_with("ALTER ROLE rehearser BYPASSRLS"));
  Scenario scenario;
  scenario.may_change = {"public.lots"};
  CHECK(passed(judged_by_it(rehearsal, scenario)));
  rehearsal.data.restored.tables = {table};
  CHECK_THAT(only_finding(find_check("data-restored").judge(rehearsal, {})).message,
             Catch::StartsWith("after the down script the rows of public.lots were not compared"));
}

TEST_CASE("what may change can have a name in quotes") {
  Rehearsal rehearsal = with_rows();
  TableChange table = lots();
  table.table = "public.\"Order\"";
  ColumnChange column = shortened_code();
  column.column = "Code.Old";
  table.columns = {column};
  rehearsal.data.preserved.tables = {table};
  const auto judged_with = [&](const std::string& entry) {
    Scenario scenario;
    scenario.may_change = {entry};
    return judged_by_it(rehearsal, scenario);
  };
  for (const std::string entry : {"public.\"Order\"", "public.Order", "*.\"Code.Old\"",
                                  "public.\"Order\".\"Code.Old\"", "public.Order.\"Code.Old\""}) {
    INFO(entry);
    CHECK(passed(judged_with(entry)));
  }
  for (const std::string entry : {"public.order", "*.Code", "public.\"Order\".Code"}) {
    INFO(entry);
    CHECK_FALSE(passed(judged_with(entry)));
  }
}

TEST_CASE("lost rows are told with their keys, and the statement that deletes is pointed at") {
  Rehearsal rehearsal = with_rows();
  TableChange table = lots();
  table.rows_after = 988;
  table.lost = 12;
  table.lost_samples = {"id = 3", "id = 9"};
  rehearsal.data.preserved.tables = {table};
  StatementRun idle = statement("DELETE", "DELETE FROM lots WHERE false", 3);
  idle.rows = 0;
  rehearsal.up.statements = {statement("UPDATE", "UPDATE lots SET code = code", 1), idle,
                             statement("DELETE", "DELETE FROM lots WHERE code IS NULL", 7)};
  const Finding found = only_finding(judged_by_it(rehearsal));
  CHECK(found.message ==
        "the up script does not keep the data of public.lots:\n"
        "  12 of 1000 rows are gone: id = 3; id = 9; …");
  CHECK(found.line == 7);
  CHECK(found.objects == std::vector<std::string>{"table public.lots"});
}

TEST_CASE("rows lost by a cascade are blamed on the statement that deletes the parents") {
  Rehearsal rehearsal = with_rows();
  TableChange table = lots();
  table.lost = 12;
  rehearsal.data.preserved.tables = {table};
  rehearsal.up.statements = {statement("ALTER TABLE", "ALTER TABLE suppliers ADD note text", 1),
                             statement("DELETE", "DELETE FROM suppliers", 2)};
  CHECK(only_finding(judged_by_it(rehearsal)).line == 2);
}

TEST_CASE("a script of which no statement is known is blamed at its head") {
  Rehearsal rehearsal = with_rows();
  TableChange table = lots();
  table.lost = 1;
  rehearsal.data.preserved.tables = {table};
  const Finding found = only_finding(judged_by_it(rehearsal));
  CHECK(found.file == "0002_add_lots.up.sql");
  CHECK(found.line == 1);
}

TEST_CASE("rows of a table without a key are told as what they are") {
  Rehearsal rehearsal = with_rows();
  TableChange table = lots();
  table.key.clear();
  table.lost = 2;
  table.added = 2;
  table.lost_samples = {"(1,a)", "(2,b)"};
  table.note = "compared by whole rows";
  rehearsal.data.preserved.tables = {table};
  const Finding found = only_finding(judged_by_it(rehearsal));
  CHECK(found.message ==
        "the up script does not keep the data of public.lots:\n"
        "  2 of 1000 rows are not what they were (without a key a changed row counts as one gone "
        "and one new): (1,a); (2,b)\n"
        "  note: compared by whole rows");
  CHECK(found.remedy.ends_with(" In a table without a key only the whole table can be left out."));
}

TEST_CASE("a changed key is told as what it may be") {
  Rehearsal rehearsal = with_rows();
  TableChange table = lots();
  table.key = {"tenant_id", "code"};
  table.lost = 3;
  table.added = 3;
  rehearsal.data.preserved.tables = {table};
  CHECK(only_finding(judged_by_it(rehearsal)).message ==
        "the up script does not keep the data of public.lots:\n"
        "  3 of 1000 rows are gone and 3 new (a row is known by tenant_id, code: one with another "
        "key is another row)");
}

TEST_CASE("a broken transform is told with what was asked for and what was found") {
  Rehearsal rehearsal = with_rows();
  TableChange table = lots();
  table.renamed_to = "public.batches";
  ColumnChange column;
  column.column = "code";
  column.renamed_to = "batch_code";
  column.rows = 3;
  column.transform = "upper(code)";
  column.samples = {{"id = 7", "A-7", "a-7"}};
  table.columns = {column};
  rehearsal.data.preserved.tables = {table};
  CHECK(only_finding(judged_by_it(rehearsal)).message ==
        "the up script does not keep the data of public.lots (now public.batches):\n"
        "  code (now batch_code) is not upper(code) in 3 of 1000 rows:\n"
        "    id = 7: 'A-7' asked for, 'a-7' found");
}

TEST_CASE("a long value is shown where it begins to differ, on one line") {
  Rehearsal rehearsal = with_rows();
  TableChange table = lots();
  ColumnChange column;
  column.column = "note";
  column.rows = 1;
  const std::string head(100, 'x');
  column.samples = {{"id = 1", head + "first\nsecond", head + "other"}};
  table.columns = {column};
  rehearsal.data.preserved.tables = {table};
  CHECK(only_finding(judged_by_it(rehearsal)).message ==
        "the up script does not keep the data of public.lots:\n"
        "  note has another value in 1 of 1000 rows:\n"
        "    id = 1: '…xxxxxxxxxxxxxxxxxxxxfirst\\nsecond' → '…xxxxxxxxxxxxxxxxxxxxother'");
}

TEST_CASE("what a statement drops was meant, what was only added harms nobody") {
  Rehearsal rehearsal = with_rows();
  TableChange dropped = lots();
  dropped.dropped = true;
  dropped.lost = 1000;
  TableChange without_column = lots();
  ColumnChange column;
  column.column = "code";
  column.dropped = true;
  column.rows = 900;
  without_column.columns = {column};
  without_column.added = 5;
  TableChange view = lots();
  view.kind = ContentsKind::kMaterializedView;
  view.lost = 7;
  rehearsal.data.preserved.tables = {dropped, without_column, view};
  rehearsal.up.statements = {statement("ALTER TABLE", "ALTER TABLE lots DROP COLUMN code", 1)};
  CHECK(passed(judged_by_it(rehearsal)));
}

TEST_CASE("a column that goes with its type, named by nobody, is a finding") {
  Rehearsal rehearsal = with_rows();
  TableChange table = lots();
  ColumnChange column;
  column.column = "status";
  column.dropped = true;
  column.rows = 900;
  table.columns = {column};
  rehearsal.data.preserved.tables = {table};
  rehearsal.up.statements = {statement("DROP TYPE", "DROP TYPE quality CASCADE", 4)};
  const Finding found = only_finding(judged_by_it(rehearsal));
  CHECK(found.message ==
        "the up script does not keep the data of public.lots:\n"
        "  status is not there any more, and 900 values with it");
  CHECK(found.line == 4);
}

TEST_CASE("what the scenario says may change is not judged") {
  Rehearsal rehearsal = with_rows();
  TableChange table = lots();
  table.columns = {shortened_code()};
  rehearsal.data.preserved.tables = {table};
  for (const char* name : {"public.lots.code", "public.lots", "*.code"}) {
    Scenario scenario;
    scenario.may_change = {name};
    CHECK(passed(judged_by_it(rehearsal, scenario)));
  }
  for (const char* name : {"public.lots.cod", "*.lots", "public.lot", "lots.code"}) {
    Scenario scenario;
    scenario.may_change = {name};
    CHECK_FALSE(passed(judged_by_it(rehearsal, scenario)));
  }
}

TEST_CASE("lost rows are judged although one column may change") {
  Rehearsal rehearsal = with_rows();
  TableChange table = lots();
  table.lost = 1;
  table.columns = {shortened_code()};
  rehearsal.data.preserved.tables = {table};
  Scenario scenario;
  scenario.may_change = {"public.lots.code"};
  const Finding found = only_finding(judged_by_it(rehearsal, scenario));
  CHECK(found.message.ends_with("\n  1 of 1000 rows is gone"));
  CHECK(found.objects == std::vector<std::string>{"table public.lots"});
}

TEST_CASE("a sequence that goes back is a finding of its own") {
  Rehearsal rehearsal = with_rows();
  SequenceChange sequence;
  sequence.sequence = "public.lots_id_seq";
  sequence.column = "public.lots.id";
  sequence.before = 1001;
  sequence.after = 1;
  sequence.in_use = 1000;
  rehearsal.data.preserved.sequences = {sequence};
  rehearsal.up.statements = {statement("ALTER SEQUENCE", "ALTER SEQUENCE lots_id_seq RESTART", 3)};
  const Finding found = only_finding(judged_by_it(rehearsal));
  CHECK(found.message ==
        "after the up script sequence public.lots_id_seq goes back from 1001 to 1, and "
        "public.lots.id holds 1000 already: inserts will collide with rows that are there");
  CHECK(found.line == 3);
  CHECK(found.objects == std::vector<std::string>{"sequence public.lots_id_seq"});
  Scenario scenario;
  scenario.may_change = {"public.lots_id_seq"};
  CHECK(passed(judged_by_it(rehearsal, scenario)));
}

TEST_CASE("nothing is said of data that nobody looked at, or of an up that failed") {
  Rehearsal rehearsal = clean_rehearsal();
  CHECK(judged_by_it(rehearsal).skipped == "no rows: --rows 0");
  rehearsal.data.rows = 100;
  CHECK(judged_by_it(rehearsal).skipped == "the contents were not observed");
  rehearsal = with_rows();
  rehearsal.up.outcome = PhaseOutcome::kFailed;
  CHECK(judged_by_it(rehearsal).skipped == "the up script did not run through");
}

}  // namespace
}  // namespace drydock
