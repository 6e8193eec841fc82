#include "harness/observe/relation_map.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstdlib>
#include <utility>

namespace drydock {
namespace {

/// Read with every look: they are few, and a renamed schema renames all in it.
constexpr const char* kSchemas =
    "SELECT n.oid, quote_ident(n.nspname), pg_snapshot_xmin(pg_current_snapshot())::xid"
    " FROM pg_namespace n";

/// Rows younger than the last look. The file and the TOAST table of a relation are in its row, so
/// that a rewrite makes a new row; the table of an index never changes.
constexpr const char* kRelations =
    "SELECT c.oid, quote_ident(c.relname), c.relnamespace, c.relkind, i.indrelid, c.reltoastrelid,"
    "       (SELECT h.inhparent FROM pg_inherits h WHERE c.relispartition AND h.inhrelid = c.oid"
    "        LIMIT 1), c.relfilenode, c.relpersistence"
    " FROM pg_class c LEFT JOIN pg_index i ON c.relkind IN ('i', 'I') AND i.indexrelid = c.oid"
    " WHERE c.oid >= 16384 AND c.relkind <> 'c'";

Oid oid_at(const Rows& rows, int row, int column) {
  return static_cast<Oid>(std::strtoul(std::string(rows.at(row, column)).c_str(), nullptr, 10));
}

}  // namespace

LockedKind KnownRelation::kind() const {
  switch (relkind) {
    case 'i':
    case 'I':
      return LockedKind::kIndex;
    case 'S':
      return LockedKind::kSequence;
    case 'v':
      return LockedKind::kView;
    case 'm':
      return LockedKind::kMaterializedView;
    case 'r':
    case 'p':
    case 't':
      return LockedKind::kTable;
    default:
      return LockedKind::kOther;
  }
}

void RelationMap::refresh() { take(connection_.query_prepared_all(questions())); }

std::vector<PreparedQuery> RelationMap::questions() const {
  const PreparedQuery schemas{"drydock_schema_names", kSchemas, {}};
  if (seen_until_.empty()) return {schemas, {"drydock_all_relations", kRelations, {}}};
  // age() orders transaction ids right across their wrap-around.
  return {schemas,
          {"drydock_new_relations",
           std::string(kRelations) + " AND age(c.xmin) <= age($1::xid)",
           {seen_until_}}};
}

std::vector<PreparedQuery> RelationMap::questions_about(const std::set<Oid>& changed) const {
  std::set<Oid> oids = changed;
  // ALTER TABLE … SET SCHEMA takes the indexes along without a lock on them.
  for (const auto& [oid, relation] : relations_) {
    if (changed.count(relation.table) != 0) oids.insert(oid);
  }
  return {{"drydock_schema_names", kSchemas, {}},
          {"drydock_some_relations",
           std::string(kRelations) + " AND c.oid = ANY ($1::oid[])",
           {fmt::format("{{{}}}", fmt::join(oids, ","))}}};
}

void RelationMap::take(const std::vector<Rows>& answers) {
  take_some(answers);
  if (answers[0].size() > 0) seen_until_ = answers[0].at(0, 2);
}

void RelationMap::take_some(const std::vector<Rows>& answers) {
  take_schemas(answers[0]);
  take_relations(answers[1]);
}

void RelationMap::take_schemas(const Rows& rows) {
  std::map<Oid, std::string> schemas;
  for (int i = 0; i < rows.size(); ++i) schemas[oid_at(rows, i, 0)] = rows.at(i, 1);
  if (schemas == schemas_) return;
  schemas_ = std::move(schemas);
  for (auto& [oid, relation] : relations_) {
    const Row& row = names_.at(oid);
    const auto schema = schemas_.find(row.schema);
    if (schema != schemas_.end()) relation.name = schema->second + "." + row.name;
  }
}

void RelationMap::take_relations(const Rows& rows) {
  for (int i = 0; i < rows.size(); ++i) {
    const Oid oid = oid_at(rows, i, 0);
    const Row row{std::string(rows.at(i, 1)), oid_at(rows, i, 2)};
    const std::string& schema = schemas_[row.schema];
    KnownRelation relation{.name = schema + "." + row.name,
                           .relkind = rows.at(i, 3)[0],
                           .table = oid_at(rows, i, 4),
                           .parent = oid_at(rows, i, 6),
                           .file = oid_at(rows, i, 7),
                           .nobodys = rows.at(i, 8) == "t" || schema == "pg_catalog" ||
                                      schema == "information_schema" ||
                                      row.name.starts_with("drydock_")};
    const auto known = relations_.find(oid);
    if (known == relations_.end()) {
      new_.insert(oid);
    } else if (relation.relkind == 't') {
      relation.table = known->second.table;
    }
    relations_[oid] = relation;
    names_[oid] = row;
  }
  for (int i = 0; i < rows.size(); ++i) {
    const auto toast = relations_.find(oid_at(rows, i, 5));
    if (toast != relations_.end()) toast->second.table = oid_at(rows, i, 0);
  }
}

const KnownRelation* RelationMap::find(Oid oid) const {
  const auto found = relations_.find(oid);
  return found == relations_.end() ? nullptr : &found->second;
}

bool RelationMap::is_toast(const KnownRelation& relation) const {
  const KnownRelation* table = find(relation.table);
  return relation.relkind == 't' || (table != nullptr && table->relkind == 't');
}

std::vector<Oid> RelationMap::leaves(Oid root) const {
  std::vector<Oid> found;
  for (const auto& [oid, relation] : relations_) {
    if (relation.parent != root) continue;
    if (relation.relkind != 'p') {
      found.push_back(oid);
      continue;
    }
    const std::vector<Oid> below = leaves(oid);
    found.insert(found.end(), below.begin(), below.end());
  }
  return found;
}

}  // namespace drydock
