#include "harness/rehearse/isolation_rehearsal.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/base/error.h"
#include "harness/base/sql_text.h"
#include "harness/base/text.h"
#include "harness/checks/statement_search.h"
#include "harness/observe/isolation_mutants.h"
#include "harness/observe/isolation_paths.h"
#include "harness/observe/isolation_probes.h"
#include "harness/observe/policy_plans.h"
#include "harness/rehearse/isolation_preconditions.h"
#include "harness/rehearse/isolation_prints.h"
#include "harness/rehearse/reason_of_failure.h"
#include "harness/rehearse/role_faithful_trial.h"

namespace drydock {
namespace {

/// A foreign key that lacks the tenant is no fault of any policy.
bool has_leak(const TableIsolation& table) {
  return std::any_of(table.probes.begin(), table.probes.end(), [](const IsolationProbe& probe) {
    return probe.verdict == IsolationVerdict::kLeak &&
           probe.command != IsolationCommand::kForeignKey;
  });
}

/// Plays the application where the schema grants nobody anything; gone with its transaction.
constexpr const char* kRoleOfOurs = "drydock_app";

/// Whether a weaker policy can show at all: the role may do something, and nothing leaks already.
bool worth_weakening(const TableIsolation& table) {
  return table.row_security && !table.privileges.empty() && !table.probes.empty() &&
         !has_leak(table);
}

/// An open transaction that nothing stays of. Its tries do not count as work on the tables, where
/// that can be had.
class Undone {
 public:
  Undone(Session& session, bool superuser) : session_(session) {
    if (superuser) session_.query("SET track_counts = off");
    session_.query("BEGIN");
  }
  ~Undone() {
    try {
      session_.query("ROLLBACK");
    } catch (const Error&) {
      // The session ends here; with it the transaction.
    }
  }
  Undone(const Undone&) = delete;
  Undone& operator=(const Undone&) = delete;

