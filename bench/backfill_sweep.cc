#include "bench/backfill_sweep.h"

#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <algorithm>
#include <exception>

#include "bench/backfill_measure.h"
#include "harness/base/cancellation.h"
#include "harness/base/clock.h"
#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/model/backfill.h"

namespace drydock {
namespace {

/// A naive loop reads past all finished rows in each batch. With more batches than this the sweep
/// would be about nothing else.
constexpr std::int64_t kMostNaiveBatches = 200;

constexpr int kRepetitions = 3;
/// A sweep that nobody asked to be longer.
constexpr double kSweepMs = 140'000;

const std::vector<BackfillStrategy> kAll = {BackfillStrategy::kSingle, BackfillStrategy::kNaive,
                                            BackfillStrategy::kSkipLocked,
                                            BackfillStrategy::kKeyset, BackfillStrategy::kCtid};

bool is_naive(BackfillStrategy strategy) {
  return strategy == BackfillStrategy::kNaive || strategy == BackfillStrategy::kSkipLocked;
}

/// Prints nothing: what is measured is told by our own reports.
class Silent : public benchmark::BenchmarkReporter {
 public:
  bool ReportContext(const Context&) override { return true; }
  void ReportRuns(const std::vector<Run>&) override {}
};

class Sweep {
 public:
  Sweep(BackfillStage& stage, Calibration& calibration, BenchProgress& progress,
        BackfillResult& result)
      : stage_(stage), calibration_(calibration), progress_(progress), result_(result) {}

  void run() {
    const int repetitions = choose_repetitions(warm_up());
    progress_.sweep_started(result_.name,
                            result_.points.size() * static_cast<std::size_t>(repetitions));
    for (BackfillPoint& point : result_.points) {
      benchmark::RegisterBenchmark(describe(point.variant).c_str(),
                                   [this, &point](benchmark::State& state) { once(state, point); })
          ->UseManualTime()
          ->Iterations(1)
          ->Repetitions(repetitions)
          ->Unit(benchmark::kMillisecond);
    }
    Silent silent;
    benchmark::RunSpecifiedBenchmarks(&silent);
    benchmark::ClearRegisteredBenchmarks();
    progress_.sweep_ended();
    if (failure_) std::rethrow_exception(failure_);
  }

 private:
  /// Caches, the server's own background work, and whether the expression converges at all. How
  /// long one measurement takes, milliseconds.
  double warm_up() {
    if (result_.points.empty()) return 0;
    const auto start = SteadyClock::now();
    measure_backfill(stage_, result_.points.back().variant);
    return milliseconds_since(start);
  }

  /// What nobody asked for is done as often as there is time for.
  int choose_repetitions(double each_ms) {
    if (stage_.rule().repetitions) return *stage_.rule().repetitions;
    const double all_ms = each_ms * static_cast<double>(result_.points.size());
    const int fit = all_ms > 0 ? static_cast<int>(kSweepMs / all_ms) : kRepetitions;
    const int repetitions = std::clamp(fit, 1, kRepetitions);
    if (repetitions < kRepetitions) {
      result_.notes.push_back(fmt::format(
          "each variant was measured {}, because one measurement takes {}; --repetitions asks for "
          "more",
          repetitions == 1 ? "once" : "twice", human_duration(each_ms)));
    }
    return repetitions;
  }

  void once(benchmark::State& state, BackfillPoint& point) {
    double seconds = 0;
    if (!failure_) seconds = measure(point);
    // Also after a failure: the library wants the same iterations of each repetition.
    for ([[maybe_unused]] const auto iteration : state) state.SetIterationTime(seconds);
  }

  /// Seconds; what cannot go on becomes failure_.
  double measure(BackfillPoint& point) {
    try {
      throw_if_cancelled();
      progress_.run_started(point.variant, runs_++);
      BackfillRun run = measure_backfill(stage_, point.variant, &calibration_);
      progress_.run_ended(point.variant, run);
      point.runs.push_back(std::move(run));
      return point.runs.back().seconds;
    } catch (const std::exception&) {
      failure_ = std::current_exception();
      return 0;
    }
  }

  BackfillStage& stage_;
  Calibration& calibration_;
  BenchProgress& progress_;
  BackfillResult& result_;
  std::size_t runs_ = 0;
  std::exception_ptr failure_;  ///< nothing may be thrown through the library
};

/// The library's flags have no other way in.
void initialise_library() {
  static const bool once = [] {
    char program[] = "drydock", interleave[] = "--benchmark_enable_random_interleaving=true";
    char* arguments[] = {program, interleave, nullptr};
    int count = 2;
    benchmark::Initialize(&count, arguments);
    return true;
  }();
  static_cast<void>(once);
}

void add_variants(const BackfillRule& rule, BackfillStrategy strategy, std::int64_t rows,
                  bool asked_for, std::vector<BackfillVariant>& variants,
                  std::vector<std::string>& notes) {
  if (!has_batches(strategy)) {
    variants.push_back({strategy, 0, 0, 1});
    return;
  }
  for (const std::int64_t batch : rule.batch_sizes) {
    if (!asked_for && is_naive(strategy) && rows / batch > kMostNaiveBatches) {
      notes.push_back(fmt::format(
          "{} with {} a batch was left out: each of its {} batches reads past all rows that are "
          "done; name it in strategies to have it measured",
          word(strategy), plural(static_cast<std::size_t>(batch), "row"), rows / batch));
      continue;
    }
    for (const double pause : rule.pauses_ms) {
      for (const int workers : rule.workers) {
        if (workers > 1 && !has_workers(strategy)) continue;
        variants.push_back({strategy, batch, pause, workers});
      }
    }
  }
}

}  // namespace

std::vector<BackfillVariant> variants_of(const BackfillRule& rule, const BackfillTarget& target,
                                         std::int64_t rows, std::vector<std::string>& notes) {
  std::vector<BackfillVariant> variants;
  const bool asked_for = !rule.strategies.empty();
  std::vector<BackfillStrategy> strategies = asked_for ? rule.strategies : kAll;
  if (!asked_for && !target.statement.empty()) strategies.push_back(BackfillStrategy::kAsWritten);
  for (const BackfillStrategy strategy : strategies) {
    if (const std::string why = why_not(strategy, target); !why.empty()) {
      notes.push_back(why);
      continue;
    }
    add_variants(rule, strategy, rows, asked_for, variants, notes);
  }
  if (variants.empty()) {
    throw InputError(fmt::format("{}:{}: no strategy of the backfill {} can be measured: {}",
                                 rule.file, rule.line, rule.name, join(notes, "; ")),
                     "Name others in strategies, or leave it out.");
  }
  return variants;
}

void sweep(BackfillStage& stage, Calibration& calibration, BenchProgress& progress,
           BackfillResult& result) {
  initialise_library();
  for (const BackfillVariant& variant :
       variants_of(stage.rule(), stage.target(), stage.rows(), result.notes)) {
    result.points.emplace_back().variant = variant;
  }
  Sweep(stage, calibration, progress, result).run();
}

}  // namespace drydock
