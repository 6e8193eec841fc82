#include "harness/rehearse/walk.h"

#include <fmt/format.h>

#include "harness/base/cancellation.h"
#include "harness/base/error.h"
#include "harness/observe/schema_diff.h"
#include "harness/rehearse/data_rehearsal.h"
#include "harness/rehearse/empty_rehearsal.h"
#include "harness/rehearse/isolation_rehearsal.h"
#include "harness/rehearse/lock_rehearsal.h"
#include "harness/rehearse/script_runner.h"

namespace drydock {
namespace {

/// Copying a database costs about as much as applying so many small migrations.
constexpr std::size_t kWorthCheckpoint = 20;

class Walk {
 public:
  Walk(const MigrationSet& set, const Scenario& scenario, Server& server, Workbench& workbench,
       std::chrono::milliseconds limit, ProgressListener& progress)
      : set_(set),
        scenario_(scenario),
        server_(server),
        workbench_(workbench),
        limit_(limit),
        progress_(progress),
        data_(scenario, set, workbench, limit),
        locks_(scenario, server, workbench, limit),
        isolation_(scenario, set, workbench, limit) {}

  /// Before the first judged migration: what was applied until here need not be replayed by every
  /// rebuild behind it.
  void begin_judging() {
    if (!begun_ && history_.size() >= kWorthCheckpoint) {
      workbench_.checkpoint(history_);
      data_.database_replaced();
    }
    begun_ = true;
  }

  /// One migration: the evidence as far as it can be had. What stops the walk is thrown later, by
  /// finish(), when the evidence is safe.
  Rehearsal rehearse(const Migration& migration, bool judged) {
    Rehearsal rehearsal = empty_rehearsal(migration, set_);
    rehearsal.judged = judged;
    rehearsal.after_failed_migration = failed_up_;
    const auto start = SteadyClock::now();
    try {
      data_.grow(history_.empty() ? "" : last_applied_, history_, rehearsal);
      if (judged) begin_judging();
      watching_ = judged;
      judged ? cycle(migration, rehearsal) : apply(migration, rehearsal);
      if (judged) try_copies(migration, rehearsal);
      const bool at_end = &migration == &set_.migrations.back();
      if (at_end) at_the_end(migration, rehearsal);
      if (judged) judge_isolation(migration, at_end, rehearsal);
    } catch (const InputError& error) {
      wrong_input_ = error;
      trouble_ = true;
      rehearsal.wrong_scenario = error.message();
    } catch (const Error& error) {
      interrupted(error, rehearsal);
    }
    if (judged) data_.note_unasked(migration, rehearsal);
    rehearsal.duration_ms = milliseconds_since(start);
    rehearsal.recovered = rehearsal.recovered || trouble_ || rebuild_;
    return rehearsal;
  }

  /// After the evidence was handed over: goes back to a state to go on from, or throws.
  void finish() {
    throw_if_cancelled();
    if (wrong_input_) throw *wrong_input_;
    if (!trouble_ && !rebuild_) return;
    try {
      if (trouble_) server_.wait_until_accepting();
      workbench_.rebuild(history_);
      data_.database_replaced();
    } catch (const Error&) {
      if (server_.alive()) throw;
      throw Error("the PostgreSQL server went away in the middle of the run",
                  "If it was killed for lack of memory or disk, give it more.");
    }
    trouble_ = rebuild_ = false;
  }

 private:
  void cycle(const Migration& migration, Rehearsal& rehearsal) {
    const SchemaSnapshot before = workbench_.observe();
    data_.before_up(migration, before, rehearsal);
    locks_.begin(migration, rehearsal);
    isolation_.begin(migration, !history_.empty());
    rehearsal.up = run(PhaseName::kUp, migration);
    up_over_rows(migration, &before, rehearsal);
    locks_.after_phase(rehearsal.up, rehearsal);
    isolation_.after_phase(rehearsal);
    if (rehearsal.up.outcome != PhaseOutcome::kOk) return up_failed(migration, before, rehearsal);
    const SchemaSnapshot after = workbench_.observe();
    data_.after_up(migration, rehearsal);
    if (const std::string why = why_no_down(migration, set_, scenario_); !why.empty()) {
      const bool missing = !migration.has_down && takes_down(migration, set_);
      skip_phase(rehearsal.down, missing ? PhaseOutcome::kMissing : PhaseOutcome::kSkipped, why);
      skip_phase(rehearsal.up_again, PhaseOutcome::kSkipped, why);
      return;
    }
    data_.before_down(migration, before, rehearsal);
    down_and_up_again(migration, before, after, rehearsal);
    if (rehearsal.down.outcome != PhaseOutcome::kOk || !data_.waits_for_copy()) return;
    if (rebuild_) go_back(rehearsal);
    if (!trouble_) data_.after_cycle(migration, before, rehearsal);
  }

  /// The up was run; again and again while generated rows are in its way and yield.
  void up_over_rows(const Migration& migration, const SchemaSnapshot* before,
                    Rehearsal& rehearsal) {
    while (rehearsal.up.outcome == PhaseOutcome::kFailed &&
           data_.yield(migration, before, history_, rehearsal)) {
      rehearsal.up = run(PhaseName::kUp, migration);
    }
    if (rehearsal.up.outcome == PhaseOutcome::kOk) return applied(migration);
    rehearsal.data.tripped.reset();  // it is not the generated rows
  }

