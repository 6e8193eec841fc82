#include "harness/rehearse/traffic_trial.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "harness/base/error.h"
#include "harness/base/sql_text.h"
#include "harness/base/text.h"
#include "harness/data/row_generator.h"
#include "harness/observe/latencies.h"
#include "harness/observe/lock_waits.h"
#include "harness/observe/relation_map.h"
#include "harness/observe/traffic_probes.h"
#include "harness/rehearse/probe_statements.h"
#include "harness/rehearse/script_runner.h"
#include "harness/rehearse/stalls.h"

namespace drydock {
namespace {

/// How things are while nothing happens is looked at for so long.
constexpr auto kCalm = std::chrono::milliseconds(300);

TrafficTrial skipped(const std::string& why) {
  TrafficTrial trial;
  trial.skipped = why;
  return trial;
}

/// One trial, on a stage that is in the state before the up.
class TrafficRun {
 public:
  TrafficRun(Server& server, Workbench& workbench, const Scenario& scenario,
             std::chrono::milliseconds limit)
      : server_(server),
        workbench_(workbench),
        scenario_(scenario),
        limit_(limit),
        administrator_(server.administrator(workbench.database())) {}

  /// Makes what the application does. False: nothing can be tried, and `trial().skipped` says why.
  bool plan(std::vector<std::string> tables);
  /// The up with the application going on; its own outcome.
  PhaseOutcome run(const Migration& migration, const Phase& ledger);
  TrafficTrial& trial() { return trial_; }

 private:
  std::vector<std::string> existing(const std::vector<std::string>& tables);
  void leave_out(const std::string& table, const std::string& why);
  void settle(const std::vector<std::string>& tables);
  void tell(const std::vector<Probe>& probes, SteadyClock::time_point began, const LockLog& log,
            const LoggedRun& run);

