// What a test asks of a check's judgement.
#pragma once

#include "harness/checks/check.h"
#include "harness/testing/catch.h"

namespace drydock::testing {

/// Fails the test unless there is exactly one finding.
inline Finding only_finding(const Judgement& judgement) {
  CHECK_FALSE(judgement.skipped);
  CHECK_FALSE(judgement.errored);
  REQUIRE(judgement.findings.size() == 1);
  return judgement.findings.front();
}

inline bool passed(const Judgement& judgement) {
  return !judgement.skipped && !judgement.errored && judgement.findings.empty();
}

}  // namespace drydock::testing
