// The two checks that compare schemas: after the down with before, after the second up with after
// the first.
#include "harness/checks/check.h"
#include "harness/testing/builders.h"
#include "harness/testing/catch.h"
#include "harness/testing/judgement.h"

namespace drydock {
namespace {

using testing::clean_rehearsal;
using testing::missing_index;
using testing::only_finding;

Judgement judged_by(const std::string& check, const Rehearsal& rehearsal) {
  return find_check(check).judge(rehearsal, Scenario{});
}

TEST_CASE("schemas that are the same pass") {
  for (const char* check : {"schema-restored", "schema-reproduced"}) {
    const Judgement judgement = judged_by(check, clean_rehearsal());
    CHECK_FALSE(judgement.skipped);
    CHECK_FALSE(judgement.errored);
    CHECK(judgement.findings.empty());
  }
}

TEST_CASE("what the down does not bring back is one finding, with the statement that would") {
  Rehearsal rehearsal = clean_rehearsal();
  rehearsal.restored = {missing_index("lots_code_idx", DifferenceClass::kBehaviour)};
  const Finding found = only_finding(judged_by("schema-restored", rehearsal));
  CHECK(found.check == "schema-restored");
  CHECK(found.severity == Severity::kError);
  CHECK(found.message ==
        "the down script does not bring the schema back:\n"
        "  index public.lots_code_idx is missing: CREATE INDEX lots_code_idx ON public.lots "
        "(code)");
  CHECK(found.remedy ==
        "Complete the down script with the statements shown. Differences that no statement feels "
        "(column order, comments) are warnings.");
  CHECK(found.file == "0002_add_lots.down.sql");
  CHECK(found.line == 1);
  CHECK(found.objects == std::vector<std::string>{"index public.lots_code_idx"});
}

TEST_CASE("an empty down script is named as what it is") {
  Rehearsal rehearsal = clean_rehearsal();
  rehearsal.down_is_empty = true;
  rehearsal.restored = {missing_index("i", DifferenceClass::kBehaviour)};
  CHECK(only_finding(judged_by("schema-restored", rehearsal))
            .message.starts_with("the down script is empty, so it does not undo:\n"));
}

TEST_CASE("what the second up makes otherwise is one finding at the up script") {
  Rehearsal rehearsal = clean_rehearsal();
  SchemaDifference changed;
  changed.object = {"column", "public.lots.code"};
  changed.property = "default";
  changed.expected = "'a'::text";
  changed.ddl = "ALTER TABLE public.lots ALTER COLUMN code SET DEFAULT 'a'";
  rehearsal.reproduced = {changed};
  const Finding found = only_finding(judged_by("schema-reproduced", rehearsal));
  CHECK(found.check == "schema-reproduced");
  CHECK(found.severity == Severity::kError);
  CHECK(found.message ==
        "the second up does not make the schema that the first one made:\n"
        "  column public.lots.code: default should be 'a'::text, is nothing: ALTER TABLE "
        "public.lots ALTER COLUMN code SET DEFAULT 'a'");
  CHECK(found.remedy ==
        "Let the down remove what differs, and the up not depend on leftovers, the clock or "
        "chance.");
  CHECK(found.file == "0002_add_lots.up.sql");
  CHECK(found.objects == std::vector<std::string>{"column public.lots.code"});
}

TEST_CASE("only cosmetic differences make a warning; one of another class makes an error") {
  Rehearsal rehearsal = clean_rehearsal();
  rehearsal.restored = {missing_index("a", DifferenceClass::kCosmetic),
                        missing_index("b", DifferenceClass::kCosmetic)};
  CHECK(only_finding(judged_by("schema-restored", rehearsal)).severity == Severity::kWarning);
  rehearsal.restored.push_back(missing_index("c", DifferenceClass::kSecurity));
  CHECK(only_finding(judged_by("schema-restored", rehearsal)).severity == Severity::kError);
}

TEST_CASE("the gravest class is told first, and within a class the order given") {
  Rehearsal rehearsal = clean_rehearsal();
  rehearsal.restored = {missing_index("cosmetic", DifferenceClass::kCosmetic),
                        missing_index("first", DifferenceClass::kBehaviour),
                        missing_index("grave", DifferenceClass::kSecurity),
                        missing_index("second", DifferenceClass::kBehaviour)};
  const std::string message = only_finding(judged_by("schema-restored", rehearsal)).message;
  std::size_t last = 0;
  for (const char* name : {"public.grave", "public.first", "public.second", "public.cosmetic"}) {
    const std::size_t at = message.find(name);
    CAPTURE(name);
    REQUIRE(at != std::string::npos);
    CHECK(at > last);
    last = at;
  }
}

TEST_CASE("of many differences twelve are told and the rest counted; the objects are all named") {
  Rehearsal rehearsal = clean_rehearsal();
  for (int i = 10; i < 30; ++i) {
    rehearsal.restored.push_back(
        missing_index("i" + std::to_string(i), DifferenceClass::kBehaviour));
  }
  const Finding found = only_finding(judged_by("schema-restored", rehearsal));
  CHECK(found.message.find("public.i21 ") != std::string::npos);
  CHECK(found.message.find("public.i22 ") == std::string::npos);
  CHECK(found.message.ends_with("\n  … and 8 more"));
  CHECK(found.objects.size() == 20);
}

TEST_CASE("an object with several differences is named once") {
  Rehearsal rehearsal = clean_rehearsal();
  SchemaDifference changed = missing_index("i", DifferenceClass::kBehaviour);
  changed.change = ChangeKind::kChanged;
  changed.property = "valid";
  SchemaDifference again = changed;
  again.property = "owner";
  rehearsal.restored = {changed, again};
  CHECK(only_finding(judged_by("schema-restored", rehearsal)).objects ==
        std::vector<std::string>{"index public.i"});
}

TEST_CASE("schemas are not compared when the phase between them did not run through") {
  for (const PhaseOutcome outcome : {PhaseOutcome::kFailed, PhaseOutcome::kErrored,
                                     PhaseOutcome::kMissing, PhaseOutcome::kSkipped}) {
    Rehearsal rehearsal = clean_rehearsal();
    rehearsal.restored = {missing_index("i", DifferenceClass::kSecurity)};
    rehearsal.reproduced = rehearsal.restored;
    rehearsal.down.outcome = outcome;
    rehearsal.up_again.outcome = outcome;
    CHECK(judged_by("schema-restored", rehearsal).skipped == "the down script did not run through");
    CHECK(judged_by("schema-reproduced", rehearsal).skipped == "the second up did not run through");
  }
}

}  // namespace
}  // namespace drydock
