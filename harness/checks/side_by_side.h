// Two small tables beside each other, for people who look for the difference.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "harness/model/data_evidence.h"

namespace drydock {

struct TitledRows {
  std::string title;
  ResultRows rows;        ///< all of them, or the first ones
  std::size_t total = 0;  ///< how many there are
};

/// Each line begins with a line end and two blanks. Long values are cut, and so are long tables;
/// `columns` may have fewer names than a row has values.
std::string side_by_side(const std::vector<std::string>& columns, const TitledRows& left,
                         const TitledRows& right);

}  // namespace drydock
