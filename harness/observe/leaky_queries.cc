#include "harness/observe/leaky_queries.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "harness/base/sql_text.h"
#include "harness/base/text.h"
#include "harness/observe/bypass_calls.h"
#include "harness/observe/policy_context.h"
#include "harness/observe/tenancy_catalog.h"

namespace drydock {
namespace {

/// One function with many columns to choose from says the same about each.
constexpr std::size_t kCallsOfOne = 6;

/// oids below are made by initdb (src/include/access/transam.h, FirstNormalObjectId).
constexpr const char* kFunctions = R"sql(
select quote_ident(n.nspname), quote_ident(p.proname),
  p.proleakproof and not p.proretset and p.provariadic = 0 and l.lanname not in ('c', 'internal')
    and has_schema_privilege($role, n.oid, 'USAGE')
    and has_function_privilege($role, p.oid, 'EXECUTE'),
  format('%I.%I(%s)', n.nspname, p.proname, oidvectortypes(p.proargtypes)),
  (select string_agg(format_type(t, null), chr(31) order by k)
     from unnest(p.proargtypes::oid[]) with ordinality as u(t, k))
from pg_proc p join pg_namespace n on n.oid = p.pronamespace join pg_language l on l.oid = p.prolang
where p.oid >= 16384 and p.prokind = 'f' and n.nspname !~ '^pg_'
  and p.prorettype not in ('trigger'::regtype, 'event_trigger'::regtype)
  and not exists (select from pg_depend e where e.classid = 'pg_proc'::regclass
    and e.objid = p.oid and e.deptype = 'e')
order by 1, 2, 4)sql";

constexpr const char* kOperators = R"sql(
select distinct p.polrelid from pg_policy p
  join pg_depend d on d.classid = 'pg_policy'::regclass and d.objid = p.oid
where d.refclassid = 'pg_operator'::regclass and d.refobjid >= 16384)sql";

bool is_read_policy(const PolicyFact& policy) {
  return policy.applies && (policy.command == "ALL" || policy.command == "SELECT") &&
         !policy.using_expression.empty();
}

bool takes(const std::string& argument, const TenancyColumn& column) {
  const bool any = argument == "anyelement" || argument == "anynonarray" ||
                   argument == "anycompatible" || argument == "anycompatiblenonarray";
  return any || same_kind(argument, column.type);
}

/// Something that a strict function does not refuse to look at.
std::string filler(const std::string& type) {
  if (is_text(type)) return "''";
  return same_kind(type, "integer") ? "0" : "NULL::" + type;
}

/// Keys that `expression` takes out of JSON: ->> 'region'.
std::vector<std::string> json_keys(const std::string& expression) {
  std::vector<std::string> keys;
  const std::string takes_out = "->> '";
  for (std::size_t at = expression.find(takes_out); at != std::string::npos;
       at = expression.find(takes_out, at + 1)) {
    const std::size_t from = at + takes_out.size();
    const std::size_t to = expression.find('\'', from);
    if (to != std::string::npos) keys.push_back(expression.substr(from, to - from));
  }
  return keys;
}

/// A value of the column that holds kPlanted; empty: none can be thought of.
std::string planted_value(const TenancyColumn& column, const std::string& expression) {
  if (is_text(column.type)) return sql_text(LeakyQueries::kPlanted);
  if (column.type != "jsonb" && column.type != "json") return {};
  std::vector<std::string> members;
  for (const std::string& key : json_keys(expression)) {
    members.push_back(sql_text(key) + ", " + sql_text(LeakyQueries::kPlanted) + "::text");
  }
  if (members.empty()) return {};
  return fmt::format("pg_catalog.{}_build_object({})", column.type, join(members, ", "));
}

void add_planted(const TenantTable& table, std::vector<LeakyQuery>& queries) {
  for (const PolicyFact& policy : table.facts.policies) {
    if (!is_read_policy(policy)) continue;
    for (const TenancyColumn& column : table.columns) {
      const bool asked_for = column.name != table.tenant_column && column.writable &&
                             holds_word(policy.using_expression, column.name);
      const std::string value =
          asked_for ? planted_value(column, policy.using_expression) : std::string();
      if (value.empty()) continue;
      queries.push_back({fmt::format("SELECT count(*) FROM {}", table.sql),
                         fmt::format("policy {} fails on a row of another tenant's with {} = '{}'",
                                     policy.name, column.name, LeakyQueries::kPlanted),
                         fmt::format("{} = {}", column.name, value)});
    }
  }
}

}  // namespace

LeakyQueries::LeakyQueries(Session& session, const std::string& role) {
  const std::vector<Rows> answers =
      session.query_all(with_mark(kFunctions, "$role", sql_text(role)) + ";" + kOperators);
  const Rows& functions = answers.at(0);
  for (int row = 0; row < functions.size(); ++row) {
    functions_.push_back({std::string(functions.at(row, 0)), std::string(functions.at(row, 1))});
    if (functions.at(row, 2) != "t" || functions.is_null(row, 4)) continue;
    const std::string sql = functions_.back().schema + "." + functions_.back().name;
    leakproof_.push_back(
        {sql, std::string(functions.at(row, 3)), split(functions.at(row, 4), '\x1f')});
  }
  for (int row = 0; row < answers.at(1).size(); ++row) {
    by_operators_.insert(oids_of(answers.at(1).at(row, 0)).front());
  }
}

std::vector<LeakyQuery> LeakyQueries::of(const TenantTable& table) const {
  std::vector<LeakyQuery> queries;
  const auto& privileges = table.facts.privileges;
  const bool reads = std::find(privileges.begin(), privileges.end(), "SELECT") != privileges.end();
  if (!table.facts.row_security || !reads) return queries;
  for (const Leakproof& function : leakproof_) add_calls_of(function, table, queries);
  if (policies_look_into_rows(table)) {
    queries.push_back({fmt::format("SELECT count(*) FROM {}", table.sql),
                       "what the policies call speaks about another tenant's row", ""});
  }
  add_planted(table, queries);
  return queries;
}

void LeakyQueries::add_calls_of(const Leakproof& function, const TenantTable& table,
                                std::vector<LeakyQuery>& queries) const {
  const std::vector<std::string>& types = function.arguments;
  std::size_t made = 0;
  for (std::size_t at = 0; at < types.size(); ++at) {
    for (const TenancyColumn& column : table.columns) {
      if (!column.may_select || !takes(types[at], column) || made == kCallsOfOne) continue;
      std::vector<std::string> values;
      for (std::size_t i = 0; i < types.size(); ++i) {
        values.push_back(i == at ? "t." + column.name : filler(types[i]));
      }
      queries.push_back({fmt::format("SELECT count(*) FROM {} t WHERE {}({}) IS NOT NULL",
                                     table.sql, function.sql, join(values, ", ")),
                         function.name + " is LEAKPROOF and need not wait for the policies", ""});
      ++made;
    }
  }
}

/// Calls that no row has a part in say nothing about one.
bool LeakyQueries::policies_look_into_rows(const TenantTable& table) const {
  if (by_operators_.contains(table.oid)) return true;
  std::vector<std::string> columns;
  for (const TenancyColumn& column : table.columns) columns.push_back(column.name);
  return std::any_of(table.facts.policies.begin(), table.facts.policies.end(),
                     [&](const PolicyFact& policy) {
                       return is_read_policy(policy) &&
                              calls_about_rows(policy.using_expression, functions_, columns);
                     });
}

}  // namespace drydock
