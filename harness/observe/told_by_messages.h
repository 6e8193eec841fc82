// Whether errors and notices tell the application about another tenant's row.
//
// The table is left with one row of the other tenant's and asked, then with one of one's own: what
// is said about the one and not about the other is about the row. Nothing of it stays.
#pragma once

#include <optional>
#include <string>

#include "harness/model/isolation_evidence.h"
#include "harness/observe/isolation_subject.h"
#include "harness/observe/leaky_queries.h"
#include "harness/postgres/session.h"

namespace drydock {

/// Who asks (`enter`: the role in the context of tenant `own`), and for whom.
struct MessageParties {
  std::string enter, own, other;
};

/// A SELECT of another tenant's rows that was told something; none: nothing was said. REQUIRES:
/// samples of both tenants in `subject`; an open transaction of the administrator's.
std::optional<IsolationProbe> told_by_messages(Session& session, const LeakyQueries& queries,
                                               const IsolationSubject& subject,
                                               const MessageParties& parties);

}  // namespace drydock
