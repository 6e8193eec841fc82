// What a try proves, by what the server answered.

#include "harness/observe/isolation_verdicts.h"

#include "harness/testing/catch.h"

namespace drydock {
namespace {

using Command = IsolationCommand;
using Verdict = IsolationVerdict;

AttemptResult error(const std::string& sqlstate, const std::string& message = "no") {
  AttemptResult result;
  result.sqlstate = sqlstate;
  result.message = message;
  result.stage = "try";
  return result;
}

Verdict verdict_of(Command command, const AttemptResult& result, std::int64_t nobody = 0) {
  IsolationAttempt attempt;
  attempt.command = command;
  attempt.nobody = nobody;
  return judge_attempt(attempt, result).front().verdict;
}

TEST_CASE("an insert that only a key refused was let pass by the policy") {
  CHECK(verdict_of(Command::kInsert, error("23505")) == Verdict::kLeak);
  CHECK(verdict_of(Command::kInsert, error("23503")) == Verdict::kLeak);
  CHECK(verdict_of(Command::kInsert, error("23502")) == Verdict::kLeak);
}

TEST_CASE("an insert that row security, a CHECK or a trigger refused is held") {
  CHECK(verdict_of(Command::kInsert, error("42501", "new row violates row-level security")) ==
        Verdict::kHeld);
  CHECK(verdict_of(Command::kInsert, error("23514")) == Verdict::kHeld);
  CHECK(verdict_of(Command::kInsert, error("P0001")) == Verdict::kHeld);
}

TEST_CASE("a missing privilege proves nothing about policies") {
  CHECK(verdict_of(Command::kUpdateAll, error("42501", "permission denied for table lots")) ==
        Verdict::kNotTried);
}

TEST_CASE("an update of all rows that a constraint stopped is not called held") {
  CHECK(verdict_of(Command::kUpdateAll, error("23514")) == Verdict::kNotTried);
}

TEST_CASE("taking all rows is held where nobody's rows may have run into the key") {
  IsolationAttempt theft;
  theft.command = Command::kUpdateAll;
  theft.variant = IsolationAttempt::kTheft;
  CHECK(judge_attempt(theft, error("23505")).front().verdict == Verdict::kLeak);
  theft.nobody = 1;
  CHECK(judge_attempt(theft, error("23505")).front().verdict == Verdict::kHeld);
}

TEST_CASE("a taken key is told, a free one is not") {
  CHECK(verdict_of(Command::kUniqueKey, error("23505")) == Verdict::kTold);
  CHECK(verdict_of(Command::kUniqueKey, AttemptResult{}) == Verdict::kHeld);
}

TEST_CASE("nobody's rows are not another's") {
  AttemptResult seen;
  seen.done = 3;
  CHECK(verdict_of(Command::kCopy, seen, 3) == Verdict::kHeld);
  CHECK(verdict_of(Command::kCopy, seen, 2) == Verdict::kLeak);
}

TEST_CASE("of two probes of the same the worse is kept") {
  IsolationProbe held, leak;
  held.verdict = Verdict::kHeld;
  leak.verdict = Verdict::kLeak;
  std::vector<IsolationProbe> all{held};
  merge_probes(all, {leak});
  merge_probes(all, {held});
  REQUIRE(all.size() == 1);
  CHECK(all[0].verdict == Verdict::kLeak);
}

}  // namespace
}  // namespace drydock
