#include "harness/checks/check.h"
#include "harness/checks/shared.h"

namespace drydock {
namespace {

const CheckText kText{
    "down-applies",
    "The down script runs on the schema that the up script made.",
    "A down script that fails.",
    "It is needed on the worst day, and then it does not work.",
    "Mend the statement that the server refused; a down undoes its up in reverse order.",
    Severity::kError};

Judgement judge(const Rehearsal& rehearsal, const Scenario&) {
  return judge_phase(kText, "the down script failed", rehearsal.down, rehearsal);
}

}  // namespace

extern const Check kDownApplies;
const Check kDownApplies{kText, judge};

}  // namespace drydock