  Server& server_;
  Workbench& workbench_;
  const Scenario& scenario_;
  std::chrono::milliseconds limit_;
  ConnectionInfo administrator_;
  std::vector<ProbeStatement> statements_;
  TrafficTrial trial_;
};

std::vector<std::string> TrafficRun::existing(const std::vector<std::string>& tables) {
  Session session(administrator_);
  std::vector<std::string> there;
  for (const std::string& table : tables) {
    const Rows found = session.query(
        fmt::format("SELECT FROM pg_class WHERE oid = to_regclass({}) AND relkind IN ('r', 'p')",
                    sql_text(table)));
    if (found.size() > 0) {
      there.push_back(table);
    } else {
      leave_out(table, "there is no such table before the up");
    }
  }
  return there;
}

void TrafficRun::leave_out(const std::string& table, const std::string& why) {
  ProbeResult result;
  result.table = table;
  result.problem = why;
  trial_.probes.push_back(result);
}

/// What autovacuum has done on a production server long before, so that neither plans nor times
/// depend on how the rows came here; and no checkpoint is left over from that.
void TrafficRun::settle(const std::vector<std::string>& tables) {
  Session session(administrator_);
  for (const std::string& table : tables) session.query("VACUUM (ANALYZE) " + table);
  session.query("CHECKPOINT");
}

bool TrafficRun::plan(std::vector<std::string> tables) {
  tables = existing(tables);
  const std::vector<ProbeOperation> operations = operations_for(tables.size());
  const std::size_t most = kMostProbes / operations.size();
  for (std::size_t i = most; i < tables.size(); ++i) {
    leave_out(tables[i], fmt::format("the migration locks {}, and traffic goes to {} of them",
                                     plural(tables.size(), "table"), most));
  }
  tables.resize(std::min(tables.size(), most));
  if (tables.empty()) {
    trial_.skipped = "the up locks no table that was there before";
    return false;
  }
  Session session(administrator_), generating(administrator_);
  RowGenerator generator(generating, scenario_);
  std::map<std::string, TrialRows> rows;
  for (TrialRows& row : generator.ordinary_rows(tables)) rows[row.table] = std::move(row);
  for (const std::string& table : tables) {
    const auto row = rows.find(table);
    ProbePlan plan =
        plan_probes(session, table, operations, row == rows.end() ? nullptr : &row->second);
    for (ProbeStatement& statement : plan.statements) statements_.push_back(std::move(statement));
    for (ProbeResult& result : plan.impossible) trial_.probes.push_back(std::move(result));
  }
  settle(tables);
  return true;
}

std::map<std::uint32_t, RelationName> relation_names(const ConnectionInfo& administrator) {
  Connection connection(administrator);
  RelationMap map(connection);
  map.refresh();
  std::map<std::uint32_t, RelationName> names;
  for (const auto& [oid, relation] : map.all()) {
    const KnownRelation* table = map.find(relation.table);
    names[oid] = {relation.name, table == nullptr ? "" : table->name};
    if (relation.relkind == 't' && table != nullptr) names[oid] = {table->name, ""};
  }
  return names;
}

double seconds_since_1970() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

PhaseOutcome TrafficRun::run(const Migration& migration, const Phase& ledger) {
  std::map<std::uint32_t, RelationName> relations = relation_names(administrator_);
  TrafficProbes probes(administrator_, std::move(statements_),
                       scenario_.locks.operations_per_second);
  Session& session = workbench_.migrate();
  const int process = session.backend_pid();
  const LockLogReader reader(server_.log_file());
  probes.start(kCalm);
  const auto began = SteadyClock::now();
  const double began_at = seconds_since_1970();
  const Phase phase = run_scripts(PhaseName::kUp, migration.up, session, limit_);
  probes.stop();
  trial_.ran = true;
  trial_.duration_ms = phase.duration_ms;
  trial_.failure = phase.error;
  const LockLog log = reader.read();
  trial_.deadlock = deadlocks_with(process, log);
  tell(probes.probes(), began, log, {process, began_at, phase, ledger, std::move(relations)});
  return phase.outcome;
}

/// An operation that was under way when the up began belongs to what the up did.
void split(const Probe& probe, SteadyClock::time_point began, ProbeResult& result) {
  std::vector<double> calm, under;
  for (const ProbeSample& sample : probe.samples) {
    const auto took = std::chrono::duration<double, std::milli>(sample.latency_ms);
    (sample.due + took < began ? calm : under).push_back(sample.latency_ms);
  }
  result.calm = summarise(std::move(calm));
  result.under = summarise(std::move(under));
}

void TrafficRun::tell(const std::vector<Probe>& probes, SteadyClock::time_point began,
                      const LockLog& log, const LoggedRun& run) {
  for (const Probe& probe : probes) {
    ProbeResult result;
    result.table = probe.statement.table;
    result.operation = probe.statement.operation;
    result.problem = probe.problem;
    split(probe, began, result);
    if (const auto stall = longest_stall(probe.process, probe.statement.table, log, run)) {
      result.longest_stall_ms = stall->ms;
      result.blocked_by = stall->blocked_by;
      result.blocked_on = stall->blocked_on;
      result.statement = stall->statement;
      result.line = stall->line;
    }
    trial_.probes.push_back(std::move(result));
  }
}

}  // namespace

std::vector<std::string> tables_locked(const Phase& up) {
  std::map<std::string, LockMode> strongest;
  for (const StatementRun& statement : up.statements) {
    for (const HeldLock& lock : statement.footprint.locks) {
      const bool index = lock.kind == LockedKind::kIndex;
      if (lock.own || lock.mode < LockMode::kRowExclusive) continue;
      if (!index && lock.kind != LockedKind::kTable) continue;
      LockMode& mode = strongest[index ? lock.table : lock.relation];
      mode = std::max(mode, lock.mode);
    }
  }
  std::vector<std::string> tables;
  for (const auto& [table, mode] : strongest) tables.push_back(table);
  std::stable_sort(tables.begin(), tables.end(), [&](const auto& one, const auto& other) {
    return strongest[one] > strongest[other];
  });
  return tables;
}

TrafficRehearsal::TrafficRehearsal(const Server& walk_server, const Scenario& scenario,
                                   std::chrono::milliseconds limit)
    : scenario_(scenario), limit_(limit), stage_(walk_server, scenario, limit) {}

TrafficTrial TrafficRehearsal::run(const Migration& migration, const Rehearsal& rehearsal,
                                   const std::vector<Step>& prefix) {
  if (!stage_.unusable().empty()) return skipped(stage_.unusable());
  if (rehearsal.up.outcome != PhaseOutcome::kOk) return skipped("the up does not apply");
  std::vector<std::string> tables = scenario_.locks.traffic_tables;
  if (tables.empty()) tables = tables_locked(rehearsal.up);
  if (tables.empty()) return skipped("the up locks no table that was there before");
  try {
    Workbench& workbench = stage_.after(prefix);
    TrafficRun trial(stage_.server(), workbench, scenario_, limit_);
    if (!trial.plan(tables)) return trial.trial();
    const PhaseOutcome outcome = trial.run(migration, rehearsal.up);
    outcome == PhaseOutcome::kOk ? stage_.applied(migration) : stage_.lost();
    return trial.trial();
  } catch (const Cancelled&) {
    throw;
  } catch (const Error& error) {
    stage_.lost();
    return skipped(error.message());
  }
}

}  // namespace drydock
