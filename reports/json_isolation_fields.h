// The part of run.json that tells what was seen of tenant isolation; see json_fields.h for the
// manner.
//
// A hundred tables with forty tries each, nearly all of which went as they must: fields that say
// the usual are left out, tries that held stand by their answers instead of one by one
// (json_isolation_tries.h), and docs/report-format.md tells what absence means.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "harness/model/isolation_evidence.h"
#include "reports/isolation_totals.h"
#include "reports/json_isolation_tries.h"
#include "reports/json_ref.h"

namespace drydock::json_format {

template <class A>
void describe(A& a, Ref<A, IsolationProbe> probe) {
  a.required("command", probe.command);
  a.required("situation", probe.situation);
  a.required("verdict", probe.verdict);
  a.unless("rows", probe.rows, std::int64_t{0});
  a.unless("of", probe.of, std::int64_t{0});
  a.unless("outcome", probe.outcome, std::string());
  a.unless("sql", probe.sql, std::string());
  a.unless("examples", probe.examples, std::vector<std::string>());
}

template <class A>
void describe(A& a, Ref<A, PolicyFact> policy) {
  a.required("name", policy.name);
  a.field("command", policy.command);
  a.unless("permissive", policy.permissive, true);
  a.field("roles", policy.roles);
  a.unless("applies", policy.applies, false);
  a.unless("using", policy.using_expression, std::string());
  a.unless("check", policy.check_expression, std::string());
}

template <class A>
void describe_tries(A& a, Ref<A, TableIsolation> table) {
  PackedTries packed;
  if constexpr (A::kWrites) packed = pack_tries(table.probes);
  a.unless("probes", packed.whole, std::vector<IsolationProbe>());
  describe_by_situation(a, "held", packed.held);
  describe_by_situation(a, "not_tried", packed.not_tried);
  describe_by_situation(a, "statements", packed.statements);
  if constexpr (!A::kWrites) table.probes = unpack_tries(packed);
}

template <class A>
void describe(A& a, Ref<A, TableIsolation> table) {
  a.required("table", table.table);
  a.unless("link", table.link, TenantLink::kColumn);
  a.unless("tenant", table.tenant, std::string());
  a.unless("owner", table.owner, std::string());
  a.unless("row_security", table.row_security, false);
  a.unless("forced", table.forced, false);
  a.unless("role_is_owner", table.role_is_owner, false);
  a.unless("privileges", table.privileges, std::vector<std::string>());
  a.unless("privileges_assumed", table.privileges_assumed, false);
  a.unless("policies", table.policies, std::vector<PolicyFact>());
  a.unless("rows", table.rows, std::int64_t{0});
  a.unless("tenants", table.tenants, std::int64_t{0});
  a.unless("tenant_a", table.tenant_a, std::string());
  a.unless("tenant_b", table.tenant_b, std::string());
  describe_tries(a, table);
  a.unless("problem", table.problem, std::string());
  a.unless("exempt", table.exempt, std::string());
  a.unless("changed_by", table.changed_by, std::string());
  a.unless("seen_after", table.seen_after, std::string());
}

template <class A>
void describe(A& a, Ref<A, BypassPath> path) {
  a.required("kind", path.kind);
  a.field("path", path.path);
  a.field("table", path.table);
  a.field("why", path.why);
  a.unless("tried", path.tried, false);
  a.unless("leaks", path.leaks, false);
  a.unless("outcome", path.outcome, std::string());
  a.unless("sql", path.sql, std::string());
  a.unless("remedy", path.remedy, std::string());
  a.unless("changed_by", path.changed_by, std::string());
  a.unless("seen_after", path.seen_after, std::string());
}

template <class A>
void describe(A& a, Ref<A, PolicyMutant> mutant) {
  a.required("kind", mutant.kind);
  a.field("table", mutant.table);
  a.unless("policy", mutant.policy, std::string());
  a.field("sql", mutant.sql);
  a.unless("noticed", mutant.noticed, false);
  a.unless("by", mutant.by, std::string());
  a.unless("problem", mutant.problem, std::string());
  a.unless("duration_ms", mutant.duration_ms, 0.0);
}

template <class A>
void describe(A& a, Ref<A, PolicyPlan> plan) {
  a.required("table", plan.table);
  a.unless("index", plan.index, std::string());
  a.unless("index_serves_without", plan.index_serves_without, false);
  a.unless("index_serves_with", plan.index_serves_with, false);
  a.unless("per_row", plan.per_row, std::vector<std::string>());
  a.unless("plan_with", plan.plan_with, std::string());
  a.unless("plan_without", plan.plan_without, std::string());
  a.unless("policy", plan.policy, std::string());
  a.unless("rewrite", plan.rewrite, std::string());
  a.unless("changed_by", plan.changed_by, std::string());
  a.unless("seen_after", plan.seen_after, std::string());
}

template <class A>
void describe(A& a, Ref<A, HiddenRows> hidden) {
  a.field("statement", hidden.statement);
  a.field("file", hidden.file);
  a.field("line", hidden.line);
  a.field("rows", hidden.rows);
  a.field("rows_unbound", hidden.rows_unbound);
  a.field("contents", hidden.contents);
}

template <class A>
void describe(A& a, Ref<A, RoleFaithfulTrial> trial) {
  a.field("ran", trial.ran);
  a.unless("skipped", trial.skipped, std::string());
  a.unless("role", trial.role, std::string());
  a.unless("hidden", trial.hidden, std::vector<HiddenRows>());
}

template <class A>
void describe(A& a, Ref<A, IsolationWindow> window) {
  a.unless("in_down", window.in_down, false);
  a.required("table", window.table);
  a.field("statement", window.statement);
  a.field("file", window.file);
  a.field("line", window.line);
  a.field("closed_by", window.closed_by);
}

template <class A>
void describe(A& a, Ref<A, IsolationEvidence> isolation) {
  a.field("judged", isolation.judged);
  a.field("skipped", isolation.skipped);
  a.unless("failed", isolation.failed, std::string());
  a.unless("at_end", isolation.at_end, false);
  if constexpr (A::kWrites) a.unless("summary", isolation_phrase(isolation), std::string());
  a.unless("role", isolation.role, std::string());
  a.unless("role_words", isolation.role_words, std::string());
  a.unless("context_words", isolation.context_words, std::string());
  a.unless("context_problem", isolation.context_problem, std::string());
  a.unless("notes", isolation.notes, std::vector<std::string>());
  a.unless("tables", isolation.tables, std::vector<TableIsolation>());
  a.unless("paths", isolation.paths, std::vector<BypassPath>());
  a.unless("mutants", isolation.mutants, std::vector<PolicyMutant>());
  a.unless("plans", isolation.plans, std::vector<PolicyPlan>());
  const RoleFaithfulTrial& trial = isolation.role_faithful;
  if (!A::kWrites || trial.ran || !trial.skipped.empty())
    a.field("role_faithful", isolation.role_faithful);
  a.unless("windows", isolation.windows, std::vector<IsolationWindow>());
}

}  // namespace drydock::json_format
