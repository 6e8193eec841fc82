#include "harness/rehearse/queue_trial.h"

#include <fmt/format.h>

#include <algorithm>
#include <future>

#include "harness/base/cancellation.h"
#include "harness/base/error.h"
#include "harness/observe/schema_diff.h"
#include "harness/rehearse/interruption_trial_points.h"
#include "harness/rehearse/lock_wait.h"
#include "harness/rehearse/queue_trial_holders.h"

namespace drydock {
namespace {

/// Tables on which an up of several transactions is tried one by one.
constexpr std::size_t kMostTables = 4;

/// SQLSTATE of lock_timeout and NOWAIT.
constexpr const char* kLockNotAvailable = "55P03";

/// A probe that is still waiting then waits for something else.
constexpr auto kProbeLimit = std::chrono::minutes(1);

/// The holder goes: what it held is free when this returns.
class Holder {
 public:
  Holder(Session session, QueueHolder kind, const std::vector<QueueTarget>& targets)
      : session_(std::move(session)), relation_(hold(session_, kind, targets)) {}
  const std::string& relation() const { return relation_; }
  void release() { session_.query("ROLLBACK"); }

 private:
  Session session_;
  std::string relation_;
};

/// A SELECT of an application that comes behind the migration.
class Probe {
 public:
  explicit Probe(Session session) : session_(std::move(session)) {}

  void start(const std::string& relation) {
    if (relation.empty()) return;
    reply_ = std::async(std::launch::async, [this, relation] {
      return session_.send(fmt::format("SELECT FROM {} LIMIT 1", relation),
                           SteadyClock::now() + kProbeLimit);
    });
  }

  double waited_ms() { return reply_.valid() ? reply_.get().duration_ms : 0; }

 private:
  Session session_;
  std::future<Reply> reply_;
};

/// The up in a thread of its own. Ends it when nobody has waited for it.
class RunningUp {
 public:
  RunningUp(const StagedUp& staged, Session session, const Migration& migration)
      : session_(std::move(session)), killer_(staged.administer()) {
    phase_ = std::async(std::launch::async,
                        [this, &staged, &migration] { return staged.run(migration.up, session_); });
  }

  ~RunningUp() {
    if (!phase_.valid()) return;
    try {
      if (!ended()) Backend(killer_, pid_).end();
    } catch (const Error&) {  // the server is gone, and the up's connection with it
    }
  }

  bool ended() const {
    return phase_.wait_for(std::chrono::seconds(0)) == std::future_status::ready;
  }
  int pid() const { return pid_; }
  Phase phase() { return phase_.get(); }

 private:
  Session session_;
  int pid_ = session_.backend_pid();
  Session killer_;
  std::future<Phase> phase_;
};

/// The statement that the up was stopped at; where it came through, the one that took longest.
const StatementRun* slow_statement(const Phase& phase) {
  const StatementRun* slow = nullptr;
  for (const StatementRun& run : phase.statements) {
    if (run.failed) return &run;
    if (slow == nullptr || run.duration_ms > slow->duration_ms) slow = &run;
  }
  return slow;
}

void note_statement(const Phase& phase, QueueAttempt& attempt) {
  const StatementRun* run = slow_statement(phase);
  if (run == nullptr) return;
  attempt.statement = run->text;
  attempt.file = run->file;
  attempt.line = run->line;
}

std::vector<Leftover> still_there(const std::vector<Leftover>& left,
                                  const std::vector<HalfDone>& now) {
  std::vector<Leftover> there;
  std::copy_if(left.begin(), left.end(), std::back_inserter(there), [&](const Leftover& one) {
    return std::any_of(now.begin(), now.end(),
                       [&](const HalfDone& each) { return each.object == one.object; });
  });
  return there;
}

class QueueRehearsal {
 public:
  QueueRehearsal(const StagingGround& ground, const LockRules& rules,
                 std::vector<Leftover>& leftovers)
      : ground_(ground), patience_(patience_of(rules)), leftovers_(leftovers) {}

  QueueAttempt attempt(QueueHolder kind, const std::vector<QueueTarget>& targets) {
    QueueAttempt attempt;
    attempt.holder = kind;
    StagedUp staged(ground_);
    const SchemaSnapshot before = staged.schema();
    const std::vector<HalfDone> half_done = staged.half_done();
    Holder holder(staged.administer(), kind, targets);
    attempt.relation = holder.relation();
    const Phase phase = run_behind(staged, kind, targets, attempt);
    throw_if_cancelled();
    refuse_other_failure(phase, attempt);
    note_statement(phase, attempt);
    if (phase.outcome == PhaseOutcome::kOk) {
      attempt.waited_it_out = attempt.second_try_ok = true;
      return attempt;
    }
    attempt.left_behind = compare_schemas(before, staged.schema());
    const std::vector<Leftover> left = leftovers_of(half_done, staged.half_done(), phase);
    holder.release();
    const std::vector<Leftover> of_second = try_again(staged, attempt);
    // What the second try clears away is no leftover: that is the way to deal with it.
    add_leftovers(still_there(left, staged.half_done()), leftovers_);
    add_leftovers(of_second, leftovers_);
    return attempt;
  }

 private:
  static std::chrono::milliseconds patience_of(const LockRules& rules) {
    return std::chrono::milliseconds(static_cast<std::int64_t>(rules.queue_patience_ms));
  }

