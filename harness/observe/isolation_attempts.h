// Tries at other tenants' rows, many in one message to the server.
//
// A try is: something prepared by the administrator, becoming the role in its context, one
// statement, being the administrator again, counting what happened; all of it in a subtransaction
// that is rolled back. A function in pg_temp does that for each row of a VALUES list, because a
// round trip costs more than a try.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "harness/model/isolation_evidence.h"
#include "harness/postgres/session.h"

namespace drydock {

struct IsolationAttempt {
  IsolationCommand command = IsolationCommand::kSelect;
  IsolationSituation situation = IsolationSituation::kOther;
  std::string setup;  ///< the administrator's; may be empty
  std::string enter;  ///< role and context
  std::string sql;    ///< what the role tries
  /// sql gives two arrays: tableoid and ctid of the rows that the role sees.
  bool reads = false;
  /// One row: how many of one's own, how many of others', examples with \x1f between. $1 and $2 are
  /// the arrays of a try that reads, $3 is the xmin of rows that the try wrote. Not asked when no
  /// row was seen or written.
  std::string measure;
  std::string shown;  ///< the statement for people, where it is not `sql`
  /// It is about one's own rows as well: `mine` of own_rows.
  bool own_by_measure = false;
  std::int64_t own_rows = 0, other_rows = 0;  ///< how many there are to be seen or written
  std::int64_t nobody = 0;                    ///< rows whose tenant is NULL
  std::string own_shown;                      ///< the statement for people about one's own rows
  std::string example;  ///< a row that a success touches, where `measure` gives none
  static constexpr const char* kTheft = "theft";  ///< sets the tenant of all rows to one's own
  std::string variant;  ///< tells tries of the same command and situation apart
};

struct AttemptResult {
  std::int64_t done = 0;  ///< rows seen or written, as the role is told
  std::int64_t mine = 0, others = 0;
  std::vector<std::string> examples;
  std::string sqlstate;  ///< empty: no error
  std::string message;
  std::string stage;  ///< where the error was: "setup", "enter", "try", "measure"
};

/// Makes what run_attempts needs, in the open transaction; doing it again does no harm.
void prepare_attempts(Session& session);

/// REQUIRES: prepare_attempts in this transaction. `leave`: leave_statements. Throws Error only for
/// mistakes of ours.
std::vector<AttemptResult> run_attempts(Session& session, const std::string& leave,
                                        const std::vector<IsolationAttempt>& attempts);

}  // namespace drydock
