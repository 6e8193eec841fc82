// The exit codes of every command: the contract with whoever gates on them.
#pragma once

#include "harness/model/run_result.h"

namespace drydock {

constexpr int kExitPassed = 0;
constexpr int kExitFindings = 1;      ///< findings at or above the gate
constexpr int kExitCouldNotTell = 2;  ///< bad input, no server, our own error, cancelled

constexpr int exit_code(Outcome verdict) {
  switch (verdict) {
    case Outcome::kPassed:
    case Outcome::kSkipped:
      return kExitPassed;
    case Outcome::kFailed:
      return kExitFindings;
    case Outcome::kErrored:
      break;
  }
  return kExitCouldNotTell;
}

}  // namespace drydock
