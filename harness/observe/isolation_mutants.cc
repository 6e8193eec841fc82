#include "harness/observe/isolation_mutants.h"

#include <fmt/format.h>

#include <set>

#include "harness/base/clock.h"
#include "harness/base/sql_text.h"
#include "harness/observe/policy_mutations.h"

namespace drydock {
namespace {

constexpr auto kLongest = std::chrono::minutes(5);

std::set<std::string> bound_roles(Session& session) {
  const Rows rows = session.query(
      "SELECT rolname FROM pg_catalog.pg_roles WHERE NOT rolsuper AND NOT rolbypassrls");
  std::set<std::string> roles;
  for (int i = 0; i < rows.size(); ++i) roles.emplace(rows.at(i, 0));
  return roles;
}

class MutantTrial {
 public:
  MutantTrial(Session& session, IsolationProber& prober) : session_(session), prober_(prober) {}

  PolicyMutant run(const TenantTable& table, const PolicyMutation& mutation) {
    PolicyMutant mutant;
    mutant.kind = mutation.kind;
    mutant.table = table.facts.table;
    mutant.policy = mutation.policy;
    mutant.sql = mutation.sql;
    const auto start = SteadyClock::now();
    const Reply made =
        session_.send("SAVEPOINT drydock_mutant; " + mutation.sql, SteadyClock::now() + kLongest);
    if (made.ok) {
      mutant.by = prober_.first_difference(table);
      mutant.noticed = !mutant.by.empty();
    } else {
      mutant.problem = made.error ? made.error->message : "it was interrupted";
    }
    session_.query("ROLLBACK TO drydock_mutant; RELEASE drydock_mutant");
    mutant.duration_ms = milliseconds_since(start);
    return mutant;
  }

 private:
  Session& session_;
  IsolationProber& prober_;
};

bool was_probed(const TenantTable& table) {
  return table.facts.problem.empty() && table.facts.exempt.empty() && !table.facts.tenant_a.empty();
}

}  // namespace

std::vector<PolicyMutant> try_mutants(Session& session, IsolationProber& prober,
                                      const Tenancy& tenancy,
                                      const std::vector<const TenantTable*>& tables) {
  std::vector<PolicyMutant> mutants;
  MutantTrial trial(session, prober);
  const std::set<std::string> bound = bound_roles(session);
  std::set<std::string> bypassed;  // roles are the same for every table: one is enough
  for (const TenantTable* table : tables) {
    if (!was_probed(*table)) continue;
    for (const PolicyMutation& each :
         policy_mutations(*table, bound.contains(table->facts.owner))) {
      mutants.push_back(trial.run(*table, each));
    }
    const std::string role = prober.playing_role(*table);
    if (!table->facts.row_security || table->facts.privileges.empty()) continue;
    if (!bound.contains(role)) continue;
    if (!tenancy.role.problem.empty() || !bypassed.insert(role).second) continue;
    mutants.push_back(trial.run(*table, {MutationKind::kBypassRls, "",
                                         fmt::format("ALTER ROLE {} BYPASSRLS", sql_name(role))}));
  }
  return mutants;
}

}  // namespace drydock
