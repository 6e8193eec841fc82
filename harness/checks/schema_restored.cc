#include "harness/checks/check.h"
#include "harness/checks/shared.h"

namespace drydock {
namespace {

const CheckText kText{
    "schema-restored",
    "After the down script the schema is exactly what it was before the up script.",
    "A down script that runs without an error and yet restores another schema.",
    "After a rollback the old release meets a schema it was never tested with: a missing index, a "
    "column that is suddenly nullable, a policy or trigger that silently went away.",
    "Complete the down script with the statements shown. Differences that no statement feels "
    "(column order, comments) are warnings.",
    Severity::kError};

Judgement judge(const Rehearsal& rehearsal, const Scenario&) {
  const std::string file = rehearsal.down_files.empty() ? "" : rehearsal.down_files.front();
  const std::optional<DownWithoutRows>& without_rows = rehearsal.data.down_without_rows;
  if (rehearsal.down.outcome == PhaseOutcome::kFailed && without_rows &&
      without_rows->schema_judged) {
    return judged(difference_findings(
        kText,
        "on empty tables, where it runs through, the down script does not bring the schema "
        "back:",
        without_rows->restored, rehearsal, file));
  }
  if (rehearsal.down.outcome != PhaseOutcome::kOk)
    return skip("the down script did not run through");
  const std::string intro = rehearsal.down_is_empty
                                ? "the down script is empty, so it does not undo:"
                                : "the down script does not bring the schema back:";
  return judged(difference_findings(kText, intro, rehearsal.restored, rehearsal, file));
}

}  // namespace

extern const Check kSchemaRestored;
const Check kSchemaRestored{kText, judge};

}  // namespace drydock
