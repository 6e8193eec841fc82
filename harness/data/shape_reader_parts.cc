// Constraints, keys and partitions of tables, out of the catalogs.

#include <fmt/format.h>

#include <algorithm>

#include "harness/base/text.h"
#include "harness/data/catalog_fields.h"
#include "harness/data/shape_reader.h"

namespace drydock {

void ShapeReader::read_constraints(const std::string& oids) {
  const Rows checks =
      read("checks", R"(SELECT conrelid, conname, pg_get_expr(conbin, conrelid) FROM pg_constraint
         WHERE conrelid = ANY ($1) AND contype = 'c' ORDER BY conrelid, oid)",
           oids);
  for (int i = 0; i < checks.size(); ++i) {
    tables_[oid_of(checks.at(i, 0))].checks.push_back(
        {text_at(checks, i, 1), text_at(checks, i, 2)});
  }
  // One row a column of a foreign key, in its order.
  const Rows keys = read("foreign_keys", R"(SELECT k.conrelid, k.oid, k.conname, k.confrelid,
                quote_ident(n.nspname) || '.' || quote_ident(p.relname), p.relkind = 'p',
                a.attname, b.attname, k.condeferrable, k.confmatchtype = 'f',
                format_type(b.atttypid, b.atttypmod), b.attnotnull
         FROM pg_constraint k JOIN pg_class p ON p.oid = k.confrelid
         JOIN pg_namespace n ON n.oid = p.relnamespace
         CROSS JOIN LATERAL unnest(k.conkey, k.confkey) WITH ORDINALITY u(child, parent, place)
         JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.child
         JOIN pg_attribute b ON b.attrelid = k.confrelid AND b.attnum = u.parent
         WHERE k.conrelid = ANY ($1) AND k.contype = 'f' AND k.conparentid = 0
         ORDER BY k.conrelid, k.oid, u.place)",
                         oids);
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

void ShapeReader::read_uniques(const std::string& oids) {
  const Rows rows = read(
      "uniques",
      fmt::format(
          R"(SELECT i.indrelid, i.indexrelid, c.relname, i.indisprimary, NOT i.indimmediate, {},
                pg_get_expr(i.indpred, i.indrelid), a.attname,
                CASE WHEN a.attname IS NULL
                     THEN pg_get_indexdef(i.indexrelid, g.place, false) END
         FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
         CROSS JOIN LATERAL generate_series(1, i.indnkeyatts) g(place)
         LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid
               AND a.attnum = i.indkey[g.place - 1] AND a.attnum > 0
         WHERE i.indrelid = ANY ($1) AND i.indisunique AND i.indislive
         ORDER BY i.indrelid, NOT i.indisprimary, i.indnkeyatts, i.indexrelid, g.place)",
          version_ >= 150000 ? "i.indnullsnotdistinct" : "false"),
      oids);
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

void ShapeReader::read_exclusion_parts(const std::string& oids) {
  const Rows rows =
      read("exclusions",
           R"(SELECT k.conrelid, k.oid, k.conname, pg_get_indexdef(k.conindid, g.place, false),
                (SELECT oprname FROM pg_operator o WHERE o.oid = k.conexclop[g.place]),
                pg_get_expr(i.indpred, i.indrelid)
         FROM pg_constraint k JOIN pg_index i ON i.indexrelid = k.conindid
         CROSS JOIN LATERAL generate_series(1, array_length(k.conexclop, 1)) g(place)
         WHERE k.conrelid = ANY ($1) AND k.contype = 'x' ORDER BY 1, 2, g.place)",
           oids);
  std::string last;
  for (int i = 0; i < rows.size(); ++i) {
    auto& list = tables_[oid_of(rows.at(i, 0))].exclusions;
    if (rows.at(i, 1) != last) list.push_back({text_at(rows, i, 2), {}, text_at(rows, i, 5)});
    last = rows.at(i, 1);
    list.back().parts.push_back({text_at(rows, i, 3), text_at(rows, i, 4)});
  }
}

void ShapeReader::read_partitions(const std::string& oids) {
  const bool any = std::any_of(tables_.begin(), tables_.end(),
                               [](const auto& entry) { return entry.second.partitioned; });
  if (!any) return;
  // Each leaf with the bounds above it, one row a bound, from the root down.
  const Rows rows = read("partitions", R"(WITH RECURSIVE way(root, leaf, parent, step) AS (
           SELECT pg_partition_root(t.relid), t.relid, t.parentrelid, t.relid
           FROM pg_class c CROSS JOIN LATERAL pg_partition_tree(c.oid) t
           WHERE c.oid = ANY ($1) AND c.relkind = 'p' AND t.isleaf AND t.parentrelid IS NOT NULL
           UNION ALL
           SELECT w.root, w.leaf, i.inhparent::regclass, w.parent
           FROM way w JOIN pg_inherits i ON i.inhrelid = w.parent)
         SELECT w.root::oid, w.leaf::oid, p.partstrat,
                (SELECT string_agg(coalesce(a.attname, ''), E'\n' ORDER BY k.place)
                 FROM unnest(p.partattrs::int2[]) WITH ORDINALITY k(number, place)
                 LEFT JOIN pg_attribute a ON a.attrelid = w.parent AND a.attnum = k.number
                      AND k.number > 0),
                pg_get_expr(c.relpartbound, c.oid), pg_get_partition_constraintdef(w.leaf)
         FROM way w JOIN pg_class c ON c.oid = w.step
         JOIN pg_partitioned_table p ON p.partrelid = w.parent
         JOIN pg_class l ON l.oid = w.leaf AND l.relkind = 'r'
         ORDER BY 1, 2, (SELECT count(*) FROM pg_partition_ancestors(w.step)))",
                         oids);
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
