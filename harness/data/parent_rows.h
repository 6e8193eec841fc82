// Which rows of a parent a foreign key may point to.
#pragma once

#include <string>

#include "harness/data/table_shape.h"

namespace drydock {

/// "FROM parent WHERE …": without rows whose key is NULL or does not fit into the child's type, and
/// without those that another foreign key over the same columns would refuse.
std::string parent_rows(const TableShape& table, std::size_t key);

}  // namespace drydock
