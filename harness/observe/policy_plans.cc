#include "harness/observe/policy_plans.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/base/sql_text.h"
#include "harness/base/text.h"
#include "harness/observe/isolation_subject.h"
#include "harness/observe/policy_calls.h"
#include "harness/observe/policy_context.h"

namespace drydock {
namespace {

/// EXPLAIN as somebody else, in a subtransaction that is rolled back; NULL where it fails.
constexpr const char* kExplainFunction = R"(
CREATE OR REPLACE FUNCTION pg_temp.drydock_explain(setup text, enter text, query text)
RETURNS text LANGUAGE plpgsql AS $explain$
DECLARE plan text; line text;
BEGIN
  SET LOCAL enable_seqscan = off;
  SET LOCAL jit = off;
  IF setup <> '' THEN EXECUTE setup; END IF;
  IF enter <> '' THEN EXECUTE enter; END IF;
  FOR line IN EXECUTE 'EXPLAIN (VERBOSE, COSTS OFF) ' || query LOOP
    plan := pg_catalog.concat_ws(E'\n', plan, line);
  END LOOP;
  RAISE EXCEPTION USING ERRCODE = 'DRYDO';
EXCEPTION
  WHEN SQLSTATE 'DRYDO' THEN RETURN plan;
  WHEN OTHERS OR ASSERT_FAILURE THEN RETURN NULL;
END
$explain$)";

/// An index condition about the tenant's column.
bool index_serves(const std::string& plan, const std::string& column) {
  for (const std::string_view line : split_lines(plan)) {
    const std::string_view text = trim(line);
    if (text.starts_with("Index Cond:") && holds_word(text, column)) return true;
  }
  return false;
}

bool is_read_policy(const PolicyFact& policy) {
  return policy.applies && (policy.command == "ALL" || policy.command == "SELECT") &&
         !policy.using_expression.empty();
}

class PlanReader {
 public:
  PlanReader(Session& session, const TenantTable& table, const std::string& enter)
      : session_(session), table_(table), enter_(enter) {
    session_.query(kExplainFunction);
    for (const TenancyColumn& column : table.columns) columns_.push_back(column.name);
    read_functions();
  }

  PolicyPlan read(const std::string& tenant) {
    PolicyPlan plan;
    plan.table = table_.facts.table;
    plan.index = table_.tenant_index;
    const std::string all = fmt::format("SELECT * FROM {}", table_.sql);
    plan.plan_with = explain("", enter_, all);
    plan.plan_without = explain(
        "", "", fmt::format("{} WHERE {} = {}", all, table_.tenant_column, sql_text(tenant)));
    plan.index_serves_with = index_serves(plan.plan_with, table_.tenant_column);
    plan.index_serves_without = index_serves(plan.plan_without, table_.tenant_column);
    plan.per_row = per_row(plan.plan_with);
    const bool index_lost =
        !plan.index.empty() && plan.index_serves_without && !plan.index_serves_with;
    if (!plan.plan_with.empty() && (index_lost || !plan.per_row.empty())) mend(plan, index_lost);
    return plan;
  }

 private:
  std::string explain(const std::string& setup, const std::string& enter,
                      const std::string& query) {
    const Rows rows =
        session_.query(fmt::format("SELECT pg_temp.drydock_explain({}, {}, {})", sql_text(setup),
                                   sql_text(enter), sql_text(query)));
    return std::string(rows.at(0, 0));
  }

  void read_functions() {
    const Rows rows = session_.query(
        "SELECT DISTINCT pg_catalog.quote_ident(n.nspname), pg_catalog.quote_ident(p.proname)"
        " FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace"
        " WHERE n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'"
        " ORDER BY 1, 2");
    for (int i = 0; i < rows.size(); ++i) {
      functions_.push_back({std::string(rows.at(i, 0)), std::string(rows.at(i, 1))});
    }
  }

  /// Calls in the policies that the plan makes for every row although no row has a part in them.
  std::vector<std::string> per_row(const std::string& plan) const {
    std::vector<CalledFunction> filtering;
    std::copy_if(functions_.begin(), functions_.end(), std::back_inserter(filtering),
                 [&](const CalledFunction& each) { return filters_by(plan, each); });
    std::vector<std::string> calls;
    for (const PolicyFact& policy : table_.facts.policies) {
      if (!is_read_policy(policy)) continue;
      for (const std::string& call : constant_calls(policy.using_expression, filtering, columns_)) {
        if (std::find(calls.begin(), calls.end(), call) == calls.end()) calls.push_back(call);
      }
    }
    return calls;
  }

  /// The rewrite is told only when it was tried and does mend what is wrong.
  void mend(PolicyPlan& plan, bool index_lost) {
    for (const bool arrays : {false, true}) {
      std::vector<std::string> statements;
      std::string policy;
      for (const PolicyFact& each : table_.facts.policies) {
        if (!is_read_policy(each)) continue;
        const std::string sql = rewrite(each, arrays);
        if (sql.empty()) continue;
        if (policy.empty()) policy = each.name;
        statements.push_back(sql);
      }
      if (plan.policy.empty()) plan.policy = policy;
      if (statements.empty()) continue;
      const std::string sql = join(statements, ";\n");
      const std::string mended = explain(sql, enter_, fmt::format("SELECT * FROM {}", table_.sql));
      const bool serves = !index_lost || index_serves(mended, table_.tenant_column);
      if (mended.empty() || !serves || !per_row(mended).empty()) continue;
      plan.policy = policy;
      plan.rewrite = sql;
      return;
    }
    if (!plan.policy.empty()) return;
    for (const PolicyFact& each : table_.facts.policies) {
      if (plan.policy.empty() && is_read_policy(each)) plan.policy = each.name;
    }
  }

  std::string rewrite(const PolicyFact& policy, bool arrays) const {
    const auto better = [&](const std::string& expression) {
      const std::string made =
          with_subqueries(expression, constant_calls(expression, functions_, columns_));
      return arrays ? with_arrays(made) : made;
    };
    std::vector<std::string> clauses;
    const std::string reads = better(policy.using_expression);
    const std::string checks = better(policy.check_expression);
    if (reads != policy.using_expression) clauses.push_back(fmt::format("USING ({})", reads));
    if (checks != policy.check_expression) {
      clauses.push_back(fmt::format("WITH CHECK ({})", checks));
    }
    if (clauses.empty()) return {};
    return fmt::format("ALTER POLICY {} ON {} {}", sql_name(policy.name), table_.sql,
                       join(clauses, " "));
  }

  Session& session_;
  const TenantTable& table_;
  const std::string enter_;
  std::vector<std::string> columns_;
  std::vector<CalledFunction> functions_;
};

}  // namespace

std::optional<PolicyPlan> explain_policy(Session& session, const Tenancy& tenancy,
                                         const TenantContext& context, const TenantTable& table) {
  const TableIsolation& facts = table.facts;
  const bool reads = std::find(facts.privileges.begin(), facts.privileges.end(), "SELECT") !=
                     facts.privileges.end();
  if (!facts.row_security || !reads || table.tenant_column.empty()) return {};
  if (facts.tenant_a.empty() || !facts.exempt.empty()) return {};
  const std::string enter =
      enter_statements(session, tenancy.role.name, context.steps_for(facts.tenant_a));
  return PlanReader(session, table, enter).read(facts.tenant_a);
}

}  // namespace drydock
