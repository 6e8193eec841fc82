#include "harness/checks/leak_remedy.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/base/text.h"
#include "harness/checks/isolation_words.h"

namespace drydock {
namespace {

using enum IsolationCommand;

bool reads(const IsolationProbe& probe) {
  switch (probe.command) {
    case kInsert:
    case kUpsert:
    case kMove:
      return false;
    default:
      return true;
  }
}

/// Whether USING is to blame too, not WITH CHECK alone.
bool reading(const Probes& leaks) {
  return std::any_of(leaks.begin(), leaks.end(), [](const auto* leak) { return reads(*leak); });
}

std::string clauses(const PolicyFact& policy) {
  std::string words;
  if (!policy.using_expression.empty()) words += " USING (" + policy.using_expression + ")";
  if (!policy.check_expression.empty()) words += " WITH CHECK (" + policy.check_expression + ")";
  return words;
}

bool only_without_context(const Probes& leaks) {
  return std::none_of(leaks.begin(), leaks.end(), [](const IsolationProbe* leak) {
    return leak->situation == IsolationSituation::kOther ||
           leak->situation == IsolationSituation::kOtherRole;
  });
}

std::string altered(const PolicyFact& policy, const TableIsolation& table,
                    const std::string& condition, bool read) {
  std::string clause;
  if (read && policy.command != "INSERT") clause = " USING (" + condition + ")";
  if (policy.command != "SELECT" && policy.command != "DELETE")
    clause += " WITH CHECK (" + condition + ")";
  return fmt::format("ALTER POLICY {} ON {}{};", name_in_sql(policy.name), table.table, clause);
}

bool has_right_words(const PolicyFact& policy, const std::string& condition, bool read) {
  const auto says = [&](const std::string& expression) {
    return expression == condition || expression == "(" + condition + ")";
  };
  const std::string& writing =
      policy.check_expression.empty() ? policy.using_expression : policy.check_expression;
  return (!read || policy.command == "INSERT" || says(policy.using_expression)) &&
         (policy.command == "SELECT" || policy.command == "DELETE" || says(writing));
}

}  // namespace

std::string bound_as(IsolationCommand command) {
  switch (command) {
    case kInsert:
    case kUpsert:
    case kForeignKey:
    case kUniqueKey:
      return "INSERT";
    case kUpdate:
    case kUpdateAll:
    case kReturning:
    case kMove:
      return "UPDATE";
    case kDelete:
    case kDeleteAll:
      return "DELETE";
    default:
      return "SELECT";
  }
}

Policies policies_behind(const RemedyFor& wanted, const Probes& leaks) {
  const std::string condition = tenant_condition(wanted);
  Policies behind, wrong;
  for (const PolicyFact& policy : wanted.table.policies) {
    const bool binds = std::any_of(leaks.begin(), leaks.end(), [&](const IsolationProbe* leak) {
      return policy.command == "ALL" || policy.command == bound_as(leak->command);
    });
    if (!policy.applies || !policy.permissive || !binds) continue;
    behind.push_back(&policy);
    if (!has_right_words(policy, condition, reading(leaks))) wrong.push_back(&policy);
  }
  return wrong.empty() ? behind : wrong;
}

std::string policy_lines(const Policies& policies) {
  std::string lines;
  for (const PolicyFact* policy : policies)
    lines += fmt::format("\n  let through by: policy {} FOR {}{}", policy->name, policy->command,
                         clauses(*policy));
  return lines;
}

std::string leak_remedy(const RemedyFor& wanted, const Probes& leaks, const Policies& behind) {
  const TableIsolation& table = wanted.table;
  const std::string condition = tenant_condition(wanted);
  const bool read = reading(leaks);
  std::string remedy;
  for (const PolicyFact* policy : behind) {
    if (!has_right_words(*policy, condition, read))
      remedy += altered(*policy, table, condition, read) + " ";
  }
  if (remedy.empty()) remedy = "Hold the policies to the condition " + condition + ". ";
  if (only_without_context(leaks))
    remedy +=
        "Without a context nothing may match: no branch for a setting that IS NULL or empty, and "
        "current_setting without a default, which fails when it is not set.";
  return std::string(trim(remedy));
}

}  // namespace drydock
