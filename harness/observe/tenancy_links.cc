#include "harness/observe/tenancy_links.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "harness/base/sql_text.h"
#include "harness/base/text.h"
#include "harness/observe/tenant_columns.h"

namespace drydock {
namespace {

/// So many foreign keys between a row and the row that tells its tenant; further away it is more
/// likely that the tables are shared.
constexpr int kDeepest = 4;

bool only_primary_key(const CatalogTable& table, int column) {
  return std::any_of(table.indexes.begin(), table.indexes.end(), [&](const CatalogIndex& index) {
    return index.primary && index.columns == std::vector<int>{column};
  });
}

bool all_not_null(const CatalogTable& table, const CatalogForeignKey& key) {
  return std::all_of(key.columns.begin(), key.columns.end(), [&](int number) {
    const CatalogColumn* column = table.column(number);
    return column != nullptr && column->not_null;
  });
}

bool is_audit_key(const CatalogTable& table, const CatalogForeignKey& key) {
  return std::any_of(key.columns.begin(), key.columns.end(), [&](int number) {
    const CatalogColumn* column = table.column(number);
    return column != nullptr && is_audit_column(column->name);
  });
}

class Linker {
 public:
  Linker(const TenancyCatalog& catalog, const IsolationRules& rules)
      : catalog_(catalog), rules_(rules) {}

  CatalogLinks links() {
    add_columns(tenant_columns(catalog_, rules_.tenant_columns));
    add_named_roots();
    add_foreign_keys_to_roots();
    add_parents();
    if (rules_.tenant_columns.empty()) {
      add_columns(looked_up_columns(catalog_));
      add_parents();
    }
    return std::move(links_);
  }

 private:
  /// The columns, and as roots the tables that they refer to.
  void add_columns(const std::map<std::uint32_t, int>& columns) {
    std::set<std::uint32_t> added;
    for (const auto& [oid, column] : columns) {
      const CatalogTable& table = catalog_.tables.at(oid);
      if (table.partition || links_.contains(oid)) continue;
      const bool root = rules_.tenant_columns.empty() && only_primary_key(table, column);
      links_[oid] = {root ? TenantLink::kRoot : TenantLink::kColumn, column, nullptr, 0};
      added.insert(oid);
    }
    for (const std::uint32_t oid : added) {
      for (const CatalogForeignKey& key : catalog_.tables.at(oid).foreign_keys) {
        if (key.parent != oid) follow(oid, key);
      }
    }
  }

  /// What a tenant column refers to holds the same values: the root by its primary key, else a
  /// table that calls its tenant column by another name.
  void follow(std::uint32_t oid, const CatalogForeignKey& key) {
    for (std::size_t i = 0; i < key.columns.size(); ++i) {
      if (key.columns[i] != links_[oid].column) continue;
      const auto parent = catalog_.tables.find(key.parent);
      if (parent == catalog_.tables.end() || parent->second.partition) return;
      const int column = key.parent_columns.at(i);
      if (key.columns.size() == 1 || only_primary_key(parent->second, column)) {
        add_root(key.parent, column, oid);
      } else if (!links_.contains(key.parent)) {
        links_[key.parent] = {TenantLink::kColumn, column, nullptr, 0};
      }
    }
  }

  /// A table that has a tenant column of its own is a step on the way, not the root.
  void add_root(std::uint32_t oid, int column, std::uint32_t from) {
    const auto known = links_.find(oid);
    if (known != links_.end() && known->second.column != column) return;
    links_[oid] = {TenantLink::kRoot, column, nullptr, 0};
    const CatalogTable& child = catalog_.tables.at(from);
    const CatalogColumn* referring = child.column(links_[from].column);
    if (referring != nullptr && !is_personal_column(referring->name)) customers_.insert(oid);
  }

  /// Where no foreign key refers to a root: tenant_id means table tenants, or tenant.
  void add_named_roots() {
    if (!customers_.empty()) return;
    std::map<std::string, std::string> types;  // by the name that the root would have
    for (const auto& [oid, link] : links_) {
      const CatalogColumn* column = catalog_.tables.at(oid).column(link.column);
      const std::string name = to_lower(column->name);
      if (!name.ends_with("_id") || is_personal_column(name)) continue;
      types.emplace(name.substr(0, name.size() - 3), column->base_type);
    }
    for (const auto& [oid, table] : catalog_.tables) {
      const std::string name = to_lower(table.name);
      auto type = types.find(name);
      if (type == types.end() && name.ends_with("s")) {
        type = types.find(name.substr(0, name.size() - 1));
      }
      if (type == types.end() || links_.contains(oid) || table.partition) continue;
      for (const CatalogColumn& column : table.columns) {
        if (column.base_type != type->second || !only_primary_key(table, column.number)) continue;
        links_[oid] = {TenantLink::kRoot, column.number, nullptr, 0};
        customers_.insert(oid);
      }
    }
  }

