// Tenant isolation around a migration: before it what is there already, during it whether a table
// lies open between two commits, behind it whether the application can still not reach another
// tenant's rows.
//
// Judging everything behind every migration would cost more than the migrations; so a table is
// tried again when what binds it changed (its columns, policies, privileges, what these look into,
// or the roles), the ways around when there are new ones, and everything behind the last migration.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "harness/model/evidence.h"
#include "harness/model/migration.h"
#include "harness/model/scenario.h"
#include "harness/observe/isolation_surroundings.h"
#include "harness/observe/tenancy.h"
#include "harness/observe/tenant_context.h"
#include "harness/rehearse/window_observer.h"
#include "harness/rehearse/workbench.h"

namespace drydock {

class IsolationRehearsal {
 public:
  /// All must outlive it. `limit` is for each run of scripts on a copy; 0: none.
  IsolationRehearsal(const Scenario& scenario, const MigrationSet& set, Workbench& workbench,
                     std::chrono::milliseconds limit);

  /// Before the first phase of a migration that is judged, with rows in place. `applied`: others
  /// were applied before it, so that what is there already is not of its making.
  void begin(const Migration& migration, bool applied);

  /// What watches a phase; null: nothing to watch. Good until the next call.
  StatementObserver* watch(PhaseName name, const std::vector<Script>& scripts);
  /// After that phase: what it saw.
  void after_phase(Rehearsal& rehearsal);

  /// The up again by a role that row security does not bind. `before` are the steps to the state
  /// before the up.
  void after_cycle(const Migration& migration, const std::vector<Step>& before,
                   Rehearsal& rehearsal);

  /// In the state after the up. `put_rows` is called when there is something to try, and fills the
  /// tables that the migration made. Throws InputError for what the scenario says of isolation and
  /// cannot be.
  void judge(const Migration& migration, bool at_end, const std::function<void()>& put_rows,
             Rehearsal& rehearsal);

 private:
  struct Seen {
    std::string facts;   ///< what binds it
    std::string result;  ///< what was found
    std::string after;   ///< migration
  };
  using SeenThings = std::map<std::string, Seen>;

  bool wanted() const { return scenario_.isolation.judged; }
  /// Whether there is anything to judge: row security, or an isolation section.
  bool asked_for();
  void look(const std::string& migration, const std::function<void()>& put_rows,
            IsolationEvidence& evidence);
  void check_role(Session& session, bool at_end);
  std::string why_not(const Tenancy& tenancy, bool changed) const;
  std::set<std::string> to_try(const Tenancy& tenancy, bool all) const;
  TenantContext context_of(const Tenancy& tenancy) const;
  void try_everything(Session& session, Tenancy& tenancy, const TenantContext& context,
                      const std::set<std::string>& tables, bool new_ways,
                      IsolationEvidence& evidence);
  void remember(const std::string& migration, IsolationEvidence& evidence);
  /// The last migration up to that one whose up names the object.
  std::string last_naming(const std::string& object, const std::string& until) const;

  const Scenario& scenario_;
  const MigrationSet& set_;
  Workbench& workbench_;
  std::chrono::milliseconds limit_;
  bool begun_ = false;
  bool windows_ = false;               ///< of this migration are watched for
  bool role_was_fine_ = false;         ///< it did not bypass when it was first seen
  std::vector<std::string> binding_;   ///< tables that bind the role that migrates, before the up
  std::set<std::string> open_before_;  ///< before the up
  std::optional<WindowObserver> watching_;
  IsolationSurroundings surroundings_;  ///< at the last judgement
  SeenThings tables_, paths_, plans_;
  std::map<std::string, std::string> mutated_;  ///< by table: facts with which mutants were tried
};

}  // namespace drydock
