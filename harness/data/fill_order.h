// The order in which tables are filled: parents first; where foreign keys go round in a circle,
// which of them are set afterwards.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "harness/data/row_plan.h"
#include "harness/data/table_shape.h"

namespace drydock {

struct FillStep {
  struct Part {
    Oid table = 0;
    std::map<std::size_t, Postponed> postponed;  ///< foreign keys set after the step
  };
  /// More than one: in one transaction with all constraints deferred.
  std::vector<Part> parts;
  /// Foreign keys that can be neither NULL nor deferred go round in a circle; in words.
  std::string circle;
};

/// `wanted`: tables to fill, all of them in `tables`.
std::vector<FillStep> fill_order(const std::map<Oid, TableShape>& tables,
                                 const std::set<Oid>& wanted);

}  // namespace drydock
