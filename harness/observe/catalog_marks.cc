#include "harness/observe/catalog_marks.h"

#include <cstdlib>
#include <set>

namespace drydock {
namespace {

/// An index is renamed under less than ACCESS EXCLUSIVE, so that of an index only that it is there
/// counts. Columns are one mark a relation: any change of theirs takes the same lock.
constexpr const char* kMarks = R"(
WITH own AS (
  SELECT c.* FROM pg_class c
  WHERE c.oid >= 16384 AND c.relkind IN ('r', 'p', 'm', 'v', 'f', 'i', 'I') AND relpersistence <> 't')
SELECT oid, 'relation ' || CASE WHEN relkind IN ('i', 'I') THEN ''
              ELSE concat_ws(',', relname, relnamespace, relowner, relpersistence, relrowsecurity,
                             relforcerowsecurity) END,
       'AccessExclusiveLock', 'AccessExclusiveLock' FROM own
UNION ALL
SELECT attrelid, 'columns ' || md5(string_agg(concat_ws(',', attnum, attname, atttypid, atttypmod,
                                              attnotnull, attidentity, attisdropped), ';'
                                              ORDER BY attnum)),
       'AccessExclusiveLock', 'AccessExclusiveLock'
FROM pg_attribute JOIN own ON own.oid = attrelid AND own.relkind NOT IN ('i', 'I')
WHERE attnum > 0 GROUP BY attrelid
UNION ALL
SELECT adrelid, 'default ' || adnum || ' ' || md5(adbin::text),
       'AccessExclusiveLock', 'AccessExclusiveLock' FROM pg_attrdef JOIN own ON own.oid = adrelid
UNION ALL
SELECT conrelid, 'constraint ' || k.oid,
       CASE WHEN contype IN ('f', 't') THEN 'ShareRowExclusiveLock' ELSE 'AccessExclusiveLock' END,
       'AccessExclusiveLock' FROM pg_constraint k JOIN own ON own.oid = conrelid
UNION ALL
SELECT confrelid, 'reference ' || k.oid, 'ShareRowExclusiveLock', 'AccessExclusiveLock'
FROM pg_constraint k JOIN own ON own.oid = confrelid
UNION ALL
SELECT indrelid, 'index ' || indexrelid, 'ShareLock', 'AccessExclusiveLock'
FROM pg_index JOIN own ON own.oid = indrelid
UNION ALL
SELECT tgrelid, 'trigger ' || t.oid, 'ShareRowExclusiveLock', 'AccessExclusiveLock'
FROM pg_trigger t JOIN own ON own.oid = tgrelid WHERE NOT tgisinternal
UNION ALL
SELECT polrelid, 'policy ' || p.oid || ' ' ||
       md5(concat_ws(',', polname, polroles, polqual, polwithcheck)),
       'AccessExclusiveLock', 'AccessExclusiveLock' FROM pg_policy p JOIN own ON own.oid = polrelid
UNION ALL
SELECT ev_class, 'rule ' || r.oid || ' ' || md5(ev_action::text),
       'AccessExclusiveLock', 'AccessExclusiveLock' FROM pg_rewrite r JOIN own ON own.oid = ev_class
UNION ALL
SELECT inhrelid, 'parent ' || inhparent, 'AccessExclusiveLock', 'AccessExclusiveLock'
FROM pg_inherits JOIN own ON own.oid = inhrelid AND own.relkind NOT IN ('i', 'I')
UNION ALL
SELECT inhparent, 'child ' || inhrelid, 'ShareUpdateExclusiveLock', 'AccessExclusiveLock'
FROM pg_inherits JOIN own ON own.oid = inhparent AND own.relkind NOT IN ('i', 'I'))";

LockMode mode_at(const Rows& rows, int row, int column) {
  return lock_mode(rows.at(row, column)).value_or(LockMode::kAccessExclusive);
}

}  // namespace

CatalogMarks read_catalog_marks(Connection& connection) {
  const Rows rows = connection.query_prepared("drydock_catalog_marks", kMarks, {});
  CatalogMarks marks;
  for (int i = 0; i < rows.size(); ++i) {
    const Oid oid = static_cast<Oid>(std::strtoul(std::string(rows.at(i, 0)).c_str(), nullptr, 10));
    marks[{oid, std::string(rows.at(i, 1))}] = {mode_at(rows, i, 2), mode_at(rows, i, 3)};
  }
  return marks;
}

std::vector<SeenLock> locks_between(const CatalogMarks& before, const CatalogMarks& after) {
  std::set<std::pair<Oid, LockMode>> taken;
  for (const auto& [key, mark] : after) {
    if (before.count(key) == 0) taken.insert({key.first, mark.comes});
  }
  for (const auto& [key, mark] : before) {
    if (after.count(key) == 0) taken.insert({key.first, mark.goes});
  }
  std::vector<SeenLock> locks;
  for (const auto& [relation, mode] : taken) {
    locks.push_back({.relation = relation, .advisory = "", .mode = mode});
  }
  return locks;
}

}  // namespace drydock
