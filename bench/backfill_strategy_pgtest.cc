// Each strategy on a real server: what it leads to is what one UPDATE of everything leads to,
// whatever the key is made of.
#include "bench/backfill_strategy.h"

#include <fmt/format.h>

#include "bench/backfill_driver.h"
#include "harness/testing/backfill_table.h"
#include "harness/testing/catch.h"
#include "harness/testing/error_of.h"

namespace drydock {
namespace {

using testing::BackfillTable;
using testing::error_of;
using testing::has;
using testing::items_rule;
using testing::items_sql;

constexpr int kRows = 1000;

const std::vector<BackfillVariant> kVariants = {
    {BackfillStrategy::kSingle, 0, 0, 1},      {BackfillStrategy::kNaive, 150, 0, 1},
    {BackfillStrategy::kSkipLocked, 70, 0, 1}, {BackfillStrategy::kSkipLocked, 70, 0, 3},
    {BackfillStrategy::kKeyset, 1, 0, 1},      {BackfillStrategy::kKeyset, 130, 0, 1},
    {BackfillStrategy::kKeyset, 60, 0, 3},     {BackfillStrategy::kKeyset, 5000, 0, 2},
    {BackfillStrategy::kCtid, 10, 0, 1},       {BackfillStrategy::kCtid, 300, 0, 1},
    {BackfillStrategy::kCtid, 200, 0, 3},      {BackfillStrategy::kAsWritten, 0, 0, 1},
};

BackfillTarget target_of(BackfillTable& table) {
  BackfillTarget target = read_target(table.session(), items_rule());
  target.statement = update_statement(target, "");
  return target;
}

/// The contents that one UPDATE of everything leads to.
std::string print_of_one_update(const std::string& sql) {
  BackfillTable table(sql);
  const BackfillTarget target = target_of(table);
  table.run(update_statement(target, ""));
  return backfill_print(table.session(), target);
}

TEST_CASE("every strategy does every row once") {
  const std::string print = print_of_one_update(items_sql(kRows));
  const BackfillVariant variant = GENERATE(from_range(kVariants));
  BackfillTable table(items_sql(kRows));
  const BackfillTarget target = target_of(table);
  const DrivenBackfill driven = drive(table.info(), target, variant, kRows);
  INFO(describe(variant));
  CHECK(driven.rows == kRows);
  CHECK(verify_backfill(table.session(), target, print).empty());
}

TEST_CASE("a key may be of any type, in any order, and of several columns") {
  const std::string key_and_value = GENERATE(
      "id uuid PRIMARY KEY|md5(i::text)::uuid", "id text PRIMARY KEY|'it''s \\' || i % 7 || i",
      "id text COLLATE \"C\" PRIMARY KEY|chr(65 + i % 50) || i", "id char(9) PRIMARY KEY|i::text",
      "id numeric(9,2) PRIMARY KEY|-i / 4.0",
      "id timestamptz PRIMARY KEY|'2024-03-31'::timestamptz + i * '7 min'::interval",
      "\"the Key\" bigint PRIMARY KEY|i * 1000000007::bigint",
      "tenant uuid, id int, PRIMARY KEY (tenant, id)|md5((i % 5)::text)::uuid, i",
      "a text, b date, c int, PRIMARY KEY (c, a, b)|i % 3, '2024-01-01'::date + i % 11, i",
      "id bytea PRIMARY KEY|decode(md5(i::text), 'hex')");
  const std::size_t bar = key_and_value.find('|');
  const std::string key = key_and_value.substr(0, bar), value = key_and_value.substr(bar + 1);
  BackfillTable table(items_sql(kRows, key, value));
  const BackfillTarget target = target_of(table);
  const BackfillVariant variant = GENERATE(BackfillVariant{BackfillStrategy::kKeyset, 90, 0, 2},
                                           BackfillVariant{BackfillStrategy::kNaive, 300, 0, 1});
  INFO(key);
  CHECK(drive(table.info(), target, variant, kRows).rows == kRows);
  CHECK(table.value("SELECT count(*) FROM items WHERE n = 1") == std::to_string(kRows));
  table.run("UPDATE items SET n = 0, done = false");
  const Reply reply =
      table.session().send(loop_to_paste(target, {BackfillStrategy::kKeyset, 90, 0, 1}),
                           SteadyClock::now() + std::chrono::minutes(1));
  CHECK(reply.ok);
  CHECK(table.value("SELECT count(*) FROM items WHERE n = 1") == std::to_string(kRows));
}

TEST_CASE("the loop to paste runs as it is and ends complete") {
  const BackfillVariant variant =
      GENERATE(BackfillVariant{BackfillStrategy::kSingle, 0, 0, 1},
               BackfillVariant{BackfillStrategy::kNaive, 300, 0, 1},
               BackfillVariant{BackfillStrategy::kSkipLocked, 300, 1, 2},
               BackfillVariant{BackfillStrategy::kKeyset, 300, 2.5, 1},
               BackfillVariant{BackfillStrategy::kCtid, 300, 0, 1},
               BackfillVariant{BackfillStrategy::kAsWritten, 0, 0, 1});
  const std::string print = print_of_one_update(items_sql(kRows));
  BackfillTable table(items_sql(kRows));
  const BackfillTarget target = target_of(table);
  const std::string loop = loop_to_paste(target, variant);
  INFO(loop);
  const Reply reply = table.session().send(loop, SteadyClock::now() + std::chrono::minutes(1));
  INFO((reply.error ? reply.error->message + reply.error->context : ""));
  REQUIRE(reply.ok);
  if (has_batches(variant.strategy)) {
    REQUIRE_FALSE(reply.notices.empty());
    CHECK(reply.notices.front() != "NOTICE: 1000 rows done");
    CHECK(reply.notices.back() == "NOTICE: 0 rows are left");
  }
  CHECK(verify_backfill(table.session(), target, print).empty());
}

TEST_CASE("the loop to paste ends although some rows cannot be done, and says how many") {
  const auto strategy = GENERATE(BackfillStrategy::kNaive, BackfillStrategy::kSkipLocked,
                                 BackfillStrategy::kKeyset, BackfillStrategy::kCtid);
  BackfillTable table(items_sql(kRows));
  table.run("UPDATE items SET pad = 'x' WHERE id % 3 = 0");
  BackfillRule rule = items_rule();
  rule.set = "n = n + 1, done = pad IS NULL";
  const BackfillTarget target = read_target(table.session(), rule);
  const Reply reply = table.session().send(loop_to_paste(target, {strategy, 50, 0, 1}),
                                           SteadyClock::now() + std::chrono::minutes(1));
  REQUIRE(reply.ok);
  CHECK(reply.notices.back() == "NOTICE: 333 rows are left");
}

TEST_CASE("loops with a worker number each do a share of the rows") {
  const auto strategy = GENERATE(BackfillStrategy::kKeyset, BackfillStrategy::kCtid);
  BackfillTable table(items_sql(kRows));
  const BackfillTarget target = target_of(table);
  std::string loop = loop_to_paste(target, {strategy, 100, 0, 2});
  const auto far = SteadyClock::now() + std::chrono::minutes(1);
  REQUIRE(table.session().send(loop, far).ok);
  const int half = std::stoi(table.value("SELECT count(*) FROM items WHERE done"));
  CHECK(half > kRows / 4);
  CHECK(half < kRows * 3 / 4);
  const std::string first = "worker CONSTANT integer := 1";
  REQUIRE(has(loop, first));
  loop.replace(loop.find(first), first.size(), "worker CONSTANT integer := 2");
  REQUIRE(table.session().send(loop, far).ok);
  CHECK(table.value("SELECT count(*) FROM items WHERE n = 1") == std::to_string(kRows));
}

TEST_CASE("columns called like a loop's variables are the table's") {
  BackfillTable table(
      "CREATE TABLE items (low_1 int, changed int NOT NULL, page int PRIMARY KEY, done boolean);"
      "INSERT INTO items SELECT i, 0, i, false FROM generate_series(1, 500) i; ANALYZE items");
  BackfillRule rule = items_rule();
  rule.set = "changed = changed + low_1, done = true";
  const BackfillTarget target = read_target(table.session(), rule);
  const auto strategy = GENERATE(BackfillStrategy::kNaive, BackfillStrategy::kSkipLocked,
                                 BackfillStrategy::kKeyset, BackfillStrategy::kCtid);
  const Reply reply = table.session().send(loop_to_paste(target, {strategy, 120, 0, 1}),
                                           SteadyClock::now() + std::chrono::minutes(1));
  INFO((reply.error ? reply.error->message + reply.error->context : ""));
  CHECK(reply.ok);
  CHECK(table.value("SELECT sum(changed) = sum(page) FROM items") == "t");
}

TEST_CASE("a partitioned table is done by its key") {
  BackfillTable table(
      "CREATE TABLE items (id int PRIMARY KEY, n int DEFAULT 0, done boolean DEFAULT false)"
      " PARTITION BY HASH (id);"
      "CREATE TABLE one PARTITION OF items FOR VALUES WITH (MODULUS 2, REMAINDER 0);"
      "CREATE TABLE two PARTITION OF items FOR VALUES WITH (MODULUS 2, REMAINDER 1);"
      "INSERT INTO items SELECT i FROM generate_series(1, 1000) i; ANALYZE items");
  const BackfillTarget target = target_of(table);
  const BackfillVariant variant =
      GENERATE(BackfillVariant{BackfillStrategy::kKeyset, 90, 0, 2},
               BackfillVariant{BackfillStrategy::kNaive, 300, 0, 1},
               BackfillVariant{BackfillStrategy::kSkipLocked, 90, 0, 2});
  CHECK(drive(table.info(), target, variant, kRows).rows == kRows);
  CHECK(table.value("SELECT count(*) FROM items WHERE n = 1") == "1000");
}

TEST_CASE("an empty table is done at once") {
  const BackfillVariant variant = GENERATE(from_range(kVariants));
  BackfillTable table(items_sql(0));
  const DrivenBackfill driven = drive(table.info(), target_of(table), variant, 0);
  CHECK(driven.rows == 0);
}

TEST_CASE("a batch of no rows, and a strategy that does not fit, are mistakes") {
  BackfillTable table("CREATE TABLE items (n int, done boolean)");
  const BackfillTarget target = read_target(table.session(), items_rule());
  const auto refused = [&](const BackfillVariant& variant) {
    return error_of([&] { make_workers(table.session(), target, variant); }).message();
  };
  CHECK(refused({BackfillStrategy::kCtid, 0, 0, 1}) ==
        "ctid with 0 rows a batch and 1 workers does nothing");
  CHECK(has(refused({BackfillStrategy::kKeyset, 10, 0, 1}),
            "the strategy keyset does not fit public.items: it has neither a primary key"));
}

}  // namespace
}  // namespace drydock
