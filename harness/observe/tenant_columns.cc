#include "harness/observe/tenant_columns.h"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "harness/base/sql_text.h"
#include "harness/base/text.h"
#include "harness/observe/policy_context.h"

namespace drydock {
namespace {

/// The usual names without case and underscores, in tiers: where a schema has columns of one tier,
/// those of a later one mean something else (a company_id beside tenant_id is a tenant's customer).
constexpr std::array kTenantNames = {"tenantid",  "tenant",     "tenantuuid",
                                     "tenantkey", "tenantcode", "tenantname"};
constexpr std::array kOrganizationNames = {"organizationid", "organisationid", "orgid", "orguuid",
                                           "organizationuuid"};
constexpr std::array kAccountNames = {"accountid", "workspaceid", "companyid"};
constexpr int kTiers = 3;
constexpr int kNoTier = kTiers;

constexpr std::array kPersonalNames = {"customerid", "teamid", "userid", "ownerid", "memberid"};

constexpr std::array kTypes = {"uuid",    "int2",   "int4", "int8",  "text",
                               "varchar", "bpchar", "name", "citext"};

/// A tenant that is not whose the row is.
constexpr std::array kOtherSides = {"parent", "source", "target",   "from",  "to",     "old",
                                    "new",    "prev",   "previous", "other", "partner"};

std::string folded(const std::string& name) {
  std::string result = to_lower(name);
  std::erase(result, '_');
  return result;
}

template <typename Names>
bool one_of(const Names& names, const std::string& wanted) {
  return std::find(names.begin(), names.end(), wanted) != names.end();
}

/// "wms_tenant_id"; not "source_tenant_id".
bool is_prefixed_tenant(const std::string& name) {
  const std::string lower = to_lower(name);
  const std::string ending = "_tenant_id";
  if (!lower.ends_with(ending)) return false;
  const std::vector<std::string> words = split(lower, '_');
  return std::none_of(words.begin(), words.end(),
                      [](const std::string& word) { return one_of(kOtherSides, word); });
}

int tier_of(const std::string& name) {
  const std::string word = folded(name);
  if (one_of(kTenantNames, word) || is_prefixed_tenant(name)) return 0;
  if (one_of(kOrganizationNames, word)) return 1;
  return one_of(kAccountNames, word) ? 2 : kNoTier;
}

using Columns = std::map<std::uint32_t, int>;

/// The table that a foreign key of this one column refers to; 0: there is none.
std::uint32_t referenced(const CatalogTable& table, int column) {
  for (const CatalogForeignKey& key : table.foreign_keys) {
    if (key.columns == std::vector<int>{column} && key.parent != table.oid) return key.parent;
  }
  return 0;
}

bool ends_like_key(const std::string& name) {
  const std::string lower = to_lower(name);
  return lower.ends_with("id") || lower.ends_with("uuid") || lower.ends_with("key");
}

/// How good a witness a column is that a policy compares with the context; less is better.
int rank_in_policy(const CatalogTable& table, const CatalogColumn& column) {
  const int tier = tier_of(column.name);
  if (tier < kNoTier) return tier;
  if (is_audit_column(column.name)) return kTiers + 4;
  if (is_personal_column(column.name)) return kTiers + 2;
  if (referenced(table, column.number) != 0) return kTiers;
  return ends_like_key(column.name) ? kTiers + 1 : kTiers + 3;
}

/// The best of `numbers`; 0: none can tell tenants.
int best_of(const CatalogTable& table, const std::set<int>& numbers) {
  int best = 0, best_rank = 0;
  for (const int number : numbers) {
    const CatalogColumn* column = table.column(number);
    if (column == nullptr || !can_tell_tenants(*column)) continue;
    const int rank = rank_in_policy(table, *column);
    if (best != 0 && rank >= best_rank) continue;
    best = number;
    best_rank = rank;
  }
  return best;
}

/// A column that is only looked up elsewhere counts when it has a usual name.
Columns read_by_policies(const TenancyCatalog& catalog) {
  Columns found;
  for (const auto& [oid, columns] : policy_columns(catalog)) {
    const CatalogTable& table = catalog.tables.at(oid);
    int best = best_of(table, columns.compared);
    const int looked_up = best_of(table, columns.read);
    const bool usual = looked_up != 0 && tier_of(table.column(looked_up)->name) < kNoTier;
    if (usual && (best == 0 || tier_of(table.column(best)->name) == kNoTier)) best = looked_up;
    if (best != 0) found[oid] = best;
  }
  return found;
}

/// Names (folded) and types that policies of several tables agree on, or that are usual.
std::set<std::pair<std::string, std::string>> agreed(const TenancyCatalog& catalog,
                                                     const Columns& by_policy) {
  std::map<std::pair<std::string, std::string>, int> count;
  for (const auto& [oid, number] : by_policy) {
    const CatalogColumn& column = *catalog.tables.at(oid).column(number);
    if (is_personal_column(column.name) || is_audit_column(column.name)) continue;
    if (folded(column.name) == "id") continue;
    count[{folded(column.name), column.base_type}] += tier_of(column.name) < kNoTier ? 2 : 1;
  }
  std::set<std::pair<std::string, std::string>> names;
  for (const auto& [name, tables] : count) {
    if (tables >= 2) names.insert(name);
  }
  return names;
}

/// A policy that compares id although the table has a column of which everybody knows that it tells
/// the tenant is wrong; what it reads must not make it right.
void drop_mistaken(const TenancyCatalog& catalog, Columns& columns) {
  const auto names = agreed(catalog, columns);
  std::erase_if(columns, [&](const auto& entry) {
    const CatalogTable& table = catalog.tables.at(entry.first);
    if (folded(table.column(entry.second)->name) != "id") return false;
    return std::any_of(table.columns.begin(), table.columns.end(), [&](const CatalogColumn& each) {
      if (!can_tell_tenants(each)) return false;
      return tier_of(each.name) == 0 || names.contains({folded(each.name), each.base_type});
    });
  });
}

/// The first tier of usual names that any table has; the only one that counts without policies.
int tier_in_use(const TenancyCatalog& catalog) {
  int best = kNoTier;
  for (const auto& [oid, table] : catalog.tables) {
    for (const CatalogColumn& column : table.columns) {
      if (can_tell_tenants(column)) best = std::min(best, tier_of(column.name));
    }
  }
  return best;
}

/// Of several candidates the outermost: it refers to a table that has none of them itself.
int outermost(const TenancyCatalog& catalog, const CatalogTable& table,
              const std::vector<int>& candidates) {
  for (const int number : candidates) {
    const auto parent = catalog.tables.find(referenced(table, number));
    if (parent == catalog.tables.end()) continue;
    const bool inner = std::any_of(candidates.begin(), candidates.end(), [&](int other) {
      return parent->second.column(table.column(other)->name) != nullptr;
    });
    if (!inner) return number;
  }
  return candidates.front();
}

void add_by_name(const TenancyCatalog& catalog, Columns& columns) {
  const auto names = agreed(catalog, columns);
  const int tier = names.empty() ? tier_in_use(catalog) : 0;
  for (const auto& [oid, table] : catalog.tables) {
    if (columns.contains(oid)) continue;
    std::vector<int> candidates;
    for (const CatalogColumn& column : table.columns) {
      const bool usual = tier_of(column.name) <= tier && tier_of(column.name) < kNoTier;
      if (!can_tell_tenants(column)) continue;
      if (!usual && !names.contains({folded(column.name), column.base_type})) continue;
      candidates.push_back(column.number);
    }
    if (!candidates.empty()) columns[oid] = outermost(catalog, table, candidates);
  }
}

/// "public.lots.tenant_id" is about that table alone; "lots.tenant_id" about every table lots.
int given_column(const CatalogTable& table, const std::string& given) {
  const std::vector<std::string> parts = plain_name_parts(given);
  if (parts.empty() || parts.size() > 3) return 0;
  if (parts.size() > 1 && parts[parts.size() - 2] != table.name) return 0;
  if (parts.size() > 2 && parts[0] != table.schema) return 0;
  const CatalogColumn* column = table.column(parts.back());
  return column == nullptr ? 0 : column->number;
}

Columns given_columns(const TenancyCatalog& catalog, const std::vector<std::string>& given) {
  Columns columns;
  for (const auto& [oid, table] : catalog.tables) {
    std::size_t most_parts = 0;
    for (const std::string& name : given) {
      const int number = given_column(table, name);
      const std::size_t parts = plain_name_parts(name).size();
      if (number == 0 || parts <= most_parts) continue;
      columns[oid] = number;
      most_parts = parts;
    }
  }
  return columns;
}

}  // namespace

bool is_audit_column(const std::string& name) {
  const std::string lower = to_lower(name);
  for (const char* ending : {"_by", "_by_id", "_by_user_id", "_by_uuid"}) {
    if (lower.ends_with(ending)) return true;
  }
  const std::string word = folded(name);
  return word.ends_with("createdby") || word.ends_with("updatedby") || word.ends_with("deletedby");
}

bool is_personal_column(const std::string& name) { return one_of(kPersonalNames, folded(name)); }

bool can_tell_tenants(const CatalogColumn& column) { return one_of(kTypes, column.base_type); }

std::map<std::uint32_t, int> tenant_columns(const TenancyCatalog& catalog,
                                            const std::vector<std::string>& given) {
  if (!given.empty()) return given_columns(catalog, given);
  Columns columns = read_by_policies(catalog);
  drop_mistaken(catalog, columns);
  add_by_name(catalog, columns);
  return columns;
}

std::map<std::uint32_t, int> looked_up_columns(const TenancyCatalog& catalog) {
  Columns found;
  for (const auto& [oid, columns] : policy_columns(catalog)) {
    const CatalogTable& table = catalog.tables.at(oid);
    const int best = best_of(table, columns.read);
    if (best != 0 && rank_in_policy(table, *table.column(best)) <= kTiers + 2) found[oid] = best;
  }
  return found;
}

}  // namespace drydock
