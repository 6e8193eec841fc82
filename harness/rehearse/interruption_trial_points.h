// Where scripts can be stopped so that something of them stays.
//
// What stands in a transaction is undone with it. So it is the commits that count: the script's
// own, those of the tool and of the server's implicit transactions around it, and every statement
// outside a transaction; found by the rules that run_scripts() follows.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "harness/model/migration.h"

namespace drydock {

/// A place behind a commit.
struct CommitPoint {
  std::size_t statement = 0;  ///< the last that it commits, counted from 1 over all scripts
  std::string text;           ///< of that statement, on one line
  std::string file;
  int line = 0;
  std::size_t script = 0, query = 0;  ///< indices of where it stands
  std::size_t end = 0;                ///< bytes of the query's text that were sent by then
};

/// A statement that commits on its own way, before which the scripts can be cut.
struct ConcurrentStatement {
  CommitPoint place;      ///< of the statement itself; `end` is where it begins
  std::string statement;  ///< whole
};

/// In order. What changes the session only (SET, SHOW …) commits nothing.
std::vector<CommitPoint> commit_points(const std::vector<Script>& scripts);

/// CREATE INDEX CONCURRENTLY and its like, in order.
std::vector<ConcurrentStatement> concurrent_statements(const std::vector<Script>& scripts);

/// What is sent until `point`, as scripts that the same tool would send.
std::vector<Script> scripts_until(const std::vector<Script>& scripts, const CommitPoint& point);

}  // namespace drydock
