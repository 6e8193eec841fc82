#include "harness/observe/lock_reader.h"

#include <cstdlib>

namespace drydock {
namespace {

/// One row at least, so that the WAL position is always there. Relations of the system have oids
/// below 16384; the keys of advisory locks stand where other locks have oids.
constexpr const char* kLocks = R"(
SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::bigint, l.relation, l.advisory, l.mode,
       l.granted, pg_stat_get_live_tuples(l.relation), pg_stat_get_db_temp_bytes($2::oid),
       l.virtualtransaction
FROM (VALUES (1)) AS one LEFT JOIN (
  SELECT DISTINCT k.relation, k.mode, k.granted, k.virtualtransaction,
         CASE WHEN k.locktype = 'relation' THEN NULL
              WHEN k.objsubid = 1
              THEN ((k.classid::bigint << 32) | k.objid::bigint)::text
              ELSE '(' || k.classid || ', ' || k.objid || ')' END AS advisory
  FROM pg_lock_status() AS k
  WHERE k.pid = $1::int AND k.database = $2::oid
    AND (k.locktype = 'advisory' OR k.locktype = 'relation' AND k.relation >= 16384)) AS l ON true)";

std::int64_t number(std::string_view text) {
  return std::strtoll(std::string(text).c_str(), nullptr, 10);
}

LockSight sight_of(const Rows& rows) {
  LockSight sight;
  for (int i = 0; i < rows.size(); ++i) {
    sight.wal_position = number(rows.at(i, 0));
    sight.temp_bytes = number(rows.at(i, 6));
    const auto mode = lock_mode(rows.at(i, 3));
    sight.transaction = rows.at(i, 7);
    if (!mode) continue;  // the row of no lock; SIReadLock, which nobody waits for
    const Oid relation = static_cast<Oid>(number(rows.at(i, 1)));
    sight.locks.push_back({relation, std::string(rows.at(i, 2)), *mode, rows.at(i, 4) == "t"});
    if (relation != 0) sight.live_rows[relation] = number(rows.at(i, 5));
  }
  return sight;
}

}  // namespace

LockReader::LockReader(const ConnectionInfo& administrator)
    : connection_(administrator),
      database_(connection_.query_value(
          "SELECT oid FROM pg_database WHERE datname = current_database()")) {}

PreparedQuery LockReader::question(int backend_pid) const {
  return {"drydock_locks", kLocks, {std::to_string(backend_pid), database_}};
}

LockSight LockReader::read(int backend_pid) {
  return sight_of(connection_.query_prepared_all({question(backend_pid)})[0]);
}

LockSight LockReader::read_with(RelationMap& map, int backend_pid) {
  std::vector<PreparedQuery> questions = map.questions();
  questions.push_back(question(backend_pid));
  std::vector<Rows> answers = connection_.query_prepared_all(questions);
  map.take(answers);
  return sight_of(answers.back());
}

LockSight LockReader::read_with(RelationMap& map, const std::set<Oid>& changed, int backend_pid) {
  std::vector<PreparedQuery> questions = map.questions_about(changed);
  questions.push_back(question(backend_pid));
  std::vector<Rows> answers = connection_.query_prepared_all(questions);
  map.take_some(answers);
  return sight_of(answers.back());
}

}  // namespace drydock
