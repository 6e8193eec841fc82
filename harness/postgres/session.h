// The connection a migration runs on, over libpq because every field of an error is wanted:
// SQLSTATE, detail, hint, context, position; notices; inline COPY data; cancelling.
//
// What the statements do to the session (SET, temporary tables, an open transaction) is theirs;
// reset() undoes it between migrations.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "harness/base/clock.h"
#include "harness/postgres/connection.h"

namespace drydock {

/// The server's words about a failed statement.
struct ServerError {
  std::string sqlstate = {};  ///< empty when the connection broke
  std::string message = {}, detail = {}, hint = {}, context = {};
  int position = 0;  ///< 1-based character in the text sent; 0: none given
  /// What the error is about, where the server says so (PostgreSQL docs, "Error and Notice Message
  /// Fields"): not quoted.
  std::string schema = {}, table = {}, column = {}, constraint = {};
};

/// Why a message was not answered in the ordinary way.
enum class Interruption { kNone, kTimeout, kCancelled, kConnectionLost };

struct Reply {
  bool ok = false;
  std::string command_tag;  ///< of the last statement: "CREATE TABLE", "INSERT 0 5"
  std::vector<std::string> notices;
  std::optional<ServerError> error;
  Interruption interruption = Interruption::kNone;
  double duration_ms = 0;
};

enum class TransactionState { kIdle, kOpen, kFailed, kUnknown };

class Session {
 public:
  /// Throws Error when the server cannot be reached.
  explicit Session(const ConnectionInfo& info);
  ~Session();
  Session(Session&&) noexcept;
  Session& operator=(Session&&) noexcept;

  /// Sends `sql` as one message of the simple query protocol and waits for its whole answer.
  /// `copy_data` answers a COPY FROM stdin; without it such a COPY fails as it does in a client
  /// that cannot feed it. At `deadline`, or when the user asks to stop, the statement is cancelled;
  /// one that does not stop then costs the connection (connected() is false afterwards).
  Reply send(const std::string& sql, SteadyClock::time_point deadline,
             const std::optional<std::string>& copy_data = {});

  /// One of Drydock's own statements in this session's transaction, with its rows; empty when the
  /// statement gives none. Waits without limit, but stops when the user asks to. Throws Error with
  /// SQLSTATE, the server's message and the statement's beginning; Cancelled.
  Rows query(const std::string& sql);

  /// As query(), for several statements sent as one message: the rows of each, in order.
  std::vector<Rows> query_all(const std::string& sql);

  /// Prepares `sql` as `name` ("drydock_facts (text[])" with parameters) unless it is already, for
  /// EXECUTE: planning takes longer than running many a small statement. REQUIRES: nobody else
  /// deallocates it.
  void prepare_once(const std::string& name, const std::string& sql);

  TransactionState transaction() const;
  int backend_pid() const;
  bool connected() const;

  /// Rolls back what is open and discards session state (DISCARD ALL).
  /// Throws Error when the connection is lost.
  void reset();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace drydock
