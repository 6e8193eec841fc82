// How fast is this machine just now? One fixed statement on one fixed table, measured among the
// others, so that two runs on machines (or in hours) of different speed can be compared by ratio.
//
// How far to trust that: it cancels what makes everything slower alike (processor, neighbours),
// not what only large tables feel (memory, disk). Its table is small on purpose: a smaller
// shared_buffers must not hide itself in it.
#pragma once

#include <vector>

#include "harness/postgres/server.h"
#include "harness/postgres/session.h"

namespace drydock {

class Calibration {
 public:
  explicit Calibration(Server& server);

  /// Measures once more.
  void measure();
  /// The fastest of all, rows/s; 0 before the first. Neighbours only ever slow a statement down, so
  /// that the fastest of many says most about the machine. Measured on two shared cores, eight runs
  /// against each other: fastest over fastest scattered by 3 %, median over median by 12 %.
  double rows_per_second() const;

 private:
  ScratchDatabase database_;
  Session session_;
  std::vector<double> measured_;
};

}  // namespace drydock
