// Proof of the proof: policies are weakened one at a time, and some probe must notice.
#pragma once

#include <vector>

#include "harness/observe/isolation_probes.h"

namespace drydock {

/// Every mutant of the policies of `tables` (already probed, in `session`'s transaction), each in a
/// savepoint that is rolled back: a policy dropped, WITH CHECK (true), USING (true), NO FORCE,
/// DISABLE, BYPASSRLS for the role, another column in the tenant column's place, TO PUBLIC. Those
/// that cannot change anything are not made (NO FORCE where it is not forced or the owner is not
/// bound anyway).
std::vector<PolicyMutant> try_mutants(Session& session, IsolationProber& prober,
                                      const Tenancy& tenancy,
                                      const std::vector<const TenantTable*>& tables);

}  // namespace drydock
