// The scenario that `drydock init` writes: what was found in a directory, with the decisions a
// person has to make left as comments beside their keys.
//
// It never decides for the user: migrations without a way back are named, not declared
// irreversible, so that the first run still reports them.
#pragma once

#include <string>

#include "harness/model/migration.h"

namespace drydock {

/// Text for a new scenario file at `scenario_path`; load_scenario accepts it as it is. The
/// directory in it is relative to the file.
std::string starting_scenario(const MigrationSet& set, const std::string& scenario_path);

}  // namespace drydock
