// Whether the down brings back what was there: passing, failing, and the exact words.
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

/// The up drops lots.code at line 3, the down adds it again at line 2.
Rehearsal with_rows() {
  Rehearsal rehearsal = clean_rehearsal();
  rehearsal.data.rows = 1000;
  rehearsal.data.observed = true;
  rehearsal.up.statements = {statement("ALTER TABLE", "ALTER TABLE lots DROP COLUMN code", 3)};
  rehearsal.down.statements = {
      statement("CREATE INDEX", "CREATE INDEX ON lots (code)", 1, "db/0002_add_lots.down.sql"),
      statement("ALTER TABLE", "ALTER TABLE lots ADD code text", 2, "db/0002_add_lots.down.sql")};
  return rehearsal;
}

TableChange lots() {
  TableChange table;
  table.table = "public.lots";
  table.rows_before = 1000;
  table.rows_after = 1000;
  table.key = {"id"};
  return table;
}

ColumnChange code() {
  ColumnChange column;
  column.column = "code";
  column.rows = 812;
  column.samples = {{"id = 7", "A-7", std::nullopt}};
  return column;
}

Judgement judged_by_it(const Rehearsal& rehearsal, const Scenario& scenario = {}) {
  return find_check("data-restored").judge(rehearsal, scenario);
}

TEST_CASE("data that are back pass") { CHECK(passed(judged_by_it(with_rows()))); }

TEST_CASE("a column that was dropped and comes back empty is told with both places") {
  Rehearsal rehearsal = with_rows();
  TableChange up = lots(), down = lots();
  up.columns = {code()};
  up.columns[0].dropped = true;
  down.columns = {code()};
  rehearsal.data.preserved.tables = {up};
  rehearsal.data.restored.tables = {down};
  const Finding found = only_finding(judged_by_it(rehearsal));
  CHECK(found.check == "data-restored");
  CHECK(found.severity == Severity::kError);
  CHECK(found.message ==
        "the down script does not bring back the data of public.lots:\n"
        "  code: the up drops it (0002_add_lots.up.sql:3), the down adds it again empty: 812 of "
        "1000 values are gone:\n"
        "    id = 7: 'A-7' → NULL");
  CHECK(found.remedy == find_check("data-restored").text.remedy);
  CHECK(found.file == "db/0002_add_lots.down.sql");
  CHECK(found.line == 2);
  CHECK(found.objects == std::vector<std::string>{"table public.lots", "column public.lots.code"});
}

TEST_CASE("a column that was dropped and comes back with its default is not called empty") {
  Rehearsal rehearsal = with_rows();
  TableChange up = lots(), down = lots();
  up.columns = {code()};
  up.columns[0].dropped = true;
  down.columns = {code()};
  down.columns[0].samples = {{"id = 7", "A-7", "none"}};
  rehearsal.data.preserved.tables = {up};
  rehearsal.data.restored.tables = {down};
  CHECK(
      only_finding(judged_by_it(rehearsal)).message.find("adds it again with other values: 812") !=
      std::string::npos);
}

TEST_CASE(
    "what the up changed or deleted and the down leaves so is told with the place in the up") {
  Rehearsal rehearsal = with_rows();
  rehearsal.up.statements = {statement("UPDATE", "UPDATE lots SET code = lower(code)", 4),
                             statement("DELETE", "DELETE FROM lots WHERE id < 4", 5)};
  TableChange table = lots();
  table.columns = {code()};
  table.lost = 3;
  rehearsal.data.preserved.tables = {table};
  rehearsal.data.restored.tables = {table};
  CHECK(only_finding(judged_by_it(rehearsal)).message ==
        "the down script does not bring back the data of public.lots:\n"
        "  the up loses rows (0002_add_lots.up.sql:5), the down does not bring them back:\n"
        "  3 of 1000 rows are gone\n"
        "  code: the up changes it (0002_add_lots.up.sql:4), the down does not give the old values "
        "back: 812 of 997 are others:\n"
        "    id = 7: 'A-7' → NULL");
}

TEST_CASE("what only the down lost is not blamed on the up") {
  Rehearsal rehearsal = with_rows();
  TableChange table = lots();
  table.columns = {code()};
  rehearsal.data.preserved.tables = {lots()};
  rehearsal.data.restored.tables = {table};
  CHECK(only_finding(judged_by_it(rehearsal)).message ==
        "the down script does not bring back the data of public.lots:\n"
        "  code has another value in 812 of 1000 rows:\n"
        "    id = 7: 'A-7' → NULL");
}

TEST_CASE("a table that was dropped and comes back empty is told as that") {
  Rehearsal rehearsal = with_rows();
  TableChange up = lots(), down = lots();
  up.dropped = true;
  rehearsal.up.statements = {statement("ALTER TABLE", "ALTER TABLE lots RENAME TO old_lots", 3),
                             statement("DROP TABLE", "DROP TABLE lots", 4)};
  down.rows_after = 0;
  down.lost = 1000;
  rehearsal.data.preserved.tables = {up};
  rehearsal.data.restored.tables = {down};
  CHECK(only_finding(judged_by_it(rehearsal)).message ==
        "the down script does not bring back the data of public.lots:\n"
        "  the up drops the table (0002_add_lots.up.sql:4), the down makes it again empty: 1000 of "
        "1000 rows are gone");
}

