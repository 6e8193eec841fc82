// Findings accepted as the starting point (drydock-known.json): a gate can be introduced to a
// repository with a past, and then judges what is new.
//
// An entry is recognised by its fingerprint alone. Check, migration, objects and message stand
// beside it for the people who review the file; a reworded message changes nothing.
#pragma once

#include <string>
#include <vector>

#include "harness/model/run_result.h"

namespace drydock {

struct KnownFinding {
  std::string fingerprint;
  std::string check;
  std::string migration;
  std::vector<std::string> objects;
  std::string message;
};

/// Throws Error when the file cannot be read, is of another version, or has keys it should not
/// have: a file that is half understood would let the wrong findings pass.
std::vector<KnownFinding> read_known(const std::string& path);

/// The file for a run: each warning and error that is not waived, once, in an order that does not
/// depend on the run's. What was known before stays in when it was found again.
std::string write_known(const RunResult& result);

}  // namespace drydock
