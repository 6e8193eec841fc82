// The list of layouts, in the order in which equally sure ones win.
#pragma once

#include <vector>

#include "harness/load/layout.h"

namespace drydock {

const std::vector<Layout>& all_layouts();

}  // namespace drydock
