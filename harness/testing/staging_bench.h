// An up in front of which a database stands, for the trials that run it on copies.
#pragma once

#include <string>
#include <vector>

#include "harness/observe/lock_ledger.h"
#include "harness/rehearse/ledger_observer.h"
#include "harness/rehearse/staged_up.h"
#include "harness/testing/shared_server.h"

namespace drydock::testing {

class StagingBench {
 public:
  /// `before`: SQL that makes what is there, as the role that migrates. `up`: the messages of one
  /// file, lines 1, 11, 21 …
  StagingBench(const std::string& before, const std::vector<std::string>& up,
               bool in_transaction = false)
      : first_(migration("1_first", {before}, true)),
        migration_(migration("2_up", up, in_transaction)),
        prefix_({{&first_}}) {}
  StagingBench(const StagingBench&) = delete;

  const StagingGround& ground() const { return ground_; }

  /// The up on a copy, with the ledger's footprints.
  Phase walked() {
    StagedUp staged(ground_);
    LockLedger ledger(staged.administrator());
    LedgerObserver observer(ledger);
    Session session = staged.migrate();
    return run_scripts(PhaseName::kUp, migration_.up, session, {}, &observer);
  }

 private:
  static Migration migration(const std::string& id, const std::vector<std::string>& messages,
                             bool in_transaction) {
    Migration result;
    result.id = id;
    Script script;
    script.path = id + ".sql";
    script.in_transaction = in_transaction;
    int line = 1;
    for (const std::string& text : messages) {
      script.queries.push_back({text, line, {}, {}});
      line += 10;
    }
    result.up.push_back(script);
    return result;
  }

  Workbench workbench_{shared_server(), {}};
  Migration first_, migration_;
  std::vector<Step> prefix_;
  StagingGround ground_{workbench_, prefix_, migration_, std::chrono::minutes(1)};
};

}  // namespace drydock::testing
