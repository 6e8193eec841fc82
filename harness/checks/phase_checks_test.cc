// The three checks that ask whether a phase ran through, and the one that asks for the down script.
#include "harness/checks/check.h"
#include "harness/testing/builders.h"
#include "harness/testing/catch.h"
#include "harness/testing/judgement.h"

namespace drydock {
namespace {

using testing::clean_rehearsal;
using testing::errored_phase;
using testing::failed_phase;
using testing::ok_phase;
using testing::only_finding;
using testing::passed;
using testing::skipped_phase;

Judgement judged_by(const std::string& check, const Rehearsal& rehearsal,
                    const Scenario& scenario = {}) {
  return find_check(check).judge(rehearsal, scenario);
}

/// The only finding; fails the test when there is another number of them.
/// A rehearsal that is clean but for the phase that `check` judges.
Rehearsal with_phase(const std::string& check, Phase (*make)(PhaseName)) {
  Rehearsal rehearsal = clean_rehearsal();
  if (check == "up-applies") rehearsal.up = make(PhaseName::kUp);
  if (check == "down-applies") rehearsal.down = make(PhaseName::kDown);
  if (check == "up-reapplies") rehearsal.up_again = make(PhaseName::kUpAgain);
  return rehearsal;
}

Phase skipped(PhaseName name) { return skipped_phase(name, "there is no down script"); }
Phase skipped_silently(PhaseName name) {
  Phase phase;
  phase.name = name;
  return phase;
}
Phase missing(PhaseName name) {
  Phase phase = skipped(name);
  phase.outcome = PhaseOutcome::kMissing;
  return phase;
}
Phase failed_without_words(PhaseName name) {
  Phase phase = ok_phase(name);
  phase.outcome = PhaseOutcome::kFailed;
  return phase;
}
Phase errored_without_words(PhaseName name) {
  Phase phase = ok_phase(name);
  phase.outcome = PhaseOutcome::kErrored;
  return phase;
}

struct PhaseCheck {
  std::string id, first_words, file;
};
const std::vector<PhaseCheck> kPhaseChecks = {
    {"up-applies", "the up script failed", "0002_add_lots.up.sql"},
    {"down-applies", "the down script failed", "0002_add_lots.down.sql"},
    {"up-reapplies", "the up script failed when run again after the down", "0002_add_lots.up.sql"}};

TEST_CASE("a phase that ran through passes its check") {
  for (const PhaseCheck& check : kPhaseChecks)
    CHECK(passed(judged_by(check.id, clean_rehearsal())));
}

TEST_CASE("a phase that failed is a finding with the server's words, the place and the remedy") {
  for (const PhaseCheck& check : kPhaseChecks) {
    const Finding found = only_finding(judged_by(check.id, with_phase(check.id, failed_phase)));
    CHECK(found.check == check.id);
    CHECK(found.severity == Severity::kError);
    CHECK(found.message ==
          check.first_words + ": relation \"lots\" does not exist (SQLSTATE 42P01)");
    CHECK(found.file == check.file);
    CHECK(found.line == 3);
    CHECK(found.remedy == find_check(check.id).text.remedy);
    CHECK(found.objects.empty());
  }
}

TEST_CASE("a phase of which we could not tell is errored with the place and the words") {
  for (const PhaseCheck& check : kPhaseChecks) {
    const Judgement judgement = judged_by(check.id, with_phase(check.id, errored_phase));
    CHECK_FALSE(judgement.skipped);
    CHECK(judgement.errored == check.file + ":3: still running after 60.0 s (SQLSTATE 57014)");
    CHECK(judgement.findings.empty());
  }
}

TEST_CASE("a phase that was not run is skipped with the reason noted") {
  for (const PhaseCheck& check : kPhaseChecks) {
    for (Phase (*make)(PhaseName) : {skipped, missing}) {
      const Judgement judgement = judged_by(check.id, with_phase(check.id, make));
      CHECK(judgement.skipped == "there is no down script");
      CHECK_FALSE(judgement.errored);
      CHECK(judgement.findings.empty());
    }
    CHECK(judged_by(check.id, with_phase(check.id, skipped_silently)).skipped == "was not run");
  }
}

TEST_CASE("a phase that tells nothing about its trouble is still no pass") {
  for (const PhaseCheck& check : kPhaseChecks) {
    CHECK(only_finding(judged_by(check.id, with_phase(check.id, failed_without_words))).message ==
          check.first_words);
    CHECK(judged_by(check.id, with_phase(check.id, errored_without_words)).errored ==
          "no more is known");
  }
}

TEST_CASE("detail and hint of the server are told on lines of their own") {
  Rehearsal rehearsal = clean_rehearsal();
  rehearsal.down = failed_phase(PhaseName::kDown);
  rehearsal.down.error->detail = "view v depends on table lots";
  rehearsal.down.error->hint = "Use DROP ... CASCADE.";
  CHECK(only_finding(judged_by("down-applies", rehearsal)).message ==
        "the down script failed: relation \"lots\" does not exist (SQLSTATE 42P01)\n"
        "  detail: view v depends on table lots\n"
        "  hint: Use DROP ... CASCADE.");
}

TEST_CASE("a failure that is not the server's has no SQLSTATE, and its own remedy if it has one") {
  Rehearsal rehearsal = clean_rehearsal();
  rehearsal.up = failed_phase(PhaseName::kUp);
  rehearsal.up.error->sqlstate.clear();
  rehearsal.up.error->message = "the script ends inside a transaction that it began";
  rehearsal.up.error->remedy = "Add the missing COMMIT.";
  const Finding found = only_finding(judged_by("up-applies", rehearsal));
  CHECK(found.message ==
        "the up script failed: the script ends inside a transaction that it began");
  CHECK(found.remedy == "Add the missing COMMIT.");
}

TEST_CASE("a missing privilege comes with the ways to grant it") {
  Rehearsal rehearsal = clean_rehearsal();
  rehearsal.up = failed_phase(PhaseName::kUp);
  rehearsal.up.error->sqlstate = "42501";
  CHECK(only_finding(judged_by("up-applies", rehearsal)).remedy ==
        "The migration ran as a role that is no superuser, as in production. If production's role "
        "has this privilege, grant it in a file that the scenario names under postgres.prepare, or "
        "name the role in run_as (--run-as superuser gives up this protection).");
}

TEST_CASE("what a failed script left behind is told with it") {
  Rehearsal rehearsal = clean_rehearsal();
  rehearsal.up = failed_phase(PhaseName::kUp);
  SchemaDifference extra = testing::missing_index("lots_code_idx", DifferenceClass::kBehaviour);
  extra.change = ChangeKind::kExtra;
  extra.ddl = "DROP INDEX public.lots_code_idx";
  rehearsal.left_by_failure = {extra};
  CHECK(only_finding(judged_by("up-applies", rehearsal)).message ==
        "the up script failed: relation \"lots\" does not exist (SQLSTATE 42P01)\n"
        "  It is not undone as a whole; it left behind:\n"
        "  index public.lots_code_idx is left over: DROP INDEX public.lots_code_idx");
}

TEST_CASE("a failure behind another is told as what may be its consequence") {
  Rehearsal rehearsal = clean_rehearsal();
  rehearsal.up = failed_phase(PhaseName::kUp);
  rehearsal.after_failed_migration = "0001_create_lots";
  CHECK(only_finding(judged_by("up-applies", rehearsal)).message ==
        "the up script failed: relation \"lots\" does not exist (SQLSTATE 42P01)\n"
        "  0001_create_lots did not apply before; this may be a consequence.");
}

TEST_CASE("a migration with a down script passes, an empty one included") {
  Rehearsal rehearsal = clean_rehearsal();
  CHECK(passed(judged_by("down-exists", rehearsal)));
  rehearsal.down_is_empty = true;
  CHECK(passed(judged_by("down-exists", rehearsal)));
}

TEST_CASE("a migration without a down script is a finding at the head of its up script") {
  Rehearsal rehearsal = clean_rehearsal();
  rehearsal.has_down = false;
  rehearsal.down_files.clear();
  const Finding found = only_finding(judged_by("down-exists", rehearsal));
  CHECK(found.check == "down-exists");
  CHECK(found.severity == Severity::kError);
  CHECK(found.message == "there is no down script for 0002_add_lots");
  CHECK(found.remedy ==
        "Write the down script; if there cannot be one, declare the migration in the scenario "
        "under cycle.irreversible with the reason.");
  CHECK(found.file == "0002_add_lots.up.sql");
  CHECK(found.line == 1);
}

TEST_CASE("nobody asks for a down where the layout has none or the scenario says there cannot be") {
  Rehearsal rehearsal = clean_rehearsal();
  rehearsal.has_down = false;
  Scenario scenario;
  scenario.irreversible = {{"0001_create_lots", "other"}};
  CHECK(only_finding(judged_by("down-exists", rehearsal, scenario)).check == "down-exists");
  scenario.irreversible.push_back({"0002_add_lots", "rows cannot be unmerged"});
  CHECK(judged_by("down-exists", rehearsal, scenario).skipped == "declared irreversible");
  rehearsal.layout_has_downs = false;
  CHECK(judged_by("down-exists", rehearsal).skipped ==
        "the tool has no down script for such a migration");
}

}  // namespace
}  // namespace drydock
