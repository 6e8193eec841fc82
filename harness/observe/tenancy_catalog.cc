#include "harness/observe/tenancy_catalog.h"

#include <charconv>

#include "harness/base/text.h"

namespace drydock {
namespace {

/// Between names in a list: no name can be expected to hold it.
constexpr char kBetween = '\x1f';

/// `c` is a user's table: what every query below asks for.
constexpr const char* kUsersTables = R"sql(
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where c.relkind in ('r', 'p') and c.relpersistence <> 't' and c.oid >= 16384
    and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
    and not exists (select from pg_depend e where e.classid = 'pg_class'::regclass
      and e.objid = c.oid and e.deptype = 'e'))sql";

constexpr const char* kTables = R"sql(
select c.oid, n.nspname, c.relname, format('%I.%I', n.nspname, c.relname),
  pg_get_userbyid(c.relowner), c.relrowsecurity, c.relforcerowsecurity, c.relispartition,
  (select string_agg(inhparent::text, ',') from pg_inherits where inhrelid = c.oid))sql";

constexpr const char* kColumns = R"sql(
select a.attrelid, a.attnum, a.attname, quote_ident(a.attname),
  format_type(a.atttypid, a.atttypmod), coalesce(b.typname, t.typname), a.attnotnull,
  a.attgenerated <> '', a.attidentity = 'a'
from pg_attribute a join pg_type t on t.oid = a.atttypid
  left join pg_type b on t.typtype = 'd' and b.oid = t.typbasetype
where a.attnum > 0 and not a.attisdropped and a.attrelid in (select c.oid)sql";

constexpr const char* kPolicies = R"sql(
select p.polrelid, p.polname,
  case p.polcmd when '*' then 'ALL' when 'r' then 'SELECT' when 'a' then 'INSERT'
    when 'w' then 'UPDATE' else 'DELETE' end,
  p.polpermissive, pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid),
  array_to_string(p.polroles, ','),
  (select string_agg(pg_get_userbyid(r), chr(31) order by n)
     from unnest(p.polroles) with ordinality as u(r, n) where r <> 0),
  (select string_agg(distinct refobjsubid::text, ',') from pg_depend d
     where d.classid = 'pg_policy'::regclass and d.objid = p.oid
       and d.refclassid = 'pg_class'::regclass and d.refobjid = p.polrelid and refobjsubid > 0),
  (select string_agg(distinct refobjid::text, ',') from pg_depend d
     where d.classid = 'pg_policy'::regclass and d.objid = p.oid
       and d.refclassid = 'pg_proc'::regclass)
from pg_policy p order by p.polrelid, p.polname)sql";

constexpr const char* kForeignKeys = R"sql(
select conrelid, quote_ident(conname), confrelid, array_to_string(conkey, ','),
  array_to_string(confkey, ','), confdeltype = 'c'
from pg_constraint where contype = 'f' and conparentid = 0 and oid >= 16384
order by conrelid, conname)sql";

constexpr const char* kIndexes = R"sql(
select i.indrelid, quote_ident(c.relname), i.indisunique, i.indisprimary,
  i.indisvalid and i.indpred is null,
  array_to_string((i.indkey::int2[])[0:i.indnkeyatts - 1], ',')
from pg_index i join pg_class c on c.oid = i.indexrelid
where i.indexrelid >= 16384 and c.relpersistence <> 't'
order by i.indrelid, i.indnkeyatts, c.relname)sql";

/// $body$: a function's text. One written in the standard's way (since 14) has no prosrc.
constexpr const char* kFunctions = R"sql(
select p.oid, p.proname, $body$
from pg_proc p join pg_namespace n on n.oid = p.pronamespace
where p.oid >= 16384 and n.nspname !~ '^pg_' and p.prokind = 'f'
  and ($body$ ~* 'current_setting|current_user|session_user|current_role|pg_has_role'
    or exists (select from pg_depend d where d.classid = 'pg_policy'::regclass
         and d.refclassid = 'pg_proc'::regclass and d.refobjid = p.oid)))sql";

std::string functions_query(bool has_sql_bodies) {
  const std::string body =
      has_sql_bodies ? "coalesce(nullif(p.prosrc, ''), pg_get_function_sqlbody(p.oid), '')"
                     : "p.prosrc";
  return with_mark(kFunctions, "$body$", body);
}