  /// "owner_org uuid NOT NULL REFERENCES organizations" tells a tenant under any name, when there
  /// is only one such column.
  void add_foreign_keys_to_roots() {
    for (const auto& [oid, table] : catalog_.tables) {
      if (links_.contains(oid) || table.partition) continue;
      std::set<int> columns;
      for (const CatalogForeignKey& key : table.foreign_keys) {
        if (!customers_.contains(key.parent) || key.columns.size() != 1) continue;
        if (key.parent_columns.front() != links_[key.parent].column) continue;
        if (all_not_null(table, key) && !is_audit_key(table, key)) columns.insert(key.columns[0]);
      }
      if (columns.size() != 1) continue;
      links_[oid] = {TenantLink::kColumn, *columns.begin(), nullptr, 0};
    }
  }

  /// Level by level, so that each table takes the shortest way.
  void add_parents() {
    leave_children_out();
    for (int depth = 1; depth <= kDeepest; ++depth) {
      CatalogLinks added;
      for (const auto& [oid, table] : catalog_.tables) {
        if (links_.contains(oid) || table.partition || has_linked_ancestor(oid)) continue;
        const CatalogForeignKey* key = key_to_parent(table, depth - 1);
        if (key != nullptr) added[oid] = {TenantLink::kParent, 0, key, depth};
      }
      links_.merge(added);
    }
  }

  /// Of several parents the one that takes its rows along when it is deleted.
  const CatalogForeignKey* key_to_parent(const CatalogTable& table, int parents_depth) const {
    const CatalogForeignKey* best = nullptr;
    for (const CatalogForeignKey& key : table.foreign_keys) {
      const auto parent = links_.find(key.parent);
      if (parent == links_.end() || parent->second.depth != parents_depth) continue;
      if (parent->second.link == TenantLink::kRoot || key.parent == table.oid) continue;
      if (exemption_of(catalog_.tables.at(key.parent), rules_) != nullptr) continue;
      if (!all_not_null(table, key) || is_audit_key(table, key)) continue;
      if (best == nullptr || (key.cascades && !best->cascades)) best = &key;
    }
    return best;
  }

  void leave_children_out() {
    std::vector<std::uint32_t> children;
    for (const auto& [oid, link] : links_) {
      if (has_linked_ancestor(oid)) children.push_back(oid);
    }
    for (const std::uint32_t oid : children) links_.erase(oid);
  }

  bool has_linked_ancestor(std::uint32_t oid) const {
    const auto table = catalog_.tables.find(oid);
    if (table == catalog_.tables.end()) return false;
    return std::any_of(table->second.inherits.begin(), table->second.inherits.end(),
                       [&](std::uint32_t parent) {
                         return links_.contains(parent) || has_linked_ancestor(parent);
                       });
  }

  const TenancyCatalog& catalog_;
  const IsolationRules& rules_;
  CatalogLinks links_;
  std::set<std::uint32_t> customers_;  ///< roots that stand for customers rather than people
};

std::string expression(const TenancyCatalog& catalog, const CatalogLinks& links, std::uint32_t oid,
                       const std::string& alias, int level) {
  const CatalogTable& table = catalog.tables.at(oid);
  const CatalogLink& link = links.at(oid);
  if (link.key == nullptr) return alias + "." + table.column(link.column)->sql;
  const CatalogTable& parent = catalog.tables.at(link.key->parent);
  const std::string name = fmt::format("p{}", level);
  std::vector<std::string> same;
  for (std::size_t i = 0; i < link.key->columns.size(); ++i) {
    same.push_back(fmt::format("{}.{} = {}.{}", name,
                               parent.column(link.key->parent_columns[i])->sql, alias,
                               table.column(link.key->columns[i])->sql));
  }
  return fmt::format("(SELECT {} FROM {} {} WHERE {})",
                     expression(catalog, links, parent.oid, name, level + 1), parent.sql, name,
                     join(same, " AND "));
}

}  // namespace

CatalogLinks tenancy_links(const TenancyCatalog& catalog, const IsolationRules& rules) {
  return Linker(catalog, rules).links();
}

std::string tenant_expression(const TenancyCatalog& catalog, const CatalogLinks& links,
                              std::uint32_t table, const std::string& alias) {
  return expression(catalog, links, table, alias, 1);
}

const CatalogColumn& tenant_value_column(const TenancyCatalog& catalog, const CatalogLinks& links,
                                         std::uint32_t table) {
  const CatalogLink& link = links.at(table);
  if (link.key != nullptr) return tenant_value_column(catalog, links, link.key->parent);
  return *catalog.tables.at(table).column(link.column);
}

std::string tenant_words(const TenancyCatalog& catalog, const CatalogLinks& links,
                         std::uint32_t oid) {
  const CatalogTable& table = catalog.tables.at(oid);
  const CatalogLink& link = links.at(oid);
  if (link.key == nullptr) return table.column(link.column)->sql;
  std::vector<std::string> columns;
  for (const int number : link.key->columns) columns.push_back(table.column(number)->sql);
  return fmt::format("{} → {}.{}", join(columns, ", "), catalog.tables.at(link.key->parent).sql,
                     tenant_words(catalog, links, link.key->parent));
}

const std::string* exemption_of(const CatalogTable& table, const IsolationRules& rules) {
  for (const IsolationExemption& exemption : rules.exempt) {
    const std::vector<std::string> parts = plain_name_parts(exemption.table);
    if (parts == std::vector<std::string>{table.schema, table.name}) return &exemption.reason;
    if (parts == std::vector<std::string>{table.name} && table.schema == "public") {
      return &exemption.reason;
    }
  }
  return nullptr;
}

}  // namespace drydock
