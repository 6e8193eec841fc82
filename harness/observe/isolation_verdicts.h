// What a try proves. Pure.
//
// "Refused" means by row security. A constraint is held to after the policies (ExecInsert and
// ExecUpdate check them first), so a row that only a key refused had been let pass; a CHECK or a
// trigger that refuses may well be what keeps tenants apart, and counts as held.
#pragma once

#include <string>
#include <vector>

#include "harness/observe/isolation_attempts.h"

namespace drydock {

/// One probe, or two where a try is about one's own rows and another's at once.
std::vector<IsolationProbe> judge_attempt(const IsolationAttempt& attempt,
                                          const AttemptResult& result);

/// One probe a command and situation, the worst verdict first told.
void merge_probes(std::vector<IsolationProbe>& all, const std::vector<IsolationProbe>& more);

/// Row security said no.
bool refused_by_policy(const AttemptResult& result);

/// "select of another tenant's rows", "insert without context".
std::string probe_words(IsolationCommand command, IsolationSituation situation);

}  // namespace drydock
