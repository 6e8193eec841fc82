#include "harness/observe/work_ledger.h"

#include <algorithm>
#include <cstdlib>

namespace drydock {
namespace {

/// Files of indexes count as well: REINDEX gives a new one.
constexpr const char* kSharedWork = R"(
SELECT c.oid, c.relkind, c.relfilenode, pg_stat_get_numscans(c.oid),
       pg_stat_get_tuples_returned(c.oid),
       pg_stat_get_tuples_inserted(c.oid) + pg_stat_get_tuples_updated(c.oid) +
         pg_stat_get_tuples_deleted(c.oid),
       pg_stat_get_vacuum_count(c.oid) + pg_stat_get_analyze_count(c.oid),
       (SELECT h.inhparent FROM pg_inherits h WHERE c.relispartition AND h.inhrelid = c.oid LIMIT 1)
FROM pg_class c WHERE c.oid >= 16384 AND c.relkind IN ('r', 'm', 'i'))";

std::int64_t number(std::string_view text) {
  return std::strtoll(std::string(text).c_str(), nullptr, 10);
}

ScanCounters since(const ScanCounters& before, const ScanCounters& now) {
  return {now.scans - before.scans, now.rows - before.rows};
}

std::string table_name(const KnownRelation& index, const RelationMap& map) {
  const KnownRelation* table = map.find(index.table);
  return index.is_index() && table != nullptr ? table->name : "";
}

}  // namespace

Rewrite rewrite_of(const KnownRelation& relation, const RelationMap& map, const std::string& reason,
                   std::int64_t rows) {
  return {.relation = relation.name,
          .kind = relation.kind(),
          .table = table_name(relation, map),
          .reason = reason,
          .rows = rows};
}

WorkLedger::WorkLedger(Connection& connection, RelationMap& map, RowEstimates& rows)
    : connection_(connection),
      map_(map),
      rows_(rows),
      server_version_(connection.server_version()) {}

void WorkLedger::phase_begins(Session& watched) {
  seen_.clear();
  counted_ = false;
  hand_in_counters(watched, server_version_);
}

double WorkLedger::after_in_block(Session& watched, const StatementWords& words,
                                  const std::vector<Oid>& relations,
                                  const std::map<Oid, std::int64_t>& live, Footprint& footprint) {
  const SessionWork work = look_at_work(watched, relations);
  std::map<Oid, Change> changes;
  for (const auto& [oid, now] : work.relations) {
    const auto [place, first] = seen_.try_emplace(oid);
    RelationWork& before = place->second;
    if (first) before.file = map_.find(oid)->file;
    changes[oid] = {since(before.scans, now.scans), now.file != 0 && now.file != before.file};
    before = now;
    counted_ = counted_ || now.scans.scans > 0;
  }
  add(changes, live, words, footprint);
  return work.lock_timeout_ms;
}

void WorkLedger::transaction_ended(Session& watched) {
  seen_.clear();
  const bool idle = watched.connected() && watched.transaction() == TransactionState::kIdle;
  // What was counted until here would look like the next transaction's.
  if (counted_ && idle) hand_in_counters(watched, server_version_);
  counted_ = false;
}

void WorkLedger::before_alone(Session& watched, const StatementWords& words) {
  hand_in_counters(watched, server_version_);
  before_ = shared_work();
  if (words.opaque) marks_ = read_catalog_marks(connection_);
}

std::vector<SeenLock> WorkLedger::after_alone(Session& watched, const StatementWords& words,
                                              Footprint& footprint) {
  hand_in_counters(watched, server_version_);
  map_.refresh();
  const std::map<Oid, SharedWork> after = shared_work();
  std::map<Oid, Change> changes;
  for (const auto& [oid, now] : after) {
    const auto before = before_.find(oid);
    if (before == before_.end()) {
      add_rebuilt_index(oid, words, footprint);
    } else if (!map_.is_new(oid)) {
      changes[oid] = {since(before->second.scans, now.scans), now.file != before->second.file};
    }
  }
  // Helpers count for everybody: rows tell, however many they were.
  StatementWords as_query = words;
  as_query.defines = false;
  add(changes, {}, as_query, footprint);
  std::vector<SeenLock> locks = implied_locks(words, map_, before_, after);
  if (!words.opaque) return locks;
  for (const SeenLock& lock : locks_between(marks_, read_catalog_marks(connection_))) {
    const bool known = std::any_of(locks.begin(), locks.end(), [&](const SeenLock& other) {
      return other.relation == lock.relation && other.mode == lock.mode;
    });
    if (!known) locks.push_back(lock);
  }
  return locks;
}

/// `oid` is new. REINDEX CONCURRENTLY puts another index in the place of one of the same name.
void WorkLedger::add_rebuilt_index(Oid oid, const StatementWords& words, Footprint& footprint) {
  const KnownRelation* made = map_.find(oid);
  if (made == nullptr || !made->is_index() || map_.is_toast(*made)) return;
  for (const auto& [old, work] : before_) {
    const KnownRelation* gone = map_.find(old);
    if (gone == nullptr || gone->table != made->table || gone->name != made->name) continue;
    footprint.rewrites.push_back(
        rewrite_of(*made, map_, words.rewrite_reason, rows_.rows_in({oid}, {})[oid]));
  }
}

std::map<Oid, SharedWork> WorkLedger::shared_work() {
  const Rows rows = connection_.query_prepared("drydock_shared_work", kSharedWork, {});
  std::map<Oid, SharedWork> work;
  for (int i = 0; i < rows.size(); ++i) {
    SharedWork& relation = work[static_cast<Oid>(number(rows.at(i, 0)))];
    relation.file = static_cast<Oid>(number(rows.at(i, 2)));
    relation.parent = static_cast<Oid>(number(rows.at(i, 7)));
    if (rows.at(i, 1) == "i") continue;  // an index counts its own kind of scans
    relation.scans = {number(rows.at(i, 3)), number(rows.at(i, 4))};
    relation.written = number(rows.at(i, 5));
    relation.maintained = number(rows.at(i, 6));
  }
  return work;
}

void WorkLedger::add(const std::map<Oid, Change>& changes, const std::map<Oid, std::int64_t>& live,
                     const StatementWords& words, Footprint& footprint) {
  for (const auto& [oid, change] : changes) {
    const KnownRelation& relation = *map_.find(oid);
    const bool reads = change.scans.scans > 0 && relation.has_rows();
    if (relation.nobodys || map_.is_toast(relation) || (!reads && !change.new_file)) continue;
    std::int64_t rows = rows_.rows_in({oid}, live)[oid];
    if (rows == 0 && reads) rows = change.scans.rows / change.scans.scans;
    const int passes = words.truncates ? 0 : full_passes(change.scans, rows, words.defines);
    if (reads && passes > 0) footprint.passes.push_back({relation.name, passes, rows});
    if (!change.new_file || words.truncates) continue;
    // Where the words do not tell, a new file that no row was read for is a truncated one.
    const auto table = changes.find(relation.is_index() ? relation.table : oid);
    const bool emptied = words.opaque && table != changes.end() && table->second.scans.rows == 0;
    if (emptied) continue;
    footprint.rewrites.push_back(rewrite_of(relation, map_, words.rewrite_reason, rows));
  }
}

}  // namespace drydock
