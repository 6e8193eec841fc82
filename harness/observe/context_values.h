// What a context says besides whose tenant it is.
//
// author_id = auth.uid() beside the condition on the tenant narrows what one session may do to the
// rows of one person. Rows that are to be one's own must be that person's, or the policy refuses
// them for a reason that has nothing to do with tenants.
#pragma once

#include <map>
#include <string>

#include "harness/observe/isolation_subject.h"
#include "harness/observe/tenancy.h"
#include "harness/postgres/session.h"

namespace drydock {

/// By column, as SQL literals: the columns, but the tenant's, that policies of the table compare
/// with something that reads the context, and what that is in the context that `enter` takes on.
/// `session` is the administrator's, in an open transaction.
std::map<std::string, std::string> context_values(Session& session, const std::string& enter,
                                                  const TenantTable& table);

/// The sample of `tenant` becomes a row with these values, which is made so where there is none;
/// and only rows with them are expected to be the session's own.
void narrow_to_values(Session& session, IsolationSubject& subject, const std::string& tenant,
                      const std::map<std::string, std::string>& values);

}  // namespace drydock
