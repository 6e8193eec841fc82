// Scripts run in a database of their own, with the ledger looking and without.
#pragma once

#include <optional>
#include <string>

#include "harness/rehearse/ledger_observer.h"
#include "harness/testing/shared_server.h"

namespace drydock::testing {

/// One file, sent as one message.
inline Script script_of(const std::string& sql, bool in_transaction = false) {
  return {"m/1.up.sql", in_transaction, {{sql, 1, {}}}, {}, 0};
}

struct WatchedScripts {
  FreshDatabase database;
  std::optional<LockLedger> ledger{std::in_place, database.info()};
  Session session{database.info()};

  Phase run(const Script& script) {
    LedgerObserver observer(*ledger);
    return run_scripts(PhaseName::kUp, {script}, session, std::chrono::seconds(60), &observer);
  }
  Phase run_alone(const Script& script) {
    return run_scripts(PhaseName::kUp, {script}, session, std::chrono::seconds(60));
  }
  /// Not seen by the ledger's phases.
  void prepare(const std::string& sql) { session.query(sql); }
};

}  // namespace drydock::testing
