#include "harness/rehearse/isolation_prints.h"

#include <fmt/format.h>

#include "harness/base/text.h"

namespace drydock {
namespace {

/// What told something, without its words, in which values of rows stand.
std::string by_what(const IsolationProbe& probe) {
  if (probe.command != IsolationCommand::kSelect) return {};
  return probe.outcome.substr(0, probe.outcome.find(": "));
}

}  // namespace

std::string facts_of(const TenantTable& table, const ApplicationRole& role) {
  const TableIsolation& facts = table.facts;
  std::string print =
      fmt::format("{}|{}|{}|{}|{}|{}|{}|{}|{}", facts.tenant, facts.owner, facts.row_security,
                  facts.forced, facts.role_is_owner, join(facts.privileges, ","),
                  facts.privileges_assumed, facts.exempt, role.name);
  for (const PolicyFact& policy : facts.policies) {
    print += fmt::format("\n{}|{}|{}|{}|{}|{}", policy.name, policy.command, policy.permissive,
                         join(policy.roles, ","), policy.using_expression, policy.check_expression);
  }
  for (const TenancyColumn& column : table.columns) {
    print += fmt::format("\n{} {} {}", column.name, column.type, column.not_null);
  }
  for (const TenancyKey& key : table.keys) print += "\nkey " + join(key.columns, ",");
  for (const TenancyReference& reference : table.references) print += "\nto " + reference.parent;
  return print + "\nlooks into " + table.looked_into;
}

std::string result_of(const TableIsolation& table) {
  std::string print = table.problem.empty() ? "" : "not tried";
  for (const IsolationProbe& probe : table.probes) {
    print += fmt::format("{}.{}.{};", static_cast<int>(probe.command),
                         static_cast<int>(probe.situation), static_cast<int>(probe.verdict));
    if (probe.verdict == IsolationVerdict::kTold) print += by_what(probe);
  }
  return print;
}

}  // namespace drydock
