// Values of partition keys that fall into partitions that exist.
#pragma once

#include <string>
#include <vector>

#include "harness/data/table_shape.h"

namespace drydock {

/// SQL for `column` that puts row number n into one of the leaves in turn, or `usual` where any
/// value will do. `type` is the SQL name of its type.
std::string partition_key_sql(const std::vector<PartitionLeaf>& leaves, const std::string& column,
                              const std::string& type, const std::string& usual);

/// Whether the bounds of the leaves choose the values of `column`.
bool is_bound(const std::vector<PartitionLeaf>& leaves, const std::string& column);

}  // namespace drydock
