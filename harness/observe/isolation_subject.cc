#include "harness/observe/isolation_subject.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cstdlib>

#include "harness/base/sql_text.h"
#include "harness/base/text.h"

namespace drydock {
namespace {

/// More tenants than this are not told apart: those with most rows are tried.
constexpr int kTenantsRead = 200;

const TenancyKey* primary_key(const TenantTable& table) {
  for (const TenancyKey& key : table.keys) {
    if (key.primary && !key.columns.empty()) return &key;
  }
  return nullptr;
}

/// Columns by which people know a row: the key's, else the first two.
std::vector<std::string> telling_columns(const TenantTable& table) {
  if (const TenancyKey* key = primary_key(table)) return key->columns;
  std::vector<std::string> names;
  for (const TenancyColumn& column : table.columns) {
    if (names.size() < 2 && column.name != table.tenant_column) names.push_back(column.name);
  }
  return names;
}

std::string counts_query(const TenantTable& table) {
  return fmt::format(
      "SELECT {} AS tenant, pg_catalog.count(*) FROM {} t GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT {}",
      tenant_text(table), table.sql, kTenantsRead);
}

/// Columns in constraints and unique indexes, columns with defaults, and what the role and the
/// owner are.
std::string facts_query(const TenantTable& table, const std::string& role) {
  return fmt::format(
      "SELECT pg_catalog.array_to_string(ARRAY(SELECT pg_catalog.unnest(conkey)"
      "  FROM pg_catalog.pg_constraint WHERE conrelid = {0}"
      "  UNION SELECT pg_catalog.unnest(indkey::int2[]) FROM pg_catalog.pg_index"
      "  WHERE indrelid = {0} AND indisunique), ','),"
      " pg_catalog.array_to_string(ARRAY(SELECT attnum FROM pg_catalog.pg_attribute"
      "  WHERE attrelid = {0} AND attnum > 0 AND (atthasdef OR attidentity <> ''"
      "  OR atttypid = 'pg_catalog.uuid'::pg_catalog.regtype)), ','),"
      " pg_catalog.has_table_privilege({1}, {0}::pg_catalog.oid, 'SELECT'),"
      " (SELECT c.relforcerowsecurity AND NOT r.rolsuper AND NOT r.rolbypassrls"
      "  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_roles r ON r.oid = c.relowner"
      "  WHERE c.oid = {0})",
      table.oid, sql_text(role));
}

std::set<int> numbers(std::string_view list) {
  std::set<int> all;
  if (list.empty()) return all;
  for (const std::string& each : split(list, ',')) all.insert(std::atoi(each.c_str()));
  return all;
}

/// Setting a column that a policy reads would be refused for reasons other than the tenant.
bool policies_name(const TenantTable& table, const std::string& column) {
  return std::any_of(table.facts.policies.begin(), table.facts.policies.end(), [&](const auto& p) {
    return p.using_expression.find(column) != std::string::npos ||
           p.check_expression.find(column) != std::string::npos;
  });
}

int choose_written(const TenantTable& table, const std::set<int>& constrained) {
  int second = -1;
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    const TenancyColumn& column = table.columns[i];
    if (!column.writable || column.always_identity || !column.may_update) continue;
    if (column.name == table.tenant_column || constrained.count(column.number) > 0) continue;
    if (!policies_name(table, column.name)) return static_cast<int>(i);
    if (second < 0) second = static_cast<int>(i);
  }
  return second;
}

std::string place_sql(const TenantTable& table) {
  std::vector<std::string> parts;
  if (const TenancyKey* key = primary_key(table)) {
    for (const std::string& column : key->columns) {
      parts.push_back(fmt::format("pg_catalog.concat({}, pg_catalog.quote_literal(t.{}::text))",
                                  sql_text(column + " = "), column));
    }
  } else {
    parts.push_back("pg_catalog.concat('ctid = ', pg_catalog.quote_literal(t.ctid::text))");
  }
  return fmt::format("pg_catalog.concat_ws(' AND ', {})", join(parts, ", "));
}

std::string sample_query(const TenantTable& table, const std::string& tenant,
                         const std::string& preferred) {
  std::vector<std::string> values{place_sql(table), label_sql(table)};
  for (const TenancyColumn& column : table.columns) {
    values.push_back(fmt::format("pg_catalog.quote_nullable(t.{}::text)", column.name));
  }
  return fmt::format(
      "SELECT {} FROM {} t WHERE {} = {}{} LIMIT 1", join(values, ", "), table.sql,
      tenant_text(table), sql_text(tenant),
      preferred.empty() ? "" : fmt::format(" ORDER BY ({}) DESC NULLS LAST", preferred));
}

void take_sample(const Rows& rows, SampleRow& sample) {
  if (rows.size() == 0) return;
  sample.place = rows.at(0, 0);
  sample.label = rows.at(0, 1);
  for (int i = 2; i < rows.columns(); ++i) sample.literals.emplace_back(rows.at(0, i));
}

const TenantTable* table_named(const std::vector<TenantTable>& tables, const std::string& name) {
  const auto found = std::find_if(tables.begin(), tables.end(), [&](const TenantTable& each) {
    return each.facts.table == name || each.sql == name;
  });
  return found == tables.end() ? nullptr : &*found;
}

void read_parent_keys(Session& session, IsolationSubject& subject, const std::string& tenant,
                      const std::vector<TenantTable>& tables) {
  for (const TenancyReference& reference : subject.table->references) {
    const TenantTable* parent = table_named(tables, reference.parent);
    if (reference.has_tenant || parent == nullptr) continue;
    std::vector<std::string> keys;
    for (const std::string& column : reference.parent_columns) {
      keys.push_back(fmt::format("pg_catalog.quote_literal(t.{}::text)", column));
    }
    const Rows rows =
        session.query(fmt::format("SELECT {} FROM {} t WHERE {} = {} LIMIT 1", join(keys, ", "),
                                  parent->sql, tenant_text(*parent), sql_text(tenant)));
    if (rows.size() == 0) continue;
    std::vector<std::string>& literals = subject.parents[reference.name][tenant];
    for (int i = 0; i < rows.columns(); ++i) literals.emplace_back(rows.at(0, i));
  }
}

}  // namespace

