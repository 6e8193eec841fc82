// A backfill that is killed in the middle and started anew: what was committed is not done again,
// and what was not is.
#include <fmt/format.h>

#include <thread>

#include "bench/backfill_driver.h"
#include "harness/testing/backfill_table.h"
#include "harness/testing/catch.h"
#include "harness/testing/error_of.h"
#include "harness/testing/eventually.h"

namespace drydock {
namespace {

using testing::BackfillTable;
using testing::eventually;
using testing::items_rule;
using testing::items_sql;

constexpr int kRows = 3000;
/// In the middle of its batch, whatever the size of that.
constexpr const char* kHeldRow = "SELECT FROM items WHERE id = 1650 FOR UPDATE";

const std::vector<BackfillVariant> kVariants = {
    {BackfillStrategy::kSingle, 0, 0, 1},       {BackfillStrategy::kNaive, 200, 0, 1},
    {BackfillStrategy::kSkipLocked, 200, 0, 1}, {BackfillStrategy::kSkipLocked, 200, 0, 2},
    {BackfillStrategy::kKeyset, 200, 0, 1},     {BackfillStrategy::kKeyset, 200, 0, 2},
    {BackfillStrategy::kCtid, 300, 0, 1},       {BackfillStrategy::kCtid, 300, 0, 2},
    {BackfillStrategy::kAsWritten, 0, 0, 1},
};

/// A loop of the migration's own that commits.
constexpr const char* kWritten =
    "DO $$ DECLARE changed int; BEGIN LOOP UPDATE items SET n = n + 1, done = true WHERE id IN"
    " (SELECT id FROM items WHERE NOT done LIMIT 200); GET DIAGNOSTICS changed = ROW_COUNT;"
    " COMMIT; EXIT WHEN changed = 0; END LOOP; END $$";

struct Backfilled {
  Backfilled() {
    target = read_target(table.session(), items_rule());
    target.statement = kWritten;
  }
  BackfillTable table{items_sql(kRows)};
  BackfillTarget target;

  std::int64_t left() {
    return std::stoll(table.value("SELECT count(*) FROM items WHERE NOT done"));
  }
  DrivenBackfill run(const BackfillVariant& variant, const BackfillProgress& progress = {}) {
    return drive(table.info(), target, variant, left(), progress);
  }
  /// Ends every session of the database but the table's own and the one that asks, except those
  /// that only look.
  std::string kill() {
    return table.value(
        fmt::format("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname ="
                    " current_database() AND backend_type = 'client backend' AND pid NOT IN"
                    " (pg_backend_pid(), {})",
                    table.session().backend_pid()));
  }
  void check_exact() {
    CHECK(table.value("SELECT count(*) FROM items WHERE n = 1 AND done") == std::to_string(kRows));
    CHECK(table.value("SELECT count(*) FROM items") == std::to_string(kRows));
  }
};

TEST_CASE("a strategy killed in the middle of a batch and started anew does every row once") {
  const BackfillVariant variant = GENERATE(from_range(kVariants));
  Backfilled backfilled;
  backfilled.table.session().query("BEGIN");
  backfilled.table.session().query(kHeldRow);
  std::thread killer([&] {
    eventually([&] {
      return backfilled.table.value(
                 "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                 " AND wait_event_type = 'Lock' AND query LIKE '%UPDATE%'") != "0";
    });
    backfilled.kill();
  });
  const Error error = testing::error_of([&] { backfilled.run(variant); });
  killer.join();
  backfilled.table.session().query("ROLLBACK");
  INFO(describe(variant));
  // In words that depend on what the worker that noticed first was doing.
  CHECK(error.message() != "nothing was thrown");
  const std::int64_t left = backfilled.left();
  CHECK(left > 0);
  if (variant.strategy != BackfillStrategy::kSingle) CHECK(left < kRows);
  CHECK(backfilled.run(variant).rows == left);
  backfilled.check_exact();
}

TEST_CASE("a strategy killed after some batches is finished by another") {
  const BackfillVariant variant = GENERATE(
      filter([](const BackfillVariant& one) { return one.batch_size > 0; }, from_range(kVariants)));
  Backfilled backfilled;
  const Error error = testing::error_of([&] {
    backfilled.run(variant, [&](std::int64_t rows) {
      if (rows > 1000) backfilled.kill();
      return false;
    });
  });
  INFO(describe(variant));
  CHECK(error.message() != "nothing was thrown");
  const std::int64_t left = backfilled.left();
  CHECK(left > 0);
  CHECK(left < kRows - 1000);
  CHECK(backfilled.run({BackfillStrategy::kKeyset, 170, 0, 2}).rows == left);
  backfilled.check_exact();
}

TEST_CASE("the loop to paste goes on where it was killed") {
  const auto strategy = GENERATE(BackfillStrategy::kNaive, BackfillStrategy::kSkipLocked,
                                 BackfillStrategy::kKeyset, BackfillStrategy::kCtid);
  Backfilled backfilled;
  backfilled.table.session().query("BEGIN");
  backfilled.table.session().query(kHeldRow);
  const std::string loop = loop_to_paste(backfilled.target, {strategy, 200, 0, 1});
  const auto far = SteadyClock::now() + std::chrono::minutes(1);
  std::thread killer([&] {
    eventually([&] {
      return backfilled.table.value(
                 "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                 " AND wait_event_type = 'Lock'") != "0";
    });
    backfilled.kill();
  });
  {
    Session session(backfilled.table.info());
    CHECK_FALSE(session.send(loop, far).ok);
  }
  killer.join();
  backfilled.table.session().query("ROLLBACK");
  CHECK(backfilled.left() > 0);
  CHECK(backfilled.left() < kRows);
  CHECK(backfilled.table.session().send(loop, far).ok);
  backfilled.check_exact();
}

}  // namespace
}  // namespace drydock
