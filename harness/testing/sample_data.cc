#include "harness/testing/sample_migrations.h"
#include "harness/testing/sample_parts.h"

namespace drydock::testing {
namespace {

ColumnChange column(const std::string& name, std::int64_t rows, std::vector<ChangedValue> samples) {
  ColumnChange out;
  out.column = name;
  out.rows = rows;
  out.samples = std::move(samples);
  return out;
}

TableChange table(const std::string& name, std::int64_t before, std::int64_t after) {
  TableChange out;
  out.table = name;
  out.rows_before = before;
  out.rows_after = after;
  return out;
}

/// Rows lost and added, values cut by a narrower type, values that break careless writers.
TableChange changed_lots() {
  TableChange lots = table("public.lots", 1000, 990);
  lots.renamed_to = "public.batches";
  lots.lost = 12;
  lots.added = 2;
  lots.key = {"id"};
  lots.lost_samples = {"id = 3", "id = 17"};
  ColumnChange cut = column("lot_code", 812, {{"id = 7", "LOT-2026-0007", "LOT-2026"}});
  cut.type_before = "character varying(40)";
  cut.type_after = "character varying(8)";
  ColumnChange odd = column("remark", 3,
                            {{"id = 1", hostile_text(), std::nullopt},
                             {"id = 2", std::string(5000, 'z') + "1", std::string(5000, 'z') + "2"},
                             {"id = 5", "two\nlines\tand a tab", ""}});
  odd.renamed_to = "note";
  ColumnChange unlike = column("lot_number", 4, {{"id = 9", "A-9", "a-9"}});
  unlike.transform = "upper(lot_number)";
  lots.columns = {cut, odd, unlike};
  return lots;
}

TableChange dropped_column() {
  TableChange parcels = table("public.parcels", 1000, 1000);
  parcels.key = {"tenant_id", "code"};
  ColumnChange gone = column("weight_kg", 640, {{"tenant_id = 1, code = P-1", "12.500", {}}});
  gone.dropped = true;
  parcels.columns = {gone};
  return parcels;
}

ContentsDiff preserved() {
  TableChange gone = table("public.old_import", 40, 0);
  gone.dropped = true;
  gone.lost = 40;
  TableChange keyless = table("public.log", 500, 500);
  keyless.lost = 6;
  keyless.added = 6;
  keyless.lost_samples = {"('2026-01-01', 'moved " + hostile_text() + "')"};
  keyless.note = "column payload has a type without a text form";
  TableChange view = table("public.stock_by_day", 30, 31);
  view.kind = ContentsKind::kMaterializedView;
  view.added = 1;
  ContentsDiff diff;
  diff.tables = {keyless, changed_lots(), gone, dropped_column(), view};
  diff.sequences = {{"public.lots_id_seq", "public.lots.id", 1001, 5, 1000},
                    {"public.ticket_seq", "", 40, 1, std::nullopt}};
  diff.tables_compared = 7;
  diff.rows_compared = 4200;
  return diff;
}

ContentsDiff restored() {
  ContentsDiff diff;
  TableChange lots = table("public.lots", 1000, 988);
  lots.lost = 12;
  lots.key = {"id"};
  lots.lost_samples = {"id = 3"};
  diff.tables = {lots, dropped_column()};
  diff.tables[1].columns[0].dropped = false;
  diff.tables_compared = 7;
  diff.rows_compared = 4200;
  return diff;
}

NewRowsTrial new_rows(const std::string& file) {
  NewRowsTrial trial;
  trial.ran = true;
  trial.in_copy = true;
  trial.wrote = {"12 rows in public.lots with lot_code NULL", "3 rows in public.carriers"};
  trial.failure = failure("23502", "column \"lot_code\" of relation \"lots\" contains null values",
                          file, 4, 1, "ALTER TABLE lots ALTER COLUMN lot_code SET NOT NULL;");
  TableChange harmed = table("public.lots", 1000, 999);
  harmed.lost = 1;
  harmed.key = {"id"};
  harmed.lost_samples = {"id = 8"};
  trial.harmed.tables = {harmed};
  trial.losses = {
      {"public.lots", 12, 4, false, false, {{"lot_code", 8, true}, {"remark", 2, false}}},
      {"public.carriers", 3, 3, true, true, {}}};
  return trial;
}

std::vector<UnprovenConstraint> constraints() {
  UnprovenConstraint unproven;
  unproven.table = "public.orders";
  unproven.constraint = "orders_customer_fk";
  unproven.definition = "FOREIGN KEY (customer_id) REFERENCES customers(id) NOT VALID";
  unproven.broken = 17;
  unproven.broken_before = 2;
  unproven.examples = {"customer_id = 17", "customer_id = 18"};
  UnprovenConstraint settled = unproven;
  settled.constraint = "orders_total_check";
  settled.definition = "CHECK (total >= 0) NOT VALID";
  settled.settled_by = "000011_validate_orders";
  settled.broken = settled.broken_before = 0;
  settled.examples.clear();
  UnprovenConstraint dropped = settled;
  dropped.constraint = "orders_site_fk";
  dropped.definition = "FOREIGN KEY (site_id) REFERENCES sites(id)";
  dropped.dropped = true;
  dropped.settled_by.clear();
  dropped.problem = "the time limit was reached while its rows were counted";
  return {unproven, settled, dropped};
}

std::vector<AssertionResult> assertions() {
  AssertionResult wrong;
  wrong.name = "stock is never negative";
  wrong.at = AssertionMoment::kAfterUpAgain;
  wrong.columns = {"code", "quantity"};
  wrong.expected = {{"L-1", "0"}};
  wrong.found = {{"L-1", std::nullopt}, {hostile_text(), "-4"}};
  wrong.found_rows = 120;
  wrong.sql = "select code, quantity from lots where quantity < 0 order by code";
  wrong.file = "scenarios/wms.json";
  wrong.line = 31;
  AssertionResult right;
  right.name = "every lot has a tenant";
  right.blocking = false;
  right.passed = true;
  right.columns = {"count"};
  right.expected = right.found = {{"0"}};
  right.found_rows = 1;
  return {wrong, right};
}

DataEvidence lost_data(const Rehearsal& evidence) {
  DataEvidence data;
  data.rows = 1000;
  data.filled = {
      {"public.carriers", 1000, 1000, "after 2 tries: a check refused the first", "", ""}};
  data.tripped = TrippedUp{
      failure("23505", "could not create unique index \"lots_code\"", evidence.up_files[0], 3, 1,
              "CREATE UNIQUE INDEX lots_code ON lots (lot_code);"),
      "public.lots got distinct lot_codes"};
  data.adversarial.ran = true;
  data.adversarial.tables = {"public.lots"};
  data.adversarial.failure = data.tripped->failure;
  data.adversarial.condition = "two rows share a lot_code";
  data.observed = true;
  data.preserved = preserved();
  data.restored = restored();
  data.new_rows = new_rows(evidence.down_files[0]);
  data.constraints = constraints();
  data.assertions = assertions();
  return data;
}

}  // namespace

const std::vector<std::string>& data_checks() {
  static const std::vector<std::string> checks = {"data-preserved",     "data-restored",
                                                  "down-with-new-rows", "data-dependent",
                                                  "constraints-valid",  "assertion"};
  return checks;
}

MigrationResult with_unfilled_tables() {
  MigrationResult result = passed("000009_shelves", "shelves");
  DataEvidence& data = result.evidence.data;
  data.rows = 1000;
  data.filled = {
      {"public.lots", 1000, 1000, "", "", ""},
      {"public.shelves", 0, 1000, "", "no row passed the check shelves_code: " + hostile_text(),
       "\"data\": {\"tables\": {\"public.shelves\": {\"columns\": {\"code\": {\"sql\": \"…\"}}}}}"},
      {"public.zones", 26, 1000, "", "only 26 values are possible for letter", ""}};
  data.observed = true;
  data.preserved.tables_compared = 3;
  data.preserved.rows_compared = 1026;
  data.restored = data.preserved;
  data.adversarial.skipped = "no table that the up touches has rows";
  data.new_rows.ran = true;
  data.new_rows.wrote = {"20 rows in public.lots"};
  data.new_rows.losses = {{"public.lots", 20, 0, false, false, {{"shelf_id", 20, true}}}};
  return result;
}

MigrationResult with_lost_data() {
  MigrationResult result = passed("000010_shorten_lot_codes", "lots");
  Rehearsal& evidence = result.evidence;
  evidence.data = lost_data(evidence);
  for (const std::string& check : data_checks()) {
    result.checks.push_back({check, Outcome::kPassed, ""});
  }
  Finding lost = finding("data-preserved", Severity::kError,
                         "the up script changes rows of public.lots (now public.batches):\n"
                         "  12 of 1000 rows are gone: id = 3; id = 17\n"
                         "  lot_code has another value in 812 of 988 rows",
                         evidence.up_files[0], 3, "88d0c0de88d0c0de");
  lost.objects = {"column public.lots.lot_code", "table public.lots"};
  result.findings = {lost, finding("data-dependent", Severity::kWarning,
                                   "the up fails as soon as two rows share a lot_code",
                                   evidence.up_files[0], 3, "99d0c0de99d0c0de")};
  set_outcome(result, "data-preserved", Outcome::kFailed);
  result.outcome = Outcome::kFailed;
  return result;
}

}  // namespace drydock::testing
