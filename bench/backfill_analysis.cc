#include "bench/backfill_analysis.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>

#include "bench/mann_whitney.h"
#include "harness/base/median.h"

namespace drydock {
namespace {

/// Differences below it are noise for whoever chooses.
constexpr double kAlike = 0.05;
/// Below it a stall is as good as none: a scheduler's time slice.
constexpr double kSmallStallMs = 5;
constexpr double kSignificant = 0.05;
/// All variants together make many values, so that chance is rare in them.
constexpr double kSignificantOverall = 0.001;

double speed_of(const BackfillRun& run) {
  return run.seconds > 0 ? static_cast<double>(run.rows) / run.seconds : 0;
}

double stall_of(const BackfillRun& run) { return std::max(run.reads.p99, run.writes.p99); }

std::vector<double> values(const BackfillPoint& point,
                           const std::function<double(const BackfillRun&)>& of) {
  std::vector<double> all;
  for (const BackfillRun& run : point.runs) {
    if (run.problem.empty()) all.push_back(of(run));
  }
  return all;
}

bool measured(const BackfillPoint& point) { return point.rows_per_second > 0; }

void take_medians(BackfillPoint& point) {
  const std::vector<double> speeds = values(point, speed_of);
  point.rows_per_second = median(speeds);
  if (!speeds.empty() && point.rows_per_second > 0) {
    const auto [low, high] = std::minmax_element(speeds.begin(), speeds.end());
    point.spread = (*high - *low) / point.rows_per_second;
  }
  point.stall_p99_ms = median(values(point, stall_of));
}

bool keeps(const BackfillPoint& point, const BackfillBudgets& budgets) {
  const auto over = [](const std::optional<double>& budget, double value) {
    return budget && value > *budget;
  };
  const double wal = median(values(point, [](const BackfillRun& run) {
    return run.rows > 0 ? run.wal_bytes / static_cast<double>(run.rows) : 0;
  }));
  const double growth = median(values(point, [](const BackfillRun& run) {
    return run.bytes_before > 0
               ? static_cast<double>(run.bytes_after) / static_cast<double>(run.bytes_before)
               : 0;
  }));
  const bool too_slow = budgets.rows_per_second && point.rows_per_second < *budgets.rows_per_second;
  return !too_slow && !over(budgets.stall_p99_ms, point.stall_p99_ms) &&
         !over(budgets.wal_bytes_per_row, wal) && !over(budgets.growth, growth);
}

bool dominates(const BackfillPoint& a, const BackfillPoint& b) {
  return a.rows_per_second >= b.rows_per_second && a.stall_p99_ms <= b.stall_p99_ms &&
         (a.rows_per_second > b.rows_per_second || a.stall_p99_ms < b.stall_p99_ms);
}

void mark_frontier(BackfillResult& result) {
  for (BackfillPoint& point : result.points) {
    point.on_frontier =
        measured(point) &&
        std::none_of(result.points.begin(), result.points.end(), [&](const BackfillPoint& other) {
          return measured(other) && dominates(other, point);
        });
  }
}

/// One UPDATE of everything keeps every row locked until its end and starts anew when it is
/// stopped; a loop that looks for what is left takes longer with each batch, the more the larger
/// the table.
bool may_be_recommended(const BackfillPoint& point) {
  return measured(point) && (point.variant.strategy == BackfillStrategy::kKeyset ||
                             point.variant.strategy == BackfillStrategy::kCtid);
}

/// Where one more row a second begins to cost more stall than it did so far: the frontier's point
/// farthest above the line between its ends, both axes made 0 to 1, stalls by their logarithm.
std::optional<std::size_t> knee_of(const BackfillResult& result) {
  std::vector<std::size_t> frontier;
  for (std::size_t i = 0; i < result.points.size(); ++i) {
    const BackfillPoint& point = result.points[i];
    if (point.on_frontier && may_be_recommended(point)) frontier.push_back(i);
  }
  if (frontier.empty()) return {};
  const auto speed = [&](std::size_t i) { return result.points[i].rows_per_second; };
  const auto stall = [&](std::size_t i) { return std::log(1 + result.points[i].stall_p99_ms); };
  std::sort(frontier.begin(), frontier.end(),
            [&](std::size_t a, std::size_t b) { return speed(a) < speed(b); });
  const double speeds = speed(frontier.back()) - speed(frontier.front());
  const double stalls = stall(frontier.back()) - stall(frontier.front());
  if (speeds <= 0 || stalls <= 0) return frontier.back();
  return *std::max_element(frontier.begin(), frontier.end(), [&](std::size_t a, std::size_t b) {
    const auto above = [&](std::size_t i) {
      return (speed(i) - speed(frontier.front())) / speeds -
             (stall(i) - stall(frontier.front())) / stalls;
    };
    return above(a) < above(b);
  });
}

double stall_limit(const BackfillBudgets& budgets) {
  return budgets.stall_p99_ms.value_or(kDefaultStallMs);
}

/// Among those as fast as the fastest the gentlest, with the fewest workers and the smallest batch.
bool better(const BackfillPoint& a, const BackfillPoint& b) {
  const double stall_a = std::max(a.stall_p99_ms, kSmallStallMs);
  const double stall_b = std::max(b.stall_p99_ms, kSmallStallMs);
  if (stall_a != stall_b) return stall_a < stall_b;
  if (a.variant.workers != b.variant.workers) return a.variant.workers < b.variant.workers;
  return a.variant.batch_size < b.variant.batch_size;
}

std::optional<std::size_t> choose(const BackfillResult& result) {
  const auto fits = [&](const BackfillPoint& point) {
    return may_be_recommended(point) && point.within_budgets &&
           point.stall_p99_ms <= stall_limit(result.budgets);
  };
  double fastest = 0;
  for (const BackfillPoint& point : result.points) {
    if (fits(point)) fastest = std::max(fastest, point.rows_per_second);
  }
  std::optional<std::size_t> best;
  for (std::size_t i = 0; i < result.points.size(); ++i) {
    const BackfillPoint& point = result.points[i];
    if (!fits(point) || point.rows_per_second < fastest * (1 - kAlike)) continue;
    if (!best || better(point, result.points[*best])) best = i;
  }
  return best;
}

std::string rate(double rows_per_second) { return fmt::format("{:.0f} rows/s", rows_per_second); }

std::string reason_of(const BackfillResult& result) {
  const double limit = stall_limit(result.budgets);
  const std::string limit_words =
      fmt::format("{:.0f} ms ({})", limit,
                  result.budgets.stall_p99_ms ? "the scenario's budget" : "no budget was given");
  if (!result.recommended) {
    return "No way by ranges keeps the budgets with a p99 stall of at most " + limit_words + ".";
  }
  const BackfillPoint& chosen = result.points[*result.recommended];
  std::string reason =
      fmt::format("{} does {}", describe(chosen.variant), rate(chosen.rows_per_second));
  if (chosen.share_of_single > 0) {
    reason += fmt::format(", {:.0f} % of one single UPDATE", 100 * chosen.share_of_single);
  }
  reason += fmt::format(", while traffic waits {:.1f} ms at p99", chosen.stall_p99_ms);
  const BackfillPoint* faster = nullptr;
  for (const BackfillPoint& point : result.points) {
    if (may_be_recommended(point) &&
        point.rows_per_second > chosen.rows_per_second * (1 + kAlike) &&
        (faster == nullptr || point.stall_p99_ms < faster->stall_p99_ms)) {
      faster = &point;
    }
  }
  if (faster == nullptr) return reason + "; no other way is clearly faster.";
  return reason + fmt::format("; {} would be faster ({}), but {}.", describe(faster->variant),
                              rate(faster->rows_per_second),
                              faster->stall_p99_ms > limit
                                  ? fmt::format("makes it wait {:.0f} ms, over {}",
                                                faster->stall_p99_ms, limit_words)
                                  : "does not keep the other budgets");
}

/// rows/s of a run as a share of the reference statement's, or as they are.
std::vector<double> speeds(const BackfillPoint& point, double calibration) {
  std::vector<double> all = values(point, speed_of);
  for (double& value : all) value /= calibration;
  return all;
}

struct Calibrations {
  double now = 1, then = 1;
};

Calibrations usable(double now, double then) {
  return now > 0 && then > 0 ? Calibrations{now, then} : Calibrations{};
}

/// As the reference statement, a variant is known by its fastest run (see Calibration).
double fastest(const std::vector<double>& speeds) {
  return speeds.empty() ? 0 : *std::max_element(speeds.begin(), speeds.end());
}

const BackfillPoint* same_variant(const BackfillResult& baseline, const BackfillPoint& point) {
  for (const BackfillPoint& other : baseline.points) {
    if (other.variant == point.variant && measured(other)) return &other;
  }
  return nullptr;
}

double ratio(double now, double then) { return then > 0 ? now / then : 1; }

/// Stalls below it differ by chance alone.
double felt(double stall_ms) { return std::max(stall_ms, kSmallStallMs); }

std::vector<double> stalls(const BackfillPoint& point) {
  std::vector<double> all = values(point, stall_of);
  for (double& value : all) value = felt(value);
  return all;
}

}  // namespace

void analyse(BackfillResult& result) {
  double single = 0;
  for (BackfillPoint& point : result.points) {
    take_medians(point);
    if (point.variant.strategy == BackfillStrategy::kSingle) single = point.rows_per_second;
  }
  for (BackfillPoint& point : result.points) {
    point.share_of_single = single > 0 ? point.rows_per_second / single : 0;
    point.within_budgets = keeps(point, result.budgets);
  }
  mark_frontier(result);
  result.knee = knee_of(result);
  result.recommended = choose(result);
  result.reason = reason_of(result);
}

void compare(BackfillResult& result, const BackfillResult& baseline, double calibration,
             double baseline_calibration) {
  result.comparisons.clear();
  const Calibrations by = usable(calibration, baseline_calibration);
  for (const BackfillPoint& point : result.points) {
    const BackfillPoint* then = same_variant(baseline, point);
    if (then == nullptr || !measured(point)) continue;
    BackfillComparison comparison;
    comparison.variant = point.variant;
    const std::vector<double> now_speeds = speeds(point, by.now),
                              then_speeds = speeds(*then, by.then);
    comparison.speed_ratio = ratio(fastest(now_speeds), fastest(then_speeds));
    comparison.stall_ratio = ratio(felt(point.stall_p99_ms), felt(then->stall_p99_ms));
    comparison.p_speed = mann_whitney_p(now_speeds, then_speeds);
    comparison.p_stall = mann_whitney_p(stalls(point), stalls(*then));
    comparison.slower =
        comparison.speed_ratio < 1 - result.budgets.slower && comparison.p_speed < kSignificant;
    comparison.stalls_more =
        comparison.stall_ratio > 1 + result.budgets.slower && comparison.p_stall < kSignificant;
    result.comparisons.push_back(comparison);
  }
}

OverallComparison overall(const BackfillResult& result, const BackfillResult& baseline,
                          double calibration, double baseline_calibration) {
  const Calibrations by = usable(calibration, baseline_calibration);
  OverallComparison all;
  std::vector<double> speed_now, speed_then, stall_now, stall_then;
  double log_speed = 0, log_stall = 0;
  int variants = 0;
  for (const BackfillPoint& point : result.points) {
    const BackfillPoint* then = same_variant(baseline, point);
    if (then == nullptr || !measured(point)) continue;
    // Each variant has a level of its own; what is tested is how far runs are from the baseline's.
    const std::vector<double> now_speeds = speeds(point, by.now),
                              then_speeds = speeds(*then, by.then);
    const double level = fastest(then_speeds), calm = felt(then->stall_p99_ms);
    for (const double value : now_speeds) speed_now.push_back(value / level);
    for (const double value : then_speeds) speed_then.push_back(value / level);
    for (const double value : stalls(point)) stall_now.push_back(value / calm);
    for (const double value : stalls(*then)) stall_then.push_back(value / calm);
    log_speed += std::log(ratio(fastest(now_speeds), level));
    log_stall += std::log(ratio(felt(point.stall_p99_ms), calm));
    ++variants;
  }
  if (variants == 0) return all;
  all.speed_ratio = std::exp(log_speed / variants);
  all.stall_ratio = std::exp(log_stall / variants);
  all.p_speed = mann_whitney_p(speed_now, speed_then);
  all.p_stall = mann_whitney_p(stall_now, stall_then);
  all.slower = all.speed_ratio < 1 - result.budgets.slower && all.p_speed < kSignificantOverall;
  all.stalls_more =
      all.stall_ratio > 1 + result.budgets.slower && all.p_stall < kSignificantOverall;
  return all;
}

}  // namespace drydock
