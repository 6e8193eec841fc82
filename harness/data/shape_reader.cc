#include "harness/data/shape_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "harness/base/text.h"
#include "harness/data/catalog_fields.h"
#include "harness/data/shape_statements.h"

namespace drydock {
namespace {

/// How far a catalog row's transaction is from a fixed one: a small number, cheap to add up.
constexpr const char* kVersion = "(age('3'::xid) - age({}.xmin))";

/// Numbers that are others after any change to a table, its columns, constraints, indexes or
/// partitions: sums, so that what vanishes is felt too. Constraints and indexes are added up for
/// all tables at once (OFFSET keeps the planner, which knows no statistics, from doing it table by
/// table); columns are not, because indexes, toast tables and images have most of them. Table 0
/// stands for the types.
std::string look_statement() {
  const auto version = [](const char* row) { return fmt::format(kVersion, row); };
  return fmt::format(R"(
SELECT c.oid, concat_ws(' ', {0}, {1}, CASE c.relkind WHEN 'p' THEN
           (SELECT sum(inhrelid::bigint * 7 + inhparent::bigint) FROM pg_inherits) END,
         (SELECT sum({2}::bigint * w.attnum) FROM pg_attribute w
          WHERE w.attrelid = c.oid AND w.attnum > 0), k.version, i.version)
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN (SELECT w.conrelid, sum(w.oid::bigint * 7 + {2}) AS version FROM pg_constraint w
           WHERE w.oid >= 16384 GROUP BY w.conrelid OFFSET 0) k ON k.conrelid = c.oid
LEFT JOIN (SELECT w.indrelid, sum(w.indexrelid::bigint * 7 + {2}) AS version FROM pg_index w
           WHERE w.indexrelid >= 16384 GROUP BY w.indrelid OFFSET 0) i ON i.indrelid = c.oid
WHERE {3}
UNION ALL
SELECT 0, concat_ws(' ', (SELECT sum(w.oid::bigint + {2}) FROM pg_type w
                          WHERE w.oid >= 16384 AND w.typtype IN ('d', 'e', 'b', 'r', 'm')
                          AND w.typcategory <> 'A'),
    (SELECT sum(w.oid::bigint * 7 + {2}) FROM pg_enum w),
    (SELECT sum({2}) FROM pg_constraint w WHERE w.contypid <> 0),
    (SELECT sum({2}::bigint * w.attnum) FROM pg_class c
     JOIN pg_attribute w ON w.attrelid = c.oid WHERE c.relkind = 'c' AND c.oid >= 16384)))",
                     version("c"), version("n"), version("w"), kTakesRows);
}

}  // namespace

ShapeReader::ShapeReader(Session& session, TouchedSource touched)
    : session_(session), touched_(std::move(touched)) {
  version_ = number_of(session_.query("SHOW server_version_num").at(0, 0));
}

std::map<Oid, std::string> ShapeReader::look() {
  std::map<Oid, std::string> seen;
  if (!look_prepared_) session_.query("PREPARE drydock_look AS " + look_statement());
  look_prepared_ = true;
  const Rows rows = session_.query("EXECUTE drydock_look");
  for (int i = 0; i < rows.size(); ++i) seen[oid_of(rows.at(i, 0))] = rows.at(i, 1);
  return seen;
}

std::vector<ShapeReader::Reading> ShapeReader::readings() const {
  return {{"tables", tables_statement(), &ShapeReader::take_tables},
          {"columns", columns_statement(), &ShapeReader::take_columns},
          {"checks", checks_statement(), &ShapeReader::take_checks},
          {"foreign_keys", foreign_keys_statement(), &ShapeReader::take_foreign_keys},
          {"uniques", uniques_statement(version_), &ShapeReader::take_uniques},
          {"exclusions", exclusions_statement(), &ShapeReader::take_exclusion_parts},
          {"partitions", partitions_statement(), &ShapeReader::take_partitions},
          {"types", types_statement(version_), &ShapeReader::take_types}};
}

