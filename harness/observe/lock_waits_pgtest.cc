// What a real server's log tells of real waits.

#include <future>

#include "harness/observe/lock_waits.h"
#include "harness/postgres/session.h"
#include "harness/testing/catch.h"
#include "harness/testing/eventually.h"
#include "harness/testing/shared_server.h"

namespace drydock {
namespace {

using testing::eventually;

/// One for all: starting a durable server takes a while.
Server& logging_server() {
  static Server server = Server::start_realistic(select_server(""), {});
  return server;
}

struct TwoSessions {
  TwoSessions() {
    first.query("DROP TABLE IF EXISTS t; CREATE TABLE t(id int PRIMARY KEY, a int)");
    first.query("INSERT INTO t SELECT n, n FROM generate_series(1, 3) n");
  }
  /// Whether the second session is told to be waiting.
  bool told() const { return !reader.read().waits.empty(); }

  Session first{logging_server().administrator("template1")};
  Session second{logging_server().administrator("template1")};
  LockLogReader reader{logging_server().log_file()};
};

TEST_CASE("a wait for a table is in the log while it lasts, and with its length when it ended") {
  TwoSessions s;
  s.first.query("BEGIN; LOCK TABLE t");
  auto waiting = std::async(std::launch::async, [&] { s.second.query("SELECT FROM t"); });
  REQUIRE(eventually([&] { return s.told(); }));
  CHECK_FALSE(s.reader.read().waits[0].ended);
  s.first.query("COMMIT");
  waiting.get();
  const LockLog log = s.reader.read();
  REQUIRE(log.waits.size() == 1);
  const LoggedWait& wait = log.waits[0];
  CHECK(wait.process == s.second.backend_pid());
  CHECK(wait.holders == std::vector<int>{s.first.backend_pid()});
  CHECK(wait.wanted == LockMode::kAccessShare);
  CHECK(wait.ended);
  CHECK(std::to_string(wait.relation) == s.first.query("SELECT 't'::regclass::oid").at(0, 0));
}

TEST_CASE("a wait for a row is told as one for the transaction that wrote it") {
  TwoSessions s;
  s.first.query("BEGIN; UPDATE t SET a = 0 WHERE id = 1");
  auto waiting =
      std::async(std::launch::async, [&] { s.second.query("UPDATE t SET a = 1 WHERE id = 1"); });
  REQUIRE(eventually([&] { return s.told(); }));
  s.first.query("COMMIT");
  waiting.get();
  const LockLog log = s.reader.read();
  REQUIRE(log.waits.size() == 1);
  CHECK(log.waits[0].target == LockTarget::kTransaction);
  CHECK(log.waits[0].holders == std::vector<int>{s.first.backend_pid()});
}

TEST_CASE("a deadlock is in the log with both sides") {
  TwoSessions s;
  s.first.query("BEGIN; UPDATE t SET a = 0 WHERE id = 1");
  s.second.query("BEGIN; UPDATE t SET a = 0 WHERE id = 2");
  auto waiting = std::async(std::launch::async, [&] {
    return s.second.send("UPDATE t SET a = 0 WHERE id = 1",
                         SteadyClock::now() + std::chrono::minutes(1));
  });
  REQUIRE(eventually([&] { return s.told(); }));
  const Reply first =
      s.first.send("UPDATE t SET a = 0 WHERE id = 2", SteadyClock::now() + std::chrono::minutes(1));
  s.first.send("ROLLBACK", SteadyClock::now() + std::chrono::minutes(1));
  const Reply second = waiting.get();
  CHECK(first.ok != second.ok);
  const LockLog log = s.reader.read();
  REQUIRE(log.deadlocks.size() == 1);
  CHECK(log.deadlocks[0].processes.size() == 2);
  CHECK(log.deadlocks[0].text.find("UPDATE t SET a = 0 WHERE id = 1") != std::string::npos);
}

TEST_CASE("what was told before the reader came is not told to it") {
  TwoSessions s;
  CHECK(s.reader.read().waits.empty());
  CHECK(s.reader.read().deadlocks.empty());
}

}  // namespace
}  // namespace drydock
