#include "harness/checks/check.h"
#include "harness/testing/catch.h"
#include "harness/testing/judgement.h"
#include "harness/testing/locked.h"

namespace drydock {
namespace {

using testing::kUpFile;
using testing::only_finding;
using testing::passed;
using testing::watched;

Judgement judged_by_leftover(const Rehearsal& rehearsal) {
  return find_check("concurrent-leftover").judge(rehearsal, {});
}

Leftover invalid_index() {
  return {"index public.lots_code",
          "is INVALID",
          false,
          "CREATE UNIQUE INDEX CONCURRENTLY lots_code ON lots (code)",
          kUpFile,
          2};
}

TEST_CASE("an INVALID index that stays is an error at the statement that left it") {
  Rehearsal rehearsal = watched({});
  rehearsal.locks.leftovers = {invalid_index()};
  // It was this very failure that left it.
  rehearsal.up.outcome = PhaseOutcome::kFailed;
  const Finding found = only_finding(judged_by_leftover(rehearsal));
  CHECK(found.severity == Severity::kError);
  CHECK(found.message ==
        "something is left half-done: index public.lots_code is INVALID\n"
        "  CREATE UNIQUE INDEX CONCURRENTLY lots_code ON lots (code)");
  CHECK(found.line == 2);
  CHECK(found.objects == std::vector<std::string>{"index public.lots_code"});
}

TEST_CASE("an INVALID index that IF NOT EXISTS is content with is told as such") {
  Rehearsal rehearsal = watched({});
  rehearsal.locks.leftovers = {invalid_index()};
  rehearsal.locks.leftovers[0].accepted = true;
  CHECK_THAT(
      only_finding(judged_by_leftover(rehearsal)).message,
      Catch::StartsWith("IF NOT EXISTS takes for done what is not: index public.lots_code is "
                        "INVALID\n"));
}

TEST_CASE("what one run left and the next took for done is told once") {
  Rehearsal rehearsal = watched({});
  rehearsal.locks.leftovers = {invalid_index(), invalid_index()};
  rehearsal.locks.leftovers[1].accepted = true;
  CHECK_THAT(only_finding(judged_by_leftover(rehearsal)).message,
             Catch::Contains("IF NOT EXISTS takes for done"));
}

TEST_CASE("a leftover that nobody can put down to a statement points at the script") {
  Rehearsal rehearsal = watched({});
  rehearsal.locks.leftovers = {
      {"partition public.moves_2024", "is still being detached", false, "", "", 0}};
  const Finding found = only_finding(judged_by_leftover(rehearsal));
  CHECK(found.message ==
        "something is left half-done: partition public.moves_2024 is still being detached");
  CHECK(found.file == rehearsal.up_files.front());
  CHECK(found.line == 1);
}

TEST_CASE("nothing left is nothing to tell; nothing watched is nothing known") {
  Rehearsal rehearsal = watched({});
  CHECK(passed(judged_by_leftover(rehearsal)));
  rehearsal.locks.observed = false;
  CHECK(judged_by_leftover(rehearsal).skipped ==
        "locks were not watched: --no-locks, or locks.ledger");
}

}  // namespace
}  // namespace drydock
