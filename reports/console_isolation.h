// What a person reads of tenant isolation in the terminal: for each migration after which it was
// judged, how much was tried and what came of it. The findings carry the details.
#pragma once

#include <string>
#include <vector>

#include "harness/model/run_result.h"

namespace drydock {

/// One line a migration, a few; empty when isolation was never judged.
std::vector<std::string> isolation_lines(const ScenarioRun& run);

}  // namespace drydock