  /// What the up does to others, and what row security hides from it, is tried on copies in the
  /// state before it.
  void try_copies(const Migration& migration, Rehearsal& rehearsal) {
    if (trouble_ || rehearsal.up.outcome != PhaseOutcome::kOk) return;
    const std::vector<Step> before(history_.begin(), history_.end() - 1);
    locks_.after_cycle(migration, before, rehearsal);
    isolation_.after_cycle(migration, before, rehearsal);
  }

  /// In the state after the up, where tables that it made have rows already.
  void judge_isolation(const Migration& migration, bool at_end, Rehearsal& rehearsal) {
    if (trouble_ || rehearsal.up.outcome != PhaseOutcome::kOk) {
      rehearsal.isolation.skipped = "the up script did not run through";
      return;
    }
    if (rebuild_) go_back(rehearsal);
    isolation_.judge(
        migration, at_end, [&] { data_.grow_ahead(last_applied_, history_); }, rehearsal);
  }

  void applied(const Migration& migration) {
    data_.keep_yielding(history_);
    history_.push_back({&migration});
    last_applied_ = migration.id;
  }

  void apply(const Migration& migration, Rehearsal& rehearsal) {
    data_.unseen_from_here();
    rehearsal.up = run(PhaseName::kUp, migration);
    if (rehearsal.up.outcome == PhaseOutcome::kFailed) apply_over_rows(migration, rehearsal);
    for (Phase* phase : {&rehearsal.down, &rehearsal.up_again}) {
      skip_phase(*phase, PhaseOutcome::kSkipped, "not selected; only applied");
    }
    if (rehearsal.up.outcome == PhaseOutcome::kOk) {
      if (last_applied_ != migration.id) applied(migration);
    } else {
      failed_up_ = migration.id;
      // Nothing was observed that could tell whether it left something behind.
      rebuild_ = !rehearsal.up.undone || data_.yielded_in_vain();
    }
  }

  /// To the state to go on from, while the rehearsal still needs it.
  void go_back(Rehearsal& rehearsal) {
    workbench_.rebuild(history_);
    data_.database_replaced();
    rebuild_ = false;
    rehearsal.recovered = true;
  }

  /// Behind the last migration of all.
  void at_the_end(const Migration& migration, Rehearsal& rehearsal) {
    if (trouble_) return;
    if (rebuild_) go_back(rehearsal);
    data_.ask(migration, AssertionMoment::kEnd, rehearsal);
    data_.finish();
  }

  /// A migration that is only applied is not observed; when it fails and may have left something
  /// behind, what is needed to let rows yield is had by going back.
  void apply_over_rows(const Migration& migration, Rehearsal& rehearsal) {
    if (!data_.may_yield(rehearsal.up)) return;
    if (rehearsal.up.undone) return up_over_rows(migration, nullptr, rehearsal);
    workbench_.rebuild(history_);
    data_.database_replaced();
    const SchemaSnapshot before = workbench_.observe();
    data_.remember();
    rehearsal.up = run(PhaseName::kUp, migration);
    up_over_rows(migration, &before, rehearsal);
  }

  /// The server or the connection failed us between two phases, or while observing.
  void interrupted(const Error& error, Rehearsal& rehearsal) {
    trouble_ = true;
    Phase* last = &rehearsal.up;
    for (Phase* phase : {&rehearsal.down, &rehearsal.up_again}) {
      if (phase->outcome != PhaseOutcome::kSkipped) last = phase;
    }
    if (last->outcome == PhaseOutcome::kFailed) return;  // that is the story; keep it
    last->outcome = PhaseOutcome::kErrored;
    last->error = Failure{};
    last->error->message = error.message();
    last->error->remedy = error.remedy();
  }

  Phase run(PhaseName name, const Migration& migration) {
    progress_.phase_started(name);
    const std::vector<Script>& scripts = name == PhaseName::kDown ? migration.down : migration.up;
    // The second up takes the locks of the first.
    Phase phase = watching_ && name != PhaseName::kUpAgain
                      ? locks_.run(name, scripts, isolation_.watch(name, scripts))
                      : run_scripts(name, scripts, workbench_.migrate(), limit_);
    if (name != PhaseName::kDown && phase.outcome == PhaseOutcome::kOk) verify(migration, phase);
    if (phase.outcome == PhaseOutcome::kErrored) {
      trouble_ = true;
      add_servers_words(phase);
    }
    return phase;
  }

  /// A server that ended in the middle says why in its log only.
  void add_servers_words(Phase& phase) const {
    if (!phase.error || !phase.error->sqlstate.empty()) return;
    phase.error->detail = server_.last_words();
    if (phase.error->detail.find("No space left") != std::string::npos) {
      phase.error->remedy =
          "Free some room where the server lives, or name another place: DRYDOCK_RUN_ROOT=/path.";
    }
  }

