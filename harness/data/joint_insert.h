// An INSERT of rows that are picked by their numbers when it is run.
#pragma once

#include <string>

namespace drydock {

/// The numbers, with commas between them, go between the halves.
struct JointInsert {
  std::string head, tail;
};

}  // namespace drydock
