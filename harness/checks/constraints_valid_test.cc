#include "harness/checks/check.h"
#include "harness/testing/builders.h"
#include "harness/testing/catch.h"

namespace drydock {
namespace {

using testing::clean_rehearsal;

UnprovenConstraint foreign_key() {
  UnprovenConstraint constraint;
  constraint.table = "public.lots";
  constraint.constraint = "lots_supplier_fkey";
  constraint.definition = "FOREIGN KEY (supplier_id) REFERENCES suppliers(id)";
  return constraint;
}

Rehearsal with(const UnprovenConstraint& constraint) {
  Rehearsal rehearsal = clean_rehearsal();
  rehearsal.data.observed = true;
  rehearsal.data.constraints = {constraint};
  StatementRun create, alter;
  create.file = alter.file = "0002_add_lots.up.sql";
  create.kind = "CREATE INDEX";
  create.text = "CREATE INDEX ON lots (supplier_id)";
  create.line = 1;
  alter.kind = "ALTER TABLE";
  alter.text = "ALTER TABLE lots DROP CONSTRAINT lots_supplier_fkey";
  alter.line = 4;
  rehearsal.up.statements = {create, alter};
  return rehearsal;
}

Judgement judged_by_it(const Rehearsal& rehearsal) {
  return find_check("constraints-valid").judge(rehearsal, {});
}

Finding only_finding(const UnprovenConstraint& constraint) {
  const Judgement judgement = judged_by_it(with(constraint));
  CHECK_FALSE(judgement.skipped);
  CHECK_FALSE(judgement.errored);
  REQUIRE(judgement.findings.size() == 1);
  return judgement.findings.front();
}

bool passes(const UnprovenConstraint& constraint) {
  const Judgement judgement = judged_by_it(with(constraint));
  return !judgement.skipped && !judgement.errored && judgement.findings.empty();
}

TEST_CASE(
    "orphans behind a foreign key that was not enforced are an error, and old ones are none") {
  UnprovenConstraint constraint = foreign_key();
  constraint.unchecked = true;
  constraint.broken = 3;
  const Finding found = only_finding(constraint);
  CHECK(found.severity == Severity::kError);
  CHECK(found.message ==
        "lots_supplier_fkey of public.lots (FOREIGN KEY (supplier_id) REFERENCES suppliers(id)) "
        "counts as validated, and 3 rows break it: it was not enforced while the up script ran "
        "(session_replication_role, DISABLE TRIGGER)");
  constraint.broken_before = 3;
  CHECK(passes(constraint));
}

TEST_CASE("orphans behind a dropped foreign key are an error with examples") {
  UnprovenConstraint constraint = foreign_key();
  constraint.dropped = true;
  CHECK(passes(constraint));
  constraint.broken = 12;
  constraint.examples = {"supplier_id = 17", "supplier_id = 17", "supplier_id = 18"};
  const Finding found = only_finding(constraint);
  CHECK(found.check == "constraints-valid");
  CHECK(found.severity == Severity::kError);
  CHECK(found.message ==
        "the up script drops lots_supplier_fkey of public.lots (FOREIGN KEY (supplier_id) "
        "REFERENCES suppliers(id)) and leaves rows without a parent: 12 rows break it: "
        "supplier_id = 17; supplier_id = 18");
  CHECK(found.remedy ==
        "Delete or reattach the orphans in the same migration, or keep the foreign key and say ON "
        "DELETE CASCADE or SET NULL.");
  CHECK(found.file == "0002_add_lots.up.sql");
  CHECK(found.line == 4);
  CHECK(found.objects == std::vector<std::string>{"constraint lots_supplier_fkey on public.lots"});
}

TEST_CASE("orphans that were there before are nobody's news until they grow") {
  UnprovenConstraint constraint = foreign_key();
  constraint.dropped = true;
  constraint.broken = constraint.broken_before = 3;
  CHECK(passes(constraint));
  constraint.broken = 4;
  CHECK(only_finding(constraint).message.find("4 rows break it, 3 before") != std::string::npos);
}

TEST_CASE("a constraint that is never validated is a warning, one that rows break an error") {
  UnprovenConstraint constraint = foreign_key();
  const Finding warning = only_finding(constraint);
  CHECK(warning.severity == Severity::kWarning);
  CHECK(warning.message ==
        "lots_supplier_fkey of public.lots (FOREIGN KEY (supplier_id) REFERENCES suppliers(id)) is "
        "never validated: old rows are unchecked, and the planner does not trust it");
  constraint.broken = 1;
  constraint.examples = {"supplier_id = 17"};
  const Finding error = only_finding(constraint);
  CHECK(error.severity == Severity::kError);
  CHECK(error.message ==
        "lots_supplier_fkey of public.lots (FOREIGN KEY (supplier_id) REFERENCES suppliers(id)) is "
        "not validated, and 1 row breaks it: supplier_id = 17");
  CHECK(error.remedy == find_check("constraints-valid").text.remedy);
}

TEST_CASE("a constraint that a later migration validates is left to that one") {
  UnprovenConstraint constraint = foreign_key();
  constraint.settled_by = "0003_validate";
  CHECK(passes(constraint));
  constraint.broken = 5;
  CHECK(passes(constraint));
}

TEST_CASE("a constraint that was unvalidated before is judged again only when it got worse") {
  UnprovenConstraint constraint = foreign_key();
  constraint.was_there = true;
  constraint.broken = constraint.broken_before = 2;
  CHECK(passes(constraint));
  constraint.broken = 3;
  CHECK(only_finding(constraint).severity == Severity::kError);
}

TEST_CASE("rows that could not be counted are a warning with the reason") {
  UnprovenConstraint constraint = foreign_key();
  constraint.problem = "function f(integer) does not exist";
  const Finding found = only_finding(constraint);
  CHECK(found.severity == Severity::kWarning);
  CHECK(found.message ==
        "the rows that break lots_supplier_fkey of public.lots (FOREIGN KEY (supplier_id) "
        "REFERENCES suppliers(id)) could not be counted: function f(integer) does not exist");
}

TEST_CASE("constraints are not judged where nobody looked, or the up failed") {
  Rehearsal rehearsal = clean_rehearsal();
  CHECK(judged_by_it(rehearsal).skipped == "no rows: --rows 0");
  rehearsal.data.observed = true;
  CHECK_FALSE(judged_by_it(rehearsal).skipped);
  rehearsal.up.outcome = PhaseOutcome::kFailed;
  CHECK(judged_by_it(rehearsal).skipped == "the up script did not run through");
}

}  // namespace
}  // namespace drydock
