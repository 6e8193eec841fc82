#include "harness/checks/check.h"
#include "harness/testing/catch.h"
#include "harness/testing/judgement.h"
#include "harness/testing/locked.h"

namespace drydock {
namespace {

using testing::held;
using testing::kDownFile;
using testing::kUpFile;
using testing::locking;
using testing::only_finding;
using testing::passed;
using testing::watched;

Judgement judged_by_duration(const Rehearsal& rehearsal, const Scenario& scenario = {}) {
  return find_check("duration-budget").judge(rehearsal, scenario);
}

/// An up on a table of so many rows that took so long, twice.
Rehearsal taking(double duration_ms, std::int64_t rows) {
  StatementRun fill = locking(4, "UPDATE", "UPDATE lots SET grade = 'a'",
                              {held("public.lots", LockMode::kRowExclusive)});
  fill.footprint.locks[0].rows = rows;
  fill.duration_ms = duration_ms;
  return watched({locking(1, "SET", "SET search_path = public", {}), fill});
}

TEST_CASE("an up that takes longer than its budget is reported with its longest statement") {
  const Finding found = only_finding(judged_by_duration(taking(75'000, 1000)));
  CHECK(found.severity == Severity::kError);
  CHECK(found.message ==
        "the up script took 1 min 15 s, longer than its budget of 1 min 0 s (the default: a minute "
        "for each million rows, at least one and at most five; the largest table touched is "
        "public.lots (1,000 rows))\n"
        "  The longest statement took 1 min 15 s:\n"
        "  UPDATE lots SET grade = 'a'");
  CHECK_THAT(found.remedy, Catch::Contains("batches by key"));
  CHECK(found.file == kUpFile);
  CHECK(found.line == 4);
  CHECK(found.known_by == std::vector<std::string>{"the up script"});
}

TEST_CASE("the default is a minute for each million rows, between one minute and five") {
  CHECK(passed(judged_by_duration(taking(59'000, 1000))));
  CHECK(passed(judged_by_duration(taking(119'000, 2'000'000))));
  CHECK_FALSE(passed(judged_by_duration(taking(121'000, 2'000'000))));
  CHECK(passed(judged_by_duration(taking(299'000, 80'000'000))));
  CHECK_FALSE(passed(judged_by_duration(taking(301'000, 80'000'000))));
}

TEST_CASE("a scenario's time counts instead, and without a ledger as well") {
  Scenario scenario;
  scenario.locks.duration_ms = 500;
  Rehearsal rehearsal = taking(600, 1000);
  rehearsal.locks.observed = false;
  CHECK_THAT(only_finding(judged_by_duration(rehearsal, scenario)).message,
             Catch::Contains("longer than its budget of 500 ms (locks.duration_ms)"));
  CHECK(passed(judged_by_duration(taking(400, 1000), scenario)));
}

TEST_CASE("an up that was faster the second time is taken at its faster time") {
  Rehearsal rehearsal = taking(75'000, 1000);
  rehearsal.up_again.duration_ms = 30'000;
  CHECK(passed(judged_by_duration(rehearsal)));
}

TEST_CASE("a down has the same budget and a finding of its own") {
  StatementRun back = locking(7, "UPDATE", "UPDATE lots SET grade = NULL", {});
  back.duration_ms = 61'000;
  const Finding found = only_finding(judged_by_duration(watched({}, {back})));
  CHECK_THAT(found.message, Catch::StartsWith("the down script took 1 min 1 s"));
  CHECK(found.file == kDownFile);
  CHECK(found.line == 7);
}

TEST_CASE("a script without statements is told by its file") {
  Rehearsal rehearsal = watched({});
  rehearsal.up.duration_ms = rehearsal.up_again.duration_ms = 61'000;
  const Finding found = only_finding(judged_by_duration(rehearsal));
  CHECK(found.file == rehearsal.up_files.front());
  CHECK(found.line == 1);
  CHECK(found.remedy == find_check("duration-budget").text.remedy);
}

TEST_CASE("an up that did not run through has no duration to judge") {
  Rehearsal rehearsal = taking(75'000, 1000);
  rehearsal.up.outcome = PhaseOutcome::kErrored;
  CHECK(judged_by_duration(rehearsal).skipped == "the up script did not run through");
}

}  // namespace
}  // namespace drydock
