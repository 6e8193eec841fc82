// The scenario's own questions: queries that must give the rows they were said to give.
#pragma once

#include <string>
#include <vector>

#include "harness/model/data_evidence.h"
#include "harness/model/scenario.h"
#include "harness/postgres/session.h"

namespace drydock {

/// Asks those of `scenario.assertions` that are for `migration` at `at`, in read-only transactions
/// of `session`, which is idle. Throws InputError, pointing into the scenario file, for a query
/// that fails, writes, or gives another number of columns than expected.
std::vector<AssertionResult> ask_assertions(const Scenario& scenario, const std::string& migration,
                                            AssertionMoment at, Session& session);

/// Those that are for `migration` at `at` and were not asked, because of `why`.
std::vector<AssertionResult> unasked_assertions(const Scenario& scenario,
                                                const std::string& migration, AssertionMoment at,
                                                const std::string& why);

}  // namespace drydock
