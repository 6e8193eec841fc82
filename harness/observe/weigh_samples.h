// What is told of the locks of a statement that commits by itself: no verdict may hang on whether a
// look caught one that was held for an instant.
//
// What the statement did proves locks, however short they were (implied_locks, catalog_marks); the
// looks tell how long they were held. A strong lock that only a look has caught counts when it was
// held for so long that the next run will catch it too, and when others can feel it.
#pragma once

#include <vector>

#include "harness/observe/lock_sampler.h"
#include "harness/observe/statement_words.h"

namespace drydock {

/// `unseen_ms`: a lock that no look has caught was held for less.
std::vector<SampledLock> weigh_samples(const StatementWords& words,
                                       const std::vector<SampledLock>& seen,
                                       const std::vector<SeenLock>& proven, double unseen_ms);

}  // namespace drydock
