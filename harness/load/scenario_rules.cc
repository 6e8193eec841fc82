#include "harness/load/scenario_rules.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string>

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

constexpr std::string_view kTenantMark = "{tenant}";

/// A context that is the same for all tenants tells none of them from another.
bool tells_tenant(const JsonNode& way) {
  if (way.key == "setting" || way.text.find(kTenantMark) != std::string::npos) return true;
  return std::any_of(way.children.begin(), way.children.end(), tells_tenant);
}

std::optional<BrokenRule> context_rule(const JsonNode& object) {
  constexpr const char* kWays =
      "Give setting (it holds the tenant), settings (several, or another value), sql (statements "
      "to send first) or role (one for each tenant).";
  if (object.children.size() != 1) {
    const bool none = object.children.empty();
    return BrokenRule{none ? object.offset : object.children[1].key_offset,
                      fmt::format("expected exactly one of setting, settings, sql and role, found "
                                  "{}",
                                  none ? "none" : fmt::format("{}", object.children.size())),
                      kWays};
  }
  const JsonNode& way = object.children.front();
  if (tells_tenant(way)) return std::nullopt;
  return BrokenRule{way.offset, way.key + " is the same for every tenant",
                    "Write {tenant} where the tenant's value belongs."};
}

std::optional<BrokenRule> tenants_rule(const JsonNode& isolation) {
  const JsonNode* tenants = isolation.member("tenants");
  if (tenants == nullptr) return std::nullopt;
  std::set<std::string> seen;
  for (const JsonNode& tenant : tenants->children) {
    if (!seen.insert(tenant.text).second)
      return BrokenRule{tenant.offset, "the tenant " + tenant.text + " stands there twice",
                        "Name tenants that are to be kept apart."};
  }
  return std::nullopt;
}

std::optional<BrokenRule> isolation_rule(const JsonNode& object) {
  if (auto broken = tenants_rule(object)) return broken;
  const JsonNode* exempt = object.member("exempt");
  if (exempt == nullptr) return std::nullopt;
  std::set<std::string> seen;
  for (const JsonNode& exemption : exempt->children) {
    const JsonNode* table = exemption.member("table");
    if (table != nullptr && !seen.insert(table->text).second)
      return BrokenRule{table->offset, table->text + " is exempt already",
                        "Give each table one reason."};
  }
  return std::nullopt;
}

/// Either taken from a migration, or written out.
std::optional<BrokenRule> backfill_rule(const JsonNode& object) {
  const JsonNode* migration = object.member("migration");
  for (const std::string_view name : {"table", "set", "where"}) {
    const JsonNode* member = object.member(name);
    if (migration != nullptr && member != nullptr) {
      return BrokenRule{member->key_offset,
                        fmt::format("{} beside migration, which already says it", name),
                        "Give migration, or table, set and where."};
    }
    if (migration == nullptr && member == nullptr) {
      return BrokenRule{object.offset, fmt::format("{} is missing", name),
                        "Give table, set and where, or the migration to take them from."};
    }
  }
  return std::nullopt;
}

}  // namespace

std::optional<BrokenRule> broken_rule(std::string_view pattern, const JsonNode& object) {
  if (pattern == "/data/tables/*/columns/*") return column_rule(object);
  if (pattern == "/data/load/*") return data_file_rule(object);
  if (pattern == "/backfills/*") return backfill_rule(object);
  if (pattern == "/assertions/*") return assertion_rule(object);
  if (pattern == "/isolation/context") return context_rule(object);
  if (pattern == "/isolation") return isolation_rule(object);
  return std::nullopt;
}

}  // namespace drydock