TEST_CASE("a table or column that does not come back is told with what was in it") {
  Rehearsal rehearsal = with_rows();
  TableChange table = lots();
  table.dropped = true;
  table.lost = 1000;
  rehearsal.data.restored.tables = {table};
  CHECK(only_finding(judged_by_it(rehearsal)).message ==
        "the down script does not bring back the data of public.lots:\n"
        "  the table is not there any more, and 1000 rows with it");
  table = lots();
  table.columns = {code()};
  table.columns[0].dropped = true;
  rehearsal.data.restored.tables = {table};
  CHECK(only_finding(judged_by_it(rehearsal)).message ==
        "the down script does not bring back the data of public.lots:\n"
        "  code is not there any more, and 812 values with it");
}

TEST_CASE("an empty table or column that does not come back lost nothing") {
  Rehearsal rehearsal = with_rows();
  TableChange gone = lots(), table = lots();
  gone.dropped = true;
  gone.rows_before = 0;
  table.columns = {code()};
  table.columns[0].dropped = true;
  table.columns[0].rows = 0;
  rehearsal.data.restored.tables = {gone, table};
  CHECK(passed(judged_by_it(rehearsal)));
}

TEST_CASE("a down script that is empty leaves the data as the up made them, and is named") {
  Rehearsal rehearsal = with_rows();
  rehearsal.down_is_empty = true;
  rehearsal.down.statements.clear();
  TableChange table = lots();
  table.lost = 3;
  table.lost_samples = {"id = 1", "id = 2", "id = 3"};
  rehearsal.data.restored.tables = {table};
  const Finding found = only_finding(judged_by_it(rehearsal));
  CHECK(found.message ==
        "the down script is empty, so what the up did to the data of public.lots stays done:\n"
        "  3 of 1000 rows are gone: id = 1; id = 2; id = 3");
  CHECK(found.file == "0002_add_lots.down.sql");
  CHECK(found.line == 1);
}

TEST_CASE("rows that only the up added and the down leaves are a warning") {
  Rehearsal rehearsal = with_rows();
  TableChange table = lots();
  table.added = 3;
  rehearsal.data.restored.tables = {table};
  const Finding found = only_finding(judged_by_it(rehearsal));
  CHECK(found.severity == Severity::kWarning);
  CHECK(found.message == "the down script leaves 3 rows in public.lots that the up script added");
  CHECK(found.remedy ==
        "Delete in the down script what the up script inserts, by key. Rows that must stay are "
        "declared under preserve.may_change.");
  Scenario scenario;
  scenario.may_change = {"public.lots"};
  CHECK(passed(judged_by_it(rehearsal, scenario)));
}

TEST_CASE("a materialized view with other rows is a warning") {
  Rehearsal rehearsal = with_rows();
  TableChange view = lots();
  view.kind = ContentsKind::kMaterializedView;
  view.key.clear();
  view.lost = 4;
  view.added = 5;
  rehearsal.data.restored.tables = {view};
  const Finding found = only_finding(judged_by_it(rehearsal));
  CHECK(found.severity == Severity::kWarning);
  CHECK(found.message ==
        "after the down script materialized view public.lots holds other rows than before: 4 gone, "
        "5 new");
  CHECK(found.objects == std::vector<std::string>{"materialized view public.lots"});
}

TEST_CASE("a sequence that the down sets back is a finding of its own") {
  Rehearsal rehearsal = with_rows();
  SequenceChange sequence;
  sequence.sequence = "public.ticket";
  sequence.before = 50;
  sequence.after = 1;
  rehearsal.data.restored.sequences = {sequence};
  const Finding found = only_finding(judged_by_it(rehearsal));
  CHECK(found.severity == Severity::kError);
  CHECK(found.message ==
        "after the down script sequence public.ticket goes back from 50 to 1: it gives numbers "
        "again that it has given");
}

TEST_CASE("what the scenario says may change need not come back") {
  Rehearsal rehearsal = with_rows();
  TableChange table = lots();
  table.columns = {code()};
  rehearsal.data.restored.tables = {table};
  Scenario scenario;
  scenario.may_change = {"public.lots.code"};
  CHECK(passed(judged_by_it(rehearsal, scenario)));
}

TEST_CASE("data are not compared over a down that did not run through") {
  for (const PhaseOutcome outcome : {PhaseOutcome::kFailed, PhaseOutcome::kErrored,
                                     PhaseOutcome::kMissing, PhaseOutcome::kSkipped}) {
    Rehearsal rehearsal = with_rows();
    rehearsal.down.outcome = outcome;
    CHECK(judged_by_it(rehearsal).skipped == "the down script did not run through");
  }
  CHECK(judged_by_it(clean_rehearsal()).skipped == "no rows: --rows 0");
}

}  // namespace
}  // namespace drydock
