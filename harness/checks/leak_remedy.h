// Which policies let a leak through, and how they would have to read.
#pragma once

#include <string>
#include <vector>

#include "harness/checks/isolation_leaks.h"
#include "harness/checks/policy_remedy.h"

namespace drydock {

/// The command of the policies that bind a try: "SELECT", "INSERT", "UPDATE", "DELETE".
std::string bound_as(IsolationCommand command);

using Policies = std::vector<const PolicyFact*>;

/// The permissive policies that bind the tries and do not ask for the tenant as they should; where
/// all do, all that bind them. They are joined by OR: the widest decides. Points into the table.
Policies policies_behind(const RemedyFor& wanted, const Probes& leaks);

/// "\n  let through by: policy p FOR SELECT USING (true)", a line a policy.
std::string policy_lines(const Policies& policies);

/// ALTER POLICY for each of `behind`, or what to hold them to where their words are right.
std::string leak_remedy(const RemedyFor& wanted, const Probes& leaks, const Policies& behind);

}  // namespace drydock
