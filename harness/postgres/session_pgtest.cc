#include "harness/postgres/session.h"

#include <signal.h>

#include <string>
#include <thread>

#include "harness/base/cancellation.h"
#include "harness/base/error.h"
#include "harness/postgres/server.h"
#include "harness/testing/catch.h"
#include "harness/testing/error_of.h"
#include "harness/testing/shared_server.h"

namespace drydock {
namespace {

using std::chrono::milliseconds;
using testing::error_of;
using testing::has;

SteadyClock::time_point in(milliseconds time) { return SteadyClock::now() + time; }
SteadyClock::time_point long_from_now() { return in(std::chrono::minutes(2)); }

Reply send(Session& session, const std::string& sql) { return session.send(sql, long_from_now()); }

/// The first value of a query, over a connection of its own.
std::string value(const testing::FreshDatabase& database, const std::string& sql) {
  return Connection(database.info()).query_value(sql);
}

TEST_CASE("a statement that succeeds gives its command tag, and no error") {
  const testing::FreshDatabase database;
  Session session(database.info());
  const Reply made = send(session, "create table t (id int)");
  CHECK(made.ok);
  CHECK(made.command_tag == "CREATE TABLE");
  CHECK_FALSE(made.error);
  CHECK(made.interruption == Interruption::kNone);
  CHECK(made.duration_ms > 0);
  CHECK(send(session, "insert into t select generate_series(1, 5)").command_tag == "INSERT 0 5");
  CHECK(send(session, "select * from t").command_tag == "SELECT 5");
  CHECK(send(session, "delete from t; update t set id = 1").command_tag == "UPDATE 0");
}

TEST_CASE("a message without a statement succeeds") {
  const testing::FreshDatabase database;
  Session session(database.info());
  CHECK(send(session, "").ok);
  CHECK(send(session, " -- nothing\n;").ok);
}

TEST_CASE("every field of an error is kept") {
  const testing::FreshDatabase database;
  Session session(database.info());
  const Reply reply = send(session,
                           "do $$ begin raise exception using errcode = 'P0042', message = 'm', "
                           "detail = 'd', hint = 'h'; end $$");
  CHECK_FALSE(reply.ok);
  REQUIRE(reply.error);
  CHECK(reply.error->sqlstate == "P0042");
  CHECK(reply.error->message == "m");
  CHECK(reply.error->detail == "d");
  CHECK(reply.error->hint == "h");
  CHECK(reply.error->context == "PL/pgSQL function inline_code_block line 1 at RAISE");
  CHECK(reply.error->position == 0);
  CHECK(reply.interruption == Interruption::kNone);
}

TEST_CASE("the position of an error counts characters of the text sent") {
  const testing::FreshDatabase database;
  Session session(database.info());
  const Reply reply = send(session, "select 'gr\xC3\xBC\xC3\x9F', missing");
  REQUIRE(reply.error);
  CHECK(reply.error->sqlstate == "42703");
  CHECK(reply.error->position == 16);
}

TEST_CASE("of several statements in a message the error is that of the first that fails") {
  const testing::FreshDatabase database;
  Session session(database.info());
  const Reply reply = send(session, "create table t (id int); select 1/0; select missing");
  REQUIRE(reply.error);
  CHECK(reply.error->sqlstate == "22012");
  CHECK(value(database, "select count(*) from pg_class where relname = 't'") == "0");
}

TEST_CASE("notices and warnings are kept with their severity, each message's own") {
  const testing::FreshDatabase database;
  Session session(database.info());
  const Reply reply = send(session,
                           "do $$ begin raise notice 'one'; raise warning 'two'; end $$; "
                           "drop table if exists nothing");
  CHECK(reply.ok);
  CHECK(reply.notices ==
        std::vector<std::string>{"NOTICE: one", "WARNING: two",
                                 "NOTICE: table \"nothing\" does not exist, skipping"});
  CHECK(send(session, "select 1").notices.empty());
}

TEST_CASE("notices of a statement that fails are kept too") {
  const testing::FreshDatabase database;
  Session session(database.info());
  const Reply reply = send(session, "do $$ begin raise notice 'so far'; perform 1/0; end $$");
  CHECK_FALSE(reply.ok);
  CHECK(reply.notices == std::vector<std::string>{"NOTICE: so far"});
}

TEST_CASE("a statement that runs beyond the deadline is cancelled and the session goes on") {
  const testing::FreshDatabase database;
  Session session(database.info());
  const Reply reply = session.send("select pg_sleep(60)", in(milliseconds(100)));
  CHECK_FALSE(reply.ok);
  CHECK(reply.interruption == Interruption::kTimeout);
  REQUIRE(reply.error);
  CHECK(reply.error->sqlstate == "57014");
  CHECK(reply.duration_ms >= 100);
  CHECK(session.connected());
  CHECK(send(session, "select 1").ok);
}

TEST_CASE("when the user asks to stop the statement is cancelled") {
  const testing::FreshDatabase database;
  Session session(database.info());
  set_cancelled_for_test(true);
  const Reply reply = send(session, "select pg_sleep(60)");
  set_cancelled_for_test(false);
  CHECK(reply.interruption == Interruption::kCancelled);
  CHECK_FALSE(reply.ok);
  CHECK(reply.duration_ms < 30'000);
}

TEST_CASE("a statement that does not stop when cancelled costs the connection, not the run") {
  const testing::FreshDatabase database;
  Session session(database.info());
  const Reply reply = session.send(
      "do $$ begin loop begin perform pg_sleep(60); exception when query_canceled then null; end; "
      "end loop; end $$",
      in(milliseconds(100)));
  CHECK_FALSE(reply.ok);
  CHECK(reply.interruption == Interruption::kTimeout);
  REQUIRE(reply.error);
  CHECK(reply.error->message == "the statement does not stop when it is cancelled");
  CHECK_FALSE(session.connected());
  CHECK(session.transaction() == TransactionState::kUnknown);
  CHECK_FALSE(send(session, "select 1").ok);
  CHECK_THROWS_AS(session.reset(), Error);
}

TEST_CASE("rows given are what COPY FROM stdin reads") {
  const testing::FreshDatabase database;
  Session session(database.info());
  send(session, "create table t (id int, word text)");
  const Reply reply =
      session.send("copy t from stdin", long_from_now(), "1\tone\n2\t\\N\n3\tz\xC3\xBC\n");
  CHECK(reply.ok);
  CHECK(reply.command_tag == "COPY 3");
  CHECK(value(database, "select string_agg(coalesce(word, '-'), ',' order by id) from t") ==
        "one,-,z\xC3\xBC");
}

TEST_CASE("many rows are read whole, and rows that do not fit fail with their line") {
  const testing::FreshDatabase database;
  Session session(database.info());
  send(session, "create table t (id int)");
  std::string rows;
  for (int i = 0; i < 200'000; ++i) rows += std::to_string(i) + "\n";
  CHECK(session.send("copy t from stdin", long_from_now(), rows).command_tag == "COPY 200000");
  const Reply reply = session.send("copy t from stdin", long_from_now(), "1\nx\n");
  REQUIRE(reply.error);
  CHECK(reply.error->sqlstate == "22P02");
  CHECK(has(reply.error->context, "COPY t, line 2, column id"));
  CHECK(session.connected());
}

TEST_CASE("COPY FROM stdin without rows fails as in a client that has none") {
  const testing::FreshDatabase database;
  Session session(database.info());
  const Reply reply = send(session, "create table t (id int); copy t from stdin");
  CHECK_FALSE(reply.ok);
  CHECK(reply.interruption == Interruption::kNone);
  REQUIRE(reply.error);
  CHECK(has(reply.error->message, "this client has no data for COPY FROM stdin"));
  CHECK(send(session, "select 1").ok);
}

TEST_CASE("what COPY TO stdout sends is dropped, however much") {
  const testing::FreshDatabase database;
  Session session(database.info());
  const Reply reply =
      send(session, "copy (select repeat('x', 1000) from generate_series(1, 5000)) to stdout");
  CHECK(reply.ok);
  CHECK(reply.command_tag == "COPY 5000");
  CHECK(send(session, "select 1").ok);
}

TEST_CASE("the deadline holds while COPY TO stdout is sending, too") {
  const testing::FreshDatabase database;
  Session session(database.info());
  const Reply reply = session.send("copy (select pg_sleep(60)) to stdout", in(milliseconds(100)));
  CHECK(reply.interruption == Interruption::kTimeout);
  REQUIRE(reply.error);
  CHECK(reply.error->sqlstate == "57014");
  CHECK(send(session, "select 1").ok);
}

TEST_CASE("the transaction's state is known after each message") {
  const testing::FreshDatabase database;
  Session session(database.info());
  CHECK(session.transaction() == TransactionState::kIdle);
  send(session, "begin");
  CHECK(session.transaction() == TransactionState::kOpen);
  send(session, "select 1/0");
  CHECK(session.transaction() == TransactionState::kFailed);
  CHECK(send(session, "select 1").error->sqlstate == "25P02");
  CHECK(send(session, "commit").command_tag == "ROLLBACK");
  CHECK(session.transaction() == TransactionState::kIdle);
}

TEST_CASE("reset discards what the statements did to the session") {
  const testing::FreshDatabase database;
  Session session(database.info());
  send(session, "create temporary table mine (id int)");
  send(session, "set search_path = pg_catalog; set timezone = 'Asia/Tokyo'");
  send(session, "prepare p as select 1");
  send(session, "select pg_advisory_lock(42)");
  send(session, "set role pg_monitor");
  send(session, "begin; select 1/0");
  session.reset();
  CHECK(session.transaction() == TransactionState::kIdle);
  const auto fails = [&](const std::string& sql) { return !send(session, sql).ok; };
  CHECK(fails("select * from mine"));
  CHECK(fails("execute p"));
  CHECK(fails("do $$ begin assert current_setting('search_path') = 'pg_catalog'; end $$"));
  CHECK(fails("do $$ begin assert current_setting('timezone') = 'Asia/Tokyo'; end $$"));
  CHECK(fails("do $$ begin assert current_user = 'pg_monitor'; end $$"));
  CHECK(value(database, "select count(*) from pg_locks where locktype = 'advisory'") == "0");
}

TEST_CASE("a transaction that is open at a reset is rolled back") {
  const testing::FreshDatabase database;
  Session session(database.info());
  send(session, "begin; create table t (id int)");
  session.reset();
  CHECK(value(database, "select count(*) from pg_class where relname = 't'") == "0");
}

TEST_CASE("a session whose backend is terminated is lost, with the server's words") {
  const testing::FreshDatabase database;
  Session session(database.info());
  const Reply reply = send(session, "select pg_terminate_backend(pg_backend_pid())");
  CHECK_FALSE(reply.ok);
  CHECK(reply.interruption == Interruption::kConnectionLost);
  REQUIRE(reply.error);
  CHECK(reply.error->sqlstate == "57P01");
  CHECK(has(reply.error->message, "terminating connection"));
  CHECK_FALSE(session.connected());
  CHECK(send(session, "select 1").interruption == Interruption::kConnectionLost);
  CHECK_THROWS_AS(session.reset(), Error);
}

TEST_CASE("a session that somebody else terminates while it waits is lost, too") {
  const testing::FreshDatabase database;
  Session session(database.info());
  const std::string id = std::to_string(session.backend_pid());
  std::thread other([&] {
    Connection connection(database.info());
    while (connection.query_value("select pg_terminate_backend(pid) from pg_stat_activity where "
                                  "pid = " +
                                  id +
                                  " and wait_event = 'PgSleep' union all "
                                  "select false") != "t") {
    }
  });
  const Reply reply = send(session, "select pg_sleep(60)");
  other.join();
  CHECK(reply.interruption == Interruption::kConnectionLost);
  REQUIRE(reply.error);
  CHECK(reply.error->sqlstate == "57P01");
}

TEST_CASE("a server that cannot be reached is told with libpq's words") {
  const Error error = error_of([] { Session({"host=/no/such/directory dbname=x"}); });
  CHECK(has(error.message(), "cannot connect: "));
  CHECK(has(error.message(), "/no/such/directory"));
}

}  // namespace
}  // namespace drydock
