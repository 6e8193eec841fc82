// scenarios/schema.json: a scenario's keys as a JSON Schema, for editors and other tools.
//
// Written from the loader's own table, so that the two cannot disagree; a test compares the file
// in the tree with this text.
#pragma once

#include <string>

namespace drydock {

/// The whole file, ending in a newline. Descriptions are the table's.
std::string scenario_schema();

}  // namespace drydock
