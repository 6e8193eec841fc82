#include "harness/rehearse/empty_rehearsal.h"

namespace drydock {
namespace {

std::vector<std::string> files_of(const std::vector<Script>& scripts) {
  std::vector<std::string> files;
  for (const Script& script : scripts) files.push_back(script.path);
  return files;
}

bool sends_nothing(const std::vector<Script>& scripts) {
  for (const Script& script : scripts) {
    if (!script.queries.empty() || script.refusal) return false;
  }
  return true;
}

}  // namespace

bool takes_down(const Migration& migration, const MigrationSet& set) {
  return set.layout_has_downs && migration.down_possible;
}

Rehearsal empty_rehearsal(const Migration& migration, const MigrationSet& set) {
  Rehearsal rehearsal;
  rehearsal.migration = migration.id;
  rehearsal.up_files = files_of(migration.up);
  rehearsal.down_files = files_of(migration.down);
  rehearsal.layout_has_downs = takes_down(migration, set);
  rehearsal.has_down = migration.has_down;
  rehearsal.down_is_empty = migration.has_down && sends_nothing(migration.down);
  rehearsal.down.name = PhaseName::kDown;
  rehearsal.up_again.name = PhaseName::kUpAgain;
  return rehearsal;
}

void skip_phase(Phase& phase, PhaseOutcome outcome, const std::string& why) {
  phase.outcome = outcome;
  phase.notes = {why};
}

std::string why_no_down(const Migration& migration, const MigrationSet& set,
                        const Scenario& scenario) {
  if (!set.layout_has_downs) return "this layout has no down scripts";
  if (!migration.down_possible) return "this kind of migration has no down script";
  for (const IrreversibleMigration& entry : scenario.irreversible) {
    if (entry.migration == migration.id) return "declared irreversible: " + entry.reason;
  }
  return migration.has_down ? "" : "there is no down script";
}

}  // namespace drydock
