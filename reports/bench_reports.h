// The reports of `drydock bench`: what was measured, the recommendation, and the trend.
#pragma once

#include <string>
#include <vector>

#include "harness/model/backfill.h"
#include "reports/console.h"

namespace drydock {

std::string render_bench_console(const BenchResult& bench, const ConsoleStyle& style);
/// One line a backfill and run, the oldest first.
std::string render_bench_trend(const std::vector<BenchResult>& history, const ConsoleStyle& style);
/// bench.html: one self-contained page. `history`: earlier runs and this one, the oldest first;
/// fewer than two: no trend is drawn.
std::string render_bench_html(const BenchResult& bench, const std::vector<BenchResult>& history);
/// One case a backfill and check.
std::string render_bench_junit(const BenchResult& bench);
std::string render_bench_markdown(const BenchResult& bench);

}  // namespace drydock
