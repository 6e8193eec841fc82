#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "harness/base/text.h"
#include "harness/checks/isolation_words.h"
#include "harness/model/describe_isolation.h"

namespace drydock {
namespace {

const CheckText kText{
    "rls-proof",
    "Whatever is weakened in the policies, some try at another tenant's rows notices.",
    "Policies that could be dropped, widened or switched off without any try coming out "
    "otherwise: what looks proved is not.",
    "A policy that nothing depends on is taken for protection; whoever relies on it, or takes away "
    "the one that really protects, opens the table, and no rehearsal will say so.",
    "Take away the policy that does nothing, or give the rehearsal rows with which it matters.",
    Severity::kWarning};

using Mutants = std::vector<const PolicyMutant*>;

/// What it can mean that nobody noticed.
std::string meaning(MutationKind kind) {
  switch (kind) {
    case MutationKind::kDropPolicy:
    case MutationKind::kUsingTrue:
    case MutationKind::kDropCheck:
      return "another permissive policy allows the same already, or no row depends on this one";
    case MutationKind::kNoForce:
      return "the owner is not bound anyway: it is a superuser or has BYPASSRLS";
    case MutationKind::kDisable:
    case MutationKind::kBypassRls:
      return "the tries see the same rows without any row security";
    case MutationKind::kOtherColumn:
      return "the other column tells the rows apart just as well, or has the same values";
    case MutationKind::kToPublic:
      return "no other role has privileges on the table";
  }
  return "";
}

std::string remedy_for(MutationKind kind, const PolicyMutant& mutant) {
  switch (kind) {
    case MutationKind::kDropPolicy:
    case MutationKind::kUsingTrue:
    case MutationKind::kDropCheck:
      return fmt::format(
          "Drop policy {} if another one does its work, or tighten the one that "
          "makes it idle; where only rows are missing with which it matters, bring "
          "them along (data.load).",
          mutant.policy);
    default:
      return "Bring rows along with which it matters: two tenants or more, whose rows differ in "
             "every column that tells them apart (data.load, data.tables).";
  }
}

/// "the role" for what is about no table.
std::string subject_of(const PolicyMutant& mutant, const IsolationEvidence& isolation) {
  return mutant.table.empty() ? "role " + isolation.role : "table " + mutant.table;
}

std::string score(const Mutants& mutants) {
  const auto noticed = std::count_if(mutants.begin(), mutants.end(),
                                     [](const PolicyMutant* mutant) { return mutant->noticed; });
  return fmt::format("{} of {}", noticed, plural(mutants.size(), "weakening"));
}

/// `mutants` are those of one table that could be tried; some were not noticed.
Finding finding_of(const Rehearsal& rehearsal, const Mutants& mutants) {
  const IsolationEvidence& isolation = rehearsal.isolation;
  const PolicyMutant& first = *mutants.front();
  Mutants missed = mutants;
  std::erase_if(missed, [](const PolicyMutant* mutant) { return mutant->noticed; });
  std::vector<std::string> names = {first.table};
  for (const PolicyMutant* mutant : missed) names.push_back(mutant->policy);
  std::string changed_by = rehearsal.migration;
  for (const TableIsolation& table : isolation.tables) {
    if (table.table == first.table) changed_by = table.changed_by;
  }
  Finding finding = isolation_finding(kText, rehearsal, {names, changed_by});
  finding.objects = {subject_of(first, isolation)};
  finding.known_by = finding.objects;
  finding.message = fmt::format(
      "{} of the row security of {} were noticed; these could be made and every try "
      "at another tenant's rows came out as before:",
      score(mutants), finding.objects.front());
  for (const PolicyMutant* mutant : missed) {
    finding.message += fmt::format("\n  {} ({}): {}", describe(*mutant), one_line(mutant->sql),
                                   meaning(mutant->kind));
    finding.known_by.push_back(describe(*mutant));
  }
  finding.remedy = remedy_for(missed.front()->kind, *missed.front());
  return finding;
}

Judgement judge(const Rehearsal& rehearsal, const Scenario&) {
  if (const auto unjudged = why_no_isolation(rehearsal, kText)) return *unjudged;
  std::map<std::string, Mutants> by_subject;
  for (const PolicyMutant& mutant : rehearsal.isolation.mutants) {
    if (mutant.problem.empty())
      by_subject[subject_of(mutant, rehearsal.isolation)].push_back(&mutant);
  }
  if (by_subject.empty())
    return skip("no table changed whose row security held, so none was weakened");
  std::vector<Finding> findings;
  for (const auto& [subject, mutants] : by_subject) {
    const bool all = std::all_of(mutants.begin(), mutants.end(),
                                 [](const PolicyMutant* mutant) { return mutant->noticed; });
    if (!all) findings.push_back(finding_of(rehearsal, mutants));
  }
  return judged(std::move(findings));
}

}  // namespace

extern const Check kRlsProof;
const Check kRlsProof{kText, judge};

}  // namespace drydock
