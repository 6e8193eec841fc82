#include "harness/checks/check.h"
#include "harness/testing/catch.h"
#include "harness/testing/isolated.h"
#include "harness/testing/judgement.h"

namespace drydock {
namespace {

using testing::hidden_update;
using testing::only_finding;
using testing::passed;
using Strings = std::vector<std::string>;

Rehearsal tried(std::vector<HiddenRows> hidden) {
  Rehearsal rehearsal = testing::isolated({});
  RoleFaithfulTrial& trial = rehearsal.isolation.role_faithful;
  trial.ran = true;
  trial.role = "wms_owner";
  trial.hidden = std::move(hidden);
  return rehearsal;
}

Judgement of(const Rehearsal& rehearsal) {
  return find_check("silent-zero-rows").judge(rehearsal, {});
}

TEST_CASE("an up that does the same without row security passes") { CHECK(passed(of(tried({})))); }

TEST_CASE("a statement that row security hides rows from is an error with both counts") {
  const Finding found = only_finding(of(tried({hidden_update()})));
  CHECK(found.severity == Severity::kError);
  CHECK(found.message ==
        "row security hides rows from a statement of the up script: 0 rows as wms_owner, 1,000 "
        "rows by the same role with BYPASSRLS\n"
        "  UPDATE lots SET grade = 'A'");
  CHECK_THAT(found.remedy, Catch::StartsWith("Go through the tenants one after the other"));
  CHECK(found.file == "0002_add_lots.up.sql");
  CHECK(found.line == 4);
  CHECK(found.known_by == Strings{"hidden rows", "UPDATE lots SET grade = 'A'"});
}

TEST_CASE("a statement that does more because it does not see what is there is misled") {
  HiddenRows more = hidden_update();
  more.rows = 12;
  more.rows_unbound = 3;
  CHECK_THAT(only_finding(of(tried({more}))).message,
             Catch::StartsWith("row security misleads a statement of the up script: 12 rows as "
                               "wms_owner, 3 rows by"));
}

TEST_CASE("where no count tells, what differs afterwards does") {
  HiddenRows block = hidden_update();
  block.statement = "DO $$ … $$";
  block.contents = "public.lots: 1,000 rows differ";
  CHECK(only_finding(of(tried({block}))).message ==
        "row security hides rows from a statement of the up script: the same role with BYPASSRLS "
        "makes other rows of it\n"
        "  DO $$ … $$\n"
        "  public.lots: 1,000 rows differ");
}

HeldLock lock_on(const std::string& table) {
  HeldLock lock;
  lock.relation = table;
  return lock;
}

TEST_CASE("the tables that the statement names are told, as the up's locks call them") {
  Rehearsal rehearsal = tried({hidden_update()});
  CHECK(only_finding(of(rehearsal)).objects.empty());
  rehearsal.up.statements.front().footprint.locks = {lock_on("public.lots"),
                                                     lock_on("public.racks")};
  CHECK(only_finding(of(rehearsal)).objects == Strings{"table public.lots"});
}

TEST_CASE("a block names no table, but what differs afterwards does") {
  HiddenRows block = hidden_update();
  block.statement = "DO $$ … $$";
  block.contents = "public.lots: 1,000 rows differ";
  Rehearsal rehearsal = tried({block});
  rehearsal.isolation.tables = {testing::kept_apart()};
  CHECK(only_finding(of(rehearsal)).objects == Strings{"table public.lots"});
}

TEST_CASE("it is judged whether or not isolation was, and skipped with the reason") {
  Rehearsal rehearsal = tried({hidden_update()});
  rehearsal.isolation.judged = false;
  CHECK(of(rehearsal).findings.size() == 1);
  rehearsal.isolation.role_faithful = {};
  CHECK(of(rehearsal).skipped == "row security binds nobody who migrates");
  rehearsal.isolation.role_faithful.skipped = "the up writes no rows";
  CHECK(of(rehearsal).skipped == "the up writes no rows");
  rehearsal.up.outcome = PhaseOutcome::kFailed;
  CHECK(of(rehearsal).skipped == "the up script did not run through");
}

}  // namespace
}  // namespace drydock
