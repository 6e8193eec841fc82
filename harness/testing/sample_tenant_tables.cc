#include "harness/testing/sample_tenant_tables.h"

#include <fmt/format.h>

#include <array>

#include "harness/testing/sample_run.h"

namespace drydock::testing {
namespace {

constexpr std::array kReads = {IsolationCommand::kSelect, IsolationCommand::kCopy,
                               IsolationCommand::kLockRows, IsolationCommand::kReturning};
constexpr std::array kWrites = {IsolationCommand::kUpdate, IsolationCommand::kUpdateAll,
                                IsolationCommand::kDelete, IsolationCommand::kDeleteAll};
constexpr std::array kChecked = {IsolationCommand::kInsert, IsolationCommand::kUpsert,
                                 IsolationCommand::kMove};
constexpr std::array kOthers = {
    IsolationSituation::kOther, IsolationSituation::kNoContext, IsolationSituation::kEmptyContext,
    IsolationSituation::kMalformedContext, IsolationSituation::kUnknownTenant};
const std::string kTenantA = "5f0c7a52-8f6e-4b7e-9a51-5c5a9c1f0001";
const std::string kTenantB = "5f0c7a52-8f6e-4b7e-9a51-5c5a9c1f0002";

/// As the prober shows it: for one tenant's rows, or for everybody's.
std::string sql_of(IsolationCommand command, IsolationSituation situation,
                   const std::string& table) {
  const std::string& whose = situation == IsolationSituation::kOwn ? kTenantA : kTenantB;
  std::string where = fmt::format(" WHERE tenant_id = '{}'", whose);
  if (situation > IsolationSituation::kOther) where.clear();
  switch (command) {
    case IsolationCommand::kCopy:
      return fmt::format("COPY (SELECT * FROM {}{}) TO STDOUT", table, where);
    case IsolationCommand::kLockRows:
      return fmt::format("SELECT * FROM {}{} FOR UPDATE", table, where);
    case IsolationCommand::kInsert:
      return fmt::format("INSERT INTO {} (id, tenant_id) VALUES (17, '{}')", table, whose);
    case IsolationCommand::kUpdate:
      return fmt::format("UPDATE {} SET id = id{}", table, where);
    case IsolationCommand::kDeleteAll:
      return "DELETE FROM " + table;
    default:
      return fmt::format("SELECT * FROM {}{}", table, where);
  }
}

IsolationProbe probe(const std::string& table, IsolationCommand command,
                     IsolationSituation situation, std::int64_t rows, std::int64_t of,
                     const std::string& outcome) {
  IsolationProbe out;
  out.command = command;
  out.situation = situation;
  out.verdict = IsolationVerdict::kHeld;
  out.rows = rows;
  out.of = of;
  out.outcome = outcome;
  out.sql = sql_of(command, situation, table);
  return out;
}

/// Every try on a table with its policies as they should be.
std::vector<IsolationProbe> held_probes(const std::string& table) {
  std::vector<IsolationProbe> probes;
  for (const IsolationCommand command : kReads)
    probes.push_back(probe(table, command, IsolationSituation::kOwn, 500, 500, "500 of 500 rows"));
  for (const IsolationCommand command : kWrites)
    probes.push_back(probe(table, command, IsolationSituation::kOwn, 500, 500, "500 of 500 rows"));
  probes.push_back(
      probe(table, IsolationCommand::kInsert, IsolationSituation::kOwn, 1, 1, "1 of 1 row"));
  for (const IsolationSituation situation : kOthers) {
    for (const IsolationCommand command : kReads)
      probes.push_back(probe(table, command, situation, 0, 500, "0 of 500 rows"));
    for (const IsolationCommand command : kWrites)
      probes.push_back(probe(table, command, situation, 0, 500, "0 of 500 rows"));
    for (const IsolationCommand command : kChecked)
      probes.push_back(
          probe(table, command, situation, 0, 0,
                fmt::format("new row violates row-level security policy for table \"{}\" (42501)",
                            table.substr(table.find('.') + 1))));
  }
  IsolationProbe truncate = probe(table, IsolationCommand::kTruncate, IsolationSituation::kOther, 0,
                                  0, "the role has no privilege TRUNCATE");
  truncate.verdict = IsolationVerdict::kNotTried;
  truncate.sql.clear();
  probes.push_back(truncate);
  return probes;
}

PolicyFact policy(const std::string& name, const std::string& command, const std::string& check) {
  return {name, command,
          true, {"wms_app"},
          true, "(tenant_id = (current_setting('app.current_tenant_id'::text))::uuid)",
          check};
}

IsolationProbe& find(TableIsolation& table, IsolationCommand command,
                     IsolationSituation situation) {
  for (IsolationProbe& each : table.probes)
    if (each.command == command && each.situation == situation) return each;
  return table.probes.emplace_back(probe(table.table, command, situation, 0, 0, ""));
}

void turn(TableIsolation& table, IsolationCommand command, IsolationSituation situation,
          IsolationVerdict verdict, std::int64_t rows, std::int64_t of,
          const std::string& outcome) {
  IsolationProbe& tried = find(table, command, situation);
  tried.verdict = verdict;
  tried.rows = rows;
  tried.of = of;
  tried.outcome = outcome;
}

/// Policies for reading and changing one's own, but INSERT lets everything in and nobody's context
/// sees everybody's rows.
TableIsolation leaky_table() {
  TableIsolation table = held_table("public.pallets");
  table.forced = false;
  table.policies = {policy("pallets_read", "SELECT", ""),
                    policy("pallets_insert", "INSERT", "true"),
                    policy("]]></script><b onclick='x()'>", "UPDATE", "")};
  table.policies[1].using_expression.clear();
  table.policies[2].permissive = false;
  table.policies[2].roles = {"public", "auditor"};
  table.policies[2].applies = false;
  turn(table, IsolationCommand::kSelect, IsolationSituation::kNoContext, IsolationVerdict::kLeak,
       1000, 1000, "1000 of 1000 rows");
  IsolationProbe& seen = find(table, IsolationCommand::kSelect, IsolationSituation::kNoContext);
  seen.examples = {"id = 17, tenant_id = " + kTenantB, "id = 18, code = " + hostile_text()};
  turn(table, IsolationCommand::kInsert, IsolationSituation::kOther, IsolationVerdict::kLeak, 1, 1,
       "1 of 1 row");
  find(table, IsolationCommand::kInsert, IsolationSituation::kOther).examples = {"id = 17"};
  turn(table, IsolationCommand::kReturning, IsolationSituation::kOwn, IsolationVerdict::kDenied, 20,
       500, "20 of 500 rows");
  turn(table, IsolationCommand::kUniqueKey, IsolationSituation::kOther, IsolationVerdict::kTold, 0,
       500, "duplicate key value violates unique constraint \"pallets_code_key\" (23505)");
  return table;
}

}  // namespace

TableIsolation held_table(const std::string& name) {
  TableIsolation table;
  table.table = name;
  table.tenant = "tenant_id";
  table.owner = "wms_owner";
  table.row_security = true;
  table.forced = true;
  table.privileges = {"SELECT", "INSERT", "UPDATE", "DELETE"};
  table.policies = {policy("tenant_isolation", "ALL", "")};
  table.rows = 1000;
  table.tenants = 2;
  table.tenant_a = kTenantA;
  table.tenant_b = kTenantB;
  table.probes = held_probes(name);
  table.changed_by = "000012_tenants";
  return table;
}

std::vector<TableIsolation> tenant_tables() {
  TableIsolation by_parent = held_table("public.order_lines");
  by_parent.link = TenantLink::kParent;
  by_parent.tenant = "order_id → public.orders.tenant_id";
  by_parent.seen_after = "000003_tenant_policies";
  TableIsolation exempt;
  exempt.table = "public.countries";
  exempt.tenant = "tenant_id";
  exempt.exempt = "a list that all tenants share";
  TableIsolation untried;
  untried.table = "public.tenants";
  untried.link = TenantLink::kRoot;
  untried.tenant = "id";
  untried.role_is_owner = true;
  untried.privileges = {"SELECT"};
  untried.privileges_assumed = true;
  untried.rows = 1;
  untried.tenants = 1;
  untried.problem = "it has rows of one tenant only: nobody can be tried against anybody";
  return {exempt, held_table("public.lots"), by_parent, leaky_table(), untried};
}

}  // namespace drydock::testing
