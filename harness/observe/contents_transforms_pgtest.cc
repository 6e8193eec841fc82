// Declared changes of values are verified row by row against the rows as they were.
#include "harness/observe/contents.h"
#include "harness/testing/catch.h"
#include "harness/testing/error_of.h"
#include "harness/testing/watched_contents.h"

namespace drydock {
namespace {

using testing::has;
using testing::WatchedContents;
using testing::words;

const std::string kLots =
    "CREATE SCHEMA wms; CREATE TYPE wms.state AS ENUM ('new', 'old');"
    "CREATE TABLE wms.lots (id int PRIMARY KEY, lot_number text, amount numeric(10,4),"
    " state wms.state); INSERT INTO wms.lots VALUES (1, 'a-1', 1.2345, 'new'),"
    " (2, 'b-2', 2.5, 'old')";

Transform transform(const std::string& column, const std::string& equals) {
  return {"0002_codes", column, equals};
}

TEST_CASE("a kept transform is no change") {
  WatchedContents watched(kLots);
  CHECK(words(watched.after("UPDATE wms.lots SET lot_number = upper(lot_number);"
                            "ALTER TABLE wms.lots ALTER amount TYPE numeric(10,2)",
                            ContentsMatch::kByIdentity,
                            {transform("wms.lots.lot_number", "upper(lots.lot_number)"),
                             transform("wms.lots.amount", "round(amount, 2)")})) == "");
}

TEST_CASE("a broken transform counts the rows and says what was asked for") {
  WatchedContents watched(kLots);
  const ContentsDiff diff =
      watched.after("UPDATE wms.lots SET lot_number = 'A-1'", ContentsMatch::kByIdentity,
                    {transform("wms.lots.lot_number", "upper(lot_number)")});
  CHECK(words(diff) == "wms.lots: lot_number 1 (id = 2: B-2 -> A-1)");
  CHECK(diff.tables.at(0).columns.at(0).transform == "upper(lot_number)");
}

TEST_CASE("a transform is verified in a table that nobody touched") {
  WatchedContents watched(kLots);
  CHECK(words(watched.after("SELECT 1", ContentsMatch::kByIdentity,
                            {transform("wms.lots.lot_number", "upper(lot_number)")})) ==
        "wms.lots: lot_number 2 (id = 1: A-1 -> a-1) (id = 2: B-2 -> b-2)");
}

TEST_CASE("a transform makes the values of a new column") {
  WatchedContents watched(kLots);
  const std::string add =
      "ALTER TABLE wms.lots ADD code varchar(20);"
      "CREATE FUNCTION public.coded(text) RETURNS text LANGUAGE sql"
      " AS $$SELECT 'L' || upper($1)$$;";
  const std::vector<Transform> code = {transform("wms.lots.code", "coded(lot_number)")};
  SECTION("kept") {
    CHECK(words(watched.after(add + "UPDATE wms.lots SET code = coded(lot_number)",
                              ContentsMatch::kByIdentity, code)) == "");
  }
  SECTION("forgotten") {
    CHECK(words(watched.after(add + "UPDATE wms.lots SET code = coded(lot_number) WHERE id = 1",
                              ContentsMatch::kByIdentity, code)) ==
          "wms.lots: code 1 (id = 2: LB-2 -> NULL)");
  }
}

TEST_CASE("transforms work without a key and over empty tables") {
  WatchedContents watched(
      "CREATE TABLE t (v int); INSERT INTO t VALUES (1), (2);"
      "CREATE TABLE e (v int)");
  const std::vector<Transform> both = {transform("public.t.v", "v * 10"),
                                       transform("public.e.v", "v * 10")};
  CHECK(words(watched.after("UPDATE t SET v = v * 10", ContentsMatch::kByIdentity, both)) == "");
  CHECK(words(watched.after("UPDATE t SET v = v + 1", ContentsMatch::kByIdentity, both)) ==
        "public.t: -2 +2");
}

TEST_CASE("a transform that cannot be is an error that says why") {
  WatchedContents watched(kLots);
  watched.observer.remember();
  const auto error = [&](const std::string& column, const std::string& equals) {
    const Error found = testing::error_of(
        [&] { watched.observer.compare(ContentsMatch::kByIdentity, {transform(column, equals)}); });
    CHECK(watched.reader.transaction() == TransactionState::kIdle);
    return found.message();
  };
  CHECK(error("wms.lots.lot_nunber", "1") ==
        "the transform of wms.lots.lot_nunber (migration 0002_codes) names a column that does not"
        " exist after the up; is it wms.lots.lot_number?");
  CHECK(
      has(error("wms.lots.lot_number", "uper(lot_number)"), "function uper(text) does not exist"));
  watched.run("CREATE TABLE wms.bins (id int)");
  CHECK(error("wms.bins.id", "1") ==
        "a transform names wms.bins, which was not there before the up: there is no row to evaluate"
        " it over");
  CHECK(has(error("wms.lots.lot_number", "lot_code"), "column \"lot_code\" does not exist"));
  CHECK(has(error("wms.lots.amount", "1 / (id - 1)"), "division by zero"));
  CHECK(has(error("wms.lots.lot_number", "sum(id)::text) ("), "syntax error"));
  watched.run("ALTER TABLE wms.lots ALTER state TYPE text; DROP TYPE wms.state");
  CHECK(has(error("wms.lots.state", "upper(state::text)"), "type \"wms.state\" does not exist"));
}

}  // namespace
}  // namespace drydock
