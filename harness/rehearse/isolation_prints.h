// Whether a table has to be tried again, and whether that showed anything new: equal prints are
// equal facts, and equal findings.
#pragma once

#include <string>

#include "harness/observe/tenancy.h"

namespace drydock {

/// What binds the table: its own, and what binds the tables that its policies look into.
std::string facts_of(const TenantTable& table, const ApplicationRole& role);

/// What was found, without what depends on the rows.
std::string result_of(const TableIsolation& table);

}  // namespace drydock
