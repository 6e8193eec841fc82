// What CHECK constraints say about single columns.
#pragma once

#include <map>
#include <string>

#include "harness/data/limits.h"
#include "harness/data/table_shape.h"

namespace drydock {

/// What the condition asks of each column that it names, by name; a domain's value is "VALUE".
/// Where it is not seen through the column is `tangled`, and the constants it is compared with are
/// kept: rows are then made from those and tried.
void read_limits(const std::string& condition, std::map<std::string, Limits>& limits);

/// Two sets of limits upon the same value.
Limits both_limits(const Limits& one, const Limits& other);

}  // namespace drydock
