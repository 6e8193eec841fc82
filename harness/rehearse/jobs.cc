#include "harness/rehearse/jobs.h"

#include <unistd.h>

#include <algorithm>
#include <numeric>

namespace drydock {
namespace {

/// A rehearsal is three scripts and as many observations; applying is one script. Measured over
/// histories of 150 to 190 migrations: 7 to 9 times.
constexpr double kRehearsalCost = 8;

/// With rows, all of them have to be made for what is only applied, too. Measured over a history of
/// 158 migrations with 1000 rows: 1.8 to 2 times.
constexpr double kRehearsalCostWithRows = 2.0;

/// What a migration takes however small it is, in bytes of SQL that take as long. Measured over the
/// same history: 1500 without rows, 4000 with 1000.
constexpr double kFixedWeight = 3000;

/// Starting a second server takes about as long as rehearsing this many small migrations.
constexpr std::size_t kLeastPerJob = 20;

/// Beyond this the jobs mostly wait for each other's disk and memory.
constexpr long kMostJobs = 4;

/// The ranges of jobs that each may cost `limit`; they may not reach the end.
std::vector<JobRange> ranges_within(const std::vector<double>& weights, std::size_t jobs,
                                    double rehearsal, double limit) {
  std::vector<JobRange> ranges;
  double before = 0;
  std::size_t at = 0;
  while (ranges.size() < jobs && at < weights.size()) {
    JobRange range{at, at};
    double cost = before;
    while (range.end < weights.size() && cost + rehearsal * weights[range.end] <= limit) {
      cost += rehearsal * weights[range.end];
      before += weights[range.end];
      ++range.end;
    }
    if (range.end == range.first) break;  // the limit is too low even for one
    at = range.end;
    ranges.push_back(range);
  }
  return ranges;
}

}  // namespace

double weight_of(const Migration& migration) {
  double weight = kFixedWeight;
  for (const Script& script : migration.up) {
    for (const Query& query : script.queries) weight += static_cast<double>(query.text.size());
  }
  return weight;
}

double rehearsal_cost(bool rows) { return rows ? kRehearsalCostWithRows : kRehearsalCost; }

std::vector<JobRange> split_into_jobs(const std::vector<double>& weights, std::size_t jobs,
                                      double rehearsal) {
  if (weights.empty()) return {};
  const double total = std::accumulate(weights.begin(), weights.end(), 0.0);
  double low = 0, high = rehearsal * total;  // one job can do it all within `high`
  const std::size_t wanted = std::max<std::size_t>(1, jobs);
  for (int step = 0; step < 40; ++step) {
    const double middle = (low + high) / 2;
    const auto ranges = ranges_within(weights, wanted, rehearsal, middle);
    (!ranges.empty() && ranges.back().end == weights.size() ? high : low) = middle;
  }
  auto ranges = ranges_within(weights, wanted, rehearsal, high);
  if (ranges.empty() || ranges.back().end != weights.size()) return {{0, weights.size()}};
  return ranges;
}

std::size_t choose_jobs(std::size_t wanted, std::size_t migrations) {
  if (wanted > 0) return std::min(wanted, std::max<std::size_t>(1, migrations));
  const long cores = std::clamp(::sysconf(_SC_NPROCESSORS_ONLN), 1L, kMostJobs);
  return std::clamp<std::size_t>(migrations / kLeastPerJob, 1, static_cast<std::size_t>(cores));
}

}  // namespace drydock
