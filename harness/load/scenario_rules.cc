#include "harness/load/scenario_rules.h"

#include <fmt/format.h>

#include "harness/base/text.h"
#include "harness/model/words.h"

namespace drydock {
namespace {

/// Two ways to make one value would leave open which of them counts.
std::optional<BrokenRule> column_rule(const JsonNode& object) {
  const JsonNode* second = nullptr;
  int given = 0;
  for (const std::string_view name : {"value", "one_of", "sql"}) {
    const JsonNode* member = object.member(name);
    if (member == nullptr) continue;
    ++given;
    if (second == nullptr || member->key_offset > second->key_offset) second = member;
  }
  if (given == 1) return std::nullopt;
  return BrokenRule{
      given == 0 ? object.offset : second->key_offset,
      fmt::format("expected exactly one of value, one_of and sql, found {}",
                  given == 0 ? "none" : fmt::format("{}", given)),
      "Give value (the same for every row), one_of (in turn) or sql (an expression)."};
}

std::optional<BrokenRule> data_file_rule(const JsonNode& object) {
  const JsonNode* table = object.member("table");
  const JsonNode* file = object.member("file");
  if (table == nullptr || file == nullptr || file->text.ends_with(".csv")) return std::nullopt;
  return BrokenRule{table->key_offset, "a .sql file says itself where its rows go",
                    "Take table out; it is for .csv files."};
}

/// Rows of several lengths can never all be found.
std::optional<BrokenRule> expected_rows_rule(const JsonNode& rows) {
  for (const JsonNode& row : rows.children) {
    const std::size_t wanted = rows.children.front().children.size();
    if (row.children.size() == wanted) continue;
    return BrokenRule{
        row.offset,
        fmt::format("a row of {}, after one of {}", plural(row.children.size(), "value"), wanted),
        "Give every row as many values as the query has columns."};
  }
  return std::nullopt;
}

std::optional<BrokenRule> assertion_rule(const JsonNode& object) {
  if (const JsonNode* expect = object.member("expect"))
    if (auto broken = expected_rows_rule(*expect)) return broken;
  const JsonNode* at = object.member("at");
  const JsonNode* migration = object.member("migration");
  const bool at_end = at != nullptr && at->text == word(AssertionMoment::kEnd);
  if (!at_end || migration == nullptr || migration->text == "*") return std::nullopt;
  return BrokenRule{migration->key_offset, "the end is that of the whole walk, not of a migration",
                    "Take migration out, or ask at after_up_again."};
}

}  // namespace

std::optional<BrokenRule> broken_rule(std::string_view pattern, const JsonNode& object) {
  if (pattern == "/data/tables/*/columns/*") return column_rule(object);
  if (pattern == "/data/load/*") return data_file_rule(object);
  if (pattern == "/assertions/*") return assertion_rule(object);
  return std::nullopt;
}

}  // namespace drydock
