// The statements of a plan: INSERT of new rows, UPDATE of rows in place.

#include <fmt/format.h>

#include <algorithm>

#include "harness/base/text.h"
#include "harness/data/row_links.h"
#include "harness/data/row_plan.h"
#include "harness/data/sql_expression.h"
#include "harness/data/sql_words.h"

namespace drydock {

std::string RowPlan::update(const std::vector<std::string>& columns, std::int64_t rows) const {
  std::string set, missing;
  for (const std::string& column : columns) {
    // A column that has a value already keeps it.
    set +=
        fmt::format("{0}{1} = coalesce(t.{1}, v.{1})", set.empty() ? "" : ", ", sql_name(column));
    missing += fmt::format("{}t.{} IS NULL", missing.empty() ? "" : " OR ", sql_name(column));
  }
  return fmt::format(
      "UPDATE {} AS t SET {}\n{}\nJOIN {} ON v.drydock_row = r.place\n"
      "WHERE t.ctid = r.row_id AND t.tableoid = r.row_table AND r.place % 5 <> 3 AND ({})",
      in_.table->only_sql(), set, numbered_rows(),
      "(SELECT * FROM " + candidates(1, rows) + ") AS v", missing);
}

std::string RowPlan::numbered_rows() const {
  return fmt::format(
      "FROM (SELECT ctid AS row_id, tableoid AS row_table,\n"
      "        row_number() OVER (ORDER BY {}) AS place FROM {}) AS r",
      row_order(*in_.table, ""), in_.table->only_sql());
}

std::string RowPlan::replace_nulls(const std::vector<std::string>& columns,
                                   std::int64_t rows) const {
  std::string set, missing;
  for (const std::string& column : columns) {
    set +=
        fmt::format("{0}{1} = coalesce(t.{1}, v.{1})", set.empty() ? "" : ", ", sql_name(column));
    missing += fmt::format("{}t.{} IS NULL", missing.empty() ? "" : " OR ", sql_name(column));
  }
  return fmt::format(
      "UPDATE {} AS t SET {}\n{}\nJOIN (SELECT * FROM {}) AS v ON v.drydock_row = r.place\n"
      "WHERE t.ctid = r.row_id AND t.tableoid = r.row_table AND ({})",
      in_.table->only_sql(), set, numbered_rows(), candidates(1, rows), missing);
}

std::string RowPlan::distinct_column(const std::vector<std::string>& key) const {
  for (const std::string& column : key)
    if (distinct_.contains(column)) return column;
  return {};
}

std::string RowPlan::replace_twins(const std::string& column, const std::vector<std::string>& key,
                                   std::int64_t rows) const {
  // Far behind the numbers that rows in place were made with.
  constexpr std::int64_t kBehind = 500'000;
  std::vector<std::string> names;
  for (const std::string& name : key) names.push_back(sql_name(name));
  return fmt::format(
      "UPDATE {0} AS t SET {1} = v.{1}\nFROM (SELECT ctid AS row_id, tableoid AS row_table,\n"
      "        row_number() OVER (ORDER BY {2}) AS place,\n"
      "        row_number() OVER (PARTITION BY {3} ORDER BY {2}) AS twin FROM {0}) AS r\n"
      "JOIN (SELECT * FROM {4}) AS v ON v.drydock_row = r.place + {5}\n"
      "WHERE t.ctid = r.row_id AND t.tableoid = r.row_table AND r.twin > 1 AND v.{1} IS NOT NULL",
      in_.table->only_sql(), sql_name(column), row_order(*in_.table, ""), join(names, ", "),
      candidates(kBehind + 1, kBehind + rows), kBehind);
}

std::string RowPlan::column_list(const std::string& prefix) const {
  std::string list;
  for (const ColumnShape& column : in_.table->columns)
    if (!column.generated) list += (list.empty() ? "" : ", ") + prefix + sql_name(column.name);
  return list;
}

/// A domain's value is made in the type below it, so that the domain's conditions can be asked.
std::string RowPlan::candidate_type(const ColumnShape& column) const {
  const bool domain =
      in_.types->contains(column.type) && in_.types->at(column.type).kind == TypeKind::kDomain;
  return domain ? base_type(*in_.types, column.type).sql : column.type_sql;
}

std::string RowPlan::candidates(std::int64_t first, std::int64_t last) const {
  return candidates(fmt::format("generate_series({}::bigint, {})", first, last));
}

std::string RowPlan::candidates(const std::string& numbers) const {
  std::string list;
  for (const ColumnShape& column : in_.table->columns) {
    if (column.generated) continue;
    list += fmt::format(",\n    ({})::{} AS {}", expressions_.at(column.name),
                        candidate_type(column), sql_name(column.name));
  }
  return fmt::format("(SELECT n AS drydock_row{}\n  FROM {} AS r(n){}{}) AS {}", list, numbers,
                     joins_, conditions_.empty() ? "" : "\n  WHERE " + join(conditions_, " AND "),
                     sql_name(in_.table->name));
}

std::string RowPlan::filter() const {
  std::vector<std::string> tests;
  if (!in_.condition.empty()) tests.push_back("(" + in_.condition + ")");
  const auto about_generated = [&](const std::string& check) {
    const std::set<std::string> names = names_in(check);
    return std::any_of(in_.table->columns.begin(), in_.table->columns.end(),
                       [&](const ColumnShape& c) { return c.generated && names.contains(c.name); });
  };
  for (const CheckShape& check : in_.table->checks)
    if (!about_generated(check.expression))
      tests.push_back(fmt::format("({}) IS NOT FALSE", check.expression));
  for (const std::string& check : domain_checks_)
    tests.push_back(fmt::format("({}) IS NOT FALSE", check));
  std::vector<std::string> leaves;
  for (const PartitionLeaf& leaf : in_.table->leaves) {
    const bool open = std::any_of(leaf.bounds.begin(), leaf.bounds.end(), [](const auto& bound) {
      return bound.text == "DEFAULT" || bound.strategy == "h";
    });
    if (open || leaf.condition.empty())
      return tests.empty() ? "" : "\nWHERE " + join(tests, " AND ");
    leaves.push_back("(" + leaf.condition + ")");
  }
  if (!leaves.empty()) tests.push_back("(" + join(leaves, " OR ") + ")");
  return tests.empty() ? "" : "\nWHERE " + join(tests, "\n  AND ");
}

std::string RowPlan::insert(std::int64_t first, std::int64_t last, std::int64_t limit,
                            bool skip_collisions) const {
  if (column_list("").empty()) {
    return fmt::format("INSERT INTO {} SELECT FROM generate_series({}, {})", in_.table->sql, first,
                       std::min(last, first + limit - 1));
  }
  std::string sql = fmt::format("INSERT INTO {} ({}) OVERRIDING SYSTEM VALUE\nSELECT {}\nFROM {}{}",
                                in_.table->sql, column_list(""), column_list(""),
                                candidates(first, last), filter());
  if (limit < last - first + 1) sql += fmt::format("\nORDER BY drydock_row LIMIT {}", limit);
  if (skip_collisions) sql += "\nON CONFLICT DO NOTHING";
  return sql;
}

JointInsert RowPlan::insert_special(
    const std::map<std::string, std::map<std::int64_t, std::string>>& special) const {
  std::string list = "drydock_row";
  for (const ColumnShape& column : in_.table->columns) {
    if (column.generated) continue;
    const std::string name = sql_name(column.name);
    const auto values = special.find(column.name);
    if (values == special.end()) {
      list += ", " + name;
      continue;
    }
    std::string cases;
    for (const auto& [row, sql] : values->second) {
      cases += fmt::format(" WHEN {} THEN ({})::{}", row, sql, column.type_sql);
    }
    list += fmt::format(",\n  CASE drydock_row{} ELSE {} END AS {}", cases, name, name);
  }
  constexpr std::string_view kNumbers = "'{drydock_numbers}'::bigint[]";
  const std::string sql = fmt::format(
      "INSERT INTO {} ({}) OVERRIDING SYSTEM VALUE\nSELECT {}\nFROM (SELECT {}\n  FROM {}) AS "
      "{}{}\n"
      "ON CONFLICT DO NOTHING",
      in_.table->sql, column_list(""), column_list(""), list,
      candidates(fmt::format("unnest({})", kNumbers)), sql_name(in_.table->name), filter());
  const std::size_t at = sql.find(kNumbers) + 2;
  return {sql.substr(0, at), sql.substr(sql.find('}', at))};
}

std::string RowPlan::insert_one_by_one(std::int64_t first, std::int64_t last,
                                       std::int64_t limit) const {
  return fmt::format(
      "DO $drydock$ DECLARE c record; done bigint := 0; BEGIN\n"
      "FOR c IN SELECT * FROM {}{}\nORDER BY drydock_row LOOP\n"
      "  EXIT WHEN done >= {};\n"
      "  BEGIN INSERT INTO {} ({}) OVERRIDING SYSTEM VALUE VALUES ({});\n"
      "    IF FOUND THEN done := done + 1; END IF;\n"
      "  EXCEPTION WHEN OTHERS THEN NULL; END;\nEND LOOP; END $drydock$",
      candidates(first, last), filter(), limit, in_.table->sql, column_list(""), column_list("c."));
}

}  // namespace drydock
