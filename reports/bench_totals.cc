#include "reports/bench_totals.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "harness/base/text.h"
#include "reports/bench_figures.h"

namespace drydock {
namespace {

const std::string kBudget = "backfill-budget", kRegression = "backfill-regression";
constexpr double kTailTold = 1.5;  // below it a loop's own ups and downs

bool has_budgets(const BackfillBudgets& budgets) {
  return budgets.stall_p99_ms || budgets.rows_per_second || budgets.wal_bytes_per_row ||
         budgets.growth;
}

bool is_about(const Finding& finding, const BackfillResult& backfill) {
  const auto& objects = finding.objects;
  return finding.file == backfill.file &&
         std::find(objects.begin(), objects.end(), "backfill " + backfill.name) != objects.end();
}

std::string not_asked(const BenchResult& bench, const BackfillResult& backfill,
                      const std::string& check) {
  if (check == kBudget) {
    return has_budgets(backfill.budgets) ? "" : "the scenario gives the backfill no budgets";
  }
  if (bench.baseline.empty()) return "no baseline was given (--baseline FILE)";
  if (!bench.baseline_refused.empty()) {
    return "the baseline is shown but does not gate: " + bench.baseline_refused;
  }
  return backfill.comparisons.empty() ? "the baseline has none of the backfill's variants" : "";
}

void judge(const BenchResult& bench, const BackfillResult& backfill, BenchCase& result) {
  for (const Finding& finding : bench.findings) {
    if (finding.check == result.check && is_about(finding, backfill)) {
      result.findings.push_back(&finding);
    }
  }
  const bool held =
      std::any_of(result.findings.begin(), result.findings.end(),
                  [&](const Finding* finding) { return holds_back(*finding, bench.gate); });
  result.reason = unmeasured_reason(bench, backfill);
  if (!result.reason.empty()) return;
  result.reason = held ? "" : not_asked(bench, backfill, result.check);
  result.outcome = held                     ? Outcome::kFailed
                   : !result.reason.empty() ? Outcome::kSkipped
                                            : Outcome::kPassed;
}

std::size_t count_cases(const BenchResult& bench, const std::string& check, Outcome outcome) {
  std::size_t count = 0;
  for (const BackfillResult& backfill : bench.backfills) {
    for (const BenchCase& each : cases_of(bench, backfill)) {
      if (each.check == check && each.outcome == outcome) ++count;
    }
  }
  return count;
}

}  // namespace

std::string unmeasured_reason(const BenchResult& bench, const BackfillResult& backfill) {
  if (!backfill.error.empty()) return backfill.error;
  if (bench.cancelled && &backfill == &bench.backfills.back()) {
    return "the run was stopped before all variants were measured";
  }
  if (std::any_of(backfill.points.begin(), backfill.points.end(), was_measured)) return "";
  for (const BackfillPoint& point : backfill.points) {
    for (const BackfillRun& run : point.runs) {
      if (!run.problem.empty()) {
        return fmt::format("no variant could be measured: {}: {}", describe(point.variant),
                           run.problem);
      }
    }
  }
  return "no variant was measured";
}

std::vector<BenchCase> cases_of(const BenchResult& bench, const BackfillResult& backfill) {
  std::vector<BenchCase> cases;
  for (const std::string& check : {kBudget, kRegression}) {
    cases.emplace_back().check = check;
    judge(bench, backfill, cases.back());
  }
  return cases;
}

Outcome verdict_of(const BenchResult& bench) {
  const auto unmeasured = [&](const BackfillResult& backfill) {
    return !unmeasured_reason(bench, backfill).empty();
  };
  if (!bench.error.empty() || bench.cancelled || bench.backfills.empty() ||
      std::any_of(bench.backfills.begin(), bench.backfills.end(), unmeasured)) {
    return Outcome::kErrored;
  }
  const bool held =
      std::any_of(bench.findings.begin(), bench.findings.end(),
                  [&](const Finding& finding) { return holds_back(finding, bench.gate); });
  return held ? Outcome::kFailed : Outcome::kPassed;
}

std::string verdict_phrase(const BenchResult& bench) {
  const std::string all = plural(bench.backfills.size(), "backfill");
  std::vector<std::string> parts;
  const auto tell = [&](std::size_t count, const std::string& one, const std::string& many) {
    if (count == 0) return;
    parts.push_back(fmt::format(
        "{} {}", parts.empty() ? fmt::format("{} of {}", count, all) : fmt::to_string(count),
        count == 1 ? one : many));
  };
  tell(count_cases(bench, kBudget, Outcome::kFailed), "does not keep its budgets",
       "do not keep their budgets");
  tell(count_cases(bench, kRegression, Outcome::kFailed), "got worse than the baseline",
       "got worse than the baseline");
  const auto unmeasured = std::count_if(
      bench.backfills.begin(), bench.backfills.end(),
      [&](const BackfillResult& each) { return !unmeasured_reason(bench, each).empty(); });
  tell(static_cast<std::size_t>(unmeasured), "could not be measured", "could not be measured");
  if (parts.empty()) parts.push_back(all + " measured");
  if (bench.cancelled) parts.emplace_back("stopped early");
  return join(parts, ", ");
}

ComparedTotals compared(const BackfillResult& backfill) {
  ComparedTotals totals;
  double speed = 0, stall = 0;
  for (const BackfillComparison& each : backfill.comparisons) {
    if (each.speed_ratio <= 0 || each.stall_ratio <= 0) continue;
    ++totals.variants;
    speed += std::log(each.speed_ratio);
    stall += std::log(each.stall_ratio);
    totals.slower += each.slower ? 1 : 0;
    totals.stalls_more += each.stalls_more ? 1 : 0;
    if (totals.worst == nullptr || each.speed_ratio < totals.worst->speed_ratio) {
      totals.worst = &each;
    }
  }
  if (totals.variants == 0) return totals;
  totals.speed_ratio = std::exp(speed / static_cast<double>(totals.variants));
  totals.stall_ratio = std::exp(stall / static_cast<double>(totals.variants));
  return totals;
}

std::string comparison_phrase(const BenchResult& bench, const BackfillResult& backfill) {
  if (bench.baseline.empty() || backfill.points.empty()) return "";
  const ComparedTotals totals = compared(backfill);
  if (totals.variants == 0) {
    return fmt::format("against {}: it has none of these variants", bench.baseline);
  }
  std::string phrase =
      fmt::format("against {}: {:.2f} × the rows/s and {:.2f} × the stall over {}", bench.baseline,
                  totals.speed_ratio, totals.stall_ratio, plural(totals.variants, "variant"));
  phrase += fmt::format("; the slowest: {}, {:.2f} ×", describe(totals.worst->variant),
                        totals.worst->speed_ratio);
  if (!bench.baseline_refused.empty()) {
    phrase += "; shown only, because " + bench.baseline_refused;
  }
  return phrase;
}

std::string naive_phrase(const BackfillResult& backfill) {
  const BackfillPoint* worst = nullptr;
  double highest = kTailTold;
  for (const BackfillPoint& point : backfill.points) {
    if (point.variant.strategy != BackfillStrategy::kNaive) continue;
    const double ratio = tail_ratio(figures_of(point));
    if (ratio > highest) {
      highest = ratio;
      worst = &point;
    }
  }
  if (worst == nullptr) return "";
  return fmt::format(
      "{}: its last tenth of the rows took {:.1f} × as long as the first, because each batch reads "
      "past all rows that are done",
      describe(worst->variant), highest);
}

std::vector<std::string> names_of(const std::vector<BenchResult>& history) {
  std::vector<std::string> names;
  for (const BenchResult& bench : history) {
    for (const BackfillResult& backfill : bench.backfills) {
      if (std::find(names.begin(), names.end(), backfill.name) == names.end()) {
        names.push_back(backfill.name);
      }
    }
  }
  return names;
}

std::string backfill_phrase(const BackfillResult& backfill) {
  std::string phrase = backfill.table;
  if (!backfill.set.empty()) phrase += ": SET " + backfill.set;
  if (!backfill.where.empty()) phrase += " WHERE " + backfill.where;
  if (backfill.rows > 0) {
    phrase += fmt::format(", {} {}", grouped(static_cast<double>(backfill.rows)),
                          backfill.rows == 1 ? "row" : "rows");
  }
  return phrase;
}

}  // namespace drydock
