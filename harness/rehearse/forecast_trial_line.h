// A straight line through measured times, and how far it can be trusted away from them.
#pragma once

#include <vector>

#include "harness/model/lock_evidence.h"

namespace drydock {

struct Prediction {
  double value_ms = 0;
  double error_ms = 0;  ///< half the width of the interval that holds the next one 95 times of 100
};

/// Least squares of time against rows, at `rows`. More rows never take less time: where the line
/// falls, it is laid flat. REQUIRES: three points or more, at two sizes or more.
Prediction predict(const std::vector<LockForecast::Point>& measured, double rows);

}  // namespace drydock
