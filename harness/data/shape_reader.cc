#include "harness/data/shape_reader.h"

#include <fmt/format.h>

#include "harness/data/catalog_fields.h"

namespace drydock {
namespace {

/// Which relations are looked at: c is pg_class.
constexpr const char* kOurTables = R"(c.relkind IN ('r', 'p') AND c.oid >= 16384
    AND c.relpersistence <> 't' AND NOT c.relispartition
    AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
    AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass
                    AND d.objid = c.oid AND d.deptype = 'e'))";

/// Numbers that are others after any change to a table, its columns, constraints, indexes or
/// partitions: sums, so that what vanishes is felt too. Tables first, then their parts, for tables
/// or not; put together here, because without statistics the planner would join them row by row.
/// Table 0 stands for the types.
constexpr const char* kLook = R"(
SELECT c.oid, concat_ws(' ', c.xmin, n.xmin, CASE c.relkind WHEN 'p' THEN
           (SELECT sum(inhrelid::bigint * 7 + inhparent::bigint) FROM pg_inherits) END), true
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE {}
UNION ALL
SELECT attrelid, sum(xmin::text::bigint * attnum)::text, false FROM pg_attribute
WHERE attrelid >= 16384 AND attnum > 0 GROUP BY attrelid
UNION ALL
SELECT conrelid, sum(oid::bigint * 7 + xmin::text::bigint)::text, false FROM pg_constraint
WHERE oid >= 16384 GROUP BY conrelid
UNION ALL
SELECT indrelid, sum(indexrelid::bigint * 7 + xmin::text::bigint)::text, false FROM pg_index
WHERE indexrelid >= 16384 GROUP BY indrelid
UNION ALL
SELECT 0, concat_ws(' ', (SELECT sum(oid::bigint + xmin::text::bigint) FROM pg_type
                          WHERE oid >= 16384 AND typtype IN ('d', 'e', 'b', 'r', 'm')
                          AND typcategory <> 'A'),
    (SELECT sum(oid::bigint * 7 + xmin::text::bigint) FROM pg_enum),
    (SELECT sum(xmin::text::bigint) FROM pg_constraint WHERE contypid <> 0),
    (SELECT sum(a.xmin::text::bigint * attnum) FROM pg_class c
     JOIN pg_attribute a ON a.attrelid = c.oid WHERE c.relkind = 'c' AND c.oid >= 16384)), true)";

}  // namespace

ShapeReader::ShapeReader(Session& session) : session_(session) {
  version_ = number_of(session_.query("SHOW server_version_num").at(0, 0));
}

std::map<Oid, std::string> ShapeReader::look() {
  std::map<Oid, std::string> seen;
  if (prepared_.insert("look").second) {
    session_.query(fmt::format("PREPARE drydock_look AS {}", fmt::format(kLook, kOurTables)));
  }
  const Rows rows = session_.query("EXECUTE drydock_look");
  for (int i = 0; i < rows.size(); ++i) {
    const Oid oid = oid_of(rows.at(i, 0));
    if (true_at(rows, i, 2)) {
      seen[oid] = rows.at(i, 1);
    } else if (const auto table = seen.find(oid); oid != 0 && table != seen.end()) {
      table->second += ' ';
      table->second += rows.at(i, 1);
    }
  }
  return seen;
}

Rows ShapeReader::read(const std::string& name, const std::string& sql, const std::string& oids) {
  if (prepared_.insert(name).second) {
    session_.query(fmt::format("PREPARE drydock_{} (oid[]) AS {}", name, sql));
  }
  return session_.query(fmt::format("EXECUTE drydock_{}('{{{}}}')", name, oids));
}

bool ShapeReader::refresh() {
  std::map<Oid, std::string> now = look();
  if (now == fingerprints_) return false;
  const std::string types_now = now[0];
  const bool types_changed = types_now != types_fingerprint_;
  std::string oids;
  for (const auto& [oid, fingerprint] : now) {
    const auto known = fingerprints_.find(oid);
    const bool same = known != fingerprints_.end() && known->second == fingerprint;
    if (oid == 0 || (same && !types_changed)) continue;
    oids += (oids.empty() ? "" : ",") + std::to_string(oid);
    tables_.erase(oid);
  }
  std::erase_if(tables_, [&](const auto& entry) { return !now.contains(entry.first); });
  if (types_changed) types_.clear();
  fingerprints_ = std::move(now);
  types_fingerprint_ = types_now;
  if (oids.empty()) return true;
  read_tables(oids);
  read_columns(oids);
  read_constraints(oids);
  read_uniques(oids);
  read_exclusion_parts(oids);
  read_partitions(oids);
  read_types(oids);
  return true;
}

void ShapeReader::read_tables(const std::string& oids) {
  const Rows rows = read(
      "tables",
      R"(SELECT c.oid, n.nspname, c.relname, quote_ident(n.nspname) || '.' || quote_ident(c.relname),
                c.relkind = 'p'
         FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = ANY ($1))",
      oids);
  for (int i = 0; i < rows.size(); ++i) {
    TableShape& table = tables_[oid_of(rows.at(i, 0))];
    table.oid = oid_of(rows.at(i, 0));
    table.schema = rows.at(i, 1);
    table.name = rows.at(i, 2);
    table.sql = rows.at(i, 3);
    table.partitioned = true_at(rows, i, 4);
  }
}

void ShapeReader::read_columns(const std::string& oids) {
  const Rows rows =
      read("columns", R"(SELECT a.attrelid, a.attnum, a.attname, a.atttypid, a.atttypmod,
                format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attgenerated <> '',
                a.attidentity <> '', pg_get_expr(d.adbin, d.adrelid), s.sequence
         FROM pg_attribute a
         LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
         LEFT JOIN LATERAL (
             SELECT quote_ident(n.nspname) || '.' || quote_ident(c.relname) AS sequence
             FROM pg_depend o JOIN pg_class c ON c.oid = o.objid AND c.relkind = 'S'
             JOIN pg_namespace n ON n.oid = c.relnamespace
             WHERE o.classid = 'pg_class'::regclass AND o.refclassid = 'pg_class'::regclass
               AND o.refobjid = a.attrelid AND o.refobjsubid = a.attnum
               AND o.deptype IN ('a', 'i') ORDER BY c.oid DESC LIMIT 1) s ON true
         WHERE a.attrelid = ANY ($1) AND a.attnum > 0 AND NOT a.attisdropped ORDER BY 1, 2)",
           oids);
  for (int i = 0; i < rows.size(); ++i) {
    ColumnShape column;
    column.number = number_of(rows.at(i, 1));
    column.name = rows.at(i, 2);
    column.type = oid_of(rows.at(i, 3));
    column.modifier = number_of(rows.at(i, 4));
    column.type_sql = rows.at(i, 5);
    column.not_null = true_at(rows, i, 6);
    column.generated = true_at(rows, i, 7);
    column.identity = true_at(rows, i, 8);
    column.default_sql = rows.at(i, 9);
    column.sequence = rows.at(i, 10);
    tables_[oid_of(rows.at(i, 0))].columns.push_back(std::move(column));
  }
}

std::vector<std::string> ShapeReader::populated_views() {
  const Rows rows = session_.query(
      R"(SELECT quote_ident(n.nspname) || '.' || quote_ident(c.relname)
         FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
         WHERE c.relkind = 'm' AND c.relispopulated AND c.oid >= 16384 ORDER BY c.oid)");
  std::vector<std::string> views;
  for (int i = 0; i < rows.size(); ++i) views.push_back(text_at(rows, i, 0));
  return views;
}

}  // namespace drydock
