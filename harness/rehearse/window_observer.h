// Does a table of tenants lie open for a moment, between two commits of one script?
//
// Inside a transaction nobody sees what is dropped and made again; between two of them everybody
// does. So behind each commit of a script that touches row security or privileges it is asked which
// tables are open: rows in them, no row security, and privileges of somebody else's.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "harness/model/evidence.h"
#include "harness/model/migration.h"
#include "harness/model/scenario.h"
#include "harness/postgres/session.h"
#include "harness/rehearse/script_runner.h"

namespace drydock {

class WindowObserver : public StatementObserver {
 public:
  /// `session` is the administrator's own in the database where the scripts run. `before` are
  /// tables that may be open: it is no window of this script's when they are.
  WindowObserver(Session session, const IsolationRules& rules, bool in_down,
                 std::set<std::string> before);

  /// Whether the scripts have words that can open a table.
  static bool worth_it(const std::vector<Script>& scripts);
  /// Whether the scripts switch row security on.
  static bool brings_row_security(const std::vector<Script>& scripts);

  void phase_begins(Session&) override {}
  void before(Session&, const std::string&, bool) override {}
  void after(Session& session, bool in_block, StatementRun& run) override;
  void transaction_ended(Phase& phase) override;
  void phase_ended(Session&, Phase&) override {}

  /// Those that the script itself closed again; of a down also those that stay.
  std::vector<IsolationWindow> windows() const;

 private:
  void look();

  Session session_;
  const IsolationRules& rules_;
  bool in_down_;
  std::set<std::string> before_;
  StatementRun last_;     ///< that can have opened or closed one
  bool touched_ = false;  ///< since the last look
  std::vector<IsolationWindow> seen_;
};

}  // namespace drydock
