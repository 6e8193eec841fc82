// What a person reads of rows in the terminal. The findings carry the details; here is what no
// finding says: tables that stayed empty, and what each rollback costs.
#pragma once

#include <string>
#include <vector>

#include "harness/model/run_result.h"

namespace drydock {

/// A heading and a few tables with why and remedy; empty when all tables could be filled.
std::vector<std::string> unfilled_lines(const ScenarioRun& run);

/// One line for each migration whose down loses something, a few; tables that the migration itself
/// makes are left out, since every rollback takes those.
std::vector<std::string> loss_lines(const ScenarioRun& run);

}  // namespace drydock
