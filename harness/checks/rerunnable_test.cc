#include "harness/checks/check.h"
#include "harness/testing/builders.h"
#include "harness/testing/catch.h"
#include "harness/testing/judgement.h"
#include "harness/testing/locked.h"

namespace drydock {
namespace {

using testing::kUpFile;
using testing::only_finding;
using testing::passed;
using testing::watched;

Judgement judged_by_interruptions(const Rehearsal& rehearsal) {
  return find_check("rerunnable").judge(rehearsal, {});
}

InterruptedRun stopped(std::size_t after, bool killed) {
  InterruptedRun run;
  run.after_statement = after;
  run.statement = "CREATE TABLE order_notes (id bigint)";
  run.file = kUpFile;
  run.line = static_cast<int>(after) * 2;
  run.killed = killed;
  return run;
}

Failure already_exists(int line) {
  Failure failure;
  failure.sqlstate = "42P07";
  failure.message = "relation \"order_notes\" already exists";
  failure.file = kUpFile;
  failure.line = line;
  failure.source_line = "CREATE TABLE order_notes (id bigint);";
  return failure;
}

Rehearsal with_runs(std::vector<InterruptedRun> runs) {
  Rehearsal rehearsal = watched({});
  rehearsal.locks.interruptions.ran = true;
  rehearsal.locks.interruptions.interruptions = std::move(runs);
  return rehearsal;
}

TEST_CASE("an up that ends where an undisturbed one does passes, wherever it was stopped") {
  CHECK(passed(judged_by_interruptions(with_runs({stopped(1, true), stopped(2, false)}))));
}

TEST_CASE("an up that fails when run again is one finding for each place where it fails") {
  InterruptedRun first = stopped(1, true), second = stopped(2, true), third = stopped(3, false);
  first.failure = second.failure = already_exists(2);
  third.failure = already_exists(9);
  const Judgement judgement = judged_by_interruptions(with_runs({first, second, third}));
  REQUIRE(judgement.findings.size() == 2);
  const Finding& found = judgement.findings[0];
  CHECK(found.severity == Severity::kWarning);
  CHECK(found.message ==
        "run again after it was killed behind statement 1 (0002_add_lots.up.sql:2) (or at 1 other "
        "place), the up script fails: relation \"order_notes\" already exists (SQLSTATE 42P07)\n"
        "  CREATE TABLE order_notes (id bigint);");
  CHECK_THAT(found.remedy, Catch::Contains("IF NOT EXISTS"));
  CHECK(found.file == kUpFile);
  CHECK(found.line == 2);
  CHECK_THAT(judgement.findings[1].message,
             Catch::StartsWith("run again after it was cancelled in statement 3 "));
}

TEST_CASE("an up that ends elsewhere is told with what differs") {
  InterruptedRun run = stopped(2, false);
  run.schema = {testing::missing_index("orders_code_idx", DifferenceClass::kBehaviour)};
  run.contents = "public.sites has 80 rows instead of 40";
  const Finding found = only_finding(judged_by_interruptions(with_runs({run})));
  CHECK_THAT(found.message,
             Catch::StartsWith("run again after it was cancelled in statement 2 "
                               "(0002_add_lots.up.sql:4), the up script ends elsewhere than "
                               "undisturbed:\n  index public.orders_code_idx"));
  CHECK_THAT(found.message, Catch::EndsWith("\n  public.sites has 80 rows instead of 40"));
  CHECK(found.line == 4);
  CHECK(found.objects == std::vector<std::string>{"index public.orders_code_idx"});
  CHECK(found.known_by == std::vector<std::string>{"ends elsewhere"});
}

TEST_CASE("rows alone that differ are a finding too") {
  InterruptedRun run = stopped(2, true);
  run.contents = "public.sites has 80 rows instead of 40";
  CHECK_FALSE(passed(judged_by_interruptions(with_runs({run}))));
}

TEST_CASE("a migration that was not interrupted is skipped with the reason") {
  Rehearsal rehearsal = watched({});
  CHECK(judged_by_interruptions(rehearsal).skipped ==
        "nothing was interrupted (locks.interruptions)");
  rehearsal.locks.interruptions.skipped = "the up is one transaction";
  CHECK(judged_by_interruptions(rehearsal).skipped == "the up is one transaction");
}

}  // namespace
}  // namespace drydock
