#include "harness/checks/check.h"
#include "harness/checks/shared.h"

namespace drydock {
namespace {

const CheckText kText{
    "up-reapplies",
    "After the down script the up script applies again.",
    "A down script that leaves something in the way of the next up.",
    "After a rollback the mended release cannot be deployed: its migration stops at what the down "
    "forgot.",
    "Let the down remove everything that the up makes: tables, types, functions, enum labels, "
    "indexes.",
    Severity::kError};

Judgement judge(const Rehearsal& rehearsal, const Scenario&) {
  return judge_phase(kText, "the up script failed when run again after the down",
                     rehearsal.up_again, rehearsal);
}

}  // namespace

extern const Check kUpReapplies;
const Check kUpReapplies{kText, judge};

}  // namespace drydock
