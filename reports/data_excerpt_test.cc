#include "reports/data_excerpt.h"

#include <algorithm>

#include "harness/base/text.h"
#include "harness/testing/catch.h"
#include "harness/testing/sample_migrations.h"
#include "harness/testing/sample_parts.h"
#include "reports/printable.h"

namespace drydock {
namespace {

using Lines = std::vector<std::string>;

DataEvidence sample() { return testing::with_lost_data().evidence.data; }

bool has_line(const std::vector<std::string>& lines, const std::string& line) {
  return std::find(lines.begin(), lines.end(), line) != lines.end();
}

TEST_CASE("a value is quoted, NULL is not") {
  CHECK(value_text("A-7") == "'A-7'");
  CHECK(value_text("") == "''");
  CHECK(value_text("NULL") == "'NULL'");
  CHECK(value_text(std::nullopt) == "NULL");
}

TEST_CASE("a value stays on its line, whatever it holds") {
  CHECK(value_text("two\nlines\tand a tab") == "'two lines and a tab'");
  CHECK(value_text("\x1b[31m\xff") == "'\\x1b[31m\xEF\xBF\xBD'");
  CHECK(value_text("\xe2\x80\xae") == "'\\u202e'");
  CHECK(value_text(std::string(5000, 'x')).size() < 100);
}

TEST_CASE("a table tells its rows before and after, those lost and added") {
  const Lines lines = contents_lines(sample().preserved);
  CHECK(has_line(
      lines, "public.lots (now public.batches): 1,000 rows before, 990 after, 12 lost, 2 added"));
  CHECK(has_line(lines, "  lost: id = 17"));
  CHECK(has_line(lines, "public.old_import: dropped with 40 rows"));
  CHECK(
      has_line(lines, "materialized view public.stock_by_day: 30 rows before, 31 after, 1 added"));
  CHECK(has_line(lines, "  not compared: column payload has a type without a text form"));
}

TEST_CASE("a column tells how many values differ, and a handful of them") {
  const Lines lines = contents_lines(sample().preserved);
  CHECK(has_line(lines,
                 "  lot_code: 812 values differ (character varying(40) → character varying(8))"));
  CHECK(has_line(lines, "    id = 7: 'LOT-2026-0007' → 'LOT-2026'"));
  CHECK(has_line(lines, "  remark (now note): 3 values differ"));
  CHECK(has_line(lines, "    id = 5: 'two lines and a tab' → ''"));
  CHECK(has_line(lines, "  weight_kg: dropped with 640 values"));
  CHECK(has_line(lines, "    tenant_id = 1, code = P-1: '12.500'"));
  CHECK(has_line(lines, "  lot_number: 4 values are not what was declared, upper(lot_number)"));
}

TEST_CASE("long values are shown around the first character that differs") {
  const Lines lines = contents_lines(sample().preserved);
  const std::string before(20, 'z');
  CHECK(has_line(lines, "    id = 2: '…" + before + "1' → '…" + before + "2'"));
  ContentsDiff diff;
  ColumnChange column;
  column.column = "c";
  std::string wide;
  for (int i = 0; i < 100; ++i) wide += "é";
  column.samples = {{"id = 1", wide + "a", wide + "b"}, {"id = 2", wide, wide + "b"}};
  diff.tables.emplace_back().columns = {column};
  for (const std::string& line : contents_lines(diff)) CHECK(valid_utf8(line) == line);
}

TEST_CASE("a sequence that was set back tells what its column has already") {
  const Lines lines = contents_lines(sample().preserved);
  CHECK(has_line(
      lines, "sequence public.lots_id_seq: next 1001 before, 5 after; public.lots.id has 1000"));
  CHECK(has_line(lines, "sequence public.ticket_seq: next 40 before, 1 after"));
}

TEST_CASE("an assertion that does not hold shows what was expected and what was found") {
  AssertionResult assertion = sample().assertions[0];
  assertion.found[1][0] = "L-2";
  CHECK(assertion_lines(assertion) ==
        Lines{"stock is never negative (after_up_again): does not hold, scenarios/wms.json:31",
              "  columns:  code | quantity", "  expected: 'L-1' | '0'", "  found:    'L-1' | NULL",
              "            'L-2' | '-4'", "            … and 118 rows more"});
  assertion.found.clear();
  assertion.found_rows = 0;
  CHECK(assertion_lines(assertion).back() == "  found:    no row");
  assertion.passed = true;
  CHECK(assertion_lines(assertion) == Lines{"stock is never negative (after_up_again): holds"});
}

TEST_CASE("each check on rows tells its own part, others tell nothing") {
  const DataEvidence data = sample();
  CHECK(data_text(data, "schema-restored").empty());
  CHECK_THAT(data_text(data, "data-dependent"), Catch::Contains("two rows share a lot_code\n"));
  CHECK_THAT(data_text(data, "down-with-new-rows"),
             Catch::Contains("wrote 12 rows in public.lots with lot_code NULL\n") &&
                 Catch::Contains("the down fails on them: ") &&
                 Catch::Contains("rolling back loses: 12 of the 1,000 rows of public.lots; "));
  CHECK_THAT(data_text(data, "constraints-valid"),
             Catch::Contains("  17 rows break it now, 2 before the up\n  customer_id = 17\n") &&
                 Catch::Contains("  settled by 000011_validate_orders\n") &&
                 Catch::Contains("  not counted: the time limit was reached"));
  for (const std::string& check : testing::data_checks()) {
    INFO(check);
    const std::string text = data_text(data, check);
    CHECK_FALSE(text.empty());
    CHECK(printable(text) == text);
    CHECK(data_text(DataEvidence{}, check).empty());
  }
}

}  // namespace
}  // namespace drydock
