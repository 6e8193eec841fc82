#include "harness/rehearse/interruption_trial_points.h"

#include "harness/testing/catch.h"

namespace drydock {
namespace {

Script script(const std::vector<std::string>& messages, bool in_transaction = false) {
  Script result;
  result.path = "up.sql";
  result.in_transaction = in_transaction;
  int line = 1;
  for (const std::string& text : messages) {
    result.queries.push_back({text, line, {}, {}});
    line += 10;
  }
  return result;
}

std::string words(const std::vector<CommitPoint>& points) {
  std::string all;
  for (const CommitPoint& point : points) {
    all += (all.empty() ? "" : "; ") + std::to_string(point.statement) + " " + point.text;
  }
  return all;
}

std::string points_of(const std::vector<std::string>& messages, bool in_transaction = false) {
  return words(commit_points({script(messages, in_transaction)}));
}

TEST_CASE("a file in one transaction commits once, at its end") {
  CHECK(points_of({"create table a(); create table b();"}) == "2 create table b()");
  CHECK(points_of({"create table a();", "create table b();"}, true) == "2 create table b()");
  CHECK(points_of({"begin; create table a(); create table b(); commit;"}) == "3 create table b()");
}

TEST_CASE("every statement outside a transaction commits") {
  CHECK(points_of({"create table a()", "set lock_timeout = 1", "create table b()"}) ==
        "1 create table a(); 3 create table b()");
}

TEST_CASE("commits in the middle of a message end what came before") {
  CHECK(points_of({"begin; create table a(); commit; create table b(); create table c();"}) ==
        "2 create table a(); 5 create table c()");
  CHECK(points_of({"create table a(); commit; create table b();"}, true) ==
        "1 create table a(); 3 create table b()");
  CHECK(points_of({"begin; create table a(); commit and chain; create table b(); end"}) ==
        "2 create table a(); 4 create table b()");
}

TEST_CASE("what is rolled back is not committed") {
  CHECK(points_of({"begin; create table a(); rollback; create table b();"}) ==
        "4 create table b()");
  CHECK(points_of({"begin; savepoint s; create table a(); rollback to s; commit;"}) ==
        "3 create table a()");
  CHECK(points_of({"set x.y = 1; show x.y"}).empty());
}

TEST_CASE("scripts are cut behind a commit, inside a message too") {
  const std::vector<Script> scripts = {
      script({"create table z()"}),
      script({"begin; create table a(); commit; create table b();", "create table c()"})};
  const std::vector<CommitPoint> points = commit_points(scripts);
  REQUIRE(points.size() == 4);
  const std::vector<Script> first = scripts_until(scripts, points[1]);
  REQUIRE(first.size() == 2);
  REQUIRE(first[1].queries.size() == 1);
  CHECK(first[1].queries[0].text == "begin; create table a(); commit");
  CHECK(points[3].statement == 6);
  CHECK(points[3].line == 11);
}

TEST_CASE("statements that work concurrently are found with what stands before them") {
  const std::vector<Script> scripts = {
      script({"create table a(x int)", "\n create index concurrently on a(x)"})};
  const std::vector<ConcurrentStatement> found = concurrent_statements(scripts);
  REQUIRE(found.size() == 1);
  CHECK(found[0].statement == "create index concurrently on a(x)");
  CHECK(found[0].place.line == 12);
  CHECK(scripts_until(scripts, found[0].place).at(0).queries.at(1).text == "\n ");
}

}  // namespace
}  // namespace drydock
