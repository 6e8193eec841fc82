// The middle of a few measurements.
#pragma once

#include <vector>

namespace drydock {

/// Of an even number of values the mean of the two in the middle; 0 of none.
double median(std::vector<double> values);

}  // namespace drydock
