#include "harness/testing/sample_run.h"

#include <fmt/format.h>

namespace drydock::testing {
namespace {

const std::vector<std::string> kChecks = {"up-applies",   "down-exists",     "down-applies",
                                          "up-reapplies", "schema-restored", "schema-reproduced"};

CheckText check_text(const std::string& id) {
  return {id,
          "What " + id + " promises holds.",
          "A script that breaks what " + id + " promises.",
          "A rollback is the moment when nobody has time to find out.",
          "Mend the script, then run Drydock again.",
          Severity::kError};
}

StatementRun statement(const std::string& file, int line, const std::string& kind,
                       const std::string& text, double duration_ms) {
  StatementRun run;
  run.file = file;
  run.line = line;
  run.kind = kind;
  run.text = text;
  run.duration_ms = duration_ms;
  return run;
}

Phase ran(PhaseName name, std::vector<StatementRun> statements) {
  Phase phase;
  phase.name = name;
  phase.outcome = PhaseOutcome::kOk;
  for (const StatementRun& run : statements) phase.duration_ms += run.duration_ms;
  phase.statements = std::move(statements);
  return phase;
}

Phase stopped(PhaseName name, PhaseOutcome outcome, Failure failure,
              std::vector<StatementRun> statements) {
  Phase phase = ran(name, std::move(statements));
  phase.outcome = outcome;
  if (!phase.statements.empty()) phase.statements.back().failed = true;
  phase.error = std::move(failure);
  return phase;
}

Phase not_run(PhaseName name, PhaseOutcome outcome, const std::string& note) {
  Phase phase;
  phase.name = name;
  phase.outcome = outcome;
  phase.notes = {note};
  return phase;
}

Failure failure(const std::string& sqlstate, const std::string& message, const std::string& file,
                int line, int column, const std::string& source) {
  Failure out;
  out.sqlstate = sqlstate;
  out.message = message;
  out.file = file;
  out.line = line;
  out.column = column;
  out.source_line = source;
  return out;
}

Finding finding(const std::string& check, Severity severity, const std::string& message,
                const std::string& file, int line, const std::string& fingerprint) {
  Finding out;
  out.check = check;
  out.severity = severity;
  out.message = message;
  out.file = file;
  out.line = line;
  out.fingerprint = fingerprint;
  out.remedy = check_text(check).remedy;
  return out;
}

SchemaDifference difference(ChangeKind change, const std::string& kind, const std::string& name,
                            DifferenceClass weight, const std::string& ddl) {
  SchemaDifference out;
  out.change = change;
  out.object = {kind, name};
  out.weight = weight;
  out.ddl = ddl;
  return out;
}

/// A migration whose three phases ran and whose checks all passed.
MigrationResult passed(const std::string& id, const std::string& table) {
  MigrationResult result;
  Rehearsal& evidence = result.evidence;
  evidence.migration = id;
  evidence.up_files = {"db/migrations/" + id + ".up.sql"};
  evidence.down_files = {"db/migrations/" + id + ".down.sql"};
  evidence.has_down = true;
  const std::vector<StatementRun> up = {
      statement(evidence.up_files[0], 1, "CREATE TABLE",
                "CREATE TABLE " + table + " (id bigint PRIMARY KEY, tenant_id uuid NOT NULL)",
                6.25),
      statement(evidence.up_files[0], 6, "CREATE INDEX",
                "CREATE INDEX ON " + table + " (tenant_id)", 1.5)};
  evidence.up = ran(PhaseName::kUp, up);
  evidence.down =
      ran(PhaseName::kDown,
          {statement(evidence.down_files[0], 1, "DROP TABLE", "DROP TABLE " + table, 2.125)});
  evidence.up_again = ran(PhaseName::kUpAgain, up);
  for (const std::string& check : kChecks) result.checks.push_back({check, Outcome::kPassed, ""});
  result.outcome = Outcome::kPassed;
  return result;
}

void set_outcome(MigrationResult& result, const std::string& check, Outcome outcome,
                 const std::string& reason = "") {
  for (CheckResult& candidate : result.checks) {
    if (candidate.check == check) candidate = {check, outcome, reason};
  }
}

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
  for (std::size_t i = 2; i < kChecks.size(); ++i) {
    set_outcome(result, kChecks[i], Outcome::kSkipped, "the up script failed");
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
  for (const std::string& check : kChecks) {
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

ScenarioRun scenario(const std::string& name) {
  ScenarioRun run;
  run.scenario = name;
  run.why = "The warehouse of several tenants: nobody may see another's lots.";
  run.directory = "db/migrations";
  run.postgres = "15.20";
  run.layout = "golang-migrate";
  run.layout_summary = "NUMBER_name.up.sql and .down.sql, each file sent as one query";
  run.run_as = "wms_owner";
  run.profile = "fast";
  run.settings = {{"fsync", "off"}, {"timezone", "UTC"}};
  run.duration_ms = 61234.5;
  return run;
}

RunResult empty_run() {
  RunResult result;
  result.version = "0.1.0";
  result.started_at = "2026-11-21T08:00:00Z";
  result.duration_ms = 61876.25;
  result.seed = 18446744073709551615U;
  result.command = "drydock verify db/migrations --seed 18446744073709551615";
  result.machine = {{"cores", "8"}, {"kernel", "6.1"}, {"memory", "16 GB"}};
  for (const std::string& check : kChecks) result.checks.push_back(check_text(check));
  return result;
}

}  // namespace

std::string hostile_text() {
  return "]]></script><b onclick='x()'>\"q\"&amp;`|` \x01\x1b[31m\x7f \xff\xc3( \xe2\x80\xae"
         "\xd7\xa9\xd7\x9c\xd7\x95\xd7\x9d \xf0\x9f\x9a\xa2";
}

RunResult sample_run() {
  RunResult result = empty_run();
  ScenarioRun wms = scenario("wms");
  wms.settings["work_mem"] = "64MB";
  wms.notes = {"data directory on tmpfs", "roles are shared with nobody"};
  wms.ignored = {{"db/migrations/README.md", "no migration by this layout's naming rules"}};
  wms.migrations = {passed("000001_create_lots", "lots"),
                    with_down_that_fails(),
                    with_another_schema(),
                    with_accepted_findings(),
                    with_hostile_text(),
                    that_ran_out_of_time(),
                    that_was_only_applied(),
                    with_a_warning("000008_comment_materials")};
  ScenarioRun forms = scenario("forms");
  forms.why.clear();
  forms.duration_ms = 641.75;
  forms.migrations = {passed("20260101000000_forms", "forms")};
  forms.error = "the server ended while 20260102000000_fields was rehearsed: out of memory";
  forms.error_remedy = "Read the server's log, then give it more memory.";
  result.runs = {wms, forms};
  result.stale_known = {{"77d0c0de77d0c0de", "down-exists", "000001_create_lots"}};
  result.verdict = Outcome::kErrored;
  return result;
}

RunResult long_run(int count) {
  RunResult result = empty_run();
  ScenarioRun run = scenario("wms");
  result.verdict = Outcome::kPassed;
  for (int i = 1; i <= count; ++i) {
    const std::string id = fmt::format("{:06}_step_{}", i, i);
    MigrationResult migration =
        i % 25 == 0 ? with_a_warning(id) : passed(id, fmt::format("t{}", i));
    if (i % 40 == 0) {
      migration = i % 80 == 0 ? with_down_that_fails() : with_another_schema();
      migration.evidence.migration = id;
      result.verdict = Outcome::kFailed;
    }
    run.migrations.push_back(migration);
  }
  result.runs = {run};
  return result;
}

}  // namespace drydock::testing
