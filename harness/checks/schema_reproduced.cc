#include "harness/checks/check.h"
#include "harness/checks/shared.h"

namespace drydock {
namespace {

const CheckText kText{
    "schema-reproduced",
    "The second up makes the same schema as the first.",
    "An up script whose result depends on what was there before, or a down script that leaves "
    "something which the next up then silently builds upon (IF NOT EXISTS).",
    "Servers that were rolled back and upgraded again differ from the others for ever after.",
    "Let the down remove what differs, and the up not depend on leftovers, the clock or chance.",
    Severity::kError};

Judgement judge(const Rehearsal& rehearsal, const Scenario&) {
  if (rehearsal.up_again.outcome != PhaseOutcome::kOk)
    return skip("the second up did not run through");
  const std::string file = rehearsal.up_files.empty() ? "" : rehearsal.up_files.front();
  return judged(
      difference_findings(kText, "the second up does not make the schema that the first one made:",
                          rehearsal.reproduced, rehearsal, file));
}

}  // namespace

extern const Check kSchemaReproduced;
const Check kSchemaReproduced{kText, judge};

}  // namespace drydock
