#include "harness/testing/sample_migrations.h"

#include "harness/testing/sample_parts.h"

namespace drydock::testing {
namespace {

SchemaDiff tenant_differences() {
  SchemaDifference type = difference(
      ChangeKind::kChanged, "column", "public.lots.weight_kg", DifferenceClass::kBehaviour,
      "ALTER TABLE public.lots ALTER COLUMN weight_kg TYPE numeric(12,3);");
  type.property = "type";
  type.expected = "numeric(12,3)";
  type.found = "double precision";
  SchemaDifference order = difference(ChangeKind::kChanged, "column", "public.lots.supplier_id",
                                      DifferenceClass::kCosmetic, "");
  order.property = "position";
  order.expected = "4";
  order.found = "9";
  return {order, type,
          difference(ChangeKind::kMissing, "policy", "public.lots.tenant_isolation",
                     DifferenceClass::kSecurity,
                     "CREATE POLICY tenant_isolation ON public.lots\n  USING (tenant_id = "
                     "current_setting('app.current_tenant_id')::uuid);"),
          difference(ChangeKind::kExtra, "index", "public.lots_code_idx",
                     DifferenceClass::kBehaviour, "DROP INDEX public.lots_code_idx;")};
}

}  // namespace

MigrationResult with_down_that_fails() {
  MigrationResult result = passed("000002_add_lot_code", "lots");
  Rehearsal& evidence = result.evidence;
  const std::string file = evidence.down_files[0];
  Failure why = failure("42703", "column \"lot_kode\" of relation \"lots\" does not exist", file, 3,
                        31, "ALTER TABLE lots DROP COLUMN  lot_kode;");
  why.hint = "Perhaps you meant to reference the column \"lots.lot_code\".";
  evidence.up.statements[1].rows = 128000;
  evidence.up.statements[1].notices = {"NOTICE: 12 rows had no material"};
  evidence.down =
      stopped(PhaseName::kDown, PhaseOutcome::kFailed, why,
              {statement(file, 3, "ALTER TABLE", "ALTER TABLE lots DROP COLUMN lot_kode", 0.75)});
  evidence.up_again =
      not_run(PhaseName::kUpAgain, PhaseOutcome::kSkipped, "the down script failed");
  evidence.recovered = true;
  result.findings = {
      finding("down-applies", Severity::kError,
              "the down script failed: " + why.message + " (SQLSTATE 42703)\n  hint: " + why.hint,
              file, 3, "11d0c0de11d0c0de")};
  set_outcome(result, "down-applies", Outcome::kFailed);
  for (const char* check : {"up-reapplies", "schema-restored", "schema-reproduced"}) {
    set_outcome(result, check, Outcome::kSkipped, "the down script did not run through");
  }
  result.outcome = Outcome::kFailed;
  return result;
}

MigrationResult with_another_schema() {
  MigrationResult result = passed("000003_tenant_policies", "storage_locations");
  result.evidence.restored = tenant_differences();
  Finding found =
      finding("schema-restored", Severity::kError,
              "the down script does not bring the schema back:\n"
              "  policy public.lots.tenant_isolation is missing: CREATE POLICY …\n"
              "  column public.lots.weight_kg: type should be numeric(12,3), is double "
              "precision\n"
              "  index public.lots_code_idx is left over: DROP INDEX public.lots_code_idx;\n"
              "  column public.lots.supplier_id: position should be 4, is 9",
              result.evidence.down_files[0], 0, "22d0c0de22d0c0de");
  found.objects = {"column public.lots.supplier_id", "column public.lots.weight_kg",
                   "index public.lots_code_idx", "policy public.lots.tenant_isolation"};
  result.findings = {found};
  set_outcome(result, "schema-restored", Outcome::kFailed);
  result.outcome = Outcome::kFailed;
  return result;
}

MigrationResult with_accepted_findings() {
  MigrationResult result = passed("000004_drop_legacy_import", "legacy_import");
  Rehearsal& evidence = result.evidence;
  evidence.down_files.clear();
  evidence.has_down = false;
  evidence.down = not_run(PhaseName::kDown, PhaseOutcome::kMissing, "there is no down script");
  evidence.up_again = not_run(PhaseName::kUpAgain, PhaseOutcome::kSkipped, "nothing undid the up");
  Finding waived = finding("down-exists", Severity::kError, "there is no down script",
                           evidence.up_files[0], 1, "33d0c0de33d0c0de");
  waived.waived = "restored from the nightly dump, agreed on 2026-11-02";
  Finding known = finding("up-reapplies", Severity::kWarning, "the up script is not idempotent",
                          evidence.up_files[0], 6, "44d0c0de44d0c0de");
  known.known = true;
  result.findings = {waived, known};
  set_outcome(result, "down-applies", Outcome::kSkipped, "there is no down script");
  set_outcome(result, "schema-restored", Outcome::kSkipped, "there is no down script");
  return result;
}

MigrationResult with_hostile_text() {
  MigrationResult result = passed("000005_" + hostile_text(), "\"odd\"");
  Rehearsal& evidence = result.evidence;
  const std::string file = evidence.up_files[0];
  const std::string source =
      "\tINSERT INTO odd VALUES ('" + std::string(160, 'x') + "', " + hostile_text();
  Failure why =
      failure("42601", "syntax error at or near \"" + hostile_text() + "\"", file, 2, 27, source);
  why.detail = std::string(3000, 'y');
  why.context = "PL/pgSQL function f() line 3\nSQL statement \"" + hostile_text() + "\"";
  evidence.up = stopped(PhaseName::kUp, PhaseOutcome::kFailed, why,
                        {statement(file, 2, "", "INSERT INTO odd " + hostile_text(), 0.0625)});
  evidence.down = not_run(PhaseName::kDown, PhaseOutcome::kSkipped, "the up script failed");
  evidence.up_again = not_run(PhaseName::kUpAgain, PhaseOutcome::kSkipped, "the up script failed");
  evidence.left_by_failure = {difference(ChangeKind::kExtra, "table",
                                         "public.\"" + hostile_text() + "\"",
                                         DifferenceClass::kBehaviour, "DROP TABLE odd;")};
  Finding found = finding("up-applies", Severity::kError,
                          "the up script failed: " + why.message + "\n  detail: " + why.detail,
                          file, 2, "55d0c0de55d0c0de");
  found.objects = {"table public." + hostile_text()};
  result.findings = {found};
  set_outcome(result, "up-applies", Outcome::kFailed);
  for (std::size_t i = 2; i < cycle_checks().size(); ++i) {
    set_outcome(result, cycle_checks()[i], Outcome::kSkipped, "the up script failed");
  }
  result.outcome = Outcome::kFailed;
  return result;
}

MigrationResult that_ran_out_of_time() {
  MigrationResult result = passed("000006_backfill_lot_codes", "lots");
  Rehearsal& evidence = result.evidence;
  const std::string file = evidence.up_files[0];
  Failure why = failure("", "stopped after 60 s, the limit for one statement", file, 4, 0, "");
  why.remedy = "Raise the limit with --timeout, or make the backfill smaller.";
  evidence.up = stopped(
      PhaseName::kUp, PhaseOutcome::kErrored, why,
      {statement(file, 4, "UPDATE", "UPDATE lots SET lot_code = upper(lot_number)", 60000)});
  evidence.down = not_run(PhaseName::kDown, PhaseOutcome::kSkipped, "the up script did not end");
  evidence.up_again =
      not_run(PhaseName::kUpAgain, PhaseOutcome::kSkipped, "the up script did not end");
  evidence.after_failed_migration = "000005_odd";
  for (const std::string& check : cycle_checks()) {
    set_outcome(result, check, Outcome::kSkipped, "the up script did not end");
  }
  set_outcome(result, "up-applies", Outcome::kErrored, file + ":4: " + why.message);
  result.outcome = Outcome::kErrored;
  return result;
}

MigrationResult that_was_only_applied() {
  MigrationResult result = passed("000007_suppliers", "suppliers");
  result.evidence.judged = false;
  result.evidence.down = not_run(PhaseName::kDown, PhaseOutcome::kSkipped, "not selected");
  result.evidence.up_again = not_run(PhaseName::kUpAgain, PhaseOutcome::kSkipped, "not selected");
  result.checks.clear();
  result.outcome = Outcome::kSkipped;
  return result;
}

MigrationResult with_a_warning(const std::string& id) {
  MigrationResult result = passed(id, "materials");
  result.evidence.reproduced = {difference(ChangeKind::kExtra, "comment", "public.materials",
                                           DifferenceClass::kCosmetic, "")};
  Finding found = finding("schema-reproduced", Severity::kWarning,
                          "the second up does not make the schema of the first:\n"
                          "  comment public.materials is left over",
                          result.evidence.up_files[0], 9, "66d0c0de66d0c0de");
  found.objects = {"comment public.materials"};
  result.findings = {found};
  return result;
}

}  // namespace drydock::testing
