#include "harness/observe/contents_match.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/base/error.h"
#include "harness/base/text.h"

namespace drydock {
namespace {

/// Of the columns that no other column of before is: the one of that name.
const WatchedColumn* by_name(const WatchedTable& now, const std::string& name,
                             const std::set<int>& taken) {
  const WatchedColumn* column = now.column(name);
  return column != nullptr && taken.count(column->number) == 0 ? column : nullptr;
}

std::string without_quotes(const std::string& name) {
  std::string plain;
  for (const char c : name) {
    if (c != '"') plain += c;
  }
  return plain;
}

InputError unknown_column(const Transform& transform, const Shapes& now) {
  std::vector<std::string> known;
  for (const auto& [oid, shape] : now) {
    for (const WatchedColumn& column : shape->columns) {
      known.push_back(shape->name + "." + column.digest.name);
    }
  }
  const std::string near = nearest(transform.column, known);
  return InputError(
      fmt::format("the transform of {} (migration {}) names a column that does not exist"
                  " after the up{}",
                  transform.column, transform.migration,
                  near.empty() ? "" : fmt::format("; is it {}?", near)),
      "Write schema.table.column, by the names after the up.");
}

}  // namespace

std::map<Oid, Oid> match_tables(const std::map<Oid, std::string>& before,
                                const std::map<Oid, TableMark>& now, ContentsMatch match) {
  std::map<Oid, Oid> matched;
  std::set<Oid> taken;
  if (match == ContentsMatch::kByIdentity) {
    for (const auto& [oid, name] : before) {
      if (now.count(oid) == 0) continue;
      matched[oid] = oid;
      taken.insert(oid);
    }
  }
  std::map<std::string, Oid> names;
  for (const auto& [oid, mark] : now) names[mark.name] = oid;
  for (const auto& [oid, name] : before) {
    if (matched.count(oid) > 0) continue;
    const auto found = names.find(name);
    if (found != names.end() && taken.insert(found->second).second) matched[oid] = found->second;
  }
  // What has lost its name only is still there: that it is called otherwise is the schema's affair.
  for (const auto& [oid, name] : before) {
    if (matched.count(oid) == 0 && now.count(oid) > 0 && taken.insert(oid).second) {
      matched[oid] = oid;
    }
  }
  return matched;
}

std::vector<ColumnPair> match_columns(const WatchedTable& before, const WatchedTable& now,
                                      ContentsMatch match) {
  std::vector<ColumnPair> pairs;
  std::set<int> taken;
  const bool by_number = match == ContentsMatch::kByIdentity && before.oid == now.oid;
  for (const WatchedColumn& column : before.columns) {
    pairs.push_back({&column, by_number ? now.column(column.number) : nullptr, {}});
    if (pairs.back().now != nullptr) taken.insert(column.number);
  }
  for (ColumnPair& pair : pairs) {
    if (pair.now != nullptr) continue;
    pair.now = by_name(now, pair.before->name, taken);
    if (pair.now != nullptr) taken.insert(pair.now->number);
  }
  for (ColumnPair& pair : pairs) {
    if (pair.now != nullptr || before.oid != now.oid) continue;
    const WatchedColumn* renamed = now.column(pair.before->number);
    if (renamed != nullptr && taken.insert(renamed->number).second) pair.now = renamed;
  }
  return pairs;
}

std::map<Oid, std::map<int, std::string>> resolve_transforms(
    const std::vector<Transform>& transforms, const Shapes& now) {
  std::map<Oid, std::map<int, std::string>> resolved;
  for (const Transform& transform : transforms) {
    bool found = false;
    for (const auto& [oid, shape] : now) {
      for (const WatchedColumn& column : shape->columns) {
        const std::string name = shape->name + "." + column.digest.name;
        if (name != transform.column && without_quotes(name) != transform.column) continue;
        resolved[oid][column.number] = transform.equals;
        found = true;
      }
    }
    if (!found) throw unknown_column(transform, now);
  }
  return resolved;
}

}  // namespace drydock
