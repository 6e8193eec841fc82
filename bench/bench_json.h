// bench.json: what was measured, in the form that Google Benchmark writes, so that its tools read
// it too. Everything of Drydock's own stands in context.drydock and in the counters of each
// repetition; docs/backfills.md has the list. It is at once the report, the baseline and the
// history.
#pragma once

#include <string>

#include "harness/model/backfill.h"

namespace drydock {

std::string write_bench_json(const BenchResult& bench);

/// The same back, without findings and comparisons; medians and recommendations are made anew.
/// `name` is the file's, for errors. Throws Error for what is no such file.
BenchResult read_bench_json(const std::string& text, const std::string& name);

}  // namespace drydock
