// Ways in which the policies of a table could be weaker than they are, as statements. Pure.
#pragma once

#include <string>
#include <vector>

#include "harness/observe/tenancy.h"

namespace drydock {

struct PolicyMutation {
  MutationKind kind = MutationKind::kDropPolicy;
  std::string policy;  ///< empty: about the table
  std::string sql;
};

/// Those that can change what the application's role, or the owner, may do. `owner_is_bound`: the
/// owner is neither superuser nor BYPASSRLS.
std::vector<PolicyMutation> policy_mutations(const TenantTable& table, bool owner_is_bound);

/// `expression` with another column of the table in the place of `column`; columns of other tables
/// that have the same name stay. `table`: its name without schema.
std::string with_other_column(const std::string& expression, const std::string& table,
                              const std::string& column, const std::string& other);

}  // namespace drydock
