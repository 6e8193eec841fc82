#include "harness/data/partition_values.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/base/text.h"
#include "harness/sql/tokens.h"

namespace drydock {
namespace {

/// More leaves than this are not all given rows: the CASE would grow with them.
constexpr std::size_t kMostLeaves = 60;

/// The pieces between the commas of "(a, 'b,c', MINVALUE)" behind `word` in `text`.
std::vector<std::string> list_behind(const std::string& text, std::string_view word) {
  std::vector<std::string> items;
  bool inside = false, seen = false;
  int depth = 0;
  for (const Token& token : tokens_of(text)) {
    const std::string_view piece = std::string_view(text).substr(token.offset, token.length);
    if (!seen) {
      seen = piece == word;
    } else if (!inside) {
      inside = piece == "(";
      items.emplace_back();
    } else if (piece == ")" && depth == 0) {
      break;
    } else if (piece == "," && depth == 0) {
      items.emplace_back();
    } else {
      depth += piece == "(" ? 1 : piece == ")" ? -1 : 0;
      items.back() += piece;
    }
  }
  return items;
}

std::string between(const std::string& low, const std::string& high, const std::string& type,
                    const std::string& usual) {
  const bool open_low = low == "MINVALUE", open_high = high == "MAXVALUE";
  if (open_low && open_high) return usual;
  const std::string step = type == "date"                  ? "1"
                           : type.starts_with("timestamp") ? "interval '1 minute'"
                           : type == "uuid" || type == "text" || type.starts_with("char") ? ""
                                                                                          : "1";
  const auto at = [&](const std::string& bound) { return fmt::format("{}::{}", bound, type); };
  if (step.empty()) return open_low ? usual : at(low);
  if (open_low) return fmt::format("{} - {} * (1 + (n % 300)::int)", at(high), step);
  if (open_high) return fmt::format("{} + {} * (n % 300)::int", at(low), step);
  // Spread over the whole partition, in a thousand steps.
  if (type == "date" || type == "integer" || type == "bigint" || type == "smallint") {
    return fmt::format("{0} + ((n * 7919 % 1000) * ({1} - {0}) / 1000)::int", at(low), at(high));
  }
  return fmt::format("{0} + ({1} - {0}) * (n * 7919 % 1000) / 1000.0", at(low), at(high));
}

/// Rows are compared column by column: as far as both bounds are equal the values are theirs, the
/// next column's lie between, and what is behind it must not fall short of the lower bound.
std::string in_range(const std::vector<std::string>& low, const std::vector<std::string>& high,
                     std::size_t index, const std::string& type, const std::string& usual) {
  const auto differ = std::mismatch(low.begin(), low.end(), high.begin(), high.end());
  const auto decisive = static_cast<std::size_t>(differ.first - low.begin());
  if (index < decisive) return fmt::format("{}::{}", low[index], type);
  if (index == decisive) return between(low[index], high[index], type, usual);
  if (low[index] == "MINVALUE" || low[index] == "MAXVALUE") return usual;
  return between(low[index], "MAXVALUE", type, usual);
}

/// Empty: this leaf leaves the column free.
std::string value_in_leaf(const PartitionLeaf& leaf, const std::string& column,
                          const std::string& type, const std::string& usual) {
  std::string sql;
  for (const PartitionBound& bound : leaf.bounds) {
    const auto place = std::find(bound.columns.begin(), bound.columns.end(), column);
    if (place == bound.columns.end() || bound.text == "DEFAULT") continue;
    const auto index = static_cast<std::size_t>(place - bound.columns.begin());
    if (bound.strategy == "l") {
      const std::vector<std::string> values = list_behind(bound.text, "IN");
      if (values.empty()) continue;
      std::string list;
      for (const std::string& value : values)
        list += fmt::format("{}{}::{}", list.empty() ? "" : ", ", value, type);
      sql = fmt::format("(ARRAY[{}])[1 + n % {}]", list, values.size());
    } else if (bound.strategy == "r") {
      const std::vector<std::string> low = list_behind(bound.text, "FROM");
      const std::vector<std::string> high = list_behind(bound.text, "TO");
      if (index >= low.size() || index >= high.size()) continue;
      sql = in_range(low, high, index, type, usual);
    }
  }
  return sql;
}

}  // namespace

bool is_bound(const std::vector<PartitionLeaf>& leaves, const std::string& column) {
  for (const PartitionLeaf& leaf : leaves)
    for (const PartitionBound& bound : leaf.bounds)
      if (bound.strategy != "h" &&
          std::find(bound.columns.begin(), bound.columns.end(), column) != bound.columns.end())
        return true;
  return false;
}

std::string partition_key_sql(const std::vector<PartitionLeaf>& leaves, const std::string& column,
                              const std::string& type, const std::string& usual) {
  const std::size_t count = std::min(leaves.size(), kMostLeaves);
  std::string cases;
  for (std::size_t i = 0; i < count; ++i) {
    const std::string sql = value_in_leaf(leaves[i], column, type, usual);
    if (!sql.empty()) cases += fmt::format(" WHEN {} THEN ({})::{}", i, sql, type);
  }
  if (cases.empty()) return usual;
  return fmt::format("CASE n % {}{} ELSE ({})::{} END", count, cases, usual, type);
}

}  // namespace drydock
