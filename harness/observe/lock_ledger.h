// The ledger of what a script's statements do to relations that others use: which locks each takes,
// how long they are held, what it writes anew, what it reads from end to end.
//
// Locks are kept until their transaction ends. So it is enough that a second session looks into
// pg_locks at each statement's end while the transaction is open: what is new since the last look
// was taken by this statement. Nothing is sampled and nothing is guessed, except for statements
// that commit by themselves, whose entries say so. Names come from a map that was taken before.
//
//   LockLedger ledger(server.administrator(database));  // once a database
//   ledger.phase_begins(session);                       // for each phase, as StatementObserver
//   ledger.before(session, sql, in_block);
//   …                                                   // the statement; run gets its times
//   ledger.after(session, in_block, run);               // fills run.footprint
//   ledger.transaction_ended(phase);                    // completes held_ms in phase.statements
//   ledger.phase_ended(session, phase);                 // names what the phase itself made
//
// harness/rehearse/ledger_observer.h makes it a StatementObserver of run_scripts.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "harness/model/evidence.h"
#include "harness/observe/lock_reader.h"
#include "harness/observe/lock_sampler.h"
#include "harness/observe/relation_map.h"
#include "harness/observe/row_estimates.h"
#include "harness/observe/statement_words.h"
#include "harness/observe/work_ledger.h"
#include "harness/postgres/session.h"

namespace drydock {

class LockLedger {
 public:
  /// Two connections to the database are kept for the ledger's life, the second one from the first
  /// statement on that has to be sampled. Throws Error.
  explicit LockLedger(const ConnectionInfo& administrator);

  void phase_begins(Session& watched);
  void before(Session& watched, const std::string& sql, bool in_block);
  /// Counts the statements: must be called once for each that the phase will list, in their order.
  void after(Session& watched, bool in_block, StatementRun& run);
  /// `phase.duration_ms`: until now.
  void transaction_ended(Phase& phase);
  void phase_ended(Session& watched, Phase& phase);

 private:
  /// Relation or key of an advisory lock, and mode: an entry once a transaction.
  using LockKey = std::tuple<Oid, std::string, LockMode>;

  /// Where a HeldLock stands that is not complete yet.
  struct Entry {
    std::size_t statement = 0;  ///< index into Phase::statements
    std::size_t lock = 0;       ///< index into its footprint's locks
    Oid relation = 0;
    double acquired_ms = 0;
    double held_ms = 0;
  };

  void take_boundary(Session& watched, StatementRun& run);
  LockSight look(int pid);
  bool is_changed(Oid relation) const;
  bool may_be_named(Oid relation) const;
  void take_locks(const LockSight& sight, StatementRun& run);
  void add(const std::vector<HeldLock>& locks, const std::vector<SeenLock>& seen,
           const std::map<Oid, std::int64_t>& live, Footprint& into);
  void release_gone(const LockSight& sight, double now_ms);
  std::vector<Oid> worth_asking(const LockSight& sight) const;
  void take_samples(Session& watched, StatementRun& run);
  void name_own_relations(Phase& phase);
  void take_temp_bytes(Phase& phase);
  bool keeps_file(Oid index) const;
  void add_rebuilt_indexes(Phase& phase, const Entry& entry);

  ConnectionInfo administrator_;
  LockReader reader_;
  RelationMap map_;
  RowEstimates rows_;
  WorkLedger work_;
  std::optional<LockSampler> sampler_;

  // Of the phase.
  Session* watched_ = nullptr;
  std::vector<StatementWords> statements_;
  std::vector<Entry> unnamed_;  ///< locks on relations that the phase made
  std::set<Oid> changed_;       ///< relations that ended transactions may have made or changed
  double lock_timeout_ms_ = 0;
  std::int64_t wal_position_ = 0;
  std::int64_t temp_bytes_ = 0;

  // Of the transaction.
  std::map<LockKey, Entry> held_;
  std::set<Oid> changing_;           ///< relations that it may have made or changed
  std::size_t first_statement_ = 0;  ///< of the transaction, index into Phase::statements
  std::vector<Entry> released_;      ///< before its end: by ROLLBACK TO, or advisory ones

  // Of the statement.
  StatementWords words_;
  std::string text_;  ///< in lower case
  bool sampling_ = false;
};

}  // namespace drydock
