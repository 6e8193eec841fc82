#include "harness/observe/context_trials.h"

#include <fmt/format.h>

#include "harness/base/sql_text.h"
#include "harness/base/text.h"
#include "harness/observe/role_entry.h"

namespace drydock {
namespace {

void replace_all(std::string& text, const std::string& what, const std::string& with) {
  for (std::size_t at = text.find(what); at != std::string::npos;
       at = text.find(what, at + with.size())) {
    text.replace(at, what.size(), with);
  }
}

std::string in_quotes(const std::string& text) {
  const std::string literal = sql_text(text);
  return literal.substr(1, literal.size() - 2);
}

}  // namespace

ContextSteps fill_in(const ContextSteps& steps, const std::string& tenant,
                     const std::string& user) {
  ContextSteps filled = steps;
  const auto fill = [&](std::string& text) {
    replace_all(text, "{tenant}", tenant);
    replace_all(text, "{user}", user);
  };
  for (ContextSetting& each : filled.settings) fill(each.value);
  fill(filled.role);
  // A placeholder in a statement stands between quotes.
  replace_all(filled.sql, "{tenant}", in_quotes(tenant));
  replace_all(filled.sql, "{user}", in_quotes(user));
  return filled;
}

ContextTrials::ContextTrials(Session& session, const std::string& role)
    : session_(session), role_(role), leave_(leave_statements(session)) {}

std::vector<std::set<std::string>> ContextTrials::visible(const TenantTable& table,
                                                          const std::vector<ContextSteps>& steps) {
  IsolationAttempt made;
  made.reads = true;
  made.sql = fmt::format(
      "SELECT pg_catalog.array_agg(t.tableoid), pg_catalog.array_agg(t.ctid) FROM {} t", table.sql);
  made.measure = fmt::format("SELECT 0, 0, pg_catalog.string_agg(DISTINCT {}, E'\\x1f') FROM {}",
                             tenant_text(table), seen_rows(table));
  return tenants_of(made, steps);
}

std::vector<std::set<std::string>> ContextTrials::deletable(
    const TenantTable& table, const std::vector<ContextSteps>& steps,
    const std::vector<std::string>& tenants) {
  std::vector<std::string> texts;
  for (const std::string& tenant : tenants) texts.push_back(sql_text(tenant));
  IsolationAttempt made;
  made.setup = "SET LOCAL session_replication_role = replica";
  made.sql = fmt::format("DELETE FROM {}", table.sql);
  made.measure = fmt::format(
      "SELECT 0, 0, pg_catalog.string_agg(x, E'\\x1f') FROM pg_catalog.unnest(ARRAY[{}]) x"
      " WHERE NOT EXISTS (SELECT FROM {} t WHERE {} = x)",
      join(texts, ", "), table.sql, tenant_text(table));
  return tenants_of(made, steps);
}

std::vector<std::set<std::string>> ContextTrials::tenants_of(
    const IsolationAttempt& made, const std::vector<ContextSteps>& steps) {
  std::vector<IsolationAttempt> attempts;
  for (const ContextSteps& each : steps) {
    const std::string& role = each.role.empty() ? role_ : each.role;
    if (!entries_.contains(role)) entries_[role] = role_statements(session_, role);
    attempts.push_back(made);
    attempts.back().enter = entries_[role] + context_statements(each);
  }
  std::vector<std::set<std::string>> seen;
  for (const AttemptResult& result : run_attempts(session_, leave_, attempts)) {
    seen.emplace_back(result.examples.begin(), result.examples.end());
  }
  return seen;
}

}  // namespace drydock
