// What `drydock bench` shows while it measures: a bar with the time that is left.
#pragma once

#include <memory>

#include "bench/backfill_sweep.h"

namespace drydock {

/// A bar on stderr when it is a terminal, a line per tenth otherwise, nothing when quiet.
std::unique_ptr<BenchProgress> make_bench_progress(bool quiet);

}  // namespace drydock
