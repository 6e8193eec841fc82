#include "harness/rehearse/interruption_trial.h"

#include <fmt/format.h>

#include <algorithm>
#include <future>
#include <map>
#include <optional>

#include "harness/base/cancellation.h"
#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/observe/schema_diff.h"
#include "harness/rehearse/contents_prints.h"
#include "harness/rehearse/interruption_trial_points.h"
#include "harness/rehearse/lock_wait.h"
#include "harness/rehearse/queue_trial_holders.h"

namespace drydock {
namespace {

/// Each costs a copy of the database and up to two runs of the up.
constexpr std::size_t kMostInterruptions = 12;

/// What an undisturbed run leads to.
struct Final {
  SchemaSnapshot schema;
  ContentsPrints contents;
};

class Interruptions {
 public:
  Interruptions(const StagingGround& ground, std::vector<Leftover>& leftovers)
      : ground_(ground), leftovers_(leftovers) {}

  /// Why the up itself cannot be run on a copy; empty: it can, and its end is known now.
  std::string run_undisturbed() {
    StagedUp staged(ground_);
    untouched_ = staged.untouched();
    const Phase phase = staged.run();
    if (phase.outcome != PhaseOutcome::kOk) {
      return "the up does not run through on a copy of the database" +
             (phase.error ? ": " + phase.error->message : "");
    }
    final_ = {staged.schema(), staged.contents(*untouched_)};
    return "";
  }

  /// Killed behind a commit.
  std::optional<InterruptedRun> kill(const CommitPoint& point) {
    StagedUp staged(ground_);
    {
      Session session = staged.migrate();
      const Phase phase = staged.run(scripts_until(ground_.migration.up, point), session);
      if (phase.outcome != PhaseOutcome::kOk) return {};
      Session killer = staged.administer();
      Backend(killer, session.backend_pid()).end();
    }
    InterruptedRun run = at(point);
    run.killed = true;
    run_again(staged, run);
    return run;
  }

  /// Cancelled in the middle. Nothing: it did not come to wait, so that there was no middle.
  std::optional<InterruptedRun> cancel(const ConcurrentStatement& statement) {
    StagedUp staged(ground_);
    {
      Session session = staged.migrate();
      const auto before = scripts_until(ground_.migration.up, statement.place);
      if (staged.run(before, session).outcome != PhaseOutcome::kOk) return {};
      Session holder = staged.administer();
      hold(holder, QueueHolder::kDump, {});
      if (!stop_waiting(staged, session, statement.statement)) return {};
      holder.query("ROLLBACK");
    }
    InterruptedRun run = at(statement.place);
    run_again(staged, run);
    return run;
  }

 private:
  static InterruptedRun at(const CommitPoint& point) {
    InterruptedRun run;
    run.after_statement = point.statement;
    run.statement = point.text;
    run.file = point.file;
    run.line = point.line;
    return run;
  }

  /// Sends the statement and cancels it as soon as it waits; its own lock_timeout may be faster.
  static bool stop_waiting(const StagedUp& staged, Session& session, const std::string& sql) {
    Session watching = staged.administer();
    const auto deadline = SteadyClock::now() + std::chrono::minutes(5);
    auto reply = std::async(std::launch::async, [&] { return session.send(sql, deadline); });
    const auto ended = [&] {
      return reply.wait_for(std::chrono::seconds(0)) == std::future_status::ready;
    };
    Backend(watching, session.backend_pid())
        .watch(ended, std::chrono::milliseconds(0), [](const LockWait&) {});
    return !reply.get().ok;
  }

  void run_again(StagedUp& staged, InterruptedRun& run) {
    const std::vector<HalfDone> half_done = staged.half_done();
    const Phase second = staged.run();
    add_leftovers(leftovers_of(half_done, staged.half_done(), second), leftovers_);
    if (second.outcome != PhaseOutcome::kOk) {
      run.failure = second.error;
      return;
    }
    run.schema = compare_schemas(final_.schema, staged.schema());
    run.contents = compare_contents(staged.contents(*untouched_, final_.contents));
  }

  /// An undisturbed run left tables alone that another one did not: they are what they were.
  void know_untouched(const ContentsPrints& found) {
    ContentsPrints unknown;
    for (const auto& [table, print] : found) {
      const bool there = final_.schema.find({"table", table}) != nullptr ||
                         final_.schema.find({"materialized view", table}) != nullptr;
      if (there && !final_.contents.contains(table)) unknown[table] = print;
    }
    if (!unknown.empty()) final_.contents.merge(StagedUp(ground_).contents(*untouched_, unknown));
  }

  std::string compare_contents(const ContentsPrints& found) {
    know_untouched(found);
    std::vector<std::string> words;
    for (const auto& [table, print] : final_.contents) {
      const std::string here = contents_difference(table, final_.contents, found);
      if (!here.empty() && repeats(table)) words.push_back(here);
    }
    return join(words, "; ");
  }

  /// Whether another undisturbed run gives the table the same rows.
  bool repeats(const std::string& table) {
    if (!again_) {
      StagedUp staged(ground_);
      staged.run();
      again_ = staged.contents(*untouched_, final_.contents);
    }
    return contents_difference(table, final_.contents, *again_).empty();
  }

  const StagingGround& ground_;
  std::vector<Leftover>& leftovers_;
  std::optional<CopyPrints> untouched_;
  Final final_;
  std::optional<ContentsPrints> again_;  ///< of a second undisturbed run, when it is needed
};

/// `count` of them, the first and the last among them.
template <typename T>
std::vector<T> evenly(const std::vector<T>& all, std::size_t count) {
  if (all.size() <= count) return all;
  std::vector<T> some;
  for (std::size_t i = 0; i < count; ++i) {
    some.push_back(all[count == 1 ? 0 : i * (all.size() - 1) / (count - 1)]);
  }
  return some;
}

}  // namespace

InterruptionTrial try_interruptions(const StagingGround& ground, std::vector<Leftover>& leftovers) {
  InterruptionTrial trial;
  std::vector<CommitPoint> points = commit_points(ground.migration.up);
  const std::vector<ConcurrentStatement> statements = concurrent_statements(ground.migration.up);
  if (!points.empty()) points.pop_back();  // behind it there is nothing to run again
  const std::size_t places = points.size() + statements.size();
  if (places == 0) {
    trial.skipped = "the up is one transaction";
    return trial;
  }
  try {
    Interruptions interruptions(ground, leftovers);
    trial.skipped = interruptions.run_undisturbed();
    if (!trial.skipped.empty()) return trial;
    trial.ran = true;
    const std::size_t cancels = std::min(statements.size(), kMostInterruptions / 2);
    const std::size_t kills = std::min(points.size(), kMostInterruptions - cancels);
    for (const CommitPoint& point : evenly(points, kills)) {
      throw_if_cancelled();
      if (auto run = interruptions.kill(point)) trial.interruptions.push_back(std::move(*run));
    }
    for (const ConcurrentStatement& statement : evenly(statements, cancels)) {
      throw_if_cancelled();
      if (auto run = interruptions.cancel(statement)) {
        trial.interruptions.push_back(std::move(*run));
      }
    }
    if (kills + cancels < places) {
      trial.note = fmt::format("{} of {} places were tried", kills + cancels, places);
    }
  } catch (const Cancelled&) {
    throw;
  } catch (const Error& error) {
    trial.skipped = error.message();
  }
  return trial;
}

}  // namespace drydock