  Phase run_behind(StagedUp& staged, QueueHolder kind, const std::vector<QueueTarget>& targets,
                   QueueAttempt& attempt) {
    Session watching = staged.administer();
    Probe probe(staged.administer());
    RunningUp up(staged, staged.migrate(), ground_.migration);
    const WatchedRun run =
        Backend(watching, up.pid())
            .watch([&] { return up.ended(); }, patience_,
                   [&](const LockWait& wait) {
                     probe.start(probed(wait, targets));
                     if (kind != QueueHolder::kOldSnapshot && !wait.relation.empty()) {
                       attempt.relation = wait.relation;
                     }
                   });
    const Phase phase = up.phase();
    attempt.stalled_ms = probe.waited_ms();
    attempt.waited_ms = run.waited_ms;
    attempt.gave_up = phase.outcome != PhaseOutcome::kOk && !run.stopped;
    if (attempt.gave_up && phase.error) attempt.sqlstate = phase.error->sqlstate;
    return phase;
  }

  /// That the up fails on a copy for a reason of its own says nothing about queues.
  static void refuse_other_failure(const Phase& phase, const QueueAttempt& attempt) {
    const bool of_a_lock = attempt.waited_ms > 0 || attempt.sqlstate == kLockNotAvailable;
    if (phase.outcome == PhaseOutcome::kOk || of_a_lock) return;
    throw Error("the up does not run through on a copy of the database" +
                (phase.error ? ": " + phase.error->message : ""));
  }

  /// What an application would read: the table that the up waits for, or works on.
  static std::string probed(const LockWait& wait, const std::vector<QueueTarget>& targets) {
    return wait.relation.empty() ? targets.front().relation : wait.relation;
  }

  /// What the second try left half-done, or took for done.
  std::vector<Leftover> try_again(StagedUp& staged, QueueAttempt& attempt) {
    const std::vector<HalfDone> half_done = staged.half_done();
    const Phase second = staged.run();
    attempt.second_try_ok = second.outcome == PhaseOutcome::kOk;
    if (second.error) attempt.second_error = second.error->message;
    std::vector<Leftover> left = leftovers_of(half_done, staged.half_done(), second);
    for (const Leftover& one : left) {
      if (!one.accepted || !attempt.second_try_ok) continue;
      attempt.second_try_ok = false;
      attempt.second_error = fmt::format("it took the {} for done, which {}", one.object, one.what);
    }
    return left;
  }

  const StagingGround& ground_;
  std::chrono::milliseconds patience_;
  std::vector<Leftover>& leftovers_;
};

std::vector<QueueTarget> those_in_the_way(QueueHolder holder,
                                          const std::vector<QueueTarget>& targets) {
  std::vector<QueueTarget> some;
  std::copy_if(targets.begin(), targets.end(), std::back_inserter(some),
               [&](const QueueTarget& target) { return in_the_way(holder, target); });
  return some;
}

std::vector<QueueHolder> holders_of(const LockRules& rules) {
  std::vector<QueueHolder> holders = rules.queue_holders;
  if (std::find(holders.begin(), holders.end(), QueueHolder::kOldSnapshot) == holders.end()) {
    holders.push_back(QueueHolder::kOldSnapshot);  // asks only statements with CONCURRENTLY
  }
  return holders;
}

bool holds_single_tables(QueueHolder holder) {
  return holder == QueueHolder::kReport || holder == QueueHolder::kIdleInTransaction;
}

bool watched(const Phase& up) {
  return std::any_of(up.statements.begin(), up.statements.end(),
                     [](const StatementRun& run) { return run.footprint.observed; });
}

void try_holders(const StagingGround& ground, const Phase& up, const LockRules& rules,
                 std::vector<Leftover>& leftovers, QueueTrial& trial) {
  const std::vector<QueueTarget> targets = [&] {
    StagedUp staged(ground);
    Session session = staged.migrate();
    return queue_targets(up, session);
  }();
  const bool several = commit_points(ground.migration.up).size() > 1;
  QueueRehearsal rehearsal(ground, rules, leftovers);
  for (const QueueHolder holder : holders_of(rules)) {
    const std::vector<QueueTarget> some = those_in_the_way(holder, targets);
    if (some.empty()) continue;
    if (!several || !holds_single_tables(holder)) {
      trial.attempts.push_back(rehearsal.attempt(holder, some));
      continue;
    }
    for (std::size_t i = 0; i < std::min(some.size(), kMostTables); ++i) {
      trial.attempts.push_back(rehearsal.attempt(holder, {some[i]}));
    }
  }
}

}  // namespace

QueueTrial try_lock_queue(const StagingGround& ground, const Phase& up, const LockRules& rules,
                          std::vector<Leftover>& leftovers) {
  QueueTrial trial;
  if (!watched(up)) {
    trial.skipped = "nobody watched what the up locks";
    return trial;
  }
  try {
    try_holders(ground, up, rules, leftovers, trial);
  } catch (const Cancelled&) {
    throw;
  } catch (const Error& error) {
    trial.skipped = error.message();
  }
  trial.ran = !trial.attempts.empty();
  if (!trial.ran && trial.skipped.empty()) {
    trial.skipped = "the up takes no lock that any of them would be in the way of";
  }
  return trial;
}

}  // namespace drydock
