#include "harness/testing/builders.h"

namespace drydock::testing {
namespace {

constexpr const char* kUp = "0002_add_lots.up.sql";
constexpr const char* kDown = "0002_add_lots.down.sql";

Phase stopped_phase(PhaseName name, PhaseOutcome outcome, const std::string& sqlstate,
                    const std::string& message) {
  Phase phase = ok_phase(name);
  phase.outcome = outcome;
  phase.error = Failure{};
  phase.error->sqlstate = sqlstate;
  phase.error->message = message;
  phase.error->file = name == PhaseName::kDown ? kDown : kUp;
  phase.error->line = 3;
  return phase;
}

}  // namespace

Phase ok_phase(PhaseName name) {
  Phase phase;
  phase.name = name;
  phase.outcome = PhaseOutcome::kOk;
  phase.duration_ms = 1.5;
  return phase;
}

Phase failed_phase(PhaseName name) {
  return stopped_phase(name, PhaseOutcome::kFailed, "42P01", "relation \"lots\" does not exist");
}

Phase errored_phase(PhaseName name) {
  return stopped_phase(name, PhaseOutcome::kErrored, "57014", "still running after 60.0 s");
}

Phase skipped_phase(PhaseName name, const std::string& note) {
  Phase phase;
  phase.name = name;
  phase.notes = {note};
  return phase;
}

StatementRun statement(const std::string& kind, const std::string& text, int line,
                       const std::string& file) {
  StatementRun run;
  run.file = file;
  run.kind = kind;
  run.text = text;
  run.line = line;
  return run;
}

Rehearsal clean_rehearsal() {
  Rehearsal rehearsal;
  rehearsal.migration = "0002_add_lots";
  rehearsal.up_files = {kUp};
  rehearsal.down_files = {kDown};
  rehearsal.has_down = true;
  rehearsal.up = ok_phase(PhaseName::kUp);
  rehearsal.down = ok_phase(PhaseName::kDown);
  rehearsal.up_again = ok_phase(PhaseName::kUpAgain);
  return rehearsal;
}

SchemaDifference missing_index(const std::string& name, DifferenceClass weight) {
  SchemaDifference difference;
  difference.change = ChangeKind::kMissing;
  difference.object = {"index", "public." + name};
  difference.ddl = "CREATE INDEX " + name + " ON public.lots (code)";
  difference.weight = weight;
  return difference;
}

Finding finding(const std::string& check, Severity severity, const std::string& object) {
  Finding made;
  made.check = check;
  made.severity = severity;
  made.message = "something about " + object;
  made.objects = {object};
  return made;
}

}  // namespace drydock::testing
