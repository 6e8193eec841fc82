#include "harness/testing/isolated.h"

#include <algorithm>

#include "harness/testing/builders.h"

namespace drydock::testing {
namespace {

using enum IsolationCommand;
using enum IsolationSituation;
using enum IsolationVerdict;

constexpr IsolationCommand kCommands[] = {kSelect,    kCopy,       kLockRows,  kReturning, kInsert,
                                          kUpsert,    kUpdate,     kUpdateAll, kMove,      kDelete,
                                          kDeleteAll, kForeignKey, kUniqueKey, kTruncate};

/// What is tried when nobody is anybody: there is no row of one's own to start from.
constexpr IsolationCommand kWithoutTenant[] = {kSelect, kInsert, kUpdateAll, kDeleteAll};

bool can_own(IsolationCommand command) {
  return command == kSelect || command == kInsert || command == kUpdate || command == kDelete;
}

/// 40 rows are the tenant's, 1000 everybody's.
void try_everything(TableIsolation& table, IsolationVerdict verdict) {
  const auto rows = [&](std::int64_t all) { return verdict == kLeak ? all : 0; };
  for (const IsolationCommand command : kCommands) {
    if (can_own(command)) table.probes.push_back(probe(command, kOwn, kHeld, 40, 40));
    IsolationProbe other = probe(command, kOther, verdict, rows(40), 40);
    if (command == kForeignKey || command == kUniqueKey || command == kTruncate) {
      other = probe(command, kOther, kNotTried);
      other.outcome = command == kTruncate ? "TRUNCATE is not granted" : "there is no such key";
    }
    table.probes.push_back(other);
  }
  for (const IsolationSituation situation :
       {kNoContext, kEmptyContext, kMalformedContext, kUnknownTenant, kOwner}) {
    for (const IsolationCommand command : kWithoutTenant)
      table.probes.push_back(probe(command, situation, verdict, rows(1000), 1000));
  }
}

TableIsolation granted(const std::string& name) {
  TableIsolation table;
  table.table = name;
  table.tenant = "tenant_id";
  table.owner = "wms_owner";
  table.privileges = {"SELECT", "INSERT", "UPDATE", "DELETE"};
  table.rows = 1000;
  table.tenants = 25;
  table.tenant_a = kTenantA;
  table.tenant_b = kTenantB;
  table.changed_by = "0002_add_lots";
  return table;
}

}  // namespace

IsolationProbe probe(IsolationCommand command, IsolationSituation situation,
                     IsolationVerdict verdict, std::int64_t rows, std::int64_t of) {
  IsolationProbe out;
  out.command = command;
  out.situation = situation;
  out.verdict = verdict;
  out.rows = rows;
  out.of = of;
  out.outcome = verdict == kHeld ? "0 rows" : std::to_string(rows) + " rows";
  out.sql = "SELECT * FROM public.lots";
  if (verdict == kLeak) out.examples = {"id = 17, tenant_id = " + kTenantB};
  return out;
}

PolicyFact tenant_policy(const std::string& command) {
  PolicyFact policy;
  policy.name = "tenant_isolation";
  policy.command = command;
  policy.roles = {"public"};
  policy.applies = true;
  const std::string own = "(tenant_id = (current_setting('app.current_tenant_id'::text))::uuid)";
  if (command != "INSERT") policy.using_expression = own;
  if (command != "SELECT" && command != "DELETE") policy.check_expression = own;
  return policy;
}

TableIsolation kept_apart(const std::string& name) {
  TableIsolation table = granted(name);
  table.row_security = table.forced = true;
  table.policies = {tenant_policy()};
  try_everything(table, kHeld);
  return table;
}

TableIsolation lying_open(const std::string& name) {
  TableIsolation table = granted(name);
  try_everything(table, kLeak);
  return table;
}

void replace(TableIsolation& table, IsolationProbe wanted) {
  const auto same = [&](const IsolationProbe& other) {
    return other.command == wanted.command && other.situation == wanted.situation;
  };
  const auto found = std::find_if(table.probes.begin(), table.probes.end(), same);
  if (found == table.probes.end()) {
    table.probes.push_back(std::move(wanted));
  } else {
    *found = std::move(wanted);
  }
}

BypassPath leaking_view() {
  BypassPath path;
  path.kind = BypassKind::kView;
  path.path = {"role wms_app", "view public.lot_totals", "table public.lots"};
  path.table = "public.lots";
  path.why = "it reads with the rights of wms_owner, whom row security does not bind";
  path.tried = path.leaks = true;
  path.outcome = "12 rows, 7 of them of another tenant";
  path.sql = "SELECT * FROM public.lot_totals";
  path.remedy = "ALTER VIEW public.lot_totals SET (security_invoker = true);";
  path.changed_by = "0002_add_lots";
  return path;
}

PolicyMutant noticed_mutant(const std::string& table) {
  PolicyMutant mutant;
  mutant.kind = MutationKind::kDropPolicy;
  mutant.table = table;
  mutant.policy = "tenant_isolation";
  mutant.sql = "DROP POLICY tenant_isolation ON " + table;
  mutant.noticed = true;
  mutant.by = "SELECT of its own rows";
  mutant.duration_ms = 2.5;
  return mutant;
}

PolicyPlan served_plan(const std::string& table) {
  PolicyPlan plan;
  plan.table = table;
  plan.index = "lots_tenant_id_idx";
  plan.index_serves_without = plan.index_serves_with = true;
  plan.policy = "tenant_isolation";
  plan.plan_without = "Index Scan using lots_tenant_id_idx on lots\n  Index Cond: (tenant_id = $1)";
  plan.plan_with = plan.plan_without;
  plan.changed_by = "0002_add_lots";
  return plan;
}

HiddenRows hidden_update() {
  HiddenRows hidden;
  hidden.statement = "UPDATE lots SET grade = 'A'";
  hidden.file = "0002_add_lots.up.sql";
  hidden.line = 4;
  hidden.rows_unbound = 1000;
  return hidden;
}

Rehearsal isolated(std::vector<TableIsolation> tables) {
  Rehearsal rehearsal = clean_rehearsal();
  const std::string& file = rehearsal.up_files.front();
  rehearsal.up.statements = {
      statement("CREATE TABLE", "CREATE TABLE lots (id bigint, tenant_id uuid NOT NULL)", 1, file),
      statement("ALTER TABLE", "ALTER TABLE lots ENABLE ROW LEVEL SECURITY", 3, file)};
  IsolationEvidence& isolation = rehearsal.isolation;
  isolation.judged = true;
  isolation.role = "wms_app";
  isolation.role_words = "the role that the schema grants to";
  isolation.context_words = "the setting app.current_tenant_id, found in the policies";
  isolation.tables = std::move(tables);
  return rehearsal;
}

}  // namespace drydock::testing
