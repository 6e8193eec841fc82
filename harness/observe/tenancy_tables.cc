#include "harness/observe/tenancy_tables.h"

#include <algorithm>

#include "harness/observe/tenancy_links.h"

namespace drydock {
namespace {

bool in_primary_key(const CatalogTable& table, int column) {
  return std::any_of(table.indexes.begin(), table.indexes.end(), [&](const CatalogIndex& index) {
    return index.primary &&
           std::find(index.columns.begin(), index.columns.end(), column) != index.columns.end();
  });
}

std::vector<TenancyColumn> columns_of(const CatalogTable& table) {
  std::vector<TenancyColumn> columns;
  for (const CatalogColumn& column : table.columns) {
    TenancyColumn made;
    made.number = column.number;
    made.name = column.sql;
    made.type = column.type;
    made.not_null = column.not_null;
    made.writable = !column.generated;
    made.always_identity = column.always_identity;
    made.in_primary_key = in_primary_key(table, column.number);
    columns.push_back(std::move(made));
  }
  return columns;
}

/// Empty when one of them is none (an expression, a system column).
std::vector<std::string> names_of(const CatalogTable& table, const std::vector<int>& numbers) {
  std::vector<std::string> names;
  for (const int number : numbers) {
    const CatalogColumn* column = table.column(number);
    if (column == nullptr) return {};
    names.push_back(column->sql);
  }
  return names;
}

std::vector<TenancyKey> keys_of(const CatalogTable& table, const std::string& tenant_column) {
  std::vector<TenancyKey> keys;
  for (const CatalogIndex& index : table.indexes) {
    if (!index.unique || !index.whole) continue;
    TenancyKey key{index.name, index.primary, false, names_of(table, index.columns)};
    if (key.columns.empty()) continue;
    key.has_tenant =
        std::find(key.columns.begin(), key.columns.end(), tenant_column) != key.columns.end();
    keys.push_back(std::move(key));
  }
  return keys;
}

bool holds_tenant(const CatalogForeignKey& key, int own, int parents) {
  if (own == 0 || parents == 0) return false;
  for (std::size_t i = 0; i < key.columns.size(); ++i) {
    if (key.columns[i] == own && key.parent_columns.at(i) == parents) return true;
  }
  return false;
}

std::vector<TenancyReference> references_of(const TenancyCatalog& catalog,
                                            const CatalogLinks& links, const CatalogTable& table) {
  std::vector<TenancyReference> references;
  for (const CatalogForeignKey& key : table.foreign_keys) {
    const auto parent = links.find(key.parent);
    if (parent == links.end()) continue;
    const CatalogTable& target = catalog.tables.at(key.parent);
    TenancyReference reference;
    reference.name = key.name;
    reference.parent = target.sql;
    reference.columns = names_of(table, key.columns);
    reference.parent_columns = names_of(target, key.parent_columns);
    reference.has_tenant = holds_tenant(key, links.at(table.oid).column, parent->second.column);
    references.push_back(std::move(reference));
  }
  return references;
}

std::string tenant_index(const CatalogTable& table, int column) {
  for (const CatalogIndex& index : table.indexes) {  // the narrowest comes first
    if (index.whole && !index.columns.empty() && column != 0 && index.columns.front() == column) {
      return index.name;
    }
  }
  return {};
}

}  // namespace

std::vector<TenantTable> tenant_tables(const TenancyCatalog& catalog, const IsolationRules& rules) {
  std::vector<TenantTable> tables;
  const CatalogLinks links = tenancy_links(catalog, rules);
  for (const auto& [oid, link] : links) {
    const CatalogTable& known = catalog.tables.at(oid);
    TenantTable table;
    table.oid = oid;
    table.sql = known.sql;
    table.facts.table = known.sql;
    table.facts.link = link.link;
    table.facts.tenant = tenant_words(catalog, links, oid);
    table.facts.owner = known.owner;
    table.facts.row_security = known.row_security;
    table.facts.forced = known.forced;
    for (const CatalogPolicy& policy : known.policies) table.facts.policies.push_back(policy.fact);
    const std::string* exemption = exemption_of(known, rules);
    if (exemption != nullptr) table.facts.exempt = *exemption;
    if (link.column != 0) table.tenant_column = known.column(link.column)->sql;
    table.tenant_type = tenant_value_column(catalog, links, oid).type;
    table.tenant_sql = tenant_expression(catalog, links, oid, "t");
    table.columns = columns_of(known);
    table.keys = keys_of(known, table.tenant_column);
    table.references = references_of(catalog, links, known);
    table.tenant_index = tenant_index(known, link.column);
    tables.push_back(std::move(table));
  }
  std::sort(tables.begin(), tables.end(), [](const TenantTable& a, const TenantTable& b) {
    return a.facts.table < b.facts.table;
  });
  return tables;
}

}  // namespace drydock
