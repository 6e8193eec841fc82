#include "harness/observe/policy_mutations.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "harness/base/sql_text.h"
#include "harness/base/text.h"
#include "harness/observe/isolation_subject.h"

namespace drydock {
namespace {

bool may(const TenantTable& table, const char* privilege) {
  const auto& all = table.facts.privileges;
  return std::find(all.begin(), all.end(), privilege) != all.end();
}

/// The policy is for a command that the role has the privilege for.
bool matters(const TenantTable& table, const PolicyFact& policy) {
  if (!policy.applies) return false;
  return policy.command == "ALL" ? !table.facts.privileges.empty()
                                 : may(table, policy.command.c_str());
}

/// The role can write what makes a row a tenant's.
bool may_change_tenant(const TenantTable& table) {
  const TenancyReference* reference = tenant_reference(table);
  return std::any_of(table.columns.begin(), table.columns.end(), [&](const TenancyColumn& each) {
    const bool tells = reference == nullptr
                           ? each.name == table.tenant_column
                           : std::find(reference->columns.begin(), reference->columns.end(),
                                       each.name) != reference->columns.end();
    return tells && each.writable && each.may_update && !each.always_identity;
  });
}

bool checks_matter(const TenantTable& table, const PolicyFact& policy) {
  const bool inserts = policy.command != "UPDATE" && may(table, "INSERT");
  const bool moves = policy.command != "INSERT" && may(table, "UPDATE") && may_change_tenant(table);
  return (policy.command == "ALL" || policy.command == "INSERT" || policy.command == "UPDATE") &&
         (inserts || moves);
}

std::string alter(const TenantTable& table, const PolicyFact& policy, const std::string& clauses) {
  return fmt::format("ALTER POLICY {} ON {} {}", sql_name(policy.name), table.sql, clauses);
}

bool is_name_character(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '$' || c == '"';
}

/// A column that takes the tenant's value: of its type, a key before others.
std::string other_column(const TenantTable& table) {
  std::string second;
  std::string type = table.tenant_type;
  for (const TenancyColumn& column : table.columns) {
    if (column.name == table.tenant_column) type = column.type;
  }
  for (const TenancyColumn& column : table.columns) {
    if (column.name == table.tenant_column || column.type != type) continue;
    if (column.in_primary_key) return column.name;
    if (second.empty()) second = column.name;
  }
  return second;
}

void add_other_column(const TenantTable& table, const PolicyFact& policy,
                      std::vector<PolicyMutation>& all) {
  const std::string other = other_column(table);
  if (other.empty() || table.tenant_column.empty()) return;
  const std::string name = name_parts(table.sql).back();
  const auto swapped = [&](const std::string& expression) {
    return with_other_column(expression, name, table.tenant_column, other);
  };
  const std::string reads = swapped(policy.using_expression);
  const std::string checks = swapped(policy.check_expression);
  std::vector<std::string> clauses;
  if (reads != policy.using_expression) clauses.push_back(fmt::format("USING ({})", reads));
  if (checks != policy.check_expression) clauses.push_back(fmt::format("WITH CHECK ({})", checks));
  if (clauses.empty()) return;
  all.push_back(
      {MutationKind::kOtherColumn, policy.name, alter(table, policy, join(clauses, " "))});
}

/// Whether anybody could notice that the policy is for everybody: by reading, as a role that is not
/// among its roles, and that is not itself what the policy compares.
bool shows_to_public(const TenantTable& table, const PolicyFact& policy) {
  if (policy.command != "ALL" && policy.command != "SELECT") return false;
  const std::string expression = to_lower(policy.using_expression);
  for (const char* role : {"current_user", "session_user"}) {
    if (expression.find(role) != std::string::npos) return false;
  }
  const auto& probes = table.facts.probes;
  return probes.empty() || std::any_of(probes.begin(), probes.end(), [](const auto& probe) {
           return probe.situation == IsolationSituation::kOtherRole &&
                  probe.verdict != IsolationVerdict::kNotTried;
         });
}

void add_policy(const TenantTable& table, const PolicyFact& policy,
                std::vector<PolicyMutation>& all) {
  if (!matters(table, policy)) return;
  const auto add = [&](MutationKind kind, const std::string& sql) {
    all.push_back({kind, policy.name, sql});
  };
  add(MutationKind::kDropPolicy,
      fmt::format("DROP POLICY {} ON {}", sql_name(policy.name), table.sql));
  const bool open = policy.check_expression.empty() ? policy.using_expression == "true"
                                                    : policy.check_expression == "true";
  if (!open && checks_matter(table, policy)) {
    add(MutationKind::kDropCheck, alter(table, policy, "WITH CHECK (true)"));
  }
  if (!policy.using_expression.empty() && policy.using_expression != "true") {
    add(MutationKind::kUsingTrue, alter(table, policy, "USING (true)"));
  }
  add_other_column(table, policy, all);
  const auto& roles = policy.roles;
  // A restrictive policy that is for everybody keeps more away, not less.
  if (policy.permissive && shows_to_public(table, policy) &&
      std::find(roles.begin(), roles.end(), "public") == roles.end()) {
    add(MutationKind::kToPublic, alter(table, policy, "TO PUBLIC"));
  }
}

}  // namespace

std::string with_other_column(const std::string& expression, const std::string& table,
                              const std::string& column, const std::string& other) {
  std::string out;
  std::size_t from = 0;
  for (std::size_t at = expression.find(column); at != std::string::npos;
       at = expression.find(column, at + column.size())) {
    const std::size_t end = at + column.size();
    const bool begins = at == 0 || !is_name_character(expression[at - 1]);
    const bool ends = end == expression.size() || !is_name_character(expression[end]);
    const std::string prefix = table + ".";
    const bool qualified = at > 0 && expression[at - 1] == '.';
    const bool own =
        at >= prefix.size() && expression.compare(at - prefix.size(), prefix.size(), prefix) == 0;
    if (!begins || !ends || (qualified && !own)) continue;
    out += expression.substr(from, at - from) + other;
    from = end;
  }
  return out + expression.substr(from);
}

std::vector<PolicyMutation> policy_mutations(const TenantTable& table, bool owner_is_bound) {
  std::vector<PolicyMutation> all;
  if (!table.facts.row_security) return all;
  for (const PolicyFact& policy : table.facts.policies) add_policy(table, policy, all);
  // Whoever owns a table without FORCE is not bound by it anyway, nor is its superuser owner.
  const bool owner_reads = table.facts.role_is_owner || may(table, "SELECT");
  if (table.facts.forced && owner_is_bound && owner_reads) {
    all.push_back({MutationKind::kNoForce, "",
                   fmt::format("ALTER TABLE {} NO FORCE ROW LEVEL SECURITY", table.sql)});
  }
  if (!table.facts.privileges.empty()) {
    all.push_back({MutationKind::kDisable, "",
                   fmt::format("ALTER TABLE {} DISABLE ROW LEVEL SECURITY", table.sql)});
  }
  return all;
}

}  // namespace drydock
