#include "bench/backfill_target.h"

#include "bench/backfill_strategy.h"
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
using Names = std::vector<std::string>;

BackfillTarget target_of(const std::string& sql, const BackfillRule& rule = items_rule()) {
  BackfillTable table(sql);
  return read_target(table.session(), rule);
}

TEST_CASE("a target has the table's name, what is assigned and the primary key") {
  const BackfillTarget target = target_of(items_sql(1));
  CHECK(target.table == "public.items");
  CHECK(target.assigned == Names{"n", "done"});
  CHECK(target.key == Names{"id"});
  CHECK(target.key_types == Names{"bigint"});
  CHECK(target.ctid_ranges);
}

TEST_CASE("comments around expression and condition do not reach the statements") {
  BackfillRule rule = items_rule();
  rule.where = "NOT done -- yet";
  rule.set = "/* once */ n = 1;";
  CHECK(update_statement(target_of(items_sql(1), rule), "id < 9") ==
        "UPDATE public.items SET n = 1 WHERE id < 9 AND (NOT done)");
}

TEST_CASE("a key of several columns is kept in the index's order, names quoted") {
  const BackfillTarget target = target_of(
      "CREATE TABLE items (n int, done boolean, \"Nr\" int, code varchar(40),"
      " PRIMARY KEY (code, \"Nr\") INCLUDE (n))");
  CHECK(target.key == Names{"code", "\"Nr\""});
  CHECK(target.key_types == Names{"character varying(40)", "integer"});
}

TEST_CASE("without a primary key the smallest unique key that is never NULL serves") {
  CHECK(target_of("CREATE TABLE items (n int, done boolean, a int NOT NULL UNIQUE, b int UNIQUE);"
                  "CREATE UNIQUE INDEX ON items (abs(n))")
            .key == Names{"a"});
  CHECK(target_of("CREATE TABLE items (n int, done boolean, a int UNIQUE, b int NOT NULL);"
                  "CREATE UNIQUE INDEX ON items (b) WHERE done;"
                  "CREATE UNIQUE INDEX ON items (b DESC)")
            .key.empty());
}

TEST_CASE("strategies that need a key refuse a table without one, and say why") {
  const BackfillTarget target = target_of("CREATE TABLE items (n int, done boolean)");
  for (const auto strategy :
       {BackfillStrategy::kNaive, BackfillStrategy::kSkipLocked, BackfillStrategy::kKeyset}) {
    CHECK(has(why_not(strategy, target), "neither a primary key nor a unique index"));
  }
  CHECK(why_not(BackfillStrategy::kCtid, target).empty());
  CHECK(why_not(BackfillStrategy::kSingle, target).empty());
  CHECK(why_not(BackfillStrategy::kAsWritten, target) == "no migration does this backfill");
}

TEST_CASE("tables made of others have no ranges of pages") {
  const BackfillTarget parent = target_of(
      "CREATE TABLE items (id int PRIMARY KEY, n int, done boolean) PARTITION BY HASH (id)");
  CHECK_FALSE(why_not(BackfillStrategy::kCtid, parent).empty());
  CHECK(why_not(BackfillStrategy::kKeyset, parent).empty());
  CHECK_FALSE(target_of(items_sql(1) + "CREATE TABLE more () INHERITS (items)").ctid_ranges);
}

TEST_CASE("what the server refuses is told with the scenario's place and its words") {
  BackfillTable table(items_sql(1) + "CREATE VIEW seen AS SELECT * FROM items");
  const auto refused = [&](auto change) {
    BackfillRule rule = items_rule();
    change(rule);
    return error_of([&] { read_target(table.session(), rule); }).message();
  };
  CHECK(refused([](BackfillRule& rule) { rule.table = "public.lots"; }) ==
        "wms.json:7: the backfill items: there is no table public.lots where it runs");
  CHECK(refused([](BackfillRule& rule) { rule.table = "seen"; }) ==
        "wms.json:7: the backfill items: seen is no table");
  CHECK(has(refused([](BackfillRule& rule) { rule.table = "a.b.c.d"; }), "the name of its table"));
  CHECK(has(refused([](BackfillRule& rule) { rule.where = "code IS NULL"; }),
            "wms.json:7: the backfill items: the server refuses its condition, where code IS NULL:"
            " column \"code\" does not exist"));
  CHECK(has(refused([](BackfillRule& rule) { rule.set = "n = 'x'"; }),
            "the server refuses its expression, set n = 'x': invalid input syntax"));
  CHECK(has(refused([](BackfillRule& rule) { rule.set = " "; }), "`set` is empty"));
}

}  // namespace
}  // namespace drydock
