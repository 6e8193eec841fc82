// What could be the context, from what policies read and which values there are.
#pragma once

#include <string>
#include <vector>

#include "harness/observe/context_reads.h"
#include "harness/observe/context_trials.h"

namespace drydock {

/// A column whose values may be who is asking: memberships.user_id.
struct LookupColumn {
  std::string words;  ///< "public.memberships.user_id"
  std::string type;   ///< "uuid"
  std::vector<std::string> values;
};

/// Policies of the tables of tenants, and the functions and views that they name, three deep.
std::vector<std::string> policy_texts(Session& session, const std::vector<TenantTable>& tables);

/// {tenant} in one setting or in all, in claims as text, number or array. The likeliest first.
std::vector<ContextTemplate> tenant_templates(const ContextReads& reads);

/// The same with {user} for the one who asks, and both where there are several settings or claims.
std::vector<ContextTemplate> user_templates(const ContextReads& reads);

/// Columns that `texts` name in tables that they name, and some of their values; those that sound
/// like people first.
std::vector<LookupColumn> lookup_columns(Session& session, const std::vector<TenantTable>& tables,
                                         const std::vector<std::string>& texts);

/// Roles that a tenant could have for its own: those that row security binds.
std::vector<std::string> possible_roles(Session& session);

/// A value of the type that no tenant has: "-32001".
std::string unknown_value(const std::string& type);

}  // namespace drydock
