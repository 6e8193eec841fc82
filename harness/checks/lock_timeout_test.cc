#include "harness/checks/check.h"
#include "harness/testing/catch.h"
#include "harness/testing/judgement.h"
#include "harness/testing/locked.h"

namespace drydock {
namespace {

using testing::held;
using testing::held_index;
using testing::kUpFile;
using testing::locking;
using testing::only_finding;
using testing::passed;
using testing::watched;
using enum LockMode;

Judgement judged_by_timeout(const Rehearsal& rehearsal, const Scenario& scenario = {}) {
  return find_check("lock-timeout").judge(rehearsal, scenario);
}

StatementRun patient(int line, const std::string& text, std::vector<HeldLock> locks) {
  StatementRun run = locking(line, "ALTER TABLE", text, std::move(locks));
  run.footprint.lock_timeout_ms = 0;
  return run;
}

TEST_CASE("the first lock that would be waited for without end is told once, at its strongest") {
  const Finding found = only_finding(judged_by_timeout(watched(
      {patient(1, "COMMENT ON TABLE lots IS ''", {held("public.lots", kShareUpdateExclusive)}),
       patient(2, "ALTER TABLE lots ADD COLUMN grade text",
               {held("public.lots", kShare), held("public.lots", kAccessExclusive)}),
       patient(3, "ALTER TABLE sites ADD COLUMN x text",
               {held("public.sites", kAccessExclusive)})})));
  CHECK(found.severity == Severity::kWarning);
  CHECK(
      found.message ==
      "the up script would wait without end for ACCESS EXCLUSIVE on public.lots (1,000 rows): no "
      "lock_timeout is set\n"
      "  ALTER TABLE lots ADD COLUMN grade text\n"
      "  While it waits, every SELECT, INSERT, UPDATE and DELETE on public.lots waits behind it.");
  for (const char* place : {"SET lock_timeout", "PGOPTIONS", "ALTER ROLE"})
    CHECK_THAT(found.remedy, Catch::Contains(place));
  CHECK(found.file == kUpFile);
  CHECK(found.line == 2);
  CHECK(found.objects == std::vector<std::string>{"table public.lots"});
  CHECK(found.known_by == std::vector<std::string>{"no lock_timeout"});
}

TEST_CASE("with a lock_timeout in force there is nothing to tell") {
  CHECK(passed(judged_by_timeout(
      watched({locking(1, "ALTER TABLE", "…", {held("public.lots", kAccessExclusive)})}))));
}

TEST_CASE("nobody waits for what the up made itself, nor behind a weak lock") {
  HeldLock own = held("public.fresh", kAccessExclusive);
  own.own = true;
  CHECK(passed(
      judged_by_timeout(watched({patient(1, "…", {own, held("public.lots", kRowExclusive)})}))));
}

TEST_CASE("the down is not asked: whoever runs it wants it now") {
  CHECK(passed(judged_by_timeout(
      watched({}, {patient(1, "DROP TABLE lots", {held("public.lots", kAccessExclusive)})}))));
}

TEST_CASE("a script that takes the settings' lock_timeout away is told so") {
  Scenario scenario;
  scenario.settings["lock_timeout"] = "2s";
  CHECK_THAT(only_finding(judged_by_timeout(
                              watched({patient(1, "…", {held("public.lots", kShare)})}), scenario))
                 .message,
             Catch::Contains("it takes the lock_timeout of postgres.settings away"));
}

TEST_CASE("an index's lock is told with the table that waits") {
  const Finding found = only_finding(judged_by_timeout(
      watched({patient(1, "REINDEX INDEX lots_pkey",
                       {held_index("public.lots_pkey", "public.lots", kAccessExclusive)})})));
  CHECK(found.objects == std::vector<std::string>{"table public.lots"});
  CHECK_THAT(found.message, Catch::Contains("on index public.lots_pkey of public.lots"));
}

TEST_CASE("an up that failed, or was not watched, is not asked about its lock_timeout") {
  Rehearsal rehearsal = watched({patient(1, "…", {held("public.lots", kShare)})});
  rehearsal.up.outcome = PhaseOutcome::kFailed;
  CHECK(judged_by_timeout(rehearsal).skipped.has_value());
}

}  // namespace
}  // namespace drydock
