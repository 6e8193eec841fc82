#include <fmt/format.h>

#include "harness/base/text.h"
#include "harness/checks/isolation_words.h"

namespace drydock {
namespace {

const CheckText kText{
    "plan",
    "A policy costs a tenant's query neither its index nor a call for every row.",
    "Policies that keep the planner from the index on the tenant's column, or that call a function "
    "for each row although its answer is the same for all.",
    "With few rows nobody feels it; with millions every query of every customer reads the whole "
    "table, and it looks as if the hardware were too small.",
    "Compare the bare column with something that is computed once: tenant_id = (SELECT "
    "current_tenant()), or a STABLE function that the index can be searched with.",
    Severity::kWarning};

/// As many lines of a plan as a reader takes in; the evidence has them all.
constexpr std::size_t kLines = 8;

bool loses_index(const PolicyPlan& plan) {
  return !plan.index.empty() && plan.index_serves_without && !plan.index_serves_with;
}

std::string problem_words(const PolicyPlan& plan) {
  std::vector<std::string> problems;
  if (loses_index(plan))
    problems.push_back(fmt::format(
        "index {} serves the plain condition on the tenant, but not the policy's", plan.index));
  if (!plan.per_row.empty())
    problems.push_back(join(plan.per_row, ", ") + (plan.per_row.size() == 1 ? " is" : " are") +
                       " called for every row");
  return join(problems, ", and ");
}

std::string plan_words(const std::string& title, const std::string& plan) {
  if (plan.empty()) return "";
  std::string words = "\n  " + title + ":";
  std::size_t line = 0;
  for (const std::string_view text : split_lines(plan)) {
    if (line++ == kLines) return words + "\n    …";
    words += "\n    " + std::string(text);
  }
  return words;
}

Finding finding_of(const Rehearsal& rehearsal, const PolicyPlan& plan) {
  Finding finding =
      isolation_finding(kText, rehearsal, {{plan.table, plan.policy}, plan.changed_by});
  finding.message = fmt::format("policy {} makes a tenant's queries on {} expensive: {}",
                                plan.policy, plan.table, problem_words(plan)) +
                    plan_words("with the policy", plan.plan_with) +
                    plan_words("with the plain condition", plan.plan_without);
  if (!plan.rewrite.empty()) finding.remedy = plan.rewrite;
  finding.objects = {"table " + plan.table};
  finding.known_by = {"table " + plan.table};
  if (loses_index(plan)) finding.known_by.emplace_back("loses index");
  for (const std::string& call : plan.per_row) finding.known_by.push_back(call);
  return finding;
}

Judgement judge(const Rehearsal& rehearsal, const Scenario&) {
  if (const auto unjudged = why_no_isolation(rehearsal, kText)) return *unjudged;
  if (rehearsal.isolation.plans.empty()) return skip("no policy was there to look at");
  std::vector<Finding> findings;
  for (const PolicyPlan& plan : rehearsal.isolation.plans) {
    const bool costs = loses_index(plan) || !plan.per_row.empty();
    if (costs && plan.seen_after.empty()) findings.push_back(finding_of(rehearsal, plan));
  }
  return judged(std::move(findings));
}

}  // namespace

extern const Check kPlan;
const Check kPlan{kText, judge};

}  // namespace drydock