std::uint32_t number(std::string_view text) {
  std::uint32_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

template <typename Number>
std::vector<Number> numbers(std::string_view list) {
  std::vector<Number> result;
  if (list.empty()) return result;
  for (const std::string& part : split(list, ',')) {
    result.push_back(static_cast<Number>(number(part)));
  }
  return result;
}

/// The table that a row of an answer is about; nullptr: not one of the user's.
CatalogTable* table_of(TenancyCatalog& catalog, const Rows& rows, int row) {
  const auto found = catalog.tables.find(number(rows.at(row, 0)));
  return found == catalog.tables.end() ? nullptr : &found->second;
}

void add_tables(TenancyCatalog& catalog, const Rows& rows) {
  for (int row = 0; row < rows.size(); ++row) {
    CatalogTable table;
    table.oid = number(rows.at(row, 0));
    table.schema = rows.at(row, 1);
    table.name = rows.at(row, 2);
    table.sql = rows.at(row, 3);
    table.owner = rows.at(row, 4);
    table.row_security = rows.at(row, 5) == "t";
    table.forced = rows.at(row, 6) == "t";
    table.partition = rows.at(row, 7) == "t";
    table.inherits = numbers<std::uint32_t>(rows.at(row, 8));
    catalog.tables.emplace(table.oid, std::move(table));
  }
}

void add_columns(TenancyCatalog& catalog, const Rows& rows) {
  for (int row = 0; row < rows.size(); ++row) {
    CatalogTable* table = table_of(catalog, rows, row);
    if (table == nullptr) continue;
    CatalogColumn column;
    column.number = static_cast<int>(number(rows.at(row, 1)));
    column.name = rows.at(row, 2);
    column.sql = rows.at(row, 3);
    column.type = rows.at(row, 4);
    column.base_type = rows.at(row, 5);
    column.not_null = rows.at(row, 6) == "t";
    column.generated = rows.at(row, 7) == "t";
    column.always_identity = rows.at(row, 8) == "t";
    table->columns.push_back(std::move(column));
  }
}

CatalogPolicy policy_of(const Rows& rows, int row) {
  CatalogPolicy policy;
  policy.fact.name = rows.at(row, 1);
  policy.fact.command = rows.at(row, 2);
  policy.fact.permissive = rows.at(row, 3) == "t";
  policy.fact.using_expression = rows.at(row, 4);
  policy.fact.check_expression = rows.at(row, 5);
  for (const std::uint32_t role : oids_of(rows.at(row, 6))) {
    if (role == 0) policy.for_everybody = true;
    if (role != 0) policy.roles.push_back(role);
  }
  if (!rows.at(row, 7).empty()) policy.fact.roles = split(rows.at(row, 7), kBetween);
  if (policy.for_everybody) policy.fact.roles = {"public"};
  for (const int column : numbers<int>(rows.at(row, 8))) policy.columns.insert(column);
  for (const std::uint32_t function : oids_of(rows.at(row, 9))) policy.called.insert(function);
  return policy;
}

void add_policies(TenancyCatalog& catalog, const Rows& rows) {
  for (int row = 0; row < rows.size(); ++row) {
    CatalogTable* table = table_of(catalog, rows, row);
    if (table != nullptr) table->policies.push_back(policy_of(rows, row));
  }
}

void add_foreign_keys(TenancyCatalog& catalog, const Rows& rows) {
  for (int row = 0; row < rows.size(); ++row) {
    CatalogTable* table = table_of(catalog, rows, row);
    if (table == nullptr) continue;
    CatalogForeignKey key;
    key.name = rows.at(row, 1);
    key.parent = number(rows.at(row, 2));
    key.columns = numbers<int>(rows.at(row, 3));
    key.parent_columns = numbers<int>(rows.at(row, 4));
    key.cascades = rows.at(row, 5) == "t";
    table->foreign_keys.push_back(std::move(key));
  }
}

void add_indexes(TenancyCatalog& catalog, const Rows& rows) {
  for (int row = 0; row < rows.size(); ++row) {
    CatalogTable* table = table_of(catalog, rows, row);
    if (table == nullptr) continue;
    CatalogIndex index;
    index.name = rows.at(row, 1);
    index.unique = rows.at(row, 2) == "t";
    index.primary = rows.at(row, 3) == "t";
    index.whole = rows.at(row, 4) == "t";
    index.columns = numbers<int>(rows.at(row, 5));
    table->indexes.push_back(std::move(index));
  }
}

}  // namespace

std::string with_mark(std::string query, std::string_view mark, std::string_view value) {
  for (std::size_t at = query.find(mark); at != std::string::npos;
       at = query.find(mark, at + value.size())) {
    query.replace(at, mark.size(), value);
  }
  return query;
}

int server_version(Session& session) {
  return static_cast<int>(number(session.query("SHOW server_version_num").at(0, 0)));
}

std::vector<std::uint32_t> oids_of(std::string_view list) { return numbers<std::uint32_t>(list); }

const CatalogColumn* CatalogTable::column(int number) const {
  for (const CatalogColumn& column : columns) {
    if (column.number == number) return &column;
  }
  return nullptr;
}

const CatalogColumn* CatalogTable::column(const std::string& wanted) const {
  for (const CatalogColumn& column : columns) {
    if (column.name == wanted) return &column;
  }
  return nullptr;
}

TenancyCatalog read_tenancy_catalog(Session& session) {
  const bool has_sql_bodies = server_version(session) >= 140000;
  const std::string from = kUsersTables;
  const std::vector<Rows> answers = session.query_all(
      kTables + from + ";" + kColumns + from + ") order by 1, 2;" + kPolicies + ";" + kForeignKeys +
      ";" + kIndexes + ";" + functions_query(has_sql_bodies));
  TenancyCatalog catalog;
  add_tables(catalog, answers.at(0));
  add_columns(catalog, answers.at(1));
  add_policies(catalog, answers.at(2));
  add_foreign_keys(catalog, answers.at(3));
  add_indexes(catalog, answers.at(4));
  const Rows& functions = answers.at(5);
  for (int row = 0; row < functions.size(); ++row) {
    catalog.functions[number(functions.at(row, 0))] = {std::string(functions.at(row, 1)),
                                                       std::string(functions.at(row, 2))};
  }
  return catalog;
}

}  // namespace drydock
