#include "bench/backfill_checks.h"

#include <fmt/format.h>

#include <algorithm>

#include "bench/backfill_analysis.h"
#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/checks/bench_check_texts.h"

namespace drydock {
namespace {

const CheckText& text_of(const std::string& id) {
  for (const CheckText& text : bench_check_texts()) {
    if (text.id == id) return text;
  }
  throw Error("there is no check " + id);
}

Finding finding_of(const std::string& check, const BackfillResult& result, std::string message) {
  const CheckText& text = text_of(check);
  Finding finding;
  finding.check = text.id;
  finding.severity = text.severity;
  finding.message = std::move(message);
  finding.remedy = text.remedy;
  finding.file = result.file;
  finding.line = result.line;
  finding.objects = {"backfill " + result.name, "table " + result.table};
  return finding;
}

bool any_budget(const BackfillBudgets& budgets) {
  return budgets.stall_p99_ms || budgets.rows_per_second || budgets.wal_bytes_per_row ||
         budgets.growth;
}

std::string budget_words(const BackfillBudgets& budgets) {
  std::vector<std::string> words;
  if (budgets.stall_p99_ms) {
    words.push_back(fmt::format("a p99 stall of at most {} ms", *budgets.stall_p99_ms));
  }
  if (budgets.rows_per_second) {
    words.push_back(fmt::format("at least {} rows/s", *budgets.rows_per_second));
  }
  if (budgets.wal_bytes_per_row) {
    words.push_back(fmt::format("at most {} bytes of WAL a row", *budgets.wal_bytes_per_row));
  }
  if (budgets.growth)
    words.push_back(fmt::format("a table at most {} × as large", *budgets.growth));
  return join(words, ", ");
}

std::string point_words(const BackfillPoint& point) {
  return fmt::format("{}: {:.0f} rows/s, p99 stall {:.1f} ms", describe(point.variant),
                     point.rows_per_second, point.stall_p99_ms);
}

bool batched(const BackfillPoint& point) {
  return point.rows_per_second > 0 && point.variant.strategy != BackfillStrategy::kSingle &&
         point.variant.strategy != BackfillStrategy::kAsWritten;
}

/// What all variants did, for whoever has to choose another.
std::string all_words(const BackfillResult& result) {
  std::string words;
  for (const BackfillPoint& point : result.points) {
    if (batched(point)) words += "\n  " + point_words(point);
  }
  return words;
}

const BackfillResult* same_backfill(const BenchResult& baseline, const BackfillResult& result) {
  for (const BackfillResult& other : baseline.backfills) {
    if (other.name == result.name) return &other;
  }
  return nullptr;
}

std::string worst_variants(const BackfillResult& result) {
  std::vector<const BackfillComparison*> worst;
  for (const BackfillComparison& comparison : result.comparisons) worst.push_back(&comparison);
  std::sort(worst.begin(), worst.end(), [](const auto* a, const auto* b) {
    return a->speed_ratio / a->stall_ratio < b->speed_ratio / b->stall_ratio;
  });
  worst.resize(std::min<std::size_t>(worst.size(), 3));
  std::string words;
  for (const BackfillComparison* each : worst) {
    words += fmt::format("\n  {}: {:.2f} × the rows/s, {:.2f} × the stall", describe(each->variant),
                         each->speed_ratio, each->stall_ratio);
  }
  return words;
}

std::vector<Finding> judge_regression(const BackfillResult& result, const BackfillResult& baseline,
                                      const BenchResult& now, const BenchResult& then) {
  const OverallComparison all = overall(result, baseline, now.calibration, then.calibration);
  std::vector<Finding> findings;
  const auto add = [&](const std::string& what, const std::string& known_by) {
    Finding finding = finding_of("backfill-regression", result, what + worst_variants(result));
    finding.known_by = {"backfill " + result.name, known_by};
    findings.push_back(std::move(finding));
  };
  if (all.slower) {
    add(fmt::format("the backfill {} does {:.2f} × the rows/s of the baseline over all ways of "
                    "doing it (p = {:.1g}); {:.2f} × is the limit",
                    result.name, all.speed_ratio, all.p_speed, 1 - result.budgets.slower),
        "slower");
  }
  if (all.stalls_more) {
    add(fmt::format("traffic beside the backfill {} waits {:.2f} × as long as in the baseline over "
                    "all ways of doing it (p = {:.1g}); {:.2f} × is the limit",
                    result.name, all.stall_ratio, all.p_stall, 1 + result.budgets.slower),
        "stalls more");
  }
  return findings;
}

void append(std::vector<Finding>& all, std::vector<Finding> more) {
  std::move(more.begin(), more.end(), std::back_inserter(all));
}

}  // namespace

std::vector<Finding> judge_budgets(const BackfillResult& result) {
  if (!any_budget(result.budgets)) return {};
  std::vector<Finding> findings;
  for (const BackfillPoint& point : result.points) {
    if (point.variant.strategy != BackfillStrategy::kAsWritten || point.within_budgets ||
        point.rows_per_second <= 0) {
      continue;
    }
    findings.push_back(finding_of(
        "backfill-budget", result,
        fmt::format("the backfill {} as the migration has it does not keep its budgets ({})\n  {}",
                    result.name, budget_words(result.budgets), point_words(point))));
  }
  const auto keeps = [](const BackfillPoint& point) {
    return batched(point) && point.within_budgets;
  };
  const bool any = std::any_of(result.points.begin(), result.points.end(), batched);
  if (any && std::none_of(result.points.begin(), result.points.end(), keeps)) {
    findings.push_back(
        finding_of("backfill-budget", result,
                   fmt::format("no way of doing the backfill {} keeps its budgets ({}){}",
                               result.name, budget_words(result.budgets), all_words(result))));
  }
  return findings;
}

std::string why_not_comparable(const BenchResult& bench, const BenchResult& baseline) {
  if (bench.calibration > 0 && baseline.calibration > 0) return "";
  if (bench.machine != baseline.machine) {
    return "it was measured on another machine, and not both runs have the reference statement's "
           "speed";
  }
  if (bench.postgres != baseline.postgres) {
    return fmt::format(
        "it was measured with PostgreSQL {}, and not both runs have the reference "
        "statement's speed",
        baseline.postgres);
  }
  return "";
}

void judge_bench(BenchResult& bench, const BenchResult* baseline) {
  bench.findings.clear();
  if (baseline != nullptr) bench.baseline_refused = why_not_comparable(bench, *baseline);
  for (BackfillResult& result : bench.backfills) {
    append(bench.findings, judge_budgets(result));
    const BackfillResult* then = baseline == nullptr ? nullptr : same_backfill(*baseline, result);
    if (then == nullptr) continue;
    compare(result, *then, bench.calibration, baseline->calibration);
    if (!bench.baseline_refused.empty()) continue;
    append(bench.findings, judge_regression(result, *then, bench, *baseline));
  }
}

}  // namespace drydock
