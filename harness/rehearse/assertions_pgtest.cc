// The scenario's own questions: asked at their moment, held to their rows, refused when wrong.

#include "harness/rehearse/assertions.h"

#include "harness/base/error.h"
#include "harness/testing/catch.h"
#include "harness/testing/shared_server.h"

namespace drydock {
namespace {

using testing::FreshDatabase;

struct Fixture {
  FreshDatabase database;
  Session session{database.info()};
  Scenario scenario;

  Assertion& add(const std::string& sql, ResultRows expect) {
    scenario.assertions.push_back(
        {"totals", "*", AssertionMoment::kAfterUp, sql, std::move(expect), true, "s.json", 7});
    return scenario.assertions.back();
  }
  std::vector<AssertionResult> ask(const std::string& migration = "1_a",
                                   AssertionMoment at = AssertionMoment::kAfterUp) {
    return ask_assertions(scenario, migration, at, session);
  }
  std::string error() {
    try {
      ask();
    } catch (const InputError& problem) {
      return problem.message();
    }
    return "";
  }
};

TEST_CASE("rows are held to what is expected, NULL apart from an empty text") {
  Fixture f;
  f.add("select 1, null, ''", {{"1", std::nullopt, ""}});
  CHECK(f.ask().at(0).passed);
  f.scenario.assertions[0].expect = {{"1", "", ""}};
  const AssertionResult result = f.ask().at(0);
  CHECK_FALSE(result.passed);
  CHECK(result.found == ResultRows{{"1", std::nullopt, ""}});
  CHECK(result.columns.size() == 3);
  CHECK(result.file == "s.json");
  CHECK(result.line == 7);
}

TEST_CASE("more rows than expected fail, and all of them are counted") {
  Fixture f;
  f.add("select g from generate_series(1, 100) g", {{"1"}});
  const AssertionResult result = f.ask().at(0);
  CHECK_FALSE(result.passed);
  CHECK(result.found_rows == 100);
  CHECK(result.found.size() == 20);
}

TEST_CASE("an assertion is asked at its moment and for its migration only") {
  Fixture f;
  f.add("select 1", {{"1"}}).migration = "1_a";
  CHECK(f.ask("1_a").size() == 1);
  CHECK(f.ask("2_b").empty());
  CHECK(f.ask("1_a", AssertionMoment::kAfterDown).empty());
}

TEST_CASE("a query that fails, writes or has other columns is an error with its place") {
  Fixture f;
  f.add("select * from nothing", {});
  CHECK(f.error().find("s.json:7: the assertion \"totals\" does not run") == 0);
  f.scenario.assertions.clear();
  f.add("create table t()", {});
  CHECK(f.error().find("s.json:7: the assertion \"totals\" writes") == 0);
  f.scenario.assertions.clear();
  f.add("select 1, 2", {{"1"}});
  CHECK(f.error().find("expects rows of 1 value, but its query gives 2 columns") !=
        std::string::npos);
  f.scenario.assertions.clear();
  f.add("commit; select 1", {{"1"}});
  CHECK(f.error().find("must be one statement, and is 2") != std::string::npos);
  CHECK(f.session.transaction() == TransactionState::kIdle);
}

}  // namespace
}  // namespace drydock
