#include "reports/totals.h"

#include "harness/testing/catch.h"
#include "harness/testing/sample_run.h"

namespace drydock {
namespace {

RunResult run_of(std::initializer_list<Outcome> outcomes) {
  RunResult result;
  result.runs.emplace_back();
  for (const Outcome outcome : outcomes) {
    result.runs[0].migrations.emplace_back().outcome = outcome;
  }
  return result;
}

TEST_CASE("waived and known findings never hold the merge back") {
  Finding finding;
  finding.severity = Severity::kError;
  CHECK(holds_back(finding, Severity::kError));
  finding.known = true;
  CHECK_FALSE(holds_back(finding, Severity::kInfo));
  finding.known = false;
  finding.waived = "";
  CHECK_FALSE(holds_back(finding, Severity::kInfo));
}

TEST_CASE("a warning holds the merge back only when the gate is that low") {
  Finding finding;
  finding.severity = Severity::kWarning;
  CHECK_FALSE(holds_back(finding, Severity::kError));
  CHECK(holds_back(finding, Severity::kWarning));
}

TEST_CASE("a finding is counted once: as waived, known, or by its severity") {
  const Totals totals = count(testing::sample_run());
  CHECK(totals.errors == 7);
  CHECK(totals.warnings == 4);
  CHECK(totals.waived == 1);
  CHECK(totals.known == 1);
}

TEST_CASE("how a run was made leaves out what is not known") {
  ScenarioRun run;
  run.duration_ms = 1200;
  CHECK(manner_phrase(run) == "1.2 s");
  run.run_as = "wms_owner";
  run.profile = "fast";
  CHECK(manner_phrase(run) == "as wms_owner, fast profile, 1.2 s");
}

TEST_CASE("the verdict tells failed apart from what could not be judged and what was not asked") {
  using enum Outcome;
  CHECK(verdict_phrase(run_of({kPassed})) == "1 migration");
  CHECK(verdict_phrase(run_of({kPassed, kFailed})) == "1 of 2 migrations failed");
  CHECK(verdict_phrase(run_of({kPassed, kErrored})) == "1 of 2 migrations could not be judged");
  CHECK(verdict_phrase(run_of({kFailed, kErrored, kSkipped})) ==
        "1 of 3 migrations failed, 1 could not be judged, 1 skipped");
  RunResult stopped = run_of({});
  stopped.runs[0].error = "no server";
  CHECK(verdict_phrase(stopped) == "0 migrations, 1 run stopped early");
  CHECK(verdict_phrase(run_of({kPassed, kSkipped})) == "2 migrations, 1 skipped");
}

}  // namespace
}  // namespace drydock
