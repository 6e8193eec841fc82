#include "harness/rehearse/interruption_trial.h"

#include "harness/testing/catch.h"
#include "harness/testing/staging_bench.h"

namespace drydock {
namespace {

constexpr const char* kOrders =
    "create table orders(id int primary key, code text, done boolean); "
    "insert into orders select n, 'c' || n from generate_series(1, 50) n";

struct Tried {
  InterruptionTrial trial;
  std::vector<Leftover> leftovers;
};

Tried interrupt(const std::vector<std::string>& up, bool in_transaction = false) {
  testing::StagingBench bench(kOrders, up, in_transaction);
  Tried tried;
  tried.trial = try_interruptions(bench.ground(), tried.leftovers);
  return tried;
}

TEST_CASE("an up that is one transaction cannot be stopped in between") {
  const Tried tried = interrupt({"create table a(); create table b();"});
  CHECK_FALSE(tried.trial.ran);
  CHECK(tried.trial.skipped == "the up is one transaction");
}

TEST_CASE("a file that only runs once is found out at the first commit that it repeats") {
  const Tried tried = interrupt({"create table a(id int)", "create table b(id int)"});
  CHECK(tried.trial.ran);
  REQUIRE(tried.trial.interruptions.size() == 1);
  const InterruptedRun& run = tried.trial.interruptions[0];
  CHECK(run.killed);
  CHECK(run.after_statement == 1);
  CHECK(run.statement == "create table a(id int)");
  CHECK(run.file == "2_up.sql");
  CHECK(run.line == 1);
  REQUIRE(run.failure.has_value());
  CHECK(run.failure->sqlstate == "42P07");
}

TEST_CASE("a file that is written to be run again comes to the same end from everywhere") {
  const Tried tried =
      interrupt({"create table if not exists a(id int)",
                 "insert into a select 1 where not exists (select "
                 "from a)",
                 "update orders set done = true where done is null and id <= 25",
                 "update orders set done = true where done is null", "drop index if exists code",
                 "create index concurrently code on orders(code)"});
  CHECK(tried.trial.interruptions.size() == 6);
  for (const InterruptedRun& run : tried.trial.interruptions) {
    INFO(run.statement << ": " << (run.failure ? run.failure->message : run.contents));
    CHECK_FALSE(run.failure.has_value());
    CHECK(run.schema.empty());
    CHECK(run.contents.empty());
  }
  CHECK_FALSE(tried.trial.interruptions.back().killed);
  CHECK(tried.leftovers.empty());
}

TEST_CASE("rows that a second run writes twice, or changes twice, are told by their table") {
  const Tried tried =
      interrupt({"insert into orders select max(id) + 1, 'new' from orders",
                 "update orders set code = code || 'x'", "create table if not exists a(id int)"});
  REQUIRE(tried.trial.interruptions.size() == 2);
  CHECK(tried.trial.interruptions[0].contents == "public.orders has 52 rows instead of 51");
  const Tried changed =
      interrupt({"update orders set code = code || 'x'", "create table if not exists a(id int)"});
  REQUIRE(changed.trial.interruptions.size() == 1);
  CHECK(changed.trial.interruptions[0].contents == "public.orders has other values in its 50 rows");
}

TEST_CASE("values that no two runs write alike are not held against it") {
  const Tried tried = interrupt({"create table if not exists a as select gen_random_uuid() as x",
                                 "create table if not exists b(id int)"});
  REQUIRE(tried.trial.interruptions.size() == 1);
  CHECK(tried.trial.interruptions[0].contents.empty());
}

TEST_CASE("an INVALID index that a second run takes for done is another schema") {
  const Tried tried = interrupt({"create index concurrently if not exists code on orders(code)"});
  REQUIRE(tried.trial.interruptions.size() == 1);
  const InterruptedRun& run = tried.trial.interruptions[0];
  CHECK_FALSE(run.killed);
  CHECK(run.after_statement == 1);
  CHECK_FALSE(run.failure.has_value());
  REQUIRE(run.schema.size() == 1);
  CHECK(run.schema[0].object.name == "public.code");
  REQUIRE(tried.leftovers.size() == 1);
  CHECK(tried.leftovers[0].accepted);
}

TEST_CASE("without IF NOT EXISTS the second run fails at the index that is there already") {
  const Tried tried = interrupt(
      {"set statement_timeout = '60s'", "create index concurrently code on orders(code)"});
  REQUIRE(tried.trial.interruptions.size() == 1);
  REQUIRE(tried.trial.interruptions[0].failure.has_value());
  CHECK(tried.trial.interruptions[0].failure->sqlstate == "42P07");
}

TEST_CASE("dropping an index concurrently and rebuilding one are stopped in the middle too") {
  const Tried dropped = interrupt(
      {"create index if not exists code on orders(code)", "drop index concurrently code"});
  REQUIRE(dropped.trial.interruptions.size() == 2);
  CHECK_FALSE(dropped.trial.interruptions[0].failure.has_value());
  const Tried rebuilt = interrupt({"reindex table concurrently orders"});
  REQUIRE(rebuilt.trial.interruptions.size() == 1);
  CHECK_FALSE(rebuilt.trial.interruptions[0].schema.empty());
}

TEST_CASE("a long file is stopped at twelve places, and says so") {
  std::vector<std::string> up;
  for (int i = 0; i < 20; ++i)
    up.push_back("create table if not exists t" + std::to_string(i) + "()");
  const Tried tried = interrupt(up);
  REQUIRE(tried.trial.interruptions.size() == 12);
  CHECK(tried.trial.interruptions.front().after_statement == 1);
  CHECK(tried.trial.interruptions.back().after_statement == 19);
  CHECK(tried.trial.note == "12 of 19 places were tried");
}

TEST_CASE("an up that does not run through on a copy is not interrupted") {
  const Tried tried = interrupt({"create table a()", "select 1/0"});
  CHECK_FALSE(tried.trial.ran);
  CHECK(tried.trial.skipped.find("division by zero") != std::string::npos);
}

}  // namespace
}  // namespace drydock
