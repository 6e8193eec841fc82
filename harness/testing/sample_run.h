// RunResults made by hand, in which everything occurs that a report has to show: every outcome, a
// waived and a known finding, a run that stopped, and text that breaks careless writers.
#pragma once

#include "harness/model/run_result.h"
#include "harness/testing/sample_parts.h"

namespace drydock::testing {

/// Two scenarios with twelve migrations and one.
RunResult sample_run();

/// One scenario with `count` migrations; every fortieth fails, every twenty-fifth has a warning.
RunResult long_run(int count);

}  // namespace drydock::testing
