// Names in the scenario that nothing ever had: a slip of the pen that would otherwise leave a rule
// without effect, or a value unprotected, and nobody the wiser.
#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "harness/model/scenario.h"

namespace drydock {

/// Tables that were there at any time, as reports call them, with the columns they had (not
/// quoted).
using SeenTables = std::map<std::string, std::set<std::string>>;

/// A sentence for each entry of data.tables and preserve.may_change that names a table or column
/// which was never there, with what is nearest. `mentioned` tells whether the migrations have a
/// word: may_change may also name what is no table (sequences, materialized views).
std::vector<std::string> unused_rules(const Scenario& scenario, const SeenTables& seen,
                                      const std::function<bool(const std::string&)>& mentioned);

}  // namespace drydock
