#include "harness/checks/check.h"

namespace drydock {
namespace {

const CheckText kText{
    "down-exists",
    "The migration has a down script, or is declared irreversible with a reason.",
    "A migration that nobody can take back.",
    "When the release must be rolled back there is no tested way for the schema to follow.",
    "Write the down script; if there cannot be one, declare the migration in the scenario under "
    "cycle.irreversible with the reason.",
    Severity::kError};

bool declared_irreversible(const Rehearsal& rehearsal, const Scenario& scenario) {
  for (const IrreversibleMigration& entry : scenario.irreversible) {
    if (entry.migration == rehearsal.migration) return true;
  }
  return false;
}

Judgement judge(const Rehearsal& rehearsal, const Scenario& scenario) {
  if (!rehearsal.layout_has_downs) return skip("the tool has no down script for such a migration");
  if (declared_irreversible(rehearsal, scenario)) return skip("declared irreversible");
  if (rehearsal.has_down) return judged({});
  Finding finding;
  finding.check = kText.id;
  finding.severity = kText.severity;
  finding.message = "there is no down script for " + rehearsal.migration;
  finding.remedy = kText.remedy;
  if (!rehearsal.up_files.empty()) finding.file = rehearsal.up_files.front();
  finding.line = 1;
  return judged({finding});
}

}  // namespace

extern const Check kDownExists;
const Check kDownExists{kText, judge};

}  // namespace drydock
