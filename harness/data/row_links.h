// Foreign keys set after the rows are there: of a table to itself, and those that close a circle.
#pragma once

#include <cstdint>
#include <string>

#include "harness/data/table_shape.h"

namespace drydock {

/// UPDATE that points rows of `table` to parents by key number `key`: nine in ten of them, or all.
/// A row of a table that refers to itself points to a row before it. Empty: no column of the key
/// may be changed without breaking another one.
std::string link_rows(const TableShape& table, std::size_t key, std::uint64_t salt, bool all);

/// Names that order the rows of a table the same way each time: its primary key, or any unique key,
/// or where the rows lie.
std::string row_order(const TableShape& table, const std::string& prefix);

}  // namespace drydock
