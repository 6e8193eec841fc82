// The two checks on work over all rows of a table while nobody else gets at it.
#include "harness/checks/check.h"
#include "harness/checks/safe_way.h"
#include "harness/testing/catch.h"
#include "harness/testing/judgement.h"
#include "harness/testing/locked.h"

namespace drydock {
namespace {

using testing::held;
using testing::held_index;
using testing::kDownFile;
using testing::kUpFile;
using testing::locking;
using testing::only_finding;
using testing::passed;
using testing::watched;
using enum LockMode;

Judgement judged_by(const std::string& check, const Rehearsal& rehearsal,
                    const Scenario& scenario = {}) {
  return find_check(check).judge(rehearsal, scenario);
}

StatementRun retype(int line, std::int64_t rows = 1000) {
  StatementRun run = locking(line, "ALTER TABLE", "ALTER TABLE lots ALTER COLUMN total TYPE bigint",
                             {held("public.lots", kAccessExclusive)});
  run.footprint.rewrites = {
      {"public.lots", LockedKind::kTable, "", "column type", rows},
      {"public.lots_pkey", LockedKind::kIndex, "public.lots", "rebuilt", rows}};
  run.footprint.passes = {{"public.lots", 2, rows}};
  return run;
}

StatementRun scanning(int line, const std::string& kind, const std::string& text, LockMode mode,
                      int passes = 1) {
  StatementRun run = locking(line, kind, text, {held("public.lots", mode)});
  run.footprint.passes = {{"public.lots", passes, 1000}};
  return run;
}

TEST_CASE("a table written anew under a lock is told with the reason and the way around") {
  const Finding found = only_finding(judged_by("table-rewrite", watched({retype(3)})));
  CHECK(found.severity == Severity::kWarning);
  CHECK(found.message ==
        "type change writes public.lots (1,000 rows) anew (column type)\n"
        "  ALTER TABLE lots ALTER COLUMN total TYPE bigint\n"
        "  under ACCESS EXCLUSIVE on public.lots: meanwhile every SELECT, INSERT, UPDATE and "
        "DELETE on public.lots waits.");
  CHECK_THAT(found.remedy, Catch::StartsWith("Add a column of the new type"));
  CHECK(found.file == kUpFile);
  CHECK(found.line == 3);
  CHECK(found.objects == std::vector<std::string>{"table public.lots"});
  CHECK(found.known_by ==
        std::vector<std::string>{"the up script", "type change", "table public.lots"});
}

TEST_CASE("what a rewrite reads is not told once more as reading") {
  CHECK(passed(judged_by("table-scan", watched({retype(3)}))));
}

TEST_CASE("a table read from end to end under a lock is told with who waits and the way around") {
  const Finding found = only_finding(judged_by(
      "table-scan",
      watched({scanning(2, "CREATE INDEX", "CREATE INDEX lots_code ON lots (code)", kShare)})));
  CHECK(found.severity == Severity::kWarning);
  CHECK(found.message ==
        "CREATE INDEX reads public.lots (1,000 rows) from end to end\n"
        "  CREATE INDEX lots_code ON lots (code)\n"
        "  under SHARE on public.lots: meanwhile every INSERT, UPDATE and DELETE on public.lots "
        "waits.");
  CHECK_THAT(found.remedy, Catch::StartsWith("CREATE INDEX CONCURRENTLY"));
  CHECK(found.known_by ==
        std::vector<std::string>{"the up script", "CREATE INDEX", "table public.lots"});
}

TEST_CASE("reading a table that can be written meanwhile is no finding") {
  CHECK(passed(judged_by(
      "table-scan", watched({scanning(1, "ALTER TABLE", "ALTER TABLE lots VALIDATE CONSTRAINT c",
                                      kShareUpdateExclusive),
                             scanning(2, "UPDATE", "UPDATE lots SET a = 1", kRowExclusive)}))));
}

TEST_CASE("a backfill under the lock of an earlier statement is told with that statement") {
  StatementRun add = locking(1, "ALTER TABLE", "ALTER TABLE lots ADD COLUMN grade text",
                             {held("public.lots", kAccessExclusive, 20)});
  const Rehearsal rehearsal =
      watched({add, scanning(2, "UPDATE", "UPDATE lots SET grade = 'a'", kRowExclusive)});
  const Finding found = only_finding(judged_by("table-scan", rehearsal));
  CHECK(found.line == 2);
  CHECK_THAT(found.message, Catch::Contains("\n  under ACCESS EXCLUSIVE on public.lots from "
                                            "0002_add_lots.up.sql:1: meanwhile "));
  CHECK_THAT(found.remedy, Catch::StartsWith("Do it in batches by key that each commit"));
}

TEST_CASE("an index out of reach is told as the reason why its table is") {
  StatementRun reindex = scanning(1, "REINDEX", "REINDEX TABLE lots", kShare, 4);
  reindex.footprint.locks.push_back(
      held_index("public.lots_pkey", "public.lots", kAccessExclusive));
  const Finding found = only_finding(judged_by("table-scan", watched({reindex})));
  CHECK_THAT(found.message, Catch::Contains("from end to end, 4 times\n"));
  CHECK_THAT(found.message, Catch::Contains("under ACCESS EXCLUSIVE on index public.lots_pkey: "
                                            "meanwhile every SELECT, INSERT, UPDATE and DELETE on "
                                            "public.lots waits."));
}

TEST_CASE("statements that do the same to a table are one finding, others are more") {
  const std::string index = "CREATE INDEX ON lots (a)";
  const Judgement judgement = judged_by(
      "table-scan",
      watched(
          {scanning(1, "CREATE INDEX", index, kShare), scanning(2, "CREATE INDEX", index, kShare),
           scanning(3, "ALTER TABLE", "ALTER TABLE lots ALTER a SET NOT NULL", kAccessExclusive),
           scanning(5, "CREATE INDEX", index, kShare)},
          {scanning(9, "CREATE INDEX", index, kShare)}));
  REQUIRE(judgement.findings.size() == 3);
  CHECK_THAT(judgement.findings[0].message,
             Catch::EndsWith("\n  So do 0002_add_lots.up.sql:2 and 5."));
  CHECK(judgement.findings[1].known_by[1] == "SET NOT NULL");
  CHECK(judgement.findings[2].file == kDownFile);
}

TEST_CASE("empty tables, own ones and those that production keeps small are left alone") {
  CHECK(passed(judged_by("table-rewrite", watched({retype(1, 0)}))));
  StatementRun own = retype(2);
  own.footprint.locks[0].own = true;
  CHECK(passed(judged_by("table-rewrite", watched({own}))));
  Scenario scenario;
  scenario.tables["public.lots"].production_rows = 40;
  CHECK(passed(judged_by("table-rewrite", watched({retype(1)}), scenario)));
  CHECK(passed(judged_by(
      "table-scan", watched({scanning(1, "CREATE INDEX", "CREATE INDEX …", kShare)}), scenario)));
  scenario.tables["public.lots"].production_rows = 10'000;
  CHECK_FALSE(passed(judged_by("table-rewrite", watched({retype(1)}), scenario)));
}

TEST_CASE("a materialized view that is filled anew is told as what it is") {
  HeldLock lock = held("public.totals", kAccessExclusive);
  lock.kind = LockedKind::kMaterializedView;
  StatementRun refresh =
      locking(1, "REFRESH MATERIALIZED VIEW", "REFRESH MATERIALIZED VIEW totals", {lock});
  refresh.footprint.rewrites = {
      {"public.totals", LockedKind::kMaterializedView, "", "refresh", 1000}};
  const Finding found = only_finding(judged_by("table-rewrite", watched({refresh})));
  CHECK(found.objects == std::vector<std::string>{"materialized view public.totals"});
  CHECK_THAT(found.remedy, Catch::Contains("CONCURRENTLY"));
}

TEST_CASE("a statement without a way of its own gets the check's remedy") {
  const Finding found =
      only_finding(judged_by("table-scan", watched({scanning(1, "DO", "DO $$ … $$", kShare)})));
  CHECK(found.remedy == find_check("table-scan").text.remedy);
}

TEST_CASE("code that reads a table under an earlier lock is told to commit before it") {
  StatementRun add = locking(1, "ALTER TABLE", "ALTER TABLE lots ADD COLUMN grade text",
                             {held("public.lots", kAccessExclusive, 20)});
  const Rehearsal rehearsal = watched({add, scanning(2, "DO", "DO $$ … $$", kRowExclusive)});
  CHECK(only_finding(judged_by("table-scan", rehearsal)).remedy == kCommitBetween);
}

TEST_CASE("a down that failed is not judged, an up that failed leaves nothing to judge") {
  Rehearsal rehearsal = watched({retype(1)}, {retype(2)});
  rehearsal.down.outcome = PhaseOutcome::kFailed;
  CHECK(only_finding(judged_by("table-rewrite", rehearsal)).line == 1);
  rehearsal.up.outcome = PhaseOutcome::kFailed;
  CHECK(judged_by("table-rewrite", rehearsal).skipped == "the up script did not run through");
  CHECK(judged_by("table-scan", rehearsal).skipped == "the up script did not run through");
}

}  // namespace
}  // namespace drydock
