// Constraints, keys and partitions of tables, out of the catalogs.

#include <fmt/format.h>

#include <algorithm>

#include "harness/base/text.h"
#include "harness/data/catalog_fields.h"
#include "harness/data/shape_reader.h"

namespace drydock {

void ShapeReader::take_checks(const Rows& checks) {
  for (int i = 0; i < checks.size(); ++i) {
    tables_[oid_of(checks.at(i, 0))].checks.push_back(
        {text_at(checks, i, 1), text_at(checks, i, 2)});
  }
}

void ShapeReader::take_foreign_keys(const Rows& keys) {
  std::string last;
  for (int i = 0; i < keys.size(); ++i) {
    auto& list = tables_[oid_of(keys.at(i, 0))].foreign_keys;
    if (keys.at(i, 1) != last) {
      list.push_back({.name = text_at(keys, i, 2),
                      .parent = oid_of(keys.at(i, 3)),
                      .parent_sql = text_at(keys, i, 4),
                      .parent_is_partitioned = true_at(keys, i, 5),
                      .columns = {},
                      .parent_columns = {},
                      .parent_types = {},
                      .parent_not_null = {},
                      .deferrable = true_at(keys, i, 8),
                      .match_full = true_at(keys, i, 9)});
    }
    last = keys.at(i, 1);
    list.back().columns.push_back(text_at(keys, i, 6));
    list.back().parent_columns.push_back(text_at(keys, i, 7));
    list.back().parent_types.push_back(text_at(keys, i, 10));
    list.back().parent_not_null.push_back(true_at(keys, i, 11));
  }
}

void ShapeReader::take_uniques(const Rows& rows) {
  std::string last;
  for (int i = 0; i < rows.size(); ++i) {
    auto& list = tables_[oid_of(rows.at(i, 0))].uniques;
    if (rows.at(i, 1) != last) {
      list.push_back({.name = text_at(rows, i, 2),
                      .primary = true_at(rows, i, 3),
                      .deferrable = true_at(rows, i, 4),
                      .nulls_alike = true_at(rows, i, 5),
                      .columns = {},
                      .expressions = {},
                      .predicate = text_at(rows, i, 6)});
    }
    last = rows.at(i, 1);
    const bool plain = !rows.is_null(i, 7);
    (plain ? list.back().columns : list.back().expressions)
        .push_back(text_at(rows, i, plain ? 7 : 8));
  }
}

void ShapeReader::take_exclusion_parts(const Rows& rows) {
  std::string last;
  for (int i = 0; i < rows.size(); ++i) {
    auto& list = tables_[oid_of(rows.at(i, 0))].exclusions;
    if (rows.at(i, 1) != last) list.push_back({text_at(rows, i, 2), {}, text_at(rows, i, 5)});
    last = rows.at(i, 1);
    list.back().parts.push_back({text_at(rows, i, 3), text_at(rows, i, 4)});
  }
}

void ShapeReader::take_partitions(const Rows& rows) {
  std::string last;
  for (int i = 0; i < rows.size(); ++i) {
    auto& leaves = tables_[oid_of(rows.at(i, 0))].leaves;
    if (rows.at(i, 1) != last) leaves.push_back({{}, text_at(rows, i, 5)});
    last = rows.at(i, 1);
    leaves.back().bounds.push_back(
        {text_at(rows, i, 2), split(rows.at(i, 3), '\n'), text_at(rows, i, 4)});
  }
}

}  // namespace drydock