std::int64_t IsolationSubject::rows_of(const std::string& tenant) const {
  for (const TenantRows& each : tenants) {
    if (each.tenant == tenant) return each.rows;
  }
  return 0;
}

std::int64_t IsolationSubject::own_rows_of(const std::string& tenant) const {
  const auto found = expected.find(tenant);
  return found == expected.end() ? rows_of(tenant) : found->second;
}

std::string tenant_text(const TenantTable& table) {
  return fmt::format("({})::text", table.tenant_sql);
}

std::string label_sql(const TenantTable& table) {
  std::vector<std::string> parts;
  for (const std::string& column : telling_columns(table)) {
    if (column == table.tenant_column && table.facts.link != TenantLink::kRoot) continue;
    parts.push_back(fmt::format("pg_catalog.concat({}, t.{})", sql_text(column + " = "), column));
  }
  const std::string name = table.tenant_column.empty() ? "tenant" : table.tenant_column;
  if (table.facts.link != TenantLink::kRoot) {
    parts.push_back(
        fmt::format("pg_catalog.concat({}, {})", sql_text(name + " = "), tenant_text(table)));
  }
  return fmt::format("pg_catalog.concat_ws(', ', {})", join(parts, ", "));
}

std::string seen_rows(const TenantTable& table) {
  return fmt::format(
      "ROWS FROM (pg_catalog.unnest($1), pg_catalog.unnest($2)) v(o, c)"
      " JOIN {} t ON t.tableoid = v.o AND t.ctid = v.c",
      table.sql);
}

const TenancyReference* tenant_reference(const TenantTable& table) {
  if (table.facts.link != TenantLink::kParent) return nullptr;
  for (const TenancyReference& reference : table.references) {
    if (table.facts.tenant.starts_with(join(reference.columns, ", ") + " →")) return &reference;
  }
  return nullptr;
}

IsolationSubject read_subject(Session& session, const TenantTable& table, const std::string& role) {
  IsolationSubject subject;
  subject.table = &table;
  const std::vector<Rows> answers =
      session.query_all(counts_query(table) + "; " + facts_query(table, role));
  for (int i = 0; i < answers[0].size(); ++i) {
    const std::int64_t count = std::atoll(std::string(answers[0].at(i, 1)).c_str());
    subject.rows += count;
    if (answers[0].is_null(i, 0)) {
      subject.nobody = count;
    } else {
      subject.tenants.push_back({std::string(answers[0].at(i, 0)), count});
    }
  }
  subject.written = choose_written(table, numbers(answers[1].at(0, 0)));
  const std::set<int> made_up = numbers(answers[1].at(0, 1));
  for (const TenancyColumn& column : table.columns) {
    if (made_up.count(column.number) > 0) subject.made_up.insert(column.name);
  }
  subject.sees_whole_rows = answers[1].at(0, 2) == "t";
  subject.owner_is_bound = answers[1].at(0, 3) == "t";
  return subject;
}

void read_samples(Session& session, IsolationSubject& subject,
                  const std::vector<std::string>& tenants, const std::vector<TenantTable>& tables) {
  std::string sql;
  for (const std::string& tenant : tenants) sql += sample_query(*subject.table, tenant, "") + "; ";
  const std::vector<Rows> rows = session.query_all(sql);
  for (std::size_t i = 0; i < tenants.size(); ++i) {
    take_sample(rows[i], subject.samples[tenants[i]]);
    read_parent_keys(session, subject, tenants[i], tables);
  }
}

void read_sample(Session& session, IsolationSubject& subject, const std::string& tenant,
                 const std::string& preferred) {
  SampleRow sample;
  take_sample(session.query(sample_query(*subject.table, tenant, preferred)), sample);
  if (!sample.place.empty()) subject.samples[tenant] = std::move(sample);
}

}  // namespace drydock
