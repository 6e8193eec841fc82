// What a plan has to know of the rows in place and of parents, and what the scenario's rules are
// worth.

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/data/parent_rows.h"
#include "harness/data/sql_words.h"
#include "harness/data/table_filler.h"

namespace drydock {
namespace {

std::int64_t number_of(std::string_view text) {
  return std::strtoll(std::string(text).c_str(), nullptr, 10);
}

/// The answers to parents_question().
void take_parents(const Rows& answers, std::vector<ParentFacts>& parents) {
  for (int i = 0; i < answers.size(); ++i) {
    ParentFacts& parent = parents[static_cast<std::size_t>(number_of(answers.at(i, 0)))];
    parent.count = number_of(answers.at(i, 1));
    parent.low = number_of(answers.at(i, 2));
    parent.dense = parent.count > 0 && !answers.is_null(i, 2) &&
                   number_of(answers.at(i, 3)) - parent.low + 1 == parent.count;
  }
}

}  // namespace

RowsInPlace TableFiller::look_at_rows(const TableShape& table) {
  std::string own = "count(*)";
  std::vector<std::string> integers;
  for (const ColumnShape& column : table.columns) {
    if (column.generated || !shapes_.types().contains(column.type) ||
        !is_integer(base_type(shapes_.types(), column.type)))
      continue;
    own += fmt::format(", max({})", sql_name(column.name));
    integers.push_back(column.name);
  }
  const std::string parents = parents_question(table);
  const std::vector<Rows> answers = session_.query_all(fmt::format(
      "SELECT {} FROM {}{}{}", own, table.only_sql(), parents.empty() ? "" : ";\n", parents));
  RowsInPlace rows;
  rows.count = number_of(answers.at(0).at(0, 0));
  for (std::size_t i = 0; i < integers.size(); ++i)
    rows.largest[integers[i]] = number_of(answers[0].at(0, static_cast<int>(i) + 1));
  rows.parents.resize(table.foreign_keys.size());
  if (!parents.empty()) take_parents(answers.at(1), rows.parents);
  return rows;
}

/// One row for each foreign key: its number, how many rows of its parent it may point to, and the
/// ends of their keys where these are integers. Empty: there is none to ask for.
std::string TableFiller::parents_question(const TableShape& table) const {
  std::vector<std::string> questions;
  for (std::size_t i = 0; i < table.foreign_keys.size(); ++i) {
    const ForeignKeyShape& key = table.foreign_keys[i];
    if (key.parent == table.oid) continue;
    std::string ends = "NULL::bigint, NULL::bigint";
    if (const auto parent = shapes_.tables().find(key.parent);
        key.columns.size() == 1 && parent != shapes_.tables().end()) {
      const ColumnShape* column = parent->second.column(key.parent_columns[0]);
      if (column != nullptr && is_integer(base_type(shapes_.types(), column->type)))
        ends = fmt::format("min(p.{0})::bigint, max(p.{0})::bigint", sql_name(column->name));
    }
    questions.push_back(fmt::format("SELECT {}, count(*), {} {}", i, ends, parent_rows(table, i)));
  }
  return join(questions, "\nUNION ALL ");
}

PlanInput TableFiller::input(const TableShape& table, const RowsInPlace& rows, std::int64_t wanted,
                             std::int64_t first) const {
  PlanInput input;
  input.table = &table;
  input.types = &shapes_.types();
  input.rule = rule_of(table);
  input.seed = scenario_.seed;
  input.adversarial = scenario_.profile == RowProfile::kAdversarial;
  input.wanted = wanted;
  input.parents = rows.parents;
  input.rows_in_place = rows.count > 0;
  if (!input.rows_in_place && first == 1) return input;
  for (const auto& [column, largest] : rows.largest) input.largest[column] = largest - (first - 1);
  return input;
}

/// What the scenario's own texts are worth is said before they are mixed with ours.
void TableFiller::check_rule(const TableShape& table) {
  const TableRule* rule = rule_of(table);
  if (rule == nullptr) return;
  for (const auto& [name, column_rule] : rule->columns) {
    const ColumnShape* column = table.column(name);
    if (column == nullptr) continue;
    if (column->generated) {
      throw Error(fmt::format("{}:{}: data.tables.{}.columns names {}, which the server computes",
                              rule->file, rule->line, table.display(), name),
                  "Leave it out.");
    }
    PlanInput input;
    input.table = &table;
    input.types = &shapes_.types();
    input.rule = rule;
    input.parents.resize(table.foreign_keys.size());
    const std::int64_t rows =
        std::max<std::int64_t>(3, static_cast<std::int64_t>(column_rule.one_of.size()));
    const Reply reply =
        session_.send(fmt::format("SELECT {} FROM generate_series(1::bigint, {}) AS r(n)",
                                  RowPlan(std::move(input)).rule_value(*column), rows),
                      SteadyClock::now() + kPatience);
    if (reply.ok) continue;
    throw Error(
        fmt::format("{}:{}: data.tables.{}.columns.{}: {}", rule->file, rule->line, table.display(),
                    name, words_of(*reply.error)),
        fmt::format("The column's type is {}; an \"sql\" is an expression in which n is the "
                    "row's number.",
                    column->type_sql));
  }
}

}  // namespace drydock
