#include "harness/observe/bypass_parties.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "harness/base/text.h"

namespace drydock {
namespace {

/// Tenants looked at in each table; the same ones everywhere, because they come in order.
constexpr int kTenants = 50;

using Holders = std::map<std::string, std::set<const TenantTable*>>;

/// By tenant the tables that have rows of it.
Holders holders_of(Session& session, const std::vector<const TenantTable*>& tables) {
  std::vector<std::string> queries;
  for (std::size_t i = 0; i < tables.size(); ++i) {
    queries.push_back(fmt::format(
        "(SELECT {}, v FROM (SELECT DISTINCT ({})::text AS v FROM {} t) d WHERE v IS NOT NULL "
        "ORDER BY v LIMIT {})",
        i, tables[i]->tenant_sql, tables[i]->sql, kTenants));
  }
  Holders holders;
  if (queries.empty()) return holders;
  const Rows rows = session.query(join(queries, " UNION ALL "));
  for (int row = 0; row < rows.size(); ++row) {
    const std::size_t table = std::stoul(std::string(rows.at(row, 0)));
    holders[std::string(rows.at(row, 1))].insert(tables[table]);
  }
  return holders;
}

/// The one with rows in most of `left`; empty: none has any.
template <typename Fits>
std::string widest(const Holders& holders, const std::set<const TenantTable*>& left,
                   const Fits& fits) {
  std::string best;
  std::ptrdiff_t most = 0;
  for (const auto& [tenant, tables] : holders) {
    if (!fits(tenant)) continue;
    const std::ptrdiff_t count =
        std::count_if(tables.begin(), tables.end(),
                      [&](const TenantTable* table) { return left.contains(table); });
    if (count <= most) continue;
    best = tenant;
    most = count;
  }
  return best;
}

}  // namespace

std::vector<TenantPair> tenant_pairs(Session& session, const TenantContext& context,
                                     const std::vector<const TenantTable*>& tables) {
  std::vector<TenantPair> pairs;
  const Holders holders = holders_of(session, tables);
  std::set<const TenantTable*> left(tables.begin(), tables.end());
  while (!left.empty()) {
    TenantPair pair;
    pair.own = widest(holders, left, [&](const std::string& one) { return context.knows(one); });
    pair.other = widest(holders, left, [&](const std::string& one) { return one != pair.own; });
    if (pair.own.empty() || pair.other.empty()) break;
    for (const TenantTable* table : tables) {
      if (!left.contains(table) || !holders.at(pair.other).contains(table)) continue;
      pair.tables.push_back(table);
      left.erase(table);
    }
    pairs.push_back(std::move(pair));
  }
  return pairs;
}

}  // namespace drydock
