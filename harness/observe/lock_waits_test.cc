// Lines as PostgreSQL 15 writes them.

#include "harness/observe/lock_waits.h"

#include "harness/testing/catch.h"

namespace drydock {
namespace {

constexpr const char* kRelationWait =
    "1795272297.123 [4712] LOG:  process 4712 still waiting for AccessShareLock on relation 16384 "
    "of database 5 after 10.076 ms at character 15\n"
    "1795272297.123 [4712] DETAIL:  Process holding the lock: 4711. Wait queue: 4720, 4712, 4713.\n"
    "1795272297.781 [4712] LOG:  process 4712 acquired AccessShareLock on relation 16384 of "
    "database 5 after 668.453 ms at character 15\n";

TEST_CASE("a wait is told with its length, its holders, and those before it in the queue") {
  const LockLog log = parse_lock_log(kRelationWait);
  REQUIRE(log.waits.size() == 1);
  const LoggedWait& wait = log.waits[0];
  CHECK(wait.process == 4712);
  CHECK(wait.wanted == LockMode::kAccessShare);
  CHECK(wait.target == LockTarget::kRelation);
  CHECK(wait.relation == 16384);
  CHECK(wait.holders == std::vector<int>{4711});
  CHECK(wait.ahead == std::vector<int>{4720});
  CHECK(wait.ended);
  CHECK(wait.waited_ms == Approx(668.453));
  CHECK(wait.began == Approx(1795272297.112924).margin(1e-5).epsilon(0));
}

TEST_CASE("several holders, and other lines between the two of a wait") {
  const LockLog log = parse_lock_log(
      "1795272297.100 [1] LOG:  process 1 still waiting for RowExclusiveLock on relation 7 of "
      "database 5 after 10.001 ms\n"
      "1795272297.100 [1] DETAIL:  Processes holding the lock: 8, 9. Wait queue: 1.\n"
      "1795272297.101 [2] LOG:  process 2 still waiting for RowExclusiveLock on relation 7 of "
      "database 5 after 10.002 ms\n"
      "1795272297.101 [2] DETAIL:  Processes holding the lock: 8, 9. Wait queue: 1, 2.\n"
      "1795272297.102 [3] ERROR:  canceling statement due to user request\n"
      "1795272297.200 [1] LOG:  process 1 acquired RowExclusiveLock on relation 7 of database 5 "
      "after 110.250 ms\n");
  REQUIRE(log.waits.size() == 2);
  CHECK(log.waits[0].holders == std::vector<int>{8, 9});
  CHECK(log.waits[0].ahead.empty());
  CHECK(log.waits[0].waited_ms == Approx(110.25));
  CHECK(log.waits[1].ahead == std::vector<int>{1});
  CHECK_FALSE(log.waits[1].ended);
  CHECK(log.waits[1].waited_ms == Approx(10.002));
}

TEST_CASE("waits for rows, transactions and advisory locks are told apart") {
  const auto wait_for = [](const std::string& words) {
    const LockLog log =
        parse_lock_log("1.5 [1] LOG:  process 1 still waiting for " + words + " after 10.001 ms\n");
    REQUIRE(log.waits.size() == 1);
    return log.waits[0];
  };
  CHECK(wait_for("ShareLock on transaction 734").target == LockTarget::kTransaction);
  const LoggedWait tuple = wait_for("ExclusiveLock on tuple (0,1) of relation 16391 of database 5");
  CHECK(tuple.target == LockTarget::kTuple);
  CHECK(tuple.relation == 16391);
  CHECK(wait_for("ExclusiveLock on advisory lock [5,0,42,1]").target == LockTarget::kAdvisory);
  CHECK(wait_for("ShareLock on virtual transaction 3/15").target == LockTarget::kOther);
}

TEST_CASE("the same process can wait twice for the same lock") {
  const LockLog log = parse_lock_log(std::string(kRelationWait) + kRelationWait);
  REQUIRE(log.waits.size() == 2);
  CHECK(log.waits[0].ended);
  CHECK(log.waits[1].ended);
}

TEST_CASE("a deadlock is told with all its processes and what they ran") {
  const LockLog log = parse_lock_log(
      "1795272300.250 [21] LOG:  process 21 detected deadlock while waiting for "
      "AccessExclusiveLock on relation 16384 of database 5 after 13.693 ms\n"
      "1795272300.250 [21] DETAIL:  Processes holding the lock: 21, 22. Wait queue: .\n"
      "1795272300.250 [21] ERROR:  deadlock detected\n"
      "1795272300.250 [21] DETAIL:  Process 21 waits for AccessExclusiveLock on relation 16384 of "
      "database 5; blocked by process 22.\n"
      "\tProcess 22 waits for ShareLock on transaction 740; blocked by process 21.\n"
      "\tProcess 21: alter table t add c int\n"
      "\tProcess 22: update t set a = a where id = 1\n"
      "1795272300.250 [21] HINT:  See server log for query details.\n");
  REQUIRE(log.waits.size() == 1);
  CHECK(log.waits[0].ended);
  CHECK(log.waits[0].holders == std::vector<int>{21, 22});
  REQUIRE(log.deadlocks.size() == 1);
  const Deadlock& deadlock = log.deadlocks[0];
  CHECK(deadlock.victim == 21);
  CHECK(deadlock.processes == std::vector<int>{21, 22});
  CHECK(deadlock.at == Approx(1795272300.25));
  CHECK(deadlock.text.find("Process 22: update t set a = a where id = 1") != std::string::npos);
}

TEST_CASE("a line that is not finished yet, and an end without its beginning, tell nothing") {
  CHECK(parse_lock_log("1795272297.123 [4712] LOG:  process 4712 still waiting for AccessSh")
            .waits.empty());
  CHECK(parse_lock_log("1795272297.781 [4712] LOG:  process 4712 acquired AccessShareLock on "
                       "relation 16384 of database 5 after 668.453 ms\n")
            .waits.empty());
  CHECK(parse_lock_log("").waits.empty());
}

}  // namespace
}  // namespace drydock
