// Texts that read like what the column's name says.
#pragma once

#include <cstdint>
#include <string>

#include "harness/data/value_maker.h"

namespace drydock {

/// SQL text. `limit`: characters at most, 0 for any number.
std::string make_text(const ValueRequest& request, int limit);

/// As ValueMaker::capacity.
std::int64_t text_capacity(const ValueRequest& request, int limit);

}  // namespace drydock
