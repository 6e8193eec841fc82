// Values at the ends of what a type takes.
#pragma once

#include <string>
#include <vector>

#include "harness/data/table_shape.h"

namespace drydock {

struct Extreme {
  std::string sql;    ///< of the type
  std::string words;  ///< that follow "with lot_code": "empty", "NaN"
};

/// `type` is the underlying type, `type_sql` how the column's is called.
std::vector<Extreme> extremes_of(const TypeShape& type, int modifier, const std::string& type_sql);

}  // namespace drydock
