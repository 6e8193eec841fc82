#include <fmt/format.h>

#include <algorithm>

#include "harness/base/text.h"
#include "harness/checks/check.h"
#include "harness/checks/data_words.h"
#include "harness/checks/statement_search.h"

namespace drydock {
namespace {

const CheckText kText{
    "constraints-valid",
    "No constraint is left unvalidated, and no row breaks one that was dropped or not validated.",
    "NOT VALID that nobody follows up, and orphans that come in behind a dropped or unvalidated "
    "foreign key.",
    "The schema seems to promise what the rows do not keep: joins lose rows, a later VALIDATE or a "
    "restored backup fails, and the planner does not use the constraint.",
    "Clean up the rows that break the constraint, then VALIDATE CONSTRAINT, in a later migration "
    "on "
    "a large table.",
    Severity::kError};

std::string described(const UnprovenConstraint& constraint) {
  return fmt::format("{} of {} ({})", constraint.constraint, constraint.table,
                     constraint.definition);
}

/// Many rows break a constraint alike.
std::string each_once(const std::vector<std::string>& examples) {
  std::vector<std::string> different;
  for (const std::string& example : examples) {
    if (std::find(different.begin(), different.end(), example) == different.end()) {
      different.push_back(example);
    }
  }
  return join(different, "; ");
}

std::string breaking_rows(const UnprovenConstraint& constraint) {
  std::string words =
      plural(static_cast<std::size_t>(constraint.broken), "row breaks it", "rows break it");
  if (constraint.broken_before > 0) words += fmt::format(", {} before", constraint.broken_before);
  if (!constraint.examples.empty()) words += ": " + each_once(constraint.examples);
  return words;
}

Finding finding_of(const UnprovenConstraint& constraint, const Rehearsal& rehearsal,
                   Severity severity, const std::string& message) {
  const std::string file = rehearsal.up_files.empty() ? "" : rehearsal.up_files.front();
  const Place place =
      place_of(rehearsal.up, Effect::kMade, {constraint.table}, {constraint.constraint}, file);
  Finding finding;
  finding.check = kText.id;
  finding.severity = severity;
  finding.message = message;
  finding.remedy = kText.remedy;
  finding.file = place.file;
  finding.line = place.line;
  finding.objects = {fmt::format("constraint {} on {}", constraint.constraint, constraint.table)};
  return finding;
}

Finding dropped_finding(const UnprovenConstraint& constraint, const Rehearsal& rehearsal) {
  Finding finding =
      finding_of(constraint, rehearsal, kText.severity,
                 fmt::format("the up script drops {} and leaves rows without a parent: {}",
                             described(constraint), breaking_rows(constraint)));
  finding.remedy =
      "Delete or reattach the orphans in the same migration, or keep the foreign key and say ON "
      "DELETE CASCADE or SET NULL.";
  return finding;
}

Finding unenforced_finding(const UnprovenConstraint& constraint, const Rehearsal& rehearsal) {
  Finding finding = finding_of(
      constraint, rehearsal, kText.severity,
      fmt::format("{} counts as validated, and {}: it was not enforced while the up script ran "
                  "(session_replication_role, DISABLE TRIGGER)",
                  described(constraint), breaking_rows(constraint)));
  finding.remedy =
      "Write the rows while foreign keys are enforced; or delete or reattach the orphans, and drop "
      "and add the constraint anew: VALIDATE does nothing where it counts as valid.";
  return finding;
}

Finding not_valid_finding(const UnprovenConstraint& constraint, const Rehearsal& rehearsal) {
  if (constraint.broken > 0) {
    return finding_of(constraint, rehearsal, kText.severity,
                      fmt::format("{} is not validated, and {}", described(constraint),
                                  breaking_rows(constraint)));
  }
  return finding_of(
      constraint, rehearsal, Severity::kWarning,
      fmt::format(
          "{} is never validated: old rows are unchecked, and the planner does not trust it",
          described(constraint)));
}

void judge_constraint(const UnprovenConstraint& constraint, const Rehearsal& rehearsal,
                      std::vector<Finding>& findings) {
  const bool grew = constraint.broken > constraint.broken_before;
  if (!constraint.problem.empty()) {
    if (constraint.was_there || !constraint.settled_by.empty()) return;
    findings.push_back(finding_of(constraint, rehearsal, Severity::kWarning,
                                  fmt::format("the rows that break {} could not be counted: {}",
                                              described(constraint), constraint.problem)));
  } else if (constraint.unchecked) {
    if (grew) findings.push_back(unenforced_finding(constraint, rehearsal));
  } else if (constraint.dropped) {
    if (grew) findings.push_back(dropped_finding(constraint, rehearsal));
  } else if (constraint.was_there ? grew : constraint.settled_by.empty()) {
    findings.push_back(not_valid_finding(constraint, rehearsal));
  }
}

Judgement judge(const Rehearsal& rehearsal, const Scenario&) {
  if (rehearsal.up.outcome != PhaseOutcome::kOk) return skip("the up script did not run through");
  std::vector<Finding> findings;
  for (const UnprovenConstraint& constraint : rehearsal.data.constraints) {
    judge_constraint(constraint, rehearsal, findings);
  }
  if (findings.empty() && rehearsal.data.constraints.empty()) {
    if (const auto reason = why_no_data(rehearsal.data)) return skip(*reason);
  }
  return judged(std::move(findings));
}

}  // namespace

extern const Check kConstraintsValid;
const Check kConstraintsValid{kText, judge};

}  // namespace drydock
