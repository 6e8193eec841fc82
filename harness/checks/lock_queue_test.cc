#include "harness/checks/check.h"
#include "harness/testing/builders.h"
#include "harness/testing/catch.h"
#include "harness/testing/judgement.h"
#include "harness/testing/locked.h"

namespace drydock {
namespace {

using testing::held;
using testing::kUpFile;
using testing::locking;
using testing::only_finding;
using testing::passed;
using testing::watched;
using enum LockMode;
using enum QueueHolder;

const std::string kAdd = "ALTER TABLE orders ADD COLUMN code text";

Judgement judged_by_queue(const Rehearsal& rehearsal, const Scenario& scenario = {}) {
  return find_check("lock-queue").judge(rehearsal, scenario);
}

QueueAttempt attempt(QueueHolder holder, const std::string& relation = "public.orders") {
  QueueAttempt attempt;
  attempt.holder = holder;
  attempt.relation = relation;
  attempt.waited_ms = 3000;
  attempt.statement = kAdd;
  attempt.file = kUpFile;
  attempt.line = 3;
  return attempt;
}

QueueAttempt given_up(QueueHolder holder) {
  QueueAttempt gave_up = attempt(holder);
  gave_up.gave_up = true;
  gave_up.sqlstate = "55P03";
  gave_up.second_try_ok = true;
  gave_up.stalled_ms = 1990;
  return gave_up;
}

Rehearsal with_attempts(std::vector<QueueAttempt> attempts, LockMode mode = kAccessExclusive) {
  Rehearsal rehearsal = watched({locking(3, "ALTER TABLE", kAdd, {held("public.orders", mode)})});
  rehearsal.locks.queue.ran = true;
  rehearsal.locks.queue.attempts = std::move(attempts);
  return rehearsal;
}

TEST_CASE("an up that gives up and succeeds later passes, however long others stood behind it") {
  QueueAttempt free = attempt(kDump);
  free.waited_it_out = true;
  CHECK(passed(
      judged_by_queue(with_attempts({given_up(kReport), given_up(kIdleInTransaction), free}))));
}

TEST_CASE("an up that does not give up is one error a table, with everybody in its way") {
  QueueAttempt report = attempt(kReport), idle = attempt(kIdleInTransaction), dump = attempt(kDump);
  report.stalled_ms = 2995;
  const Finding found = only_finding(judged_by_queue(with_attempts({report, idle, dump})));
  CHECK(found.severity == Severity::kError);
  CHECK(found.message ==
        "behind a long report, a client that is idle in a transaction and a dump on public.orders "
        "the up script does not give up: it was still waiting after 3.0 s\n"
        "  ALTER TABLE orders ADD COLUMN code text\n"
        "  Meanwhile every SELECT, INSERT, UPDATE and DELETE on public.orders waits behind it; a "
        "SELECT waited 3.0 s.");
  CHECK_THAT(found.remedy, Catch::StartsWith("Set a lock_timeout"));
  CHECK(found.file == kUpFile);
  CHECK(found.line == 3);
  CHECK(found.known_by == std::vector<std::string>{"does not give up", "table public.orders"});
}

TEST_CASE("writers alone behind it are told as such") {
  const Finding found =
      only_finding(judged_by_queue(with_attempts({attempt(kIdleInTransaction)}, kShare)));
  CHECK_THAT(found.message,
             Catch::EndsWith("Meanwhile every INSERT, UPDATE and DELETE on public.orders waits "
                             "behind it."));
}

TEST_CASE("waiting where nobody queues up behind is information") {
  const Finding found =
      only_finding(judged_by_queue(with_attempts({attempt(kReport)}, kShareUpdateExclusive)));
  CHECK(found.severity == Severity::kInfo);
  CHECK_THAT(found.message, Catch::EndsWith("Nobody else waits behind it."));
}

TEST_CASE("a SELECT that was seen to wait outweighs what the ledger says") {
  QueueAttempt stalled = attempt(kReport);
  stalled.stalled_ms = 2990;
  CHECK(only_finding(judged_by_queue(with_attempts({stalled}, kShareUpdateExclusive))).severity ==
        Severity::kError);
}

TEST_CASE("where the ledger knows nothing, only an old snapshot is taken for harmless") {
  QueueAttempt elsewhere = attempt(kOldSnapshot);
  elsewhere.line = 99;
  CHECK(only_finding(judged_by_queue(with_attempts({elsewhere}))).severity == Severity::kInfo);
  elsewhere.holder = kReport;
  CHECK(only_finding(judged_by_queue(with_attempts({elsewhere}))).severity == Severity::kError);
}

TEST_CASE("an up that fails the second time is an error with the reason") {
  QueueAttempt broken = given_up(kReport);
  broken.second_try_ok = false;
  broken.second_error = "relation \"order_notes\" already exists";
  const Finding found = only_finding(judged_by_queue(with_attempts({broken})));
  CHECK(found.severity == Severity::kError);
  CHECK(found.message ==
        "after the up script gave up behind a long report on public.orders, it does not succeed "
        "once the way is clear: relation \"order_notes\" already exists\n"
        "  ALTER TABLE orders ADD COLUMN code text");
}

TEST_CASE("what an attempt leaves is an error unless the second try takes it up") {
  QueueAttempt half = given_up(kReport);
  half.left_behind = {testing::missing_index("orders_code_idx", DifferenceClass::kBehaviour)};
  Finding found = only_finding(judged_by_queue(with_attempts({half})));
  CHECK(found.severity == Severity::kInfo);
  CHECK_THAT(found.message, Catch::StartsWith("when the up script gives up behind a long report on "
                                              "public.orders, part of it is done, which the second "
                                              "try takes up:\n  index public.orders_code_idx"));
  half.second_try_ok = false;
  const Judgement judgement = judged_by_queue(with_attempts({half}));
  REQUIRE(judgement.findings.size() == 2);
  CHECK(judgement.findings[1].severity == Severity::kError);
}

TEST_CASE("without a queue the reason is told") {
  Rehearsal rehearsal = watched({});
  CHECK(judged_by_queue(rehearsal).skipped == "a lock queue was not asked for: --queue");
  rehearsal.locks.queue.skipped = "the up locks nothing that was there before";
  CHECK(judged_by_queue(rehearsal).skipped == "the up locks nothing that was there before");
}

}  // namespace
}  // namespace drydock
