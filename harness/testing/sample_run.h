// RunResults made by hand, in which everything occurs that a report has to show: every outcome, a
// waived and a known finding, a run that stopped, and text that breaks careless writers.
#pragma once

#include <string>

#include "harness/model/run_result.h"

namespace drydock::testing {

/// Two scenarios with eight migrations and one.
RunResult sample_run();

/// One scenario with `count` migrations; every fortieth fails, every twenty-fifth has a warning.
RunResult long_run(int count);

/// Markup and XML ends, quotes, control characters, bytes that are no UTF-8, right-to-left text
/// with a direction override, an emoji.
std::string hostile_text();

}  // namespace drydock::testing
