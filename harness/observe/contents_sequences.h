// Where sequences stand. One that went back gives numbers again that it has given: rows collide, or
// worse, do not.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "harness/model/contents.h"
#include "harness/observe/contents_tables.h"

namespace drydock {

struct SequencePosition {
  Oid oid = 0;
  std::string name;
  std::int64_t next = 0;  ///< the number it would give
  std::int64_t increment = 1;
  bool cycles = false;  ///< gives numbers again by nature
};

std::vector<SequencePosition> read_sequences(ContentsTransaction& transaction);

/// Those that moved back, unless the numbers they will give are free in the column that they feed.
/// `by_identity`: found again by oid first, else by name only.
std::vector<SequenceChange> compare_sequences(ContentsTransaction& transaction,
                                              const std::vector<SequencePosition>& before,
                                              bool by_identity);

}  // namespace drydock
