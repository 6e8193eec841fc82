#include "harness/checks/policy_remedy.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/base/text.h"
#include "harness/checks/statement_search.h"

namespace drydock {
namespace {

constexpr std::string_view kArrow = " → ";

/// "(a = b)" to "a = b", but "(a) OR (b)" stays.
std::string without_parentheses(const std::string& expression) {
  if (!expression.starts_with("(") || !expression.ends_with(")")) return expression;
  int depth = 0;
  for (std::size_t i = 0; i + 1 < expression.size(); ++i) {
    if (expression[i] == '(') ++depth;
    if (expression[i] == ')' && --depth == 0) return expression;
  }
  return without_parentheses(expression.substr(1, expression.size() - 2));
}

/// REQUIRES: `word` is not empty.
std::string with_word_replaced(const std::string& text, const std::string& word,
                               const std::string& by) {
  std::string out;
  std::size_t done = 0;
  for (std::size_t at = text.find(word); at != std::string::npos; at = text.find(word, at + 1)) {
    if (!mentions(text.substr(at == 0 ? 0 : at - 1, word.size() + 2), word) || at < done) continue;
    out += text.substr(done, at - done) + by;
    done = at + word.size();
  }
  return out + text.substr(done);
}

/// 'app.tenant_id' is no column.
std::string without_literals(const std::string& expression) {
  std::string rest;
  bool inside = false;
  for (const char each : expression) {
    if (each == '\'') inside = !inside;
    if (!inside) rest += each;
  }
  return rest;
}

/// An expression that says nothing but whose rows are meant. Alternatives are what leaks are made
/// of: or, coalesce, a column that is compared with itself when nothing is set.
bool tells_tenant(const std::string& printed, const std::string& column) {
  const std::string expression = without_literals(printed);
  if (mentions(expression, "or") || mentions(expression, "null")) return false;
  return mentions(expression, column) && !mentions(expression, "coalesce");
}

std::string condition_of(const TableIsolation& table) {
  for (const PolicyFact& policy : table.policies) {
    for (const std::string& expression : {policy.using_expression, policy.check_expression}) {
      if (policy.permissive && tells_tenant(expression, table.tenant))
        return without_parentheses(expression);
    }
  }
  return "";
}

/// What the parent shows to a tenant tells whose the rows are.
std::string condition_by_parent(const TableIsolation& table) {
  const std::size_t arrow = table.tenant.find(kArrow);
  if (arrow == std::string::npos) return "<the row's tenant> = <the context's tenant>";
  const std::string parent = table.tenant.substr(arrow + kArrow.size());
  return fmt::format("{} IN (SELECT <key> FROM {})", table.tenant.substr(0, arrow),
                     parent.substr(0, parent.rfind('.')));
}

/// The first setting that an expression reads; empty: none.
std::string setting_in(const std::string& expression) {
  static constexpr std::string_view kReads = "current_setting('";
  const std::size_t at = expression.find(kReads);
  if (at == std::string::npos) return "";
  const std::size_t begin = at + kReads.size();
  return expression.substr(begin, expression.find('\'', begin) - begin);
}

std::string condition_by_scenario(const TableIsolation& table, const IsolationRules& rules) {
  const auto condition = [&](const std::string& setting) {
    return fmt::format("{0} = CAST(current_setting('{1}') AS <type of {0}>)", table.tenant,
                       setting);
  };
  for (const auto& [name, value] : rules.settings) {
    if (value == "{tenant}") return condition(name);
  }
  for (const PolicyFact& policy : table.policies) {
    const std::string name = setting_in(policy.using_expression + policy.check_expression);
    if (!name.empty()) return condition(name);
  }
  return table.tenant + " = <the context's tenant>";
}

std::string unused_name(const TableIsolation& table, const std::string& command) {
  const std::string usual = "tenant_isolation";
  const bool used = std::any_of(table.policies.begin(), table.policies.end(),
                                [&](const PolicyFact& policy) { return policy.name == usual; });
  return used ? usual + "_" + to_lower(command) : usual;
}

std::string policy_for(const TableIsolation& table, const std::string& command,
                       const std::string& condition) {
  const bool reads = command != "INSERT", writes = command != "SELECT" && command != "DELETE";
  const std::string which = command == "ALL" ? "" : " FOR " + command;
  return fmt::format("CREATE POLICY {} ON {}{}{}{};", unused_name(table, command), table.table,
                     which, reads ? " USING (" + condition + ")" : "",
                     writes ? " WITH CHECK (" + condition + ")" : "");
}

}  // namespace

std::string tenant_condition(const RemedyFor& remedy) {
  const TableIsolation& table = remedy.table;
  if (const std::string own = condition_of(table); !own.empty()) return own;
  if (table.link == TenantLink::kParent) return condition_by_parent(table);
  for (const TableIsolation& other : remedy.isolation.tables) {
    if (other.link == TenantLink::kParent) continue;
    const std::string condition = condition_of(other);
    if (!condition.empty()) return with_word_replaced(condition, other.tenant, table.tenant);
  }
  return condition_by_scenario(table, remedy.scenario.isolation);
}

std::string protecting_statements(const RemedyFor& remedy) {
  const TableIsolation& table = remedy.table;
  std::string sql;
  if (!table.row_security)
    sql += fmt::format("ALTER TABLE {} ENABLE ROW LEVEL SECURITY; ", table.table);
  if (!table.forced) sql += fmt::format("ALTER TABLE {} FORCE ROW LEVEL SECURITY; ", table.table);
  if (table.policies.empty()) sql += policy_for(table, "ALL", tenant_condition(remedy));
  return std::string(trim(sql));
}

std::string policy_statements(const RemedyFor& remedy, const std::vector<std::string>& commands) {
  const std::string condition = tenant_condition(remedy);
  if (remedy.table.policies.empty()) return policy_for(remedy.table, "ALL", condition);
  std::vector<std::string> statements;
  for (const std::string& command : commands)
    statements.push_back(policy_for(remedy.table, command, condition));
  return join(statements, " ");
}

std::string exempting_words(const TableIsolation& table) {
  return fmt::format(
      "If tenants share it on purpose, say so in the scenario: isolation.exempt "
      "with table {} and the reason.",
      table.table);
}

}  // namespace drydock
