// The lock ledger as an observer of scripts.
//
//   LockLedger ledger(server.administrator(database));
//   LedgerObserver observer(ledger);
//   run_scripts(PhaseName::kUp, migration.up, session, limit, &observer);
#pragma once

#include "harness/base/error.h"
#include "harness/observe/lock_ledger.h"
#include "harness/rehearse/script_runner.h"

namespace drydock {

class LedgerObserver : public StatementObserver {
 public:
  /// `ledger` is that of the database in which the scripts run, and must outlive the observer.
  explicit LedgerObserver(LockLedger& ledger) : ledger_(ledger) {}

  void phase_begins(Session& session) override {
    stopped_ = false;
    look([&] { ledger_.phase_begins(session); });
  }
  void before(Session& session, const std::string& sql, bool in_block) override {
    look([&] { ledger_.before(session, sql, in_block); });
  }
  void after(Session& session, bool in_block, StatementRun& run) override {
    look([&] { ledger_.after(session, in_block, run); });
  }
  void transaction_ended(Phase& phase) override {
    look([&] { ledger_.transaction_ended(phase); });
  }
  void phase_ended(Session& session, Phase& phase) override {
    look([&] { ledger_.phase_ended(session, phase); });
  }

 private:
  /// When the user asks to stop, the script's next statement is what tells of it.
  template <typename Look>
  void look(Look at) {
    if (stopped_) return;
    try {
      at();
    } catch (const Cancelled&) {
      stopped_ = true;
    }
  }

  LockLedger& ledger_;
  bool stopped_ = false;
};

}  // namespace drydock
