#include "bench/backfill_stage.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "bench/backfill_driver.h"
#include "bench/backfill_of_migration.h"
#include "harness/base/error.h"
#include "harness/base/sql_text.h"
#include "harness/base/text.h"
#include "harness/data/row_generator.h"
#include "harness/rehearse/probe_statements.h"

namespace drydock {
namespace {

/// Other tables are there to be referred to.
constexpr std::int64_t kRowsElsewhere = 1000;

/// Readers and writers as an application is made of; each on a connection of its own.
const std::vector<ProbeOperation> kTraffic = {ProbeOperation::kSelect, ProbeOperation::kUpdate,
                                              ProbeOperation::kInsert,
                                              ProbeOperation::kSelectForUpdate};

std::size_t index_of(const MigrationSet& set, const std::string& id, const BackfillRule& rule) {
  std::vector<std::string> ids;
  for (const Migration& migration : set.migrations) ids.push_back(migration.id);
  const auto at = std::find(ids.begin(), ids.end(), id);
  if (at != ids.end()) return static_cast<std::size_t>(at - ids.begin());
  const std::string near = nearest(id, ids);
  throw InputError(fmt::format("{}: the backfill {} names the migration {}, which is not in {}",
                               rule.file, rule.name, id, set.directory),
                   near.empty() ? "Correct the id." : "Did you mean " + near + "?");
}

WorkbenchOptions options_of(const Scenario& scenario) {
  return {scenario.run_as, scenario.extensions, scenario.prepare, {}, false};
}

/// Making rows is not measured: it need not wait for the disk each time it commits.
void set_durable(Session& session, const std::string& database, bool durable) {
  session.query("ALTER DATABASE " + sql_name(database) +
                (durable ? " RESET synchronous_commit" : " SET synchronous_commit = off"));
}

}  // namespace

BackfillStage::BackfillStage(Server& server, const Scenario& scenario, const MigrationSet& set,
                             const BackfillRule& rule)
    : server_(server),
      scenario_(scenario),
      set_(set),
      rule_(rule),
      workbench_(server, options_of(scenario)) {
  scenario_.rows = std::min(scenario_.rows > 0 ? scenario_.rows : kRowsElsewhere, kRowsElsewhere);
  prepare();
  plan_traffic();
  run_once();
}

void BackfillStage::prepare() {
  Session session = workbench_.administer();
  set_durable(session, workbench_.database(), false);
  workbench_.advance(history(), 0);
  const std::string statement = take_from_migration();
  target_ = read_target(session, rule_);
  target_.statement = statement;
  rule_.table = target_.table;
  fill();
  set_durable(session, workbench_.database(), true);
}

std::vector<Step> BackfillStage::history() const {
  std::size_t end = set_.migrations.size();
  if (!rule_.after.empty()) {
    end = index_of(set_, rule_.after, rule_) + 1;
  } else if (!rule_.migration.empty()) {
    end = index_of(set_, rule_.migration, rule_);
  }
  std::vector<Step> steps;
  for (std::size_t i = 0; i < end; ++i) steps.push_back({&set_.migrations[i]});
  return steps;
}

/// What the migration does itself, in the state right before that statement; empty: the scenario
/// has it all.
std::string BackfillStage::take_from_migration() {
  if (rule_.migration.empty()) return "";
  const MigrationBackfills backfills =
      backfills_of(set_.migrations[index_of(set_, rule_.migration, rule_)]);
  if (backfills.found.empty()) {
    throw InputError(
        fmt::format("{}:{}: {} has no backfill that can be taken out of it{}", rule_.file,
                    rule_.line, rule_.migration,
                    backfills.passed_over.empty() ? "" : ": " + join(backfills.passed_over, "; ")),
        "Write it out: table, set and where instead of migration.");
  }
  const MigrationBackfill& found = backfills.found.front();
  rule_.table = found.table;
  rule_.set = found.set;
  rule_.where = found.where;
  if (found.batch_size > 0 && std::find(rule_.batch_sizes.begin(), rule_.batch_sizes.end(),
                                        found.batch_size) == rule_.batch_sizes.end()) {
    rule_.batch_sizes.push_back(found.batch_size);
  }
  for (std::size_t i = 1; i < backfills.found.size(); ++i) {
    notes_.push_back(
        fmt::format("only the first backfill of the migration is measured, not the "
                    "one on line {}",
                    backfills.found[i].line));
  }
  Session& session = workbench_.migrate();
  for (const std::string& before : found.before) session.query(before);
  return found.statement;
}

void BackfillStage::fill() {
  Session session = workbench_.administer();
  if (rule_.fillfactor) {
    session.query(
        fmt::format("ALTER TABLE {} SET (fillfactor = {})", target_.table, *rule_.fillfactor));
  }
  TableRule& table = scenario_.tables[rule_.table];
  table.rows = rule_.rows;
  std::string problem;
  {
    Session generating = workbench_.administer();
    RowGenerator generator(generating, scenario_);
    for (const FilledTable& filled : generator.grow()) {
      if (filled.table == rule_.table) problem = filled.problem;
    }
  }
  undo(session);
  rows_ = std::stoll(std::string(
      session.query(fmt::format("SELECT count(*) FROM {} WHERE {}", target_.table, target_.where))
          .at(0, 0)));
  if (rows_ == 0) {
    throw InputError(
        fmt::format("{}:{}: the backfill {} has nothing to do: no row of {} is one where {}{}",
                    rule_.file, rule_.line, rule_.name, rule_.table, target_.where,
                    problem.empty() ? "" : " (" + problem + ")"),
        "Say with `undo` what rows look like that are to be done: \"undo\": \"lot_code = NULL\".");
  }
}

/// Rows that came otherwise are made such as the backfill is for, and the table is written anew, so
/// that nothing of that is left in it.
void BackfillStage::undo(Session& session) {
  std::string assignments = rule_.undo;
  if (assignments.empty()) {
    for (const std::string& column : target_.assigned) {
      const Rows nullable = session.query(fmt::format(
          "SELECT FROM pg_attribute WHERE attrelid = {}::regclass AND attname = {} AND NOT "
          "attnotnull AND attgenerated = ''",
          sql_text(target_.table), sql_text(column)));
      if (nullable.size() == 0) continue;
      assignments += (assignments.empty() ? "" : ", ") + sql_name(column) + " = NULL";
    }
  }
  if (!assignments.empty()) {
    session.query("SET session_replication_role = replica");
    session.query(fmt::format("UPDATE {} SET {} WHERE ({}) IS NOT TRUE", target_.table, assignments,
                              target_.where));
    session.query("RESET session_replication_role");
  }
  session.query("VACUUM FULL " + target_.table);
  session.query("VACUUM (FREEZE, ANALYZE) " + target_.table);
  session.query("CHECKPOINT");
}

void BackfillStage::plan_traffic() {
  if (rule_.operations_per_second <= 0) return;
  Session session = workbench_.administer(), generating = workbench_.administer();
  RowGenerator generator(generating, scenario_);
  const std::vector<TrialRows> rows = generator.ordinary_rows({rule_.table});
  ProbePlan plan =
      plan_probes(session, target_.table, kTraffic, rows.empty() ? nullptr : &rows.front());
  traffic_ = std::move(plan.statements);
  for (const ProbeResult& impossible : plan.impossible) {
    notes_.push_back("traffic goes without one of its operations: " + impossible.problem);
  }
}

/// What one UPDATE of everything leads to is what every other way must lead to.
void BackfillStage::run_once() {
  const auto database = copy();
  Session session(administrator(*database));
  session.query(
      fmt::format("UPDATE {} SET {} WHERE {}", target_.table, target_.set, target_.where));
  done_print_ = backfill_print(session, target_);
}

std::unique_ptr<ScratchDatabase> BackfillStage::copy() {
  std::unique_ptr<ScratchDatabase> database = workbench_.copy();
  Session session(administrator(*database));
  session.query("SET enable_indexscan = off; SET enable_indexonlyscan = off");
  session.query("SELECT count(*) FROM " + target_.table);
  session.query("CHECKPOINT");
  return database;
}

ConnectionInfo BackfillStage::administrator(const ScratchDatabase& database) const {
  return server_.administrator(database.name());
}

}  // namespace drydock
