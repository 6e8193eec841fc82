#include "harness/checks/shared.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "harness/checks/statement_search.h"
#include "harness/model/describe.h"

namespace drydock {
namespace {

/// A finding names this many objects in its message; the evidence has them all.
constexpr std::size_t kShown = 12;

/// insufficient_privilege, and what to do about it: the commonest surprise of a rehearsal that does
/// not run as superuser.
std::string privilege_remedy() {
  return "The migration ran as a role that is no superuser, as in production. If production's role "
         "has this privilege, grant it in a file that the scenario names under postgres.prepare, "
         "or name the role in run_as (--run-as superuser gives up this protection).";
}

int first_statement_line(const Rehearsal& rehearsal, const std::string& file) {
  for (const Phase* phase : {&rehearsal.down, &rehearsal.up}) {
    for (const StatementRun& statement : phase->statements) {
      if (statement.file == file) return statement.line;
    }
  }
  return 1;
}

std::vector<std::string> object_names(const SchemaDiff& differences) {
  std::set<std::string> names;
  for (const SchemaDifference& difference : differences) {
    names.insert(difference.object.kind + " " + difference.object.name);
  }
  return {names.begin(), names.end()};
}

std::string list_differences(const SchemaDiff& differences) {
  std::string list;
  for (std::size_t i = 0; i < std::min(kShown, differences.size()); ++i) {
    list += "\n  " + describe(differences[i]);
  }
  if (differences.size() > kShown) {
    list += fmt::format("\n  … and {} more", differences.size() - kShown);
  }
  return list;
}

/// "file:line: message" of the phase's error.
std::string failure_line(const Phase& phase) {
  if (!phase.error) return "no more is known";
  const Failure& error = *phase.error;
  if (error.file.empty()) return words_of(error);
  return fmt::format("{}:{}: {}", error.file, error.line, words_of(error));
}

Finding phase_failure(const CheckText& check, const std::string& what, const Phase& phase,
                      const Rehearsal& rehearsal) {
  Finding finding;
  finding.check = check.id;
  finding.severity = check.severity;
  finding.remedy = check.remedy;
  finding.message = what;
  if (phase.error) {
    finding.message += ": " + words_of(*phase.error);
    finding.file = phase.error->file;
    finding.line = phase.error->line;
    if (!phase.error->remedy.empty()) finding.remedy = phase.error->remedy;
    if (phase.error->sqlstate == "42501") finding.remedy = privilege_remedy();
  }
  if (!rehearsal.left_by_failure.empty()) {
    finding.message += "\n  It is not undone as a whole; it left behind:" +
                       list_differences(rehearsal.left_by_failure);
  }
  if (!rehearsal.after_failed_migration.empty()) {
    finding.message += fmt::format("\n  {} did not apply before; this may be a consequence.",
                                   rehearsal.after_failed_migration);
  }
  return finding;
}

}  // namespace

std::string words_of(const Failure& error) {
  std::string words = error.message;
  if (!error.sqlstate.empty()) words += fmt::format(" (SQLSTATE {})", error.sqlstate);
  if (!error.detail.empty()) words += "\n  detail: " + error.detail;
  if (!error.hint.empty()) words += "\n  hint: " + error.hint;
  return words;
}

Judgement judge_phase(const CheckText& check, const std::string& failed, const Phase& phase,
                      const Rehearsal& rehearsal) {
  switch (phase.outcome) {
    case PhaseOutcome::kOk:
      return judged({});
    case PhaseOutcome::kErrored:
      return could_not_tell(failure_line(phase));
    case PhaseOutcome::kFailed:
      return judged({phase_failure(check, failed, phase, rehearsal)});
    case PhaseOutcome::kMissing:
    case PhaseOutcome::kSkipped:
      break;
  }
  return skip(phase.notes.empty() ? "was not run" : phase.notes.front());
}

std::vector<Finding> difference_findings(const CheckText& check, const std::string& intro,
                                         const SchemaDiff& differences, const Rehearsal& rehearsal,
                                         const std::string& file) {
  if (differences.empty()) return {};
  SchemaDiff sorted = differences;
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const auto& a, const auto& b) { return a.weight > b.weight; });
  Finding finding;
  finding.check = check.id;
  const bool cosmetic = sorted.front().weight == DifferenceClass::kCosmetic;
  finding.severity = cosmetic ? Severity::kWarning : check.severity;
  finding.message = intro + list_differences(sorted);
  finding.remedy = check.remedy;
  finding.file = file;
  finding.line = first_statement_line(rehearsal, file);
  if (const StatementRun* statement =
          statement_naming(sorted.front().object.name, {&rehearsal.down, &rehearsal.up})) {
    finding.file = statement->file;
    finding.line = statement->line;
  }
  finding.objects = object_names(sorted);
  return {finding};
}

}  // namespace drydock
