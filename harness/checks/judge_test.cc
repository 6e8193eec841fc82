#include "harness/checks/judge.h"

#include <algorithm>

#include "harness/testing/builders.h"
#include "harness/testing/catch.h"
#include "harness/testing/isolated.h"

namespace drydock {
namespace {

using testing::clean_rehearsal;
using testing::errored_phase;
using testing::failed_phase;
using testing::finding;
using testing::missing_index;
using testing::skipped_phase;

Policy policy(Severity gate = Severity::kError) { return {gate, {}, "2026-11-21"}; }

/// A migration with one error, of schema-restored.
Rehearsal unrestored(DifferenceClass weight = DifferenceClass::kBehaviour) {
  Rehearsal rehearsal = clean_rehearsal();
  rehearsal.restored = {missing_index("lots_code_idx", weight)};
  return rehearsal;
}

CheckResult of(const MigrationResult& result, const std::string& check) {
  const auto at = std::find_if(result.checks.begin(), result.checks.end(),
                               [&](const CheckResult& one) { return one.check == check; });
  return at == result.checks.end() ? CheckResult{} : *at;
}

Scenario waiving(const Waiver& waiver) {
  Scenario scenario;
  scenario.waivers = {waiver};
  return scenario;
}

/// Clean, on rows of tenants, watched, with every trial run and an assertion that holds.
Rehearsal clean_on_rows() {
  Rehearsal rehearsal = clean_rehearsal();
  rehearsal.data.observed = true;
  rehearsal.data.new_rows.ran = true;
  rehearsal.data.adversarial.ran = true;
  rehearsal.data.assertions.emplace_back().passed = true;
  rehearsal.locks.observed = true;
  rehearsal.locks.traffic.ran = true;
  rehearsal.locks.queue.ran = true;
  rehearsal.locks.interruptions.ran = true;
  rehearsal.isolation = testing::isolated({testing::kept_apart()}).isolation;
  rehearsal.isolation.mutants = {testing::noticed_mutant()};
  rehearsal.isolation.plans = {testing::served_plan()};
  rehearsal.isolation.role_faithful.ran = true;
  return rehearsal;
}

TEST_CASE("a clean migration passes every check, in the order of the list") {
  const MigrationResult result = judge(clean_on_rows(), {}, policy());
  CHECK(result.outcome == Outcome::kPassed);
  CHECK(result.findings.empty());
  REQUIRE(result.checks.size() == all_checks().size());
  for (std::size_t i = 0; i < result.checks.size(); ++i) {
    CHECK(result.checks[i].check == all_checks()[i]->text.id);
    CHECK(result.checks[i].outcome == Outcome::kPassed);
    CHECK(result.checks[i].reason.empty());
  }
  CHECK(result.evidence.migration == "0002_add_lots");
}

TEST_CASE("an error fails its check and the migration, and no other check") {
  const MigrationResult result = judge(unrestored(), {}, policy());
  CHECK(result.outcome == Outcome::kFailed);
  CHECK(of(result, "schema-restored").outcome == Outcome::kFailed);
  CHECK(of(result, "schema-reproduced").outcome == Outcome::kPassed);
  REQUIRE(result.findings.size() == 1);
  CHECK_FALSE(result.findings[0].waived);
  CHECK_FALSE(result.findings[0].known);
}

TEST_CASE("a warning is kept and fails nothing unless the gate is at warnings") {
  const Rehearsal cosmetic = unrestored(DifferenceClass::kCosmetic);
  const MigrationResult lenient = judge(cosmetic, {}, policy(Severity::kError));
  CHECK(lenient.outcome == Outcome::kPassed);
  CHECK(of(lenient, "schema-restored").outcome == Outcome::kPassed);
  CHECK(lenient.findings.size() == 1);
  const MigrationResult strict = judge(cosmetic, {}, policy(Severity::kWarning));
  CHECK(strict.outcome == Outcome::kFailed);
  CHECK(of(strict, "schema-restored").outcome == Outcome::kFailed);
}

TEST_CASE("what could not be told is errored, before what failed") {
  Rehearsal rehearsal = clean_rehearsal();
  rehearsal.has_down = false;
  rehearsal.up = errored_phase(PhaseName::kUp);
  rehearsal.down = skipped_phase(PhaseName::kDown, "the up script did not run through");
  rehearsal.up_again = rehearsal.down;
  const MigrationResult result = judge(rehearsal, {}, policy());
  CHECK(result.outcome == Outcome::kErrored);
  CHECK(of(result, "up-applies").outcome == Outcome::kErrored);
  CHECK(of(result, "up-applies").reason ==
        "0002_add_lots.up.sql:3: still running after 60.0 s (SQLSTATE 57014)");
  CHECK(of(result, "down-exists").outcome == Outcome::kFailed);
  CHECK(of(result, "down-applies").outcome == Outcome::kSkipped);
  CHECK(of(result, "down-applies").reason == "the up script did not run through");
}

TEST_CASE(
    "a migration that did not even apply on the way to the selected ones leaves nobody able to "
    "tell") {
  Rehearsal rehearsal = unrestored();
  rehearsal.up = failed_phase(PhaseName::kUp);
  rehearsal.judged = false;
  const MigrationResult result = judge(rehearsal, {}, policy());
  CHECK(result.outcome == Outcome::kErrored);
  CHECK(result.findings.empty());
  CHECK(result.checks.front().outcome == Outcome::kErrored);
  CHECK_THAT(result.checks.front().reason, Catch::Contains("did not apply on the way"));
}

TEST_CASE("a migration that was only applied is judged by no check") {
  Rehearsal rehearsal = unrestored();
  rehearsal.judged = false;
  const MigrationResult result = judge(rehearsal, {}, policy());
  CHECK(result.outcome == Outcome::kSkipped);
  CHECK(result.findings.empty());
  REQUIRE(result.checks.size() == all_checks().size());
  for (const CheckResult& check : result.checks) {
    CHECK(check.outcome == Outcome::kSkipped);
    CHECK(check.reason == "not selected; only applied");
  }
}

TEST_CASE("a waiver for the check and the migration lets it pass, and the finding says why") {
  const Scenario scenario =
      waiving({"schema-restored", "0002_add_lots", "the index goes next week", ""});
  const MigrationResult result = judge(unrestored(), scenario, policy());
  CHECK(result.outcome == Outcome::kPassed);
  REQUIRE(result.findings.size() == 1);
  CHECK(result.findings[0].waived == "the index goes next week");
}

TEST_CASE("a waiver for all migrations holds for this one") {
  const MigrationResult result =
      judge(unrestored(), waiving({"schema-restored", "*", "r", ""}), policy());
  CHECK(result.outcome == Outcome::kPassed);
  CHECK(result.findings[0].waived == "r");
}

TEST_CASE("a waiver for another check or another migration changes nothing") {
  for (const Waiver& waiver :
       {Waiver{"schema-reproduced", "*", "r", ""},
        Waiver{"schema-restored", "0002_add_lot", "r", ""}, Waiver{"*", "*", "r", ""}}) {
    const MigrationResult result = judge(unrestored(), waiving(waiver), policy());
    CHECK(result.outcome == Outcome::kFailed);
    CHECK_FALSE(result.findings[0].waived);
  }
}

TEST_CASE("a waiver ends with its day") {
  const auto outcome = [](const std::string& until) {
    return judge(unrestored(), waiving({"schema-restored", "*", "r", until}), policy()).outcome;
  };
  CHECK(outcome("2026-11-22") == Outcome::kPassed);
  CHECK(outcome("2026-11-21") == Outcome::kPassed);
  CHECK(outcome("2026-11-20") == Outcome::kFailed);
  CHECK(outcome("2025-12-31") == Outcome::kFailed);
}

TEST_CASE("where one waiver has ended another may still hold") {
  Scenario scenario = waiving({"schema-restored", "*", "old", "2026-01-01"});
  scenario.waivers.push_back({"schema-restored", "*", "new", "2027-01-01"});
  CHECK(judge(unrestored(), scenario, policy()).findings[0].waived == "new");
}

TEST_CASE("a known finding passes and stays marked as one") {
  Policy accepting = policy();
  accepting.known = {
      fingerprint("schema-restored", "0002_add_lots", {"index public.lots_code_idx"})};
  const MigrationResult result = judge(unrestored(), {}, accepting);
  CHECK(result.outcome == Outcome::kPassed);
  REQUIRE(result.findings.size() == 1);
  CHECK(result.findings[0].known);
  CHECK(accepting.known.contains(result.findings[0].fingerprint));
}

TEST_CASE("a known finding with one object more is a new finding") {
  Policy accepting = policy();
  accepting.known = {judge(unrestored(), {}, policy()).findings[0].fingerprint};
  Rehearsal more = unrestored();
  more.restored.push_back(missing_index("lots_name_idx", DifferenceClass::kBehaviour));
  const MigrationResult result = judge(more, {}, accepting);
  CHECK(result.outcome == Outcome::kFailed);
  CHECK_FALSE(result.findings[0].known);
}

TEST_CASE("a fingerprint is made of check, migration and objects, not of words") {
  const std::string print = fingerprint("c", "m", {"table a", "table b"});
  CHECK(print.size() == 32);
  CHECK(print.find_first_not_of("0123456789abcdef") == std::string::npos);
  CHECK(print == fingerprint("c", "m", {"table a", "table b"}));
  CHECK(print != fingerprint("d", "m", {"table a", "table b"}));
  CHECK(print != fingerprint("c", "n", {"table a", "table b"}));
  CHECK(print != fingerprint("c", "m", {"table a"}));
  CHECK(print != fingerprint("c", "m", {"table a", "table c"}));
  CHECK(print != fingerprint("c", "m", {"table atable b"}));
}

TEST_CASE("the fingerprint of the first release still means the same finding") {
  // People keep these in files: a change here makes every known finding new.
  CHECK(fingerprint("down-exists", "0001_create_orders", {}) == "0fcfce8b8dbc3182b577dc1ae0bb447f");
  CHECK(fingerprint("schema-restored", "0001_create_orders", {"table public.orders"}) ==
        "2ae5b00a2d2ceb5344db4b3a767975db");
}

TEST_CASE("other words about the same objects keep the fingerprint") {
  Rehearsal reworded = unrestored();
  reworded.down_is_empty = true;                             // another first line
  reworded.restored[0].ddl = "CREATE INDEX CONCURRENTLY …";  // another statement
  reworded.restored[0].weight = DifferenceClass::kSecurity;
  const Finding one = judge(unrestored(), {}, policy()).findings[0];
  const Finding other = judge(reworded, {}, policy()).findings[0];
  CHECK(one.message != other.message);
  CHECK(one.fingerprint == other.fingerprint);
}

TEST_CASE("a loss of rows is known by its table, whichever columns show it") {
  const auto print_of = [](const std::string& table, const std::vector<std::string>& columns) {
    Rehearsal rehearsal = clean_on_rows();
    TableChange& change = rehearsal.data.restored.tables.emplace_back();
    change.table = table;
    change.rows_before = 10;
    for (const std::string& column : columns) {
      change.columns.emplace_back().column = column;
      change.columns.back().rows = 3;
    }
    const MigrationResult result = judge(rehearsal, {}, policy());
    REQUIRE(result.findings.size() == 1);
    CHECK(result.findings[0].objects.size() == 1 + columns.size());
    return result.findings[0].fingerprint;
  };
  CHECK(print_of("public.lots", {"code"}) == print_of("public.lots", {"code", "note"}));
  CHECK(print_of("public.lots", {"code"}) != print_of("public.notes", {"code"}));
}

TEST_CASE("a finding gates from its severity on, unless it is waived or known") {
  Finding warning = finding("c", Severity::kWarning, "table a");
  CHECK(holds_back(warning, Severity::kInfo));
  CHECK(holds_back(warning, Severity::kWarning));
  CHECK_FALSE(holds_back(warning, Severity::kError));
  Finding waived = finding("c", Severity::kError, "table a"), known = waived;
  waived.waived = "";
  known.known = true;
  CHECK_FALSE(holds_back(waived, Severity::kWarning));
  CHECK_FALSE(holds_back(known, Severity::kWarning));
}

RunResult run_of(std::vector<Outcome> outcomes) {
  RunResult result;
  ScenarioRun run;
  for (const Outcome outcome : outcomes) {
    MigrationResult migration;
    migration.outcome = outcome;
    run.migrations.push_back(migration);
  }
  result.runs = {ScenarioRun{}, run};
  return result;
}

TEST_CASE("the verdict is the worst outcome: errored before failed before passed") {
  using enum Outcome;
  CHECK(overall(run_of({kPassed, kPassed})) == kPassed);
  CHECK(overall(run_of({kSkipped, kPassed})) == kPassed);
  CHECK(overall(run_of({kPassed, kFailed, kSkipped})) == kFailed);
  CHECK(overall(run_of({kFailed, kErrored, kPassed})) == kErrored);
}

TEST_CASE("where nothing was asked nothing is wrong") {
  CHECK(overall(run_of({Outcome::kSkipped, Outcome::kSkipped})) == Outcome::kPassed);
  CHECK(overall(run_of({})) == Outcome::kPassed);
}

TEST_CASE("a migration whose outcome nobody set is no pass") {
  CHECK(MigrationResult{}.outcome == Outcome::kErrored);
  CHECK(CheckResult{}.outcome == Outcome::kErrored);
  CHECK(RunResult{}.verdict == Outcome::kErrored);
}

TEST_CASE("a run that could not be finished is errored, whatever was found") {
  RunResult result = run_of({Outcome::kFailed});
  result.runs[0].error = "the PostgreSQL server went away";
  CHECK(overall(result) == Outcome::kErrored);
  result = run_of({Outcome::kPassed});
  result.error = "cancelled";
  CHECK(overall(result) == Outcome::kErrored);
}

}  // namespace
}  // namespace drydock
