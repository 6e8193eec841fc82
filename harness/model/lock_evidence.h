// What was seen of locks, rewrites, stalls and interruptions while one migration was rehearsed.
//
// The ledger hangs on the statements of a phase (StatementRun::footprint); the trials, which run
// the migration again under traffic, behind a lock queue, or with interruptions, stand here.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/model/failure.h"
#include "harness/model/lock_mode.h"
#include "harness/model/schema.h"

namespace drydock {

enum class LockedKind { kTable, kIndex, kSequence, kView, kMaterializedView, kAdvisory, kOther };

/// A lock that a statement took, once per relation and mode in a transaction: at the statement that
/// took it first.
struct HeldLock {
  std::string relation;  ///< "public.orders"; TOAST tables are folded into theirs
  LockedKind kind = LockedKind::kTable;
  std::string table;  ///< of an index; else empty
  LockMode mode = LockMode::kAccessShare;
  std::int64_t rows = -1;  ///< in the table (or the index's) before the phase, by estimate; -1: n/a
  double acquired_ms = 0;  ///< since the phase began: when the statement that took it got going
  double waited_ms = 0;    ///< for it; 0 when nobody was in the way
  double held_ms = 0;      ///< from acquired_ms to its transaction's end, waiting included
  bool own = false;        ///< the relation was made by this phase: nobody can be waiting for it
  bool exact = true;       ///< read at a statement boundary; false: caught by sampling
};

/// A table whose rows were written anew, or an index that was.
struct Rewrite {
  std::string relation;
  LockedKind kind = LockedKind::kTable;
  std::string table;   ///< of an index
  std::string reason;  ///< "column type", "volatile default", "persistence", "access method" …
  std::int64_t rows = -1;
};

/// Reading a table from one end to the other.
struct TablePass {
  std::string table;
  int passes = 0;          ///< full ones; what a WHERE with an index reads is none
  std::int64_t rows = -1;  ///< in the table
};

/// What one statement did besides its answer.
struct Footprint {
  bool observed = false;    ///< false: nobody looked (the statement failed, the ledger was off)
  bool own_commit = false;  ///< it could not stand in a transaction: its entries are sampled
  std::vector<HeldLock> locks;
  std::vector<Rewrite> rewrites;
  std::vector<TablePass> passes;
  std::int64_t wal_bytes = 0;
  std::int64_t temp_bytes = 0;
  double lock_timeout_ms = 0;  ///< in force when it ran; 0: none
};

/// What an application does with a table.
enum class ProbeOperation { kSelect, kInsert, kUpdate, kDelete, kSelectForUpdate, kPlan };

/// Latencies of one operation, in milliseconds.
struct Latencies {
  std::int64_t count = 0;
  double p50 = 0, p95 = 0, p99 = 0, longest = 0;
  /// Counts in buckets: bucket i holds latencies below 2^i / 16 ms and not below the one before.
  std::vector<std::int64_t> histogram;
};

struct ProbeResult {
  std::string table;
  ProbeOperation operation = ProbeOperation::kSelect;
  Latencies calm;   ///< just before, nothing else going on
  Latencies under;  ///< while the migration ran
  /// The longest wait for a lock that the migration held or queued for, by the server's own log.
  double longest_stall_ms = 0;
  /// What the migration held or wanted; see stall. ROW EXCLUSIVE: it had changed the row, which is
  /// no lock of the table's, and blocked_on is the row's table.
  LockMode blocked_by = LockMode::kAccessShare;
  std::string blocked_on;  ///< relation; empty: no stall
  std::string statement;   ///< of the migration, which took it, when known
  int line = 0;            ///< of that statement; 0: unknown
  std::string problem;     ///< why the operation could not be tried on this table; empty: it was
};

/// The up run again while an application uses the tables it touches, on a server with production
/// settings.
struct TrafficTrial {
  bool ran = false;
  std::string skipped;  ///< why not
  double duration_ms = 0;
  std::vector<ProbeResult> probes;
  std::optional<Failure> failure;  ///< of the migration, that it does not have without traffic
  std::string deadlock;            ///< both sides, as the server tells them; empty: none
};

/// What stands in the way of the migration in a lock queue.
enum class QueueHolder { kReport, kIdleInTransaction, kDump, kOldSnapshot };

struct QueueAttempt {
  QueueHolder holder = QueueHolder::kReport;
  std::string relation;        ///< that it holds
  bool gave_up = false;        ///< the migration stopped by itself
  bool waited_it_out = false;  ///< it needed no lock that was in the way
  double waited_ms = 0;        ///< until it gave up, or until it was stopped by us
  std::string sqlstate;        ///< with which it gave up: "55P03"
  double stalled_ms = 0;       ///< what a plain SELECT waited behind it, at most
  bool second_try_ok = false;  ///< once the holder had gone
  std::string second_error;    ///< why not
  SchemaDiff left_behind;      ///< by the attempt that gave up
  std::string statement;       ///< that waited
  std::string file;
  int line = 0;
};

struct QueueTrial {
  bool ran = false;
  std::string skipped;
  std::vector<QueueAttempt> attempts;
};

/// A migration that is not one transaction, stopped after a statement and run again.
struct InterruptedRun {
  std::size_t after_statement = 0;  ///< of the up, from 1
  std::string statement;            ///< behind (kill) or in (cancel) which it was stopped
  std::string file;
  int line = 0;
  bool killed = false;             ///< the backend was; else the statement was cancelled
  std::optional<Failure> failure;  ///< of the second run
  SchemaDiff schema;               ///< the undisturbed result against this one
  std::string contents;            ///< what of the rows differs, in words; empty: nothing
};

struct InterruptionTrial {
  bool ran = false;
  std::string skipped;  ///< "the up is one transaction"
  std::string note;     ///< "12 of 40 places were tried"; empty: all were
  std::vector<InterruptedRun> interruptions;
};

/// Something half-done that PostgreSQL keeps: an INVALID index, a partition whose detaching is
/// pending.
struct Leftover {
  std::string object;     ///< "index public.orders_code_idx"
  std::string what;       ///< "is INVALID", "is still being detached"
  bool accepted = false;  ///< it was there before, and IF NOT EXISTS took it for done
  std::string statement;
  std::string file;
  int line = 0;
};

/// How long a lock would be held where the table is as large as in production.
struct LockForecast {
  std::string table;
  LockMode mode = LockMode::kAccessShare;
  std::int64_t production_rows = 0;
  struct Point {
    std::int64_t rows = 0;
    double held_ms = 0;
  };
  std::string problem;          ///< why no forecast could be made; empty: it was
  std::vector<Point> measured;  ///< at two sizes or more
  double held_ms = 0;           ///< forecast
  double error_ms = 0;          ///< half the width of its 95 % interval
  int passes = 0;
  bool rewrite = false;
  std::string statement;
  std::string file;
  int line = 0;
};

struct LockEvidence {
  bool observed = false;  ///< the ledger was on
  std::vector<Leftover> leftovers;
  TrafficTrial traffic;
  QueueTrial queue;
  InterruptionTrial interruptions;
  std::vector<LockForecast> forecasts;
};

}  // namespace drydock
