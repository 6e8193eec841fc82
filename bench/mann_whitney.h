// Are two samples of times from the same population? The Mann–Whitney U test, which asks nothing of
// how times are distributed; Google Benchmark's own compare tool uses the same.
#pragma once

#include <vector>

namespace drydock {

/// Two-sided p-value: how likely a difference at least as large is by chance. Exact for small
/// samples without ties, else by the normal approximation with ties and continuity corrected. 1
/// when one of them is empty or all values are alike.
double mann_whitney_p(const std::vector<double>& a, const std::vector<double>& b);

}  // namespace drydock
