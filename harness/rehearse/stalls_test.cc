#include "harness/rehearse/stalls.h"

#include "harness/testing/catch.h"

namespace drydock {
namespace {

constexpr int kMigration = 100, kSelecting = 1, kOther = 2, kStranger = 77;
constexpr std::uint32_t kOrders = 16384, kIndex = 16390;

LoggedWait wait_of(int process, std::vector<int> holders, double began, double ms) {
  return {process,
          LockMode::kAccessShare,
          LockTarget::kRelation,
          kOrders,
          "relation 16384 of database 5",
          std::move(holders),
          {},
          began,
          ms,
          true};
}

StatementRun statement(const std::string& text, int line, double started_ms) {
  StatementRun run;
  run.text = text;
  run.line = line;
  run.started_ms = started_ms;
  return run;
}

HeldLock held(const std::string& relation, LockMode mode, double acquired_ms, double held_ms) {
  HeldLock lock;
  lock.relation = relation;
  lock.mode = mode;
  lock.acquired_ms = acquired_ms;
  lock.held_ms = held_ms;
  return lock;
}

/// An ALTER TABLE at once, a long UPDATE of something else from 50 ms on, all one transaction.
struct TwoStatements {
  Phase phase, ledger;
  LockLog log;

  TwoStatements() {
    phase.statements = {statement("ALTER TABLE orders …", 1, 0), statement("UPDATE big …", 3, 50)};
    ledger = phase;
    ledger.statements[0].footprint.locks = {
        held("public.orders", LockMode::kAccessExclusive, 0, 900),
        held("public.orders_pkey", LockMode::kAccessExclusive, 0, 900)};
    ledger.statements[1].footprint.locks = {held("public.big", LockMode::kRowExclusive, 50, 850)};
  }
  std::optional<Stall> stall(int process = kSelecting, const std::string& table = "public.orders") {
    return longest_stall(
        process, table, log,
        {kMigration,
         1000.0,
         phase,
         ledger,
         {{kOrders, {"public.orders", ""}}, {kIndex, {"public.orders_pkey", "public.orders"}}}});
  }
};

TEST_CASE(
    "a wait for what the migration holds is a stall, and the statement that took it is told") {
  TwoStatements run;
  run.log.waits = {wait_of(kSelecting, {kMigration}, 1000.3, 500)};
  const auto stall = run.stall();
  REQUIRE(stall);
  CHECK(stall->ms == 500);
  CHECK(stall->blocked_by == LockMode::kAccessExclusive);
  CHECK(stall->blocked_on == "public.orders");
  CHECK(stall->statement == "ALTER TABLE orders …");
  CHECK(stall->line == 1);
}

TEST_CASE("a wait for somebody else is no stall, however long") {
  TwoStatements run;
  run.log.waits = {wait_of(kSelecting, {kStranger}, 1000.3, 5000)};
  CHECK_FALSE(run.stall());
}

TEST_CASE("the longest of several waits is the stall, and another process's is not") {
  TwoStatements run;
  run.log.waits = {wait_of(kSelecting, {kMigration}, 1000.0, 20),
                   wait_of(kSelecting, {kMigration}, 1000.1, 80),
                   wait_of(kOther, {kMigration}, 1000.0, 700)};
  CHECK(run.stall()->ms == 80);
  CHECK(run.stall(kOther)->ms == 700);
}

TEST_CASE("a wait behind the migration in the queue is a stall by the mode that it waits for") {
  TwoStatements run;
  LoggedWait migration = wait_of(kMigration, {kStranger}, 1000.0, 400);
  migration.wanted = LockMode::kExclusive;
  LoggedWait behind = wait_of(kSelecting, {kStranger}, 1000.1, 300);
  behind.ahead = {kMigration};
  run.log.waits = {migration, behind};
  run.ledger.statements.clear();
  REQUIRE(run.stall());
  CHECK(run.stall()->blocked_by == LockMode::kExclusive);
}

TEST_CASE("a wait behind one that waits for the migration is a stall too") {
  TwoStatements run;
  LoggedWait behind = wait_of(kSelecting, {kOther}, 1000.1, 300);
  run.log.waits = {wait_of(kOther, {kMigration}, 1000.0, 500), behind};
  CHECK(run.stall()->ms == 300);
  run.log.waits[0].began = 900;  // long before: that cannot be the reason
  CHECK_FALSE(run.stall());
}

TEST_CASE("without a ledger the statement under way is named, with the least it must have held") {
  TwoStatements run;
  run.ledger.statements.clear();
  run.log.waits = {wait_of(kSelecting, {kMigration}, 1000.3, 500)};
  CHECK(run.stall()->statement == "UPDATE big …");
  CHECK(run.stall()->blocked_by == LockMode::kAccessExclusive);
  run.log.waits[0].wanted = LockMode::kRowExclusive;
  CHECK(run.stall()->blocked_by == LockMode::kShare);
  run.log.waits.push_back(wait_of(kOther, {kMigration}, 1000.3, 500));  // a reader waits too
  CHECK(run.stall()->blocked_by == LockMode::kAccessExclusive);
}

TEST_CASE("a lock given back before is not the reason") {
  TwoStatements run;
  run.ledger.statements[0].footprint.locks[0].held_ms = 20;
  run.ledger.statements[1].footprint.locks.push_back(
      held("public.orders", LockMode::kAccessExclusive, 50, 800));
  run.log.waits = {wait_of(kSelecting, {kMigration}, 1000.3, 500)};
  CHECK(run.stall()->line == 3);
}

TEST_CASE("a wait that seems to begin a moment too early is put down to the lock it waited for") {
  TwoStatements run;
  run.phase.statements.insert(run.phase.statements.begin(),
                              statement("SET LOCAL lock_timeout = '2s'", 1, 0));
  run.phase.statements[1].started_ms = 0.8;
  run.phase.statements[1].line = 3;
  run.ledger.statements.insert(run.ledger.statements.begin(), run.phase.statements[0]);
  run.log.waits = {wait_of(kSelecting, {kMigration}, 1000.0002, 500)};
  REQUIRE(run.stall());
  CHECK(run.stall()->statement == "ALTER TABLE orders …");
  CHECK(run.stall()->line == 3);
  CHECK(run.stall()->blocked_by == LockMode::kAccessExclusive);
}

TEST_CASE("a lock taken when the wait was over is not the reason") {
  TwoStatements run;
  std::swap(run.ledger.statements[0].footprint.locks, run.ledger.statements[1].footprint.locks);
  run.log.waits = {wait_of(kSelecting, {kMigration}, 1000.001, 20)};
  REQUIRE(run.stall());
  CHECK(run.stall()->line == 1);
}

TEST_CASE("a wait for an index names the index") {
  TwoStatements run;
  run.log.waits = {wait_of(kSelecting, {kMigration}, 1000.3, 500)};
  run.log.waits[0].relation = kIndex;
  CHECK(run.stall()->blocked_on == "public.orders_pkey");
  CHECK(run.stall()->line == 1);
}

TEST_CASE("behind a row that the migration wrote, the table is named, and no table lock") {
  TwoStatements run;
  LoggedWait wait = wait_of(kSelecting, {kMigration}, 1000.3, 500);
  wait.target = LockTarget::kTransaction;
  wait.wanted = LockMode::kShare;
  run.log.waits = {wait};
  const auto stall = run.stall(kSelecting, "public.big");
  CHECK(stall->blocked_by == LockMode::kRowExclusive);
  CHECK(stall->blocked_on == "public.big");
  CHECK(stall->line == 3);
}

TEST_CASE("only deadlocks with the migration in them are told") {
  LockLog log;
  log.deadlocks = {{1, {1, 2}, 0, "two probes"}, {kMigration, {kMigration, 1}, 0, "both sides"}};
  CHECK(deadlocks_with(kMigration, log) == "both sides");
  CHECK(deadlocks_with(kStranger, log).empty());
}

}  // namespace
}  // namespace drydock
