// Whose rows are visible in a context: the test that a candidate for the tenant's context must
// pass.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "harness/observe/isolation_attempts.h"
#include "harness/observe/isolation_subject.h"
#include "harness/observe/tenant_context.h"

namespace drydock {

/// A way in which a value becomes a context: {tenant} and {user} stand for values.
struct ContextTemplate {
  ContextSteps steps;
  std::string words;  ///< "the setting app.tenant"
};

/// `steps` with every "{tenant}" and "{user}" replaced.
ContextSteps fill_in(const ContextSteps& steps, const std::string& tenant,
                     const std::string& user = {});

class ContextTrials {
 public:
  /// As IsolationProber; prepare_attempts was called.
  ContextTrials(Session& session, const std::string& role);

  /// Tenants of the rows of `table` that are visible under each of `steps`; none where entering or
  /// reading fails. Several in one round trip.
  std::vector<std::set<std::string>> visible(const TenantTable& table,
                                             const std::vector<ContextSteps>& steps);

  /// Of `tenants`, those whose rows the role could delete: for tables whose policies let everything
  /// be read. REQUIRES: the role may DELETE.
  std::vector<std::set<std::string>> deletable(const TenantTable& table,
                                               const std::vector<ContextSteps>& steps,
                                               const std::vector<std::string>& tenants);

 private:
  std::vector<std::set<std::string>> tenants_of(const IsolationAttempt& made,
                                                const std::vector<ContextSteps>& steps);

  Session& session_;
  const std::string role_, leave_;
  std::map<std::string, std::string> entries_;  ///< role_statements by role
};

}  // namespace drydock