  /// sqitch runs a verify script after each deploy and takes its failure for the deploy's.
  void verify(const Migration& migration, Phase& phase) {
    if (migration.verify.empty()) return;
    Phase verified = run_scripts(phase.name, migration.verify, workbench_.migrate(), limit_);
    phase.duration_ms += verified.duration_ms;
    phase.statements.insert(phase.statements.end(), verified.statements.begin(),
                            verified.statements.end());
    if (verified.outcome == PhaseOutcome::kOk) return;
    phase.outcome = verified.outcome;
    phase.error = verified.error;
    if (phase.error) phase.error->message += " (in the verify script)";
  }

  void up_failed(const Migration& migration, const SchemaSnapshot& before, Rehearsal& rehearsal) {
    failed_up_ = migration.id;
    const std::string why = "the up script did not run through";
    skip_phase(rehearsal.down, PhaseOutcome::kSkipped, why);
    skip_phase(rehearsal.up_again, PhaseOutcome::kSkipped, why);
    note_leftovers(before, {}, rehearsal);
  }

  /// What a failed phase left behind, against the state before it: its schema, and what contents
  /// had become since the beginning.
  void note_leftovers(const SchemaSnapshot& expected, const ContentsDiff& contents,
                      Rehearsal& rehearsal) {
    if (trouble_) return;  // the server may be gone; finish() rebuilds
    rehearsal.left_by_failure = compare_schemas(expected, workbench_.observe());
    rebuild_ =
        !rehearsal.left_by_failure.empty() || data_.yielded_in_vain() || data_.disturbed(contents);
  }

  void down_and_up_again(const Migration& migration, const SchemaSnapshot& before,
                         const SchemaSnapshot& after, Rehearsal& rehearsal) {
    rehearsal.down = run(PhaseName::kDown, migration);
    locks_.after_phase(rehearsal.down, rehearsal);
    isolation_.after_phase(rehearsal);
    if (rehearsal.down.outcome != PhaseOutcome::kOk) {
      skip_phase(rehearsal.up_again, PhaseOutcome::kSkipped, "the down script did not run through");
      data_.down_failed(migration, before, after, history_, rehearsal);
      return note_leftovers(after, rehearsal.data.preserved, rehearsal);
    }
    const SchemaSnapshot restored = workbench_.observe();
    rehearsal.restored = compare_schemas(before, restored);
    data_.after_down(migration, rehearsal);
    rehearsal.up_again = run(PhaseName::kUpAgain, migration);
    if (rehearsal.up_again.outcome != PhaseOutcome::kOk) {
      note_leftovers(restored, rehearsal.data.restored, rehearsal);
      rebuild_ = !trouble_;  // what the first up did to the rows is gone
      return;
    }
    rehearsal.reproduced = compare_schemas(after, workbench_.observe());
    const bool same_rows = data_.after_up_again(migration, rehearsal);
    rebuild_ = !rehearsal.reproduced.empty() ||
               (!same_rows && !up_over_old_rows(migration, after, rehearsal));
  }

  /// Where only rows are not those that the first up left: down, the rows of before, and up once
  /// more. Cheaper by far than to do everything again from the beginning, and as good: an up that
  /// writes the time of day writes another one then, too. False: it did not lead there.
  bool up_over_old_rows(const Migration& migration, const SchemaSnapshot& after,
                        Rehearsal& rehearsal) {
    rehearsal.recovered = true;
    if (!rehearsal.restored.empty()) return false;
    const auto ran = [&](PhaseName name, const std::vector<Script>& scripts) {
      return run_scripts(name, scripts, workbench_.migrate(), limit_).outcome == PhaseOutcome::kOk;
    };
    return ran(PhaseName::kDown, migration.down) && data_.put_back() &&
           ran(PhaseName::kUpAgain, migration.up) &&
           compare_schemas(after, workbench_.observe()).empty();
  }

  const MigrationSet& set_;
  const Scenario& scenario_;
  Server& server_;
  Workbench& workbench_;
  std::chrono::milliseconds limit_;
  ProgressListener& progress_;
  DataRehearsal data_;
  LockRehearsal locks_;
  IsolationRehearsal isolation_;
  std::vector<Step> history_;  ///< what makes the state to go on from
  std::string last_applied_;   ///< id
  std::string failed_up_;      ///< the last migration that did not apply
  std::optional<InputError> wrong_input_;
  bool begun_ = false;     ///< a migration was judged
  bool watching_ = false;  ///< the present migration is judged
  bool trouble_ = false;   ///< errored: session or server may be gone
  bool rebuild_ = false;   ///< the database is not in the state to go on from
};

}  // namespace

void walk(const MigrationSet& set, const std::vector<bool>& selected, const Scenario& scenario,
          Server& server, Workbench& workbench, std::chrono::milliseconds limit,
          ProgressListener& progress, const EvidenceSink& sink) {
  Walk walk(set, scenario, server, workbench, limit, progress);
  for (std::size_t i = 0; i < selected.size(); ++i) {
    throw_if_cancelled();
    const Migration& migration = set.migrations[i];
    progress.migration_started(migration.id, i);
    sink(walk.rehearse(migration, selected[i]));
    walk.finish();
  }
}

}  // namespace drydock
