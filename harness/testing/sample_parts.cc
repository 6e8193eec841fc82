#include "harness/testing/sample_parts.h"

namespace drydock::testing {

const std::vector<std::string>& cycle_checks() {
  static const std::vector<std::string> checks = {"up-applies",      "down-exists",
                                                  "down-applies",    "up-reapplies",
                                                  "schema-restored", "schema-reproduced"};
  return checks;
}

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
  for (const std::string& check : cycle_checks())
    result.checks.push_back({check, Outcome::kPassed, ""});
  result.outcome = Outcome::kPassed;
  return result;
}

void set_outcome(MigrationResult& result, const std::string& check, Outcome outcome,
                 const std::string& reason) {
  for (CheckResult& candidate : result.checks) {
    if (candidate.check == check) candidate = {check, outcome, reason};
  }
}

std::string hostile_text() {
  return "]]></script><b onclick='x()'>\"q\"&amp;`|` \x01\x1b[31m\x7f \xff\xc3( \xe2\x80\xae"
         "\xd7\xa9\xd7\x9c\xd7\x95\xd7\x9d \xf0\x9f\x9a\xa2";
}

}  // namespace drydock::testing
