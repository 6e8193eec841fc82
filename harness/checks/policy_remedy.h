// The statements that would keep a table's rows apart, written out for this table.
//
// What tells a tenant's own rows is taken from the policies that are there: the table's own, or
// another table's with the column's name changed. Where no policy says it, the place of what is not
// known is marked with <…>.
#pragma once

#include <string>
#include <vector>

#include "harness/model/evidence.h"
#include "harness/model/scenario.h"

namespace drydock {

/// What a remedy is made of.
struct RemedyFor {
  const TableIsolation& table;
  const IsolationEvidence& isolation;
  const Scenario& scenario;
};

/// "tenant_id = current_setting('app.tenant')::uuid", without parentheses around it.
std::string tenant_condition(const RemedyFor& remedy);

/// ALTER TABLE … ENABLE, FORCE, and CREATE POLICY where the table has none.
std::string protecting_statements(const RemedyFor& remedy);

/// CREATE POLICY for each of the commands, "SELECT" …; one for all of them where the table has no
/// policy.
std::string policy_statements(const RemedyFor& remedy, const std::vector<std::string>& commands);

/// How to share a table on purpose.
std::string exempting_words(const TableIsolation& table);

}  // namespace drydock
