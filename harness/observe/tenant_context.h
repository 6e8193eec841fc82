// How an application tells the database which tenant it is asking for.
//
// Policies say it: a setting they read (current_setting), claims in a setting that holds JSON
// (request.jwt.claims ->> 'tenant_id'), the name of the current role, or a function that does one
// of these. Which of the candidates it is, is found by trying: the right one makes exactly the rows
// of one tenant visible. The value that goes in need not be the tenant's own: where policies look
// the tenant up (memberships of a user), the values of the columns that they compare are tried.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "harness/model/isolation_evidence.h"
#include "harness/model/scenario.h"
#include "harness/observe/tenancy.h"
#include "harness/postgres/session.h"

namespace drydock {

/// A setting and the value that it has in one tenant's context.
struct ContextSetting {
  std::string name;
  std::string value;
};

/// What is done, by the administrator in an open transaction, to be asked for a tenant.
struct ContextSteps {
  std::vector<ContextSetting> settings;  ///< set_config(name, value, true)
  std::string sql;                       ///< the scenario's, run as the role, after the settings
  std::string role;                      ///< plays the application instead of the usual one
};

struct TenantContext {
  std::string words;    ///< for reports: "the setting app.current_tenant_id, found in the policies"
  std::string problem;  ///< why none was found; empty: one was
  /// One entry for each kind of situation a context can be in. {tenant} stands for the tenant's
  /// value in `tenant_steps` unless it was looked up (steps_for).
  ContextSteps tenant_steps;
  /// Where a tenant's context is not made of its value: by the value, the steps.
  std::vector<std::pair<std::string, ContextSteps>> looked_up;
  ContextSteps empty_steps, malformed_steps, unknown_steps;
  bool has_settings = false;  ///< empty and malformed make sense
  /// By table (oid): what could be done before any context was set in the session. It can be tried
  /// only then: a setting that was set once reads as '' ever after, not as missing.
  std::map<std::uint32_t, std::vector<IsolationProbe>> never_had;

  /// The context of a tenant; nullptr-like empty steps when it is not known how to be that tenant.
  ContextSteps steps_for(const std::string& tenant) const;
  bool knows(const std::string& tenant) const;
};

/// `session` is the administrator's and in a transaction; the role exists. What is tried is rolled
/// back to a savepoint. Never throws for what policies do. For `never_had` to be true, no context
/// may have been set in the session before (not even in another transaction, see there): give each
/// rehearsal a session of its own.
TenantContext find_context(Session& session, const IsolationRules& rules, const Tenancy& tenancy);

/// The statements that take on the role and the context, and those that leave them again: the
/// transaction's role (SET SESSION AUTHORIZATION where the administrator is a superuser, so that
/// session_user is the application's too, else SET ROLE), with the settings of ALTER ROLE … SET.
/// Settings stay until the savepoint is rolled back; leaving takes back the role only.
std::string enter_statements(Session& session, const std::string& role, const ContextSteps& steps);
std::string leave_statements(Session& session);

}  // namespace drydock
