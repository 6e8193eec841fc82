// What was measured of backfills, and what follows from it: `drydock bench`.
//
// A backfill is one change to every row of a table that needs it. It is tried in several ways
// (strategies), batch sizes, pauses and numbers of workers, with an application's traffic beside
// it, several times each; Google Benchmark does the repeating, and its JSON is how results travel.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "harness/model/finding.h"
#include "harness/model/lock_evidence.h"

namespace drydock {

/// single: one UPDATE of everything, the limit. naive: key IN (SELECT … WHERE condition LIMIT n),
/// which reads past all finished rows each time. skip-locked: the same with FOR UPDATE SKIP LOCKED.
/// keyset: by ranges of the primary key. ctid: by ranges of pages (TID range scan, PostgreSQL 14).
/// as-written: the migration's own statement or DO block.
enum class BackfillStrategy { kSingle, kNaive, kSkipLocked, kKeyset, kCtid, kAsWritten };

/// What a backfill may cost. None given: nothing is asked.
struct BackfillBudgets {
  std::optional<double> stall_p99_ms;     ///< of the traffic's operations
  std::optional<double> rows_per_second;  ///< at least
  std::optional<double> wal_bytes_per_row;
  std::optional<double> growth;  ///< table size afterwards over before: 2.0
  double slower =
      0.15;  ///< a regression: rows/s lower, or p99 stall higher, by more than this share
};

/// The scenario's backfills section.
struct BackfillRule {
  std::string name;
  std::string table;  ///< "public.lots"
  std::string set;    ///< "lot_code = upper(lot_number)"
  std::string where;  ///< true as long as a row is to be done: "lot_code IS NULL"
  std::string undo;   ///< SET that makes generated rows undone; empty: what `set` assigns to NULL
  std::string migration;  ///< taken from this migration's up instead of table, set and where
  std::string
      after;  ///< migration id whose schema it runs in; empty: the last (or before `migration`)
  std::int64_t rows = 200'000;
  std::vector<std::int64_t> batch_sizes = {100, 1'000, 10'000};
  std::vector<double> pauses_ms = {0};
  std::vector<int> workers = {1, 2};
  std::vector<BackfillStrategy> strategies;  ///< empty: all that fit
  std::optional<int> repetitions;            ///< none given: three, or fewer where they take long
  double operations_per_second = 50;         ///< of each probe of the traffic; 0: none
  std::optional<int> fillfactor;             ///< of the table, instead of its own
  BackfillBudgets budgets;
  std::string file;  ///< the scenario's
  int line = 0;
};

/// One way of doing it.
struct BackfillVariant {
  BackfillStrategy strategy = BackfillStrategy::kKeyset;
  std::int64_t batch_size = 0;  ///< rows; 0: everything at once
  double pause_ms = 0;          ///< between two batches of one worker
  int workers = 1;
  auto operator<=>(const BackfillVariant&) const = default;
};

/// One repetition.
struct BackfillRun {
  double seconds = 0;
  std::int64_t rows = 0;  ///< changed
  std::int64_t batches = 0;
  Latencies batch;                             ///< milliseconds a batch
  double first_tenth_s = 0, last_tenth_s = 0;  ///< for the first and the last tenth of the rows
  double wal_bytes = 0;
  double buffers_read = 0, buffers_hit = 0;
  std::int64_t dead_tuples = 0;
  std::int64_t hot_updates = 0;                    ///< of `rows`
  std::int64_t bytes_before = 0, bytes_after = 0;  ///< table with indexes
  int checkpoints = 0;
  double lock_wait_ms = 0;            ///< of the workers, in all
  Latencies reads, writes;            ///< of the traffic while it ran, milliseconds
  Latencies calm_reads, calm_writes;  ///< just before
  double traffic_per_second = 0, calm_traffic_per_second = 0;
  std::string problem;  ///< why it counts for nothing: "12 rows were left", "cancelled"
};

struct BackfillPoint {
  BackfillVariant variant;
  std::vector<BackfillRun> runs;  ///< repetitions, without the warm-up
  // Medians over the runs without a problem; 0 where there is none.
  double rows_per_second = 0, spread = 0;  ///< spread: (highest - lowest) / median of rows/s
  double stall_p99_ms = 0;                 ///< of reads and writes, the worse
  double share_of_single = 0;              ///< rows/s over the single UPDATE's
  bool on_frontier = false;                ///< nothing else is both faster and gentler
  bool within_budgets = true;
};

/// Against a baseline, by ratio.
struct BackfillComparison {
  BackfillVariant variant;
  double speed_ratio = 1;                    ///< rows/s now over then, of medians
  double stall_ratio = 1;                    ///< p99 stall now over then
  double p_speed = 1, p_stall = 1;           ///< Mann–Whitney U, two-sided
  bool slower = false, stalls_more = false;  ///< beyond the threshold and by the test
};

/// What the table allows.
struct HotAdvice {
  bool eligible = false;  ///< no index has an assigned column
  std::string indexes;    ///< that have one: "lots_code_idx"
  int fillfactor = 100;
  double hot_share = 0;  ///< of the updates of the best variant
  std::string advice;    ///< what a fillfactor would buy, measured; empty: nothing to say
  double rows_per_second_with =
      0;  ///< of the recommended variant at the advised fillfactor; 0: not measured
  int advised_fillfactor = 0;
};

struct BackfillResult {
  std::string name, table, set, where;
  std::string statement;              ///< of the migration, as written; empty: from the scenario
  std::int64_t rows = 0;              ///< to be done
  std::string key;                    ///< columns of the primary key
  std::vector<BackfillPoint> points;  ///< in the order of measuring
  std::optional<std::size_t> knee, recommended;  ///< index into points
  std::string reason;                            ///< of the recommendation, one sentence
  std::string sql;                               ///< the loop to paste
  HotAdvice hot;
  std::vector<BackfillComparison> comparisons;
  std::vector<std::string> notes;   ///< strategies left out, and why
  std::string error, error_remedy;  ///< why it could not be measured
  BackfillBudgets budgets;
  std::string file;
  int line = 0;
};

struct BenchResult {
  std::string version, started_at, command;
  std::map<std::string, std::string> machine;   ///< cores, memory, kernel, disk
  std::string postgres;                         ///< "15.20"
  std::map<std::string, std::string> settings;  ///< of the realistic server
  /// Rows/s of the reference statement: an UPDATE of a fixed table, the same in every run of every
  /// version. Ratios to it can be compared across machines, roughly.
  double calibration = 0;
  std::string baseline;          ///< file; empty: none
  std::string baseline_refused;  ///< why it is shown but does not gate; empty: it gates
  double duration_ms = 0;
  bool cancelled = false;
  std::vector<BackfillResult> backfills;
  std::vector<Finding> findings;
  Severity gate = Severity::kError;
  std::string error, error_remedy;
};

/// As scenarios and reports call it.
constexpr const char* word(BackfillStrategy value) {
  switch (value) {
    case BackfillStrategy::kSingle:
      return "single";
    case BackfillStrategy::kNaive:
      return "naive";
    case BackfillStrategy::kSkipLocked:
      return "skip-locked";
    case BackfillStrategy::kKeyset:
      return "keyset";
    case BackfillStrategy::kCtid:
      return "ctid";
    case BackfillStrategy::kAsWritten:
      return "as-written";
  }
  return "";
}

/// "keyset, 1,000 rows a batch, 1 worker", "ctid, 10,000 rows a batch, 2 workers, pause 5 ms",
/// "single".
std::string describe(const BackfillVariant& variant);

}  // namespace drydock
