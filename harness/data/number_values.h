// Numbers and times that read like what the column's name says.
#pragma once

#include <cstdint>
#include <string>

#include "harness/data/value_maker.h"

namespace drydock {

/// SQL bigint within [low, high], by name and limits; distinct by number when asked.
std::string make_integer(const ValueRequest& request, std::int64_t low, std::int64_t high);
std::int64_t integer_capacity(const ValueRequest& request, std::int64_t low, std::int64_t high);

/// SQL numeric with `scale` digits behind the point, below 10^`digits` in size.
std::string make_decimal(const ValueRequest& request, int digits, int scale);
std::int64_t decimal_capacity(const ValueRequest& request, int digits, int scale);

/// Seconds since 1970, SQL bigint: within the two years before 2026; the times of one row in the
/// order in which their names say they happen.
std::string make_seconds(const ValueRequest& request);

}  // namespace drydock
