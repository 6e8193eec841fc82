// Fields of catalog rows.
#pragma once

#include <cstdlib>
#include <string>
#include <string_view>

#include "harness/data/table_shape.h"
#include "harness/postgres/connection.h"

namespace drydock {

inline Oid oid_of(std::string_view text) {
  return static_cast<Oid>(std::strtoul(std::string(text).c_str(), nullptr, 10));
}

inline int number_of(std::string_view text) { return std::atoi(std::string(text).c_str()); }

inline std::string text_at(const Rows& rows, int row, int column) {
  return std::string(rows.at(row, column));
}

inline bool true_at(const Rows& rows, int row, int column) { return rows.at(row, column) == "t"; }

}  // namespace drydock
