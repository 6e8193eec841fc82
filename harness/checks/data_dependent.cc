#include <fmt/format.h>

#include <array>
#include <string_view>

#include "harness/base/text.h"
#include "harness/checks/check.h"
#include "harness/checks/data_words.h"
#include "harness/checks/shared.h"

namespace drydock {
namespace {

const CheckText kText{
    "data-dependent",
    "The up script applies whatever rows the schema before it allows.",
    "An up script that applies to an empty table and fails on the first row that is NULL, double, "
    "too long or not of the right form.",
    "It passes every environment but the one with real data in it, and there it fails in the "
    "middle "
    "of the deployment.",
    "Look for the rows that the statement cannot take, mend them in this migration or one before "
    "it, and only then tighten the schema.",
    Severity::kWarning};

struct Cure {
  std::string_view sqlstate;  ///< or its first characters
  const char* remedy;
};

/// The longer prefix stands first.
constexpr std::array<Cure, 7> kCures = {{
    {"23502",
     "Fill the column before it becomes NOT NULL (UPDATE … WHERE … IS NULL, in batches in a large "
     "table), and give it a default so that no new NULL comes in between."},
    {"23505",
     "Merge or renumber what is double before the unique constraint or index is made, and decide "
     "there which row stays."},
    {"23503",
     "Remove or reattach the rows without a parent first; on a large table add the foreign key NOT "
     "VALID, clean up, then VALIDATE it."},
    {"23514",
     "Mend the rows that break the constraint first; on a large table add it NOT VALID, mend, then "
     "VALIDATE it."},
    {"23P01", "Resolve the overlaps before the exclusion constraint is made."},
    {"21000", "Let the subquery choose one row: a key, or ORDER BY … LIMIT 1 that says which."},
    {"22",
     "Guard the conversion: find the values that it cannot take (CASE in USING, or a WHERE with a "
     "pattern), move them aside or map them, then convert."},
}};

std::string remedy_for(const Failure& failure) {
  if (!failure.remedy.empty()) return failure.remedy;
  for (const Cure& cure : kCures) {
    if (failure.sqlstate.starts_with(cure.sqlstate)) return cure.remedy;
  }
  return kText.remedy;
}

Finding finding_of(const Failure& failure, const std::string& condition) {
  Finding finding;
  finding.check = kText.id;
  finding.severity = kText.severity;
  finding.message = condition + ": " + words_of(failure);
  finding.remedy = remedy_for(failure);
  finding.file = failure.file;
  finding.line = failure.line;
  finding.objects = objects_of(failure);
  finding.known_by = known_by("failure", failure);
  return finding;
}

bool same_statement(const Failure& a, const Failure& b) {
  return a.file == b.file && a.line == b.line;
}

std::string went_on(const TrippedUp& tripped) {
  std::string words = "\nThe rehearsal went on with other rows (" + tripped.yielded + ").";
  if (!tripped.emptied.empty()) {
    words += fmt::format(
        " What the migration does to the contents of {} was judged without generated rows: bring "
        "rows that it can stand with data.load to have it judged.",
        join(tripped.emptied, ", "));
  }
  return words;
}

Judgement judge(const Rehearsal& rehearsal, const Scenario&) {
  const DataEvidence& data = rehearsal.data;
  std::vector<Finding> findings;
  if (data.tripped) {
    findings.push_back(finding_of(data.tripped->failure,
                                  "the up script fails on ordinary rows that the schema allows"));
    findings.back().message += went_on(*data.tripped);
  }
  const AdversarialTrial& adversarial = data.adversarial;
  if (adversarial.failure &&
      !(data.tripped && same_statement(data.tripped->failure, *adversarial.failure))) {
    findings.push_back(finding_of(*adversarial.failure,
                                  adversarial.condition.empty()
                                      ? "the up script fails on rows that the schema allows"
                                      : "the up script fails as soon as " + adversarial.condition));
  }
  if (findings.empty() && !adversarial.ran) {
    if (!adversarial.skipped.empty()) return skip(adversarial.skipped);
    return skip(why_no_data(data).value_or("no rows were tried"));
  }
  return judged(std::move(findings));
}

}  // namespace

extern const Check kDataDependent;
const Check kDataDependent{kText, judge};

}  // namespace drydock
