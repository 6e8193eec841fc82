#include "harness/rehearse/forecast_trial.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <set>

#include "harness/base/error.h"
#include "harness/data/row_generator.h"
#include "harness/observe/lock_ledger.h"
#include "harness/rehearse/forecast_trial_line.h"
#include "harness/rehearse/ledger_observer.h"
#include "harness/rehearse/script_runner.h"

namespace drydock {
namespace {

/// Below this, what a statement costs anyway hides what it costs by the row.
constexpr std::int64_t kLeastRows = 5000;
/// Up to this the largest size is four times the smallest, above it twice: filling takes its time.
constexpr std::int64_t kManyRows = 100'000;
/// Times at each size. A point is the faster of two runs: whatever else the machine does only ever
/// makes a run slower.
constexpr int kPointsASize = 3;
constexpr int kRunsAPoint = 2;
/// Rows of the tables that the table refers to, where the scenario wants none.
constexpr std::int64_t kRowsAround = 100;

/// A lock on a table that others wait for, and where it was taken.
struct Holding {
  const HeldLock* lock = nullptr;
  const StatementRun* statement = nullptr;
};

bool is_of(const HeldLock& lock, const std::string& table) {
  return (lock.kind == LockedKind::kTable && lock.relation == table) ||
         (lock.kind == LockedKind::kIndex && lock.table == table);
}

/// The one that is held longest.
Holding longest_holding(const Phase& up, const std::string& table) {
  Holding longest;
  for (const StatementRun& run : up.statements) {
    for (const HeldLock& lock : run.footprint.locks) {
      if (lock.own || !is_of(lock, table) || blocked_traffic(lock.mode).empty()) continue;
      if (longest.lock == nullptr || lock.held_ms > longest.lock->held_ms) longest = {&lock, &run};
    }
  }
  return longest;
}

/// How often the up reads all of the table, and whether it writes it anew.
void count_work(const Phase& up, LockForecast& forecast) {
  for (const StatementRun& run : up.statements) {
    for (const TablePass& pass : run.footprint.passes) {
      if (pass.table == forecast.table) forecast.passes += pass.passes;
    }
    for (const Rewrite& rewrite : run.footprint.rewrites) {
      forecast.rewrite =
          forecast.rewrite || rewrite.relation == forecast.table || rewrite.table == forecast.table;
    }
  }
}

class Measurement {
 public:
  Measurement(const StagingGround& ground, const Scenario& scenario, LockForecast& forecast)
      : ground_(ground), scenario_(scenario), forecast_(forecast) {
    scenario_.rows = std::max(scenario_.rows, kRowsAround);
  }

  /// Empty, or why it cannot be had.
  std::string measure() {
    const std::int64_t first = std::max(rows_in_place(), kLeastRows);
    const bool many = first > kManyRows;
    std::set<std::int64_t> sizes;
    for (const std::int64_t wanted :
         {first, many ? first / 2 * 3 : first * 2, many ? first * 2 : first * 4}) {
      const std::string problem = measure_at(wanted, sizes);
      if (!problem.empty()) return problem;
    }
    if (sizes.size() < 2) return "no more rows can be made in " + forecast_.table;
    return "";
  }

 private:
  std::int64_t rows_in_place() const {
    StagedUp staged(ground_);
    return count(staged);
  }

  std::int64_t count(const StagedUp& staged) const {
    Session session = staged.administer();
    const Rows rows = session.query("select count(*) from " + forecast_.table);
    return std::stoll(std::string(rows.at(0, 0)));
  }

  std::string measure_at(std::int64_t wanted, std::set<std::int64_t>& sizes) {
    StagedUp filled(ground_);
    fill(filled, wanted);
    const std::int64_t rows = count(filled);
    if (!sizes.insert(rows).second) return "";
    for (int point = 0; point < kPointsASize; ++point) {
      double held_ms = std::numeric_limits<double>::max();
      for (int run = 0; run < kRunsAPoint; ++run) {
        StagedUp copy(filled);
        const Phase up = run_watched(copy);
        if (up.outcome != PhaseOutcome::kOk) {
          return fmt::format("with {} rows the up does not run through{}", rows,
                             up.error ? ": " + up.error->message : "");
        }
        const Holding longest = longest_holding(up, forecast_.table);
        if (longest.lock == nullptr) return "with more rows the up does not take the lock";
        held_ms = std::min(held_ms, longest.lock->held_ms);
      }
      forecast_.measured.push_back({rows, held_ms});
    }
    return "";
  }

  void fill(const StagedUp& staged, std::int64_t wanted) {
    scenario_.tables[forecast_.table].rows = wanted;
    Session session = staged.administer();
    RowGenerator(session, scenario_).grow();
  }

  Phase run_watched(StagedUp& staged) const {
    LockLedger ledger(staged.administrator());
    LedgerObserver observer(ledger);
    Session session = staged.migrate();
    return run_scripts(PhaseName::kUp, ground_.migration.up, session, ground_.limit, &observer);
  }

  const StagingGround& ground_;
  Scenario scenario_;
  LockForecast& forecast_;
};

void forecast_one(const StagingGround& ground, const Scenario& scenario, LockForecast& forecast) {
  try {
    forecast.problem = Measurement(ground, scenario, forecast).measure();
  } catch (const Cancelled&) {
    throw;
  } catch (const Error& error) {
    forecast.problem = error.message();
  }
  if (!forecast.problem.empty()) return;
  const Prediction prediction =
      predict(forecast.measured, static_cast<double>(forecast.production_rows));
  forecast.held_ms = prediction.value_ms;
  forecast.error_ms = prediction.error_ms;
}

}  // namespace

std::vector<LockForecast> forecast_locks(const StagingGround& ground, const Phase& up,
                                         const Scenario& scenario) {
  std::vector<LockForecast> forecasts;
  for (const auto& [table, rule] : scenario.tables) {
    if (!rule.production_rows) continue;
    LockForecast forecast;
    forecast.table = table;
    forecast.production_rows = *rule.production_rows;
    count_work(up, forecast);
    const Holding holding = longest_holding(up, table);
    if (holding.lock == nullptr || (forecast.passes == 0 && !forecast.rewrite)) continue;
    forecast.mode = holding.lock->mode;
    forecast.statement = holding.statement->text;
    forecast.file = holding.statement->file;
    forecast.line = holding.statement->line;
    forecast_one(ground, scenario, forecast);
    forecasts.push_back(std::move(forecast));
  }
  return forecasts;
}

}  // namespace drydock
