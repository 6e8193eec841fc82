#include "harness/data/row_generator.h"

namespace drydock {}  // namespace drydock
