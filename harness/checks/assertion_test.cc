#include "harness/checks/check.h"
#include "harness/testing/builders.h"
#include "harness/testing/catch.h"

namespace drydock {
namespace {

AssertionResult failing() {
  AssertionResult result;
  result.name = "no lot without a supplier";
  result.columns = {"code", "lots"};
  result.expected = {{"A-7", "1"}};
  result.found = {{"A-7", "2"}, {"Ä-8", std::nullopt}};
  result.found_rows = 2;
  result.sql = "SELECT code,\n       count(*) AS lots FROM lots GROUP BY 1";
  result.file = "scenarios/wms.json";
  result.line = 12;
  return result;
}

Judgement judged_by_it(const AssertionResult& result) {
  Rehearsal rehearsal = testing::clean_rehearsal();
  rehearsal.data.assertions = {result};
  return find_check("assertion").judge(rehearsal, {});
}

TEST_CASE("an assertion that fails shows what was expected beside what was found") {
  const Judgement judgement = judged_by_it(failing());
  REQUIRE(judgement.findings.size() == 1);
  const Finding& found = judgement.findings.front();
  CHECK(found.check == "assertion");
  CHECK(found.severity == Severity::kError);
  CHECK(found.message ==
        "\"no lot without a supplier\" does not hold after the up script:\n"
        "  expected (1 row) | found (2 rows)\n"
        "  code  lots       | code  lots\n"
        "  A-7   1          | A-7   2\n"
        "                   | Ä-8   NULL\n"
        "  query: SELECT code, count(*) AS lots FROM lots GROUP BY 1");
  CHECK(found.remedy == find_check("assertion").text.remedy);
  CHECK(found.file == "scenarios/wms.json");
  CHECK(found.line == 12);
  CHECK(found.objects ==
        std::vector<std::string>{"assertion no lot without a supplier after the up script"});
}

TEST_CASE("an assertion that does not block is a warning") {
  AssertionResult result = failing();
  result.blocking = false;
  const Judgement judgement = judged_by_it(result);
  REQUIRE(judgement.findings.size() == 1);
  CHECK(judgement.findings[0].severity == Severity::kWarning);
}

TEST_CASE("an assertion that holds passes, and none at all is skipped") {
  AssertionResult result = failing();
  result.passed = true;
  const Judgement judgement = judged_by_it(result);
  CHECK_FALSE(judgement.skipped);
  CHECK_FALSE(judgement.errored);
  CHECK(judgement.findings.empty());
  CHECK(find_check("assertion").judge(testing::clean_rehearsal(), {}).skipped ==
        "nothing was asserted");
}

TEST_CASE("each moment has its words") {
  const std::vector<std::pair<AssertionMoment, std::string>> moments = {
      {AssertionMoment::kBefore, "before the up script"},
      {AssertionMoment::kAfterUp, "after the up script"},
      {AssertionMoment::kAfterDown, "after the down script"},
      {AssertionMoment::kAfterUpAgain, "after the second up script"},
      {AssertionMoment::kEnd, "at the end of all migrations"}};
  for (const auto& [moment, words] : moments) {
    AssertionResult result = failing();
    result.at = moment;
    CHECK(judged_by_it(result).findings.at(0).message.starts_with(
        "\"no lot without a supplier\" does not hold " + words + ":\n"));
  }
}

TEST_CASE("a missing row is shown as nothing, a long table is cut") {
  AssertionResult result = failing();
  result.expected.clear();
  result.found.clear();
  for (int i = 0; i < 15; ++i) result.found.push_back({std::to_string(i), std::string(60, 'x')});
  result.found_rows = 700;
  const std::string message = judged_by_it(result).findings.at(0).message;
  CHECK(message.find("expected (0 rows) | found (700 rows)") != std::string::npos);
  CHECK(message.find("\n                    | 11    xxx") != std::string::npos);
  CHECK(message.find("| 12    xxx") == std::string::npos);
  CHECK(message.find("| … and 688 more\n") != std::string::npos);
  CHECK(message.find(std::string(41, 'x')) == std::string::npos);
}

}  // namespace
}  // namespace drydock
