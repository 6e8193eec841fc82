#include "harness/observe/row_estimates.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdlib>
#include <vector>

namespace drydock {
namespace {

/// Enough to be right within a few percent, and read in well under a millisecond.
constexpr std::int64_t kPages = 64;

/// A statement that counts in more tables than this takes longer to plan than it saves.
constexpr std::size_t kTablesAtOnce = 50;

constexpr const char* kPagesWithoutStatistics =
    "SELECT o, pg_relation_size(o) / current_setting('block_size')::int FROM unnest($1::oid[]) AS o"
    " WHERE pg_stat_get_live_tuples(o) = 0";

constexpr const char* kLiveRows =
    "SELECT o, pg_stat_get_live_tuples(o) FROM unnest($1::oid[]) AS o";

std::int64_t number(std::string_view text) {
  return std::strtoll(std::string(text).c_str(), nullptr, 10);
}

template <typename Oids>
std::string array_of(const Oids& oids) {
  return fmt::format("{{{}}}", fmt::join(oids, ","));
}

}  // namespace

void RowEstimates::phase_begins() {
  std::vector<Oid> tables;
  for (const auto& [oid, relation] : map_.all()) {
    if (!relation.has_rows() || relation.nobodys) continue;
    const auto [known, first] = looked_at_.try_emplace(oid, 0);
    if (known->second == relation.file) continue;
    known->second = relation.file;
    counted_.erase(oid);
    tables.push_back(oid);
  }
  if (tables.empty()) return;
  std::map<Oid, std::int64_t> pages;
  const Rows rows = connection_.query_prepared("drydock_pages_without_statistics",
                                               kPagesWithoutStatistics, {array_of(tables)});
  for (int i = 0; i < rows.size(); ++i) {
    const std::int64_t count = number(rows.at(i, 1));
    if (count > 0) pages[static_cast<Oid>(number(rows.at(i, 0)))] = count;
    if (pages.size() < kTablesAtOnce) continue;
    count_first_pages(pages);
    pages.clear();
  }
  if (!pages.empty()) count_first_pages(pages);
}

void RowEstimates::count_first_pages(const std::map<Oid, std::int64_t>& pages) {
  std::vector<std::string> selects;
  for (const auto& [oid, count] : pages) {
    const std::string some = count > kPages ? fmt::format(" WHERE ctid < '({},0)'", kPages) : "";
    selects.push_back(
        fmt::format("SELECT {}, count(*) FROM ONLY {}{}", oid, map_.find(oid)->name, some));
  }
  const Rows rows = connection_.query(fmt::format("{}", fmt::join(selects, " UNION ALL ")));
  for (int i = 0; i < rows.size(); ++i) {
    const Oid oid = static_cast<Oid>(number(rows.at(i, 0)));
    const std::int64_t counted_pages = std::min(pages.at(oid), kPages);
    counted_[oid] = number(rows.at(i, 1)) * pages.at(oid) / counted_pages;
  }
}

std::vector<Oid> RowEstimates::tables_of(Oid relation) const {
  const KnownRelation* known = map_.find(relation);
  if (known == nullptr) return {};
  const Oid table = known->is_index() ? known->table : relation;
  const KnownRelation* owner = map_.find(table);
  if (owner == nullptr) return {};
  if (owner->relkind == 'p') return map_.leaves(table);
  return owner->has_rows() ? std::vector<Oid>{table} : std::vector<Oid>{};
}

void RowEstimates::read_live_rows(const std::set<Oid>& tables, std::map<Oid, std::int64_t>& live) {
  const Rows rows = connection_.query_prepared("drydock_live_rows", kLiveRows, {array_of(tables)});
  for (int i = 0; i < rows.size(); ++i) {
    live[static_cast<Oid>(number(rows.at(i, 0)))] = number(rows.at(i, 1));
  }
}

std::map<Oid, std::int64_t> RowEstimates::rows_in(const std::set<Oid>& relations,
                                                  std::map<Oid, std::int64_t> live) {
  std::map<Oid, std::vector<Oid>> parts;
  std::set<Oid> unread;
  for (const Oid oid : relations) {
    const std::vector<Oid> tables = tables_of(oid);
    if (tables.empty()) continue;
    parts[oid] = tables;
    for (const Oid table : tables) {
      if (live.count(table) == 0) unread.insert(table);
    }
  }
  if (!unread.empty()) read_live_rows(unread, live);
  std::map<Oid, std::int64_t> result;
  for (const auto& [oid, tables] : parts) {
    for (const Oid table : tables) {
      const auto counted = counted_.find(table);
      result[oid] += std::max(live[table], counted == counted_.end() ? 0 : counted->second);
    }
  }
  return result;
}

}  // namespace drydock
