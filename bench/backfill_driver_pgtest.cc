// What a run tells about itself, and what ends it.
#include "bench/backfill_driver.h"

#include <atomic>
#include <thread>

#include "harness/testing/backfill_table.h"
#include "harness/testing/catch.h"
#include "harness/testing/error_of.h"
#include "harness/testing/eventually.h"

namespace drydock {
namespace {

using testing::BackfillTable;
using testing::error_of;
using testing::eventually;
using testing::has;
using testing::items_rule;
using testing::items_sql;

constexpr int kRows = 1000;

const std::vector<BackfillVariant> kBatched = {
    {BackfillStrategy::kNaive, 100, 0, 1},
    {BackfillStrategy::kSkipLocked, 100, 0, 2},
    {BackfillStrategy::kKeyset, 100, 0, 1},
    {BackfillStrategy::kCtid, 100, 0, 1},
};

TEST_CASE("a run tells rows, batches, latencies and its first and last tenth") {
  BackfillTable table(items_sql(kRows));
  const BackfillTarget target = read_target(table.session(), items_rule());
  std::vector<std::int64_t> told;
  const DrivenBackfill driven =
      drive(table.info(), target, {BackfillStrategy::kKeyset, 100, 0, 1}, kRows,
            [&](std::int64_t rows) { return told.push_back(rows), false; });
  CHECK(driven.rows == kRows);
  CHECK(driven.batches == 10);
  CHECK(driven.batch.count == 10);
  CHECK(told == std::vector<std::int64_t>{100, 200, 300, 400, 500, 600, 700, 800, 900, 1000});
  CHECK(driven.first_tenth_s > 0);
  CHECK(driven.last_tenth_s > 0);
  CHECK(driven.first_tenth_s + driven.last_tenth_s < driven.seconds);
}

TEST_CASE("who listens can stop a run between two batches") {
  BackfillTable table(items_sql(kRows));
  const BackfillTarget target = read_target(table.session(), items_rule());
  const DrivenBackfill driven = drive(table.info(), target, {BackfillStrategy::kNaive, 100, 0, 1},
                                      kRows, [](std::int64_t rows) { return rows >= 300; });
  CHECK(driven.rows == 300);
  CHECK(verify_backfill(table.session(), target, "") == "700 rows were left undone");
}

TEST_CASE("a pause lies between two batches") {
  BackfillTable table(items_sql(kRows));
  const BackfillTarget target = read_target(table.session(), items_rule());
  const DrivenBackfill driven =
      drive(table.info(), target, {BackfillStrategy::kKeyset, 250, 20, 1}, kRows);
  CHECK(driven.seconds >= 0.06);
}

TEST_CASE("an expression that leaves the condition true is told after one batch") {
  const BackfillVariant variant = GENERATE(from_range(kBatched));
  BackfillTable table(items_sql(kRows));
  BackfillRule rule = items_rule();
  rule.set = "n = n + 1";
  const BackfillTarget target = read_target(table.session(), rule);
  const std::string message =
      error_of([&] { drive(table.info(), target, variant, kRows); }).message();
  INFO(message);
  CHECK(has(message,
            "the backfill never ends: after SET n = n + 1 of public.items the condition"
            " NOT done is still true of "));
  CHECK(std::stoi(table.value("SELECT sum(n) FROM items")) <= 400);
}

TEST_CASE("one UPDATE of everything that leaves everything undone is told as well") {
  BackfillTable table(items_sql(kRows));
  BackfillRule rule = items_rule();
  rule.set = "n = n + 1";
  const BackfillTarget target = read_target(table.session(), rule);
  CHECK(has(error_of([&] {
              drive(table.info(), target, {BackfillStrategy::kSingle, 0, 0, 1}, kRows);
            }).message(),
            "still true of 1000 of 1000 rows that were just done"));
}

TEST_CASE("rows that stay undone among many do not keep a loop going for ever") {
  const BackfillVariant variant = GENERATE(from_range(kBatched));
  BackfillTable table(items_sql(kRows));
  table.run("UPDATE items SET pad = 'x' WHERE id BETWEEN 301 AND 800");
  BackfillRule rule = items_rule();
  rule.set = "n = n + 1, done = pad IS NULL";
  const BackfillTarget target = read_target(table.session(), rule);
  CHECK(has(error_of([&] { drive(table.info(), target, variant, kRows); }).message(),
            "the condition NOT done is still true of "));
}

TEST_CASE("rows that come while it runs do not keep it going for ever") {
  const BackfillVariant variant = GENERATE(from_range(kBatched));
  BackfillTable table(items_sql(kRows));
  const BackfillTarget target = read_target(table.session(), items_rule());
  std::atomic<bool> ended = false;
  std::thread traffic([&] {
    Connection connection(table.info());
    for (int id = kRows + 1; !ended; id += 50) {
      connection.execute("INSERT INTO items SELECT i FROM generate_series(" + std::to_string(id) +
                         "," + std::to_string(id + 49) + ") i");
    }
  });
  const DrivenBackfill driven = drive(table.info(), target, variant, kRows);
  ended = true;
  traffic.join();
  INFO(describe(variant));
  CHECK(driven.rows >= kRows);
  CHECK(table.value("SELECT count(*) FROM items WHERE n > 1") == "0");
  CHECK(table.value("SELECT count(*) FROM items WHERE NOT done AND id <= 1000") == "0");
}

TEST_CASE("waiting for a row that somebody holds is told") {
  BackfillTable table(items_sql(kRows));
  const BackfillTarget target = read_target(table.session(), items_rule());
  table.session().query("BEGIN; SELECT FROM items WHERE id = 500 FOR UPDATE");
  std::thread holder([&] {
    Connection looking(table.info());
    eventually([&] {
      return looking.query_value(
                 "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                 " AND wait_event_type = 'Lock' AND now() - query_start > '0.3 s'") == "1";
    });
    table.session().query("COMMIT");
  });
  const DrivenBackfill driven =
      drive(table.info(), target, {BackfillStrategy::kKeyset, 100, 0, 1}, kRows);
  holder.join();
  CHECK(driven.rows == kRows);
  CHECK(driven.lock_wait_ms > 0);
  CHECK(driven.lock_wait_ms <= driven.seconds * 1000);
}

TEST_CASE("a batch that the server refuses ends the run with its words and the statement") {
  BackfillTable table(items_sql(kRows) + "ALTER TABLE items ADD CHECK (n < 1 OR id <> 555)");
  const BackfillTarget target = read_target(table.session(), items_rule());
  const std::string message =
      error_of([&] {
        drive(table.info(), target, {BackfillStrategy::kKeyset, 100, 0, 2}, kRows);
      }).message();
  CHECK(has(message, "violates check constraint"));
  CHECK(has(message, "UPDATE public.items SET n = n + 1, done = true WHERE id >= "));
}

TEST_CASE("a row that was done twice is told although none is left") {
  BackfillTable table(items_sql(kRows));
  const BackfillTarget target = read_target(table.session(), items_rule());
  table.run("UPDATE items SET n = 1, done = true");
  const std::string print = backfill_print(table.session(), target);
  CHECK(verify_backfill(table.session(), target, print).empty());
  table.run("UPDATE items SET n = 2 WHERE id = 77");
  CHECK(has(verify_backfill(table.session(), target, print), "a row was done twice"));
}

TEST_CASE("columns that are another in each run are not compared") {
  BackfillTable table(
      "CREATE TABLE items (id int PRIMARY KEY, n int, done boolean, at timestamptz, seen"
      " timestamptz); INSERT INTO items SELECT i, 0, false FROM generate_series(1, 9) i");
  BackfillRule rule = items_rule();
  rule.set = "n = n + 1, done = true, at = clock_timestamp()";
  const BackfillTarget target = read_target(table.session(), rule);
  const std::string print = backfill_print(table.session(), target);
  table.run("UPDATE items SET at = now()");
  CHECK(backfill_print(table.session(), target) == print);
  table.run("UPDATE items SET seen = '2024-01-01' WHERE id = 3");
  CHECK(backfill_print(table.session(), target) != print);
  table.run(
      "CREATE TRIGGER stamp BEFORE UPDATE ON items FOR EACH ROW EXECUTE FUNCTION"
      " suppress_redundant_updates_trigger()");
  const std::string stamped = backfill_print(table.session(), target);
  table.run("UPDATE items SET seen = now()");
  CHECK(backfill_print(table.session(), target) == stamped);
  table.run("UPDATE items SET n = 7 WHERE id = 3");
  CHECK(backfill_print(table.session(), target) != stamped);
}

}  // namespace
}  // namespace drydock