void ShapeReader::read(const std::set<Oid>& tables) {
  std::string oids;
  for (const Oid oid : tables) {
    oids += (oids.empty() ? "" : ",") + std::to_string(oid);
    tables_.erase(oid);
  }
  const std::vector<Reading> all = readings();
  std::string prepare, execute;
  for (const Reading& reading : all) {
    prepare += fmt::format("PREPARE drydock_{} (oid[]) AS {};\n", reading.name, reading.sql);
    execute += fmt::format("EXECUTE drydock_{}('{{{}}}');\n", reading.name, oids);
  }
  if (!readings_prepared_) session_.query(prepare);
  readings_prepared_ = true;
  const std::vector<Rows> answers = session_.query_all(execute);
  for (std::size_t i = 0; i < all.size(); ++i) (this->*all[i].take)(answers.at(i));
}

/// A partition is read with its root, and types with all tables that use them.
bool ShapeReader::can_be_told(const Touched& touched) const {
  return look_prepared_ && !touched.everything && !touched.types &&
         std::none_of(tables_.begin(), tables_.end(),
                      [](const auto& entry) { return entry.second.partitioned; });
}

/// And those whose foreign keys point to them: they name their columns and types.
std::set<Oid> ShapeReader::with_children(const std::set<Oid>& changed) const {
  std::set<Oid> all = changed;
  for (const auto& [oid, table] : tables_) {
    if (std::any_of(table.foreign_keys.begin(), table.foreign_keys.end(),
                    [&](const ForeignKeyShape& key) { return changed.contains(key.parent); })) {
      all.insert(oid);
    }
  }
  return all;
}

bool ShapeReader::read_told(const std::set<Oid>& told) {
  if (told.empty()) return false;
  const std::set<Oid> touched = with_children(told);
  for (const Oid oid : touched) fingerprints_[oid].clear();  // the next look does not know them
  read(touched);
  for (const Oid oid : touched) {
    const auto found = tables_.find(oid);
    if (found != tables_.end() && found->second.oid == 0) tables_.erase(found);  // not of ours
  }
  return true;
}

bool ShapeReader::refresh() {
  if (touched_) {
    const std::optional<Touched> touched = touched_();
    if (touched && can_be_told(*touched)) return read_told(touched->relations);
  }
  std::map<Oid, std::string> now = look();
  if (now == fingerprints_) return false;
  const std::string types_now = now[0];
  const bool types_changed = types_now != types_fingerprint_;
  std::set<Oid> changed;
  for (const auto& [oid, fingerprint] : now) {
    const auto known = fingerprints_.find(oid);
    const bool same = known != fingerprints_.end() && known->second == fingerprint;
    if (oid != 0 && (!same || types_changed)) changed.insert(oid);
  }
  std::erase_if(tables_, [&](const auto& entry) { return !now.contains(entry.first); });
  if (types_changed) types_.clear();
  fingerprints_ = std::move(now);
  types_fingerprint_ = types_now;
  if (!changed.empty()) read(with_children(changed));
  return true;
}

void ShapeReader::take_tables(const Rows& rows) {
  for (int i = 0; i < rows.size(); ++i) {
    TableShape& table = tables_[oid_of(rows.at(i, 0))];
    table.oid = oid_of(rows.at(i, 0));
    table.schema = rows.at(i, 1);
    table.name = rows.at(i, 2);
    table.sql = rows.at(i, 3);
    table.partitioned = true_at(rows, i, 4);
  }
}

void ShapeReader::take_columns(const Rows& rows) {
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

std::vector<std::string> ShapeReader::populated_views_over(const std::vector<Oid>& tables) {
  session_.prepare_once("drydock_views (oid[])", views_statement());
  std::vector<std::string> oids;
  for (const Oid oid : tables) oids.push_back(std::to_string(oid));
  const Rows rows = session_.query(fmt::format("EXECUTE drydock_views('{{{}}}')", join(oids, ",")));
  std::vector<std::string> views;
  for (int i = 0; i < rows.size(); ++i) views.push_back(text_at(rows, i, 0));
  return views;
}

}  // namespace drydock
