// The words of the checks of `drydock bench`. They judge measurements, not a migration's evidence,
// so that they are none of all_checks(); what they are is printed and documented in the same way.
#pragma once

#include <vector>

#include "harness/model/finding.h"

namespace drydock {

const std::vector<CheckText>& bench_check_texts();

}  // namespace drydock
