// Scripts tried in a transaction that is rolled back afterwards.
//
// A trial answers "what if there were such rows" without paying for a copy of the database. Rows
// are written as the administrator, the scripts run as the role that migrates, everything in one
// transaction of one session; the tool's own BEGIN and COMMIT are left out. What a transaction
// cannot hold (a procedure that commits, a value of an enum used right after it was added) is told
// apart from a failure of the scripts: such scripts need a copy.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "harness/data/row_generator.h"
#include "harness/model/failure.h"
#include "harness/model/migration.h"
#include "harness/postgres/session.h"

namespace drydock {

/// How the scripts of a trial came out.
struct TrialOutcome {
  std::optional<Failure> failure;  ///< the scripts failed, as they would in a transaction of theirs
  /// Why no transaction can hold them, or why it could not be told; empty otherwise.
  std::string impossible;
  bool ran_through() const { return !failure && impossible.empty(); }
};

/// An open transaction in `session`, rolled back at the end of scope.
class Trial {
 public:
  /// `session` is the administrator's and idle. `role` is the one that migrates; empty: the
  /// administrator itself.
  Trial(Session& session, std::string role, std::chrono::milliseconds limit);
  ~Trial();
  Trial(const Trial&) = delete;
  Trial& operator=(const Trial&) = delete;

  /// Writes rows as the administrator. False: the server refused them, and nothing of them is
  /// there.
  bool write(const TrialRows& rows);

  /// All of them, in one message where the server takes all. Returns those that were written.
  std::vector<TrialRows> write_all(const std::vector<TrialRows>& rows);

  /// Runs the scripts as the role that migrates, as if each were committed at its end.
  TrialOutcome run(const std::vector<Script>& scripts);

  /// The administrator's session, inside the transaction.
  Session& session() { return session_; }

 private:
  void take_role();
  void leave_role();
  void clean_up();
  TrialOutcome run_query(const Script& script, const Query& query);

  Session& session_;
  std::string role_;
  SteadyClock::time_point deadline_;
  bool superuser_ = false;
  bool roles_have_settings_ = false;
  std::string defer_;  ///< puts initially deferred constraints off again, after they were held to
};

}  // namespace drydock
