// What was done before, done again in another database; and the one that follows the walk without
// generated rows.

#include <fmt/format.h>

#include <algorithm>

#include "harness/base/error.h"
#include "harness/observe/schema_diff.h"
#include "harness/rehearse/script_runner.h"
#include "harness/rehearse/workbench.h"

namespace drydock {

void Workbench::replay_step(const Step& step, Session& migrating, Session& rows) {
  if (!step.rows.empty()) {
    rows.query(step.rows);
    return;
  }
  Phase phase;
  if (step.up != nullptr) {
    migrating.reset();
    take_role(migrating);
    phase = run_scripts(PhaseName::kUp, step.up->up, migrating, limit_);
  } else {
    phase = run_scripts(PhaseName::kUp, {*step.file}, rows, limit_);
  }
  if (phase.outcome != PhaseOutcome::kOk) {
    throw Error(
        fmt::format("rebuilding the database: {} applied before but not again: {}",
                    step.up != nullptr ? step.up->id : step.file->path, failure_words(phase)),
        "A migration that applies only once depends on more than the schema: on roles, "
        "the clock, or another database.");
  }
}

void Workbench::replay(const std::string& database, const std::vector<Step>& history,
                       std::size_t from, bool with_rows) {
  Session migrating(server_.as_role(database, role_));
  Session rows(server_.administrator(database));
  rows.query("set enable_nestloop = off");  // as the generator's session had it
  for (std::size_t i = from; i < history.size(); ++i) {
    if (history[i].rows.empty() || with_rows) replay_step(history[i], migrating, rows);
  }
}

void Workbench::advance_bare(const std::vector<Step>& history) {
  if (bare_ && bare_ahead_ != nullptr) {
    const auto next = std::find_if(history.begin() + static_cast<std::ptrdiff_t>(bare_steps_),
                                   history.end(), [](const Step& step) { return step.up; });
    if (next != history.end() && next->up == bare_ahead_) {
      bare_steps_ = static_cast<std::size_t>(next - history.begin()) + 1;
    } else {
      bare_.reset();
    }
  }
  bare_ahead_ = nullptr;
  if (!bare_) {
    bare_ = std::make_unique<ScratchDatabase>(server_, base_ ? base_->name() : "", owner_);
    bare_steps_ = 0;
  }
  replay(bare_->name(), history, bare_steps_, false);
  bare_steps_ = history.size();
}

Session Workbench::without_rows(const std::vector<Step>& history) {
  advance_bare(history);
  return Session(administrator(bare_->name()));
}

Phase Workbench::try_without_rows(const std::vector<Step>& history, const Migration& migration) {
  advance_bare(history);
  Phase phase;
  {
    Session session = migrate_in(bare_->name());
    phase = run_scripts(PhaseName::kUp, migration.up, session, limit_);
  }
  if (phase.outcome == PhaseOutcome::kOk) {
    bare_ahead_ = &migration;
  } else if (!phase.undone) {
    bare_.reset();
  }
  server_.rest();
  return phase;
}

DownWithoutRows Workbench::try_down_without_rows(const std::vector<Step>& history,
                                                 const Migration& migration,
                                                 const SchemaSnapshot& before,
                                                 const SchemaSnapshot& after) {
  advance_bare(history);
  const ScratchDatabase trial(server_, bare_->name(), owner_);
  Connection connection(administrator(trial.name()));
  SchemaObserver schema(connection);
  DownWithoutRows result;
  const bool same = compare_schemas(after, schema.refresh()).empty();
  Session session = migrate_in(trial.name());
  const Phase down = run_scripts(PhaseName::kDown, migration.down, session, limit_);
  result.failure = down.error;
  result.applies = down.outcome == PhaseOutcome::kOk;
  result.schema_judged = same && result.applies;
  if (result.schema_judged) result.restored = compare_schemas(before, schema.refresh());
  server_.rest();
  return result;
}

}  // namespace drydock
