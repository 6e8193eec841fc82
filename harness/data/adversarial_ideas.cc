// What may be unpleasant about a value: nothing, too much, twice the same, at the end of its range.

#include <fmt/format.h>

#include <algorithm>

#include "harness/base/text.h"
#include "harness/data/extremes.h"
#include "harness/data/row_links.h"
#include "harness/data/sql_words.h"
#include "harness/data/trial_rows.h"
#include "harness/data/value_maker.h"

namespace drydock {
namespace {

bool alone_unique(const TableShape& table, const std::string& column) {
  return std::any_of(table.uniques.begin(), table.uniques.end(), [&](const UniqueShape& unique) {
    return unique.expressions.empty() && unique.predicate.empty() && unique.columns.size() == 1 &&
           unique.columns[0] == column;
  });
}

bool in_foreign_key(const TableShape& table, const std::string& column) {
  return std::any_of(table.foreign_keys.begin(), table.foreign_keys.end(), [&](const auto& key) {
    return !key.implied &&
           std::find(key.columns.begin(), key.columns.end(), column) != key.columns.end();
  });
}

bool has_twins(const TypeShape& type) {
  return type.kind == TypeKind::kBase && type.name != "bool" && type.name != "json" &&
         type.name != "xml" && type.name != "point" && type.name != "polygon";
}

/// What a counter reaches in a table that lives long, as SQL, and in words; empty for types that
/// are at their end before. The ends of its type it never reaches.
Extreme long_counted(const TypeShape& type) {
  if (type.name == "int8") return {"3000000000", "3000000000, more than an integer takes"};
  if (type.name == "int4") return {"40000", "40000, more than a smallint takes"};
  return {};
}

}  // namespace

std::vector<TrialIdea> adversarial_ideas(const TableShape& table, const ColumnShape& column,
                                         const TypeMap& types) {
  std::vector<TrialIdea> ideas;
  if (column.generated || !types.contains(column.type)) return ideas;
  if (!column.not_null)
    ideas.push_back({{{column.name, "NULL"}}, 1, fmt::format("with {} NULL", column.name), ""});
  int modifier = column.modifier;
  const TypeShape& type = ValueMaker(types).underlying(column.type, modifier);
  if (has_twins(type) && !alone_unique(table, column.name)) {
    const std::string name = sql_name(column.name);
    ideas.push_back({{{column.name,
                       fmt::format("SELECT {0} FROM {1} WHERE {0} IS NOT NULL ORDER BY {2} LIMIT 1",
                                   name, table.only_sql(), row_order(table, ""))}},
                     2,
                     fmt::format("with the same {}", column.name),
                     fmt::format("{} IS NOT NULL", name)});
  }
  if (in_foreign_key(table, column.name)) return ideas;
  std::vector<Extreme> extremes;
  if (!column.identity && column.sequence.empty()) {
    extremes = extremes_of(type, modifier, type.sql);
  } else if (const Extreme counted = long_counted(type); !counted.sql.empty()) {
    extremes = {counted};
  }
  for (const Extreme& extreme : extremes) {
    ideas.push_back({{{column.name, extreme.sql}},
                     1,
                     fmt::format("with {} {}", column.name, extreme.words),
                     ""});
  }
  return ideas;
}

std::optional<TrialIdea> rows_alike(const TableShape& table,
                                    const std::vector<const ColumnShape*>& columns,
                                    const TypeMap& types) {
  std::vector<std::string> names, plain;
  for (const ColumnShape* column : columns) {
    if (column->generated || !types.contains(column->type)) continue;
    int modifier = column->modifier;
    if (!has_twins(ValueMaker(types).underlying(column->type, modifier))) continue;
    if (alone_unique(table, column->name)) continue;
    names.push_back(sql_name(column->name));
    plain.push_back(column->name);
  }
  if (names.size() < 2) return {};
  TrialIdea idea;
  idea.rows = 2;
  idea.words = "with the same " + join(plain, ", ");
  const std::string all_there = join(names, " IS NOT NULL AND ") + " IS NOT NULL";
  for (std::size_t i = 0; i < names.size(); ++i) {
    // All of one row, so that what they refer to together is there.
    idea.fixed[plain[i]] = fmt::format("SELECT {} FROM {} WHERE {} ORDER BY {} LIMIT 1", names[i],
                                       table.only_sql(), all_there, row_order(table, ""));
  }
  return idea;
}

}  // namespace drydock
