// Many latencies told as a few numbers.
#pragma once

#include <vector>

#include "harness/model/lock_evidence.h"

namespace drydock {

/// Percentiles by nearest rank, so that each is a latency that was measured. All zero of none.
Latencies summarise(std::vector<double> milliseconds);

}  // namespace drydock
