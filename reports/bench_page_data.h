// What the page of `drydock bench` draws from, as JSON.
#pragma once

#include <string>
#include <vector>

#include "harness/model/backfill.h"

namespace drydock {

/// Everything that is shown, figures summed up over the repetitions.
std::string bench_page_data(const BenchResult& bench, const std::vector<BenchResult>& history);

}  // namespace drydock