 private:
  Session& session_;
};

/// REQUIRES: a transaction is open.
void make_role(Session& session, const Tenancy& tenancy) {
  if (!tenancy.role.made_by_us) return;
  session.query_all(application_role_statements(tenancy, tenancy.role.name));
}

bool is_superuser(Session& session) {
  return session.query("SELECT pg_catalog.current_setting('is_superuser')").at(0, 0) == "on";
}

}  // namespace

IsolationRehearsal::IsolationRehearsal(const Scenario& scenario, const MigrationSet& set,
                                       Workbench& workbench, std::chrono::milliseconds limit)
    : scenario_(scenario), set_(set), workbench_(workbench), limit_(limit) {}

void IsolationRehearsal::begin(const Migration& migration, bool applied) {
  open_before_.clear();
  binding_.clear();
  windows_ = false;
  if (!wanted()) return;
  const bool there = asked_for();
  windows_ = (there || WindowObserver::brings_row_security(migration.up)) &&
             (WindowObserver::worth_it(migration.up) || WindowObserver::worth_it(migration.down));
  if (windows_) {
    Session session = workbench_.administer();
    const auto open = open_tables(session, scenario_.isolation);
    open_before_ = {open.begin(), open.end()};
  }
  const bool first = !begun_;
  begun_ = true;
  if (!there) return;
  binding_ = tables_that_bind(workbench_);
  if (!first || !applied) return;
  IsolationEvidence found;  // not told: it is not of this migration's making
  const std::string why = reason_of_failure([&] { look("what was there before", {}, found); });
  if (!why.empty()) surroundings_ = {};
}

StatementObserver* IsolationRehearsal::watch(PhaseName name, const std::vector<Script>& scripts) {
  watching_.reset();
  if (!windows_ || name == PhaseName::kUpAgain || !WindowObserver::worth_it(scripts)) {
    return nullptr;
  }
  watching_.emplace(workbench_.administer(), scenario_.isolation, name == PhaseName::kDown,
                    open_before_);
  return &*watching_;
}

void IsolationRehearsal::after_phase(Rehearsal& rehearsal) {
  if (!watching_) return;
  for (IsolationWindow& window : watching_->windows()) {
    rehearsal.isolation.windows.push_back(std::move(window));
  }
  watching_.reset();
}

void IsolationRehearsal::after_cycle(const Migration& migration, const std::vector<Step>& before,
                                     Rehearsal& rehearsal) {
  RoleFaithfulTrial& trial = rehearsal.isolation.role_faithful;
  if (!wanted()) {
    trial.skipped = "isolation is not judged";
    return;
  }
  if (binding_.empty() && asked_for()) binding_ = tables_that_bind(workbench_);
  trial = try_without_row_security({workbench_, before, migration, limit_}, rehearsal.up, binding_);
}

void IsolationRehearsal::judge(const Migration& migration, bool at_end,
                               const std::function<void()>& put_rows, Rehearsal& rehearsal) {
  IsolationEvidence& evidence = rehearsal.isolation;
  evidence.at_end = at_end;
  if (!wanted()) {
    evidence.skipped = "isolation is not judged";
    return;
  }
  try {
    look(migration.id, put_rows, evidence);
  } catch (const InputError&) {
    throw;
  } catch (const Cancelled&) {
    throw;
  } catch (const Error& error) {
    evidence.judged = false;
    evidence.failed = error.message();
  }
}

bool IsolationRehearsal::asked_for() {
  return scenario_.isolation.given || any_row_security(workbench_.observe());
}

void IsolationRehearsal::look(const std::string& migration, const std::function<void()>& put_rows,
                              IsolationEvidence& evidence) {
  if (!asked_for()) {
    evidence.skipped = "no table has row security, and the scenario has no isolation section";
    return;
  }
  const IsolationRules& rules = scenario_.isolation;
  Session session = workbench_.administer();
  Tenancy tenancy = read_tenancy(session, rules, workbench_.role());
  if (tenancy.role.made_by_us) tenancy.role.name = kRoleOfOurs;
  evidence.role = tenancy.role.name;
  evidence.role_words = tenancy.role.words;
  evidence.notes = tenancy.notes;
  check_role(session, evidence.at_end);
  if (evidence.at_end) require_names(session, scenario_.isolation, tenancy);
  const IsolationSurroundings surroundings = isolation_surroundings(session);
  const std::set<std::string> tables =
      to_try(tenancy, evidence.at_end || surroundings.parties != surroundings_.parties);
  const bool new_ways = surroundings.ways != surroundings_.ways;
  evidence.skipped = why_not(tenancy, !tables.empty() || new_ways);
  if (!evidence.skipped.empty()) return;
  if (put_rows) put_rows();
  TenantContext context;
  context.problem = why_no_context(session, tenancy);
  if (context.problem.empty()) {
    context = context_of(tenancy);
    evidence.context_problem = context.problem;
  } else {
    evidence.notes.push_back("no context was looked for: " + context.problem);
  }
  evidence.context_words = context.words;
  const Undone transaction(session, is_superuser(session));
  make_role(session, tenancy);
  surroundings_ = surroundings;
  try_everything(session, tenancy, context, tables, new_ways, evidence);
  remember(migration, evidence);
  if (tables.empty() && evidence.paths.empty()) {
    evidence.skipped = "no table changed, and no way leads around that was not there before";
    return;
  }
  evidence.judged = true;
}

void IsolationRehearsal::check_role(Session& session, bool at_end) {
  const std::string& name = scenario_.isolation.as_role;
  if (name.empty()) return;
  const Rows found = session.query(
      "SELECT rolsuper, rolbypassrls FROM pg_catalog.pg_roles WHERE rolname = " + sql_text(name));
  if (found.size() == 0) {
    if (!at_end) return;
    throw InputError(
        "isolation.as_role: there is no role " + name + " at the end of all migrations",
        "Make it in a file of postgres.prepare, or name the role that the "
        "application connects as.");
  }
  const bool superuser = found.at(0, 0) == "t", bypasses = found.at(0, 1) == "t";
  if (!superuser && !bypasses) {
    role_was_fine_ = true;
    return;
  }
  if (role_was_fine_) return;  // a migration made it so; that is for the checks to tell
  throw InputError(
      fmt::format("isolation.as_role: {} {}, so that row security does not bind it and nothing "
                  "could be proved with it",
                  name, superuser ? "is a superuser" : "has BYPASSRLS"),
      "Name the role that the application connects as, without SUPERUSER and BYPASSRLS; or leave "
      "as_role out, and one is found or made.");
}

std::string IsolationRehearsal::why_not(const Tenancy& tenancy, bool changed) const {
  if (tenancy.tables.empty()) {
    return join(tenancy.notes, "; ").empty() ? "no table has a column that tells whose a row is"
                                             : join(tenancy.notes, "; ");
  }
  if (!tenancy.role.problem.empty() && !role_was_fine_) return tenancy.role.problem;
  return changed ? "" : "nothing that isolation depends on changed";
}

std::set<std::string> IsolationRehearsal::to_try(const Tenancy& tenancy, bool all) const {
  std::set<std::string> tables;
  for (const TenantTable& table : tenancy.tables) {
    const auto seen = tables_.find(table.facts.table);
    if (all || seen == tables_.end() || seen->second.facts != facts_of(table, tenancy.role)) {
      tables.insert(table.facts.table);
    }
  }
  return tables;
}

/// In a session of its own, before any other makes the role: a setting that was set once, and be it
/// for a transaction that was rolled back, reads as an empty text in its session from then on
/// instead of being unknown.
TenantContext IsolationRehearsal::context_of(const Tenancy& tenancy) const {
  Session session = workbench_.administer();
  const Undone transaction(session, is_superuser(session));
  make_role(session, tenancy);
  return find_context(session, scenario_.isolation, tenancy);
}

void IsolationRehearsal::try_everything(Session& session, Tenancy& tenancy,
                                        const TenantContext& context,
                                        const std::set<std::string>& tables, bool new_ways,
                                        IsolationEvidence& evidence) {
  const IsolationRules& rules = scenario_.isolation;
  IsolationProber prober(session, tenancy, context, rules);
  std::vector<TenantTable> tried;
  std::vector<const TenantTable*> to_mutate;
  for (TenantTable& table : tenancy.tables) {
    if (!tables.contains(table.facts.table)) continue;
    if (table.facts.exempt.empty()) prober.probe(table);
    tried.push_back(table);
  }
  evidence.paths = find_bypass_paths(session, tenancy, context, new_ways ? tenancy.tables : tried);
  for (const TenantTable& table : tried) {
    const std::string facts = facts_of(table, tenancy.role);
    if (auto plan = explain_policy(session, tenancy, context, table)) {
      evidence.plans.push_back(std::move(*plan));
    }
    std::string& mutated = mutated_[table.facts.table];
    if (worth_weakening(table.facts) && mutated != facts + surroundings_.parties) {
      to_mutate.push_back(&table);
      mutated = facts + surroundings_.parties;
    }
    tables_[table.facts.table].facts = facts;
    evidence.tables.push_back(table.facts);
  }
  if (context.problem.empty()) {
    evidence.mutants = try_mutants(session, prober, tenancy, to_mutate);
  }
}

std::string IsolationRehearsal::last_naming(const std::string& object,
                                            const std::string& until) const {
  const std::vector<std::string> parts = plain_name_parts(object);
  if (parts.empty()) return until;
  std::string last = until;
  for (const Migration& migration : set_.migrations) {
    for (const Script& script : migration.up) {
      for (const Query& query : script.queries) {
        if (mentions(query.text, parts.back())) last = migration.id;
      }
    }
    if (migration.id == until) break;
  }
  return last;
}

void IsolationRehearsal::remember(const std::string& migration, IsolationEvidence& evidence) {
  const auto settle = [&](Seen& seen, const std::string& result, auto& thing) {
    thing.changed_by = last_naming(thing.table, migration);
    if (!seen.after.empty() && seen.result == result) {
      thing.seen_after = seen.after;
    } else {
      seen.result = result;
      seen.after = migration;
    }
  };
  for (TableIsolation& table : evidence.tables) {
    Seen& seen = tables_[table.table];
    settle(seen, seen.facts + result_of(table), table);
  }
  for (BypassPath& path : evidence.paths) {
    const std::string key = fmt::format("{} {}", static_cast<int>(path.kind), join(path.path, ">"));
    settle(paths_[key], fmt::format("{}{}", path.tried, path.leaks), path);
  }
  for (PolicyPlan& plan : evidence.plans) settle(plans_[plan.table], plan.rewrite, plan);
}

}  // namespace drydock
