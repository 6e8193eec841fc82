// Trying to get at another tenant's rows, table by table, as the application's role.
//
// Everything happens in a transaction that is rolled back; each try in a subtransaction of its own,
// many of them in one DO block, because a round trip costs more than a try. What a try did is
// counted by the administrator, not by the role. Rows to insert are copies of rows in place (the
// original is taken away first), so that nothing but row security can refuse them: policies are
// held to before constraints are (ExecInsert), and any other error means that the policy let it
// pass.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "harness/model/isolation_evidence.h"
#include "harness/observe/tenancy.h"
#include "harness/observe/tenant_context.h"
#include "harness/postgres/session.h"

namespace drydock {

class IsolationProber {
 public:
  /// `session` is the administrator's, in an open transaction in which the role exists. All must
  /// outlive the prober.
  IsolationProber(Session& session, const Tenancy& tenancy, const TenantContext& context,
                  const IsolationRules& rules);
  ~IsolationProber();

  /// Tries everything on a table; fills rows, tenants, tenant_a/b, probes, problem of its facts.
  /// `both_ways`: a against b and b against a; what differs is told of the worse.
  void probe(TenantTable& table, bool both_ways = true);

  /// The same tries again after something was changed: whether any came out otherwise than
  /// `table.facts.probes` says, and then which: "select without context". Empty: none. Those that
  /// notice most often come first, and it stops at the first. REQUIRES: probe(table) was called.
  std::string first_difference(const TenantTable& table);

  /// Who plays the application on the table: the tenant's own role, or the one for all.
  std::string playing_role(const TenantTable& table) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// What the application's role can do without any context, by table; only tables with rows of two
/// tenants that are not exempt. In a session in which none was ever set: see TenantContext.
std::map<std::uint32_t, std::vector<IsolationProbe>> probe_without_context(Session& session,
                                                                           const Tenancy& tenancy);

}  // namespace drydock
