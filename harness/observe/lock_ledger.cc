#include "harness/observe/lock_ledger.h"

#include <algorithm>

#include "harness/base/text.h"
#include "harness/observe/weigh_samples.h"

namespace drydock {
namespace {

/// What spills out of work_mem, 4 MB unless set otherwise, takes longer than this.
constexpr double kSpillsMs = 5;

/// What others see of a relation that is locked; nothing for what no one else can want.
std::optional<HeldLock> describe_lock(const SeenLock& seen, const RelationMap& map) {
  HeldLock lock;
  lock.mode = seen.mode;
  if (seen.relation == 0) {
    lock.relation = "advisory lock " + seen.advisory;
    lock.kind = LockedKind::kAdvisory;
    return lock;
  }
  const KnownRelation* relation = map.find(seen.relation);
  if (relation == nullptr) {  // made by the open transaction; its name comes with its end
    lock.own = true;
    return lock;
  }
  const KnownRelation* table = map.find(relation->table);
  if (relation->nobodys || map.is_toast(*relation)) return std::nullopt;
  lock.relation = relation->name;
  lock.kind = relation->kind();
  if (relation->is_index() && table != nullptr) lock.table = table->name;
  lock.own = map.is_new(seen.relation);
  return lock;
}

}  // namespace

LockLedger::LockLedger(const ConnectionInfo& administrator)
    : administrator_(administrator),
      reader_(administrator),
      map_(reader_.connection()),
      rows_(reader_.connection(), map_),
      work_(reader_.connection(), map_, rows_) {}

void LockLedger::phase_begins(Session& watched) {
  watched_ = &watched;
  statements_.clear();
  unnamed_.clear();
  held_.clear();
  changing_.clear();
  released_.clear();
  sampling_ = false;
  first_statement_ = 0;
  work_.phase_begins(watched);
  const LockSight sight = reader_.read_with(map_, watched.backend_pid());
  map_.phase_begins();
  rows_.phase_begins();
  changed_.clear();
  lock_timeout_ms_ = 0;
  wal_position_ = sight.wal_position;
  temp_bytes_ = sight.temp_bytes;
}

void LockLedger::before(Session& watched, const std::string& sql, bool in_block) {
  words_ = read_statement_words(sql);
  text_ = to_lower(sql);
  sampling_ = !in_block && !words_.locks_nothing;
  if (!sampling_) return;
  map_.refresh();
  changed_.clear();
  lock_timeout_ms_ = lock_timeout_ms(watched);
  work_.before_alone(watched, words_);
  if (!sampler_) sampler_.emplace(administrator_);
  sampler_->start(watched.backend_pid());
}

void LockLedger::after(Session& watched, bool in_block, StatementRun& run) {
  statements_.push_back(words_);
  if (run.failed) {
    if (sampling_) sampler_->stop();
    return;
  }
  run.footprint.observed = true;
  if (sampling_) return take_samples(watched, run);
  if (in_block && !words_.locks_nothing) take_boundary(watched, run);
}

/// The locks of the open transaction, with what the ones before it did to relations that it locks:
/// that is there for everybody, what this one did is not yet.
LockSight LockLedger::look(int pid) {
  const bool named = std::any_of(changed_.begin(), changed_.end(),
                                 [this](Oid relation) { return may_be_named(relation); });
  if (!named) {
    LockSight sight = reader_.read(pid);
    if (std::none_of(sight.locks.begin(), sight.locks.end(),
                     [this](const SeenLock& lock) { return is_changed(lock.relation); })) {
      return sight;
    }
  }
  LockSight sight = reader_.read_with(map_, changed_, pid);
  changed_.clear();
  return sight;
}

bool LockLedger::is_changed(Oid relation) const {
  if (changed_.contains(relation)) return true;
  const KnownRelation* known = map_.find(relation);
  return known != nullptr && changed_.contains(known->table);
}

/// Whether the statement's text has the relation's name. Asking for what may have changed in the
/// same message is cheaper than asking afterwards, and dearer than not asking at all.
bool LockLedger::may_be_named(Oid relation) const {
  const KnownRelation* known = map_.find(relation);
  if (known == nullptr) return true;
  std::string name = known->name.substr(known->name.rfind('.') + 1);
  std::erase(name, '"');
  return text_.find(to_lower(name)) != std::string::npos;
}

void LockLedger::take_boundary(Session& watched, StatementRun& run) {
  const LockSight sight = look(watched.backend_pid());
  run.footprint.wal_bytes = sight.wal_position - wal_position_;
  wal_position_ = sight.wal_position;
  release_gone(sight, run.started_ms + run.duration_ms);
  take_locks(sight, run);
  const std::vector<Oid> relations = words_.queries ? worth_asking(sight) : std::vector<Oid>{};
  if (!relations.empty()) {
    lock_timeout_ms_ =
        work_.after_in_block(watched, words_, relations, sight.live_rows, run.footprint);
  } else if (!run.footprint.locks.empty()) {
    lock_timeout_ms_ = lock_timeout_ms(watched);
  }
  run.footprint.lock_timeout_ms = lock_timeout_ms_;
}

/// What can have been read or written anew: tables, also those that were only read, because what is
/// counted for them now would else look like the next statement's; indexes that nobody else can
/// use.
std::vector<Oid> LockLedger::worth_asking(const LockSight& sight) const {
  std::set<Oid> relations;
  for (const SeenLock& lock : sight.locks) {
    const KnownRelation* relation = map_.find(lock.relation);
    if (relation == nullptr || relation->nobodys || map_.is_new(lock.relation)) continue;
    const bool rebuilt = relation->is_index() && lock.mode == LockMode::kAccessExclusive;
    if (relation->has_rows() || rebuilt) relations.insert(lock.relation);
  }
  return {relations.begin(), relations.end()};
}

void LockLedger::take_locks(const LockSight& sight, StatementRun& run) {
  std::vector<HeldLock> locks;
  std::vector<SeenLock> seen;
  for (const SeenLock& lock : sight.locks) {
    // What changes a relation, or makes one, holds it with more than a query does.
    if (lock.relation != 0 && lock.mode > LockMode::kRowExclusive) changing_.insert(lock.relation);
    const LockKey key{lock.relation, lock.advisory, lock.mode};
    if (!lock.granted || held_.count(key) != 0) continue;
    std::optional<HeldLock> held = describe_lock(lock, map_);
    if (!held) continue;
    held->acquired_ms = run.started_ms;
    held_[key] = {statements_.size() - 1, locks.size(), lock.relation, run.started_ms, 0};
    locks.push_back(*held);
    seen.push_back(lock);
  }
  add(locks, seen, sight.live_rows, run.footprint);
}

/// `locks` with the rows of their relations; those that have no name yet are remembered.
void LockLedger::add(const std::vector<HeldLock>& locks, const std::vector<SeenLock>& seen,
                     const std::map<Oid, std::int64_t>& live, Footprint& into) {
  std::set<Oid> others;
  for (std::size_t i = 0; i < locks.size(); ++i) {
    if (!locks[i].own && seen[i].relation != 0) others.insert(seen[i].relation);
  }
  std::map<Oid, std::int64_t> rows;
  if (!others.empty()) rows = rows_.rows_in(others, live);
  for (std::size_t i = 0; i < locks.size(); ++i) {
    into.locks.push_back(locks[i]);
    const auto found = rows.find(seen[i].relation);
    if (found != rows.end()) into.locks.back().rows = found->second;
    if (locks[i].relation.empty()) {
      unnamed_.push_back({statements_.size() - 1, i, seen[i].relation, 0, 0});
    }
  }
}

void LockLedger::release_gone(const LockSight& sight, double now_ms) {
  std::set<LockKey> now;
  for (const SeenLock& lock : sight.locks) {
    if (lock.granted) now.insert({lock.relation, lock.advisory, lock.mode});
  }
  for (auto held = held_.begin(); held != held_.end();) {
    if (now.count(held->first) != 0) {
      ++held;
      continue;
    }
    held->second.held_ms = now_ms - held->second.acquired_ms;
    released_.push_back(held->second);
    held = held_.erase(held);
  }
}

void LockLedger::take_samples(Session& watched, StatementRun& run) {
  std::vector<SampledLock> samples = sampler_->stop();
  sampling_ = false;
  run.footprint.own_commit = true;
  run.footprint.lock_timeout_ms = lock_timeout_ms_;
  const std::vector<SeenLock> proven = work_.after_alone(watched, words_, run.footprint);
  samples =
      weigh_samples(words_, samples, proven, std::min(run.duration_ms, sampler_->unseen_ms()));
  std::vector<HeldLock> locks;
  std::vector<SeenLock> seen;
  for (const SampledLock& sample : samples) {
    std::optional<HeldLock> held = describe_lock(sample.lock, map_);
    if (!held || held->own) continue;  // how much of its own work is caught is a matter of luck
    held->exact = false;
    held->acquired_ms = run.started_ms + std::min(sample.first_ms, run.duration_ms);
    held->held_ms = sample.last_ms - sample.first_ms;
    held->waited_ms = sample.waited_ms;
    locks.push_back(*held);
    seen.push_back(sample.lock);
  }
  add(locks, seen, {}, run.footprint);
  const LockSight sight = reader_.read(watched.backend_pid());
  run.footprint.wal_bytes = sight.wal_position - wal_position_;
  wal_position_ = sight.wal_position;
}

void LockLedger::transaction_ended(Phase& phase) {
  const auto complete = [&](const Entry& entry) {
    phase.statements.at(entry.statement).footprint.locks.at(entry.lock).held_ms = entry.held_ms;
  };
  const bool advisory = std::any_of(held_.begin(), held_.end(),
                                    [](const auto& held) { return held.second.relation == 0; });
  changed_.merge(changing_);
  changing_.clear();
  LockSight still;
  if (advisory && watched_->connected()) still = reader_.read(watched_->backend_pid());
  std::erase_if(still.locks, [](const SeenLock& lock) { return lock.relation != 0; });
  release_gone(still, phase.duration_ms);
  for (const Entry& entry : released_) complete(entry);
  released_.clear();
  work_.transaction_ended(*watched_);
  take_temp_bytes(phase);
}

/// The server adds up a session's temporary files when its transaction has ended: they are put down
/// to the statement that ran longest.
void LockLedger::take_temp_bytes(Phase& phase) {
  StatementRun* longest = nullptr;
  const std::size_t end = std::min(statements_.size(), phase.statements.size());
  for (std::size_t i = first_statement_; i < end; ++i) {
    StatementRun& run = phase.statements[i];
    if (longest == nullptr || run.duration_ms > longest->duration_ms) longest = &run;
  }
  first_statement_ = end;
  if (longest == nullptr || longest->duration_ms < kSpillsMs || !longest->footprint.observed)
    return;
  if (!watched_->connected() || watched_->transaction() != TransactionState::kIdle) return;
  if (!hand_in_counters(*watched_, reader_.connection().server_version())) return;
  const std::int64_t now = reader_.read(watched_->backend_pid()).temp_bytes;
  longest->footprint.temp_bytes = now - temp_bytes_;
  temp_bytes_ = now;
}

void LockLedger::phase_ended(Session& watched, Phase& phase) {
  if (!changed_.empty() || !changing_.empty() || !unnamed_.empty()) map_.refresh();
  changed_.clear();
  if (watched.connected()) transaction_ended(phase);
  release_gone({}, phase.duration_ms);
  for (const Entry& entry : released_) {
    phase.statements.at(entry.statement).footprint.locks.at(entry.lock).held_ms = entry.held_ms;
  }
  released_.clear();
  name_own_relations(phase);
}

void LockLedger::name_own_relations(Phase& phase) {
  for (const Entry& entry : unnamed_) {
    Footprint& footprint = phase.statements.at(entry.statement).footprint;
    HeldLock& lock = footprint.locks.at(entry.lock);
    const auto named = describe_lock({entry.relation, "", lock.mode, true}, map_);
    if (!named || named->relation.empty()) continue;  // gone with its statement
    lock.relation = named->relation;
    lock.kind = named->kind;
    lock.table = named->table;
    if (lock.kind == LockedKind::kIndex) add_rebuilt_indexes(phase, entry);
  }
  for (StatementRun& run : phase.statements) {
    std::erase_if(run.footprint.locks, [](const HeldLock& lock) { return lock.relation.empty(); });
  }
  unnamed_.clear();
}

/// A new index over the old one's file: the type changed, what is stored did not.
bool LockLedger::keeps_file(Oid index) const {
  const KnownRelation& made = *map_.find(index);
  return std::any_of(map_.all().begin(), map_.all().end(), [&](const auto& known) {
    return known.first != index && known.second.is_index() && known.second.file == made.file;
  });
}

/// A changed column's indexes are made anew under new oids: one whose statement also took away
/// another of the same name on the same table is the same index, written anew.
void LockLedger::add_rebuilt_indexes(Phase& phase, const Entry& entry) {
  Footprint& footprint = phase.statements.at(entry.statement).footprint;
  const HeldLock& made = footprint.locks.at(entry.lock);
  const auto is_old = [&](const HeldLock& lock) {
    return !lock.own && lock.kind == LockedKind::kIndex && lock.relation == made.relation &&
           lock.table == made.table && lock.mode == LockMode::kAccessExclusive;
  };
  const auto old = std::find_if(footprint.locks.begin(), footprint.locks.end(), is_old);
  const bool listed =
      std::any_of(footprint.rewrites.begin(), footprint.rewrites.end(),
                  [&](const Rewrite& rewrite) { return rewrite.relation == made.relation; });
  if (old == footprint.locks.end() || listed || keeps_file(entry.relation)) return;
  footprint.rewrites.push_back(rewrite_of(
      *map_.find(entry.relation), map_, statements_.at(entry.statement).rewrite_reason, old->rows));
}

}  // namespace drydock
