// What a person reads of locks in the terminal: for each migration that is not all well, the one
// that traffic would feel most.
#pragma once

#include <string>
#include <vector>

#include "harness/model/run_result.h"

namespace drydock {

/// A heading and one line a migration, a few; empty when no such migration keeps traffic out.
std::vector<std::string> lock_lines(const ScenarioRun& run);

}  // namespace drydock
