#include "harness/observe/leftovers.h"

#include "harness/testing/catch.h"
#include "harness/testing/shared_server.h"

namespace drydock {
namespace {

struct Orders {
  testing::FreshDatabase database;
  Session session{database.info()};
  std::vector<HalfDone> before;

  Orders() {
    session.query("CREATE TABLE orders (id int, code text)");
    session.query("INSERT INTO orders SELECT n, 'same' FROM generate_series(1, 9) n");
  }

  /// Statements as a phase: each on its own, going on behind failures.
  Phase run(const std::vector<std::string>& statements) {
    before = find_half_done(session);
    Phase phase;
    for (const std::string& text : statements) {
      const Reply reply = session.send(text, SteadyClock::now() + std::chrono::minutes(1));
      StatementRun run;
      run.file = "up.sql";
      run.line = static_cast<int>(phase.statements.size()) + 1;
      run.text = text;
      run.failed = !reply.ok;
      phase.statements.push_back(run);
    }
    return phase;
  }

  std::vector<Leftover> left_by(const std::vector<std::string>& statements) {
    const Phase phase = run(statements);
    return leftovers_of(before, find_half_done(session), phase);
  }
};

constexpr const char* kBroken = "CREATE UNIQUE INDEX CONCURRENTLY orders_code ON orders (code)";

TEST_CASE("an index that failed to build concurrently is left over by its statement") {
  Orders orders;
  const auto left = orders.left_by({"SELECT 1", kBroken});
  REQUIRE(left.size() == 1);
  CHECK(left[0].object == "index public.orders_code");
  CHECK(left[0].what == "is INVALID, and not kept up to date");
  CHECK_FALSE(left[0].accepted);
  CHECK(left[0].line == 2);
  CHECK(left[0].file == "up.sql");
}

TEST_CASE("an INVALID index that IF NOT EXISTS takes for done is accepted by that statement") {
  Orders orders;
  orders.run({kBroken});
  const auto left = orders.left_by(
      {"CREATE INDEX IF NOT EXISTS other ON orders (id)",
       "CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS Orders_Code ON public.orders (code)"});
  REQUIRE(left.size() == 1);
  CHECK(left[0].accepted);
  CHECK(left[0].line == 2);
}

TEST_CASE("an INVALID index that was there before and that nobody touches is not held against it") {
  Orders orders;
  orders.run({kBroken});
  CHECK(orders.left_by({"CREATE INDEX IF NOT EXISTS other ON orders (id)"}).empty());
}

TEST_CASE("an index that is dropped and fails again is left over anew") {
  Orders orders;
  orders.run({kBroken});
  const auto left = orders.left_by({"DROP INDEX orders_code", kBroken});
  REQUIRE(left.size() == 1);
  CHECK_FALSE(left[0].accepted);
}

TEST_CASE("a table that needs quotes and an index without a name are told by their table") {
  Orders orders;
  orders.session.query("ALTER TABLE orders RENAME TO \"My \"\"Orders\"");
  const auto left =
      orders.left_by({"CREATE INDEX CONCURRENTLY ON \"My \"\"Orders\" (id)",
                      "CREATE UNIQUE INDEX CONCURRENTLY ON \"My \"\"Orders\" (code)"});
  REQUIRE(left.size() == 1);
  CHECK(left[0].object == "index public.\"My \"\"Orders_code_idx\"");
  CHECK(left[0].line == 2);
}

TEST_CASE("an index that waits for those of the partitions is not half-done") {
  Orders orders;
  const auto left =
      orders.left_by({"CREATE TABLE parts (id int) PARTITION BY RANGE (id)",
                      "CREATE TABLE part PARTITION OF parts FOR VALUES FROM (0) TO (9)",
                      "CREATE INDEX parts_id ON ONLY parts (id)"});
  CHECK(left.empty());
}

TEST_CASE("a partition whose detaching was stopped is left over") {
  Orders orders;
  orders.run({"CREATE TABLE parts (id int) PARTITION BY RANGE (id)",
              "CREATE TABLE part PARTITION OF parts FOR VALUES FROM (0) TO (9)"});
  Session reader(orders.database.info());
  reader.query("BEGIN; SELECT FROM parts");
  const auto left = orders.left_by(
      {"SET lock_timeout = '50ms'", "ALTER TABLE parts DETACH PARTITION part CONCURRENTLY"});
  REQUIRE(left.size() == 1);
  CHECK(left[0].object == "partition public.part of public.parts");
  CHECK(left[0].what == "is still being detached");
  CHECK(left[0].line == 2);
}

TEST_CASE("an index whose dropping was stopped says so") {
  Orders orders;
  orders.run({"CREATE INDEX orders_id ON orders (id)"});
  Session reader(orders.database.info());
  reader.query("BEGIN; SELECT FROM orders");
  const auto left =
      orders.left_by({"SET lock_timeout = '50ms'", "DROP INDEX CONCURRENTLY orders_id"});
  REQUIRE(left.size() == 1);
  CHECK(left[0].what.starts_with("is INVALID"));
  CHECK(left[0].statement.starts_with("DROP INDEX"));
}

TEST_CASE("statements that commit on their way are told from others with the same word") {
  CHECK(works_concurrently("reindex (verbose) table concurrently t"));
  CHECK(works_concurrently("DROP INDEX CONCURRENTLY IF EXISTS i"));
  CHECK(works_concurrently("alter table p detach partition q concurrently"));
  CHECK_FALSE(works_concurrently("REFRESH MATERIALIZED VIEW CONCURRENTLY m"));
  CHECK_FALSE(works_concurrently("CREATE INDEX \"concurrently\" ON t (a)"));
  CHECK_FALSE(works_concurrently("INSERT INTO notes VALUES ('create index concurrently')"));
  CHECK_FALSE(works_concurrently(""));
}

TEST_CASE("the same leftover is told once") {
  const Leftover one{"index public.i", "is INVALID", false, {}, {}, 0};
  Leftover accepted = one;
  accepted.accepted = true;
  std::vector<Leftover> all = {one};
  add_leftovers({one, accepted, accepted}, all);
  CHECK(all.size() == 2);
}

}  // namespace
}  // namespace drydock
