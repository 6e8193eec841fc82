#include "harness/data/unused_rules.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/base/sql_text.h"
#include "harness/base/text.h"

namespace drydock {
namespace {

std::string suggestion(const std::string& name, const std::vector<std::string>& candidates) {
  const std::string near = nearest(name, candidates);
  return near.empty() ? "" : fmt::format(". Did you mean {}?", near);
}

std::vector<std::string> names_of(const SeenTables& seen) {
  std::vector<std::string> names;
  for (const auto& [table, columns] : seen) names.push_back(table);
  return names;
}

void add_unused(const std::string& name, const TableRule& rule, const SeenTables& seen,
                std::vector<std::string>& unused) {
  const auto table = seen.find(name);
  if (table == seen.end()) {
    unused.push_back(fmt::format("{}:{}: data.tables names {}, and there never was such a table{}",
                                 rule.file, rule.line, name, suggestion(name, names_of(seen))));
    return;
  }
  for (const auto& [column, what] : rule.columns) {
    if (table->second.contains(column)) continue;
    unused.push_back(
        fmt::format("{}:{}: data.tables.{}.columns names {}, and {} never had such a column{}",
                    rule.file, rule.line, name, column, name,
                    suggestion(column, {table->second.begin(), table->second.end()})));
  }
}

/// What an entry of preserve.may_change could have said.
std::vector<std::string> nameable(const std::vector<std::string>& entry, const SeenTables& seen) {
  std::vector<std::string> names;
  for (const auto& [table, columns] : seen) {
    if (entry.size() == 2 && entry[0] != "*") names.push_back(table);
    for (const std::string& column : columns) {
      if (entry[0] == "*") names.push_back("*." + column);
      if (entry.size() == 3) names.push_back(table + "." + column);
    }
  }
  return names;
}

bool any_has(const std::vector<std::string>& entry, const SeenTables& seen) {
  return std::any_of(seen.begin(), seen.end(), [&](const auto& table) {
    if (entry[0] == "*") return table.second.contains(entry[1]);
    const std::vector<std::string> name = plain_name_parts(table.first);
    return name == std::vector<std::string>{entry[0], entry[1]} &&
           (entry.size() == 2 || table.second.contains(entry[2]));
  });
}

bool is_table(const std::vector<std::string>& entry, const SeenTables& seen) {
  return any_has({entry[0], entry[1]}, seen);
}

}  // namespace

std::vector<std::string> unused_rules(const Scenario& scenario, const SeenTables& seen,
                                      const std::function<bool(const std::string&)>& mentioned) {
  std::vector<std::string> unused;
  for (const auto& [name, rule] : scenario.tables) add_unused(name, rule, seen, unused);
  for (const std::string& text : scenario.may_change) {
    const std::vector<std::string> entry = plain_name_parts(text);
    if (entry.size() < 2 || any_has(entry, seen)) continue;
    if (!is_table(entry, seen) && mentioned(entry[1])) continue;
    unused.push_back(
        fmt::format("{}: preserve.may_change names {}, and there never was such a {}{}",
                    scenario.file, text, entry.size() == 2 && entry[0] != "*" ? "table" : "column",
                    suggestion(text, nameable(entry, seen))));
  }
  return unused;
}

}  // namespace drydock
