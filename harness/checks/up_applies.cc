#include "harness/checks/check.h"
#include "harness/checks/shared.h"

namespace drydock {
namespace {

const CheckText kText{
    "up-applies",
    "The migration applies to the schema that the migrations before it made.",
    "An up script that fails.",
    "A migration that fails stops the deployment; outside a transaction it also leaves the schema "
    "half changed.",
    "Mend the statement that the server refused, then run Drydock again.",
    Severity::kError};

Judgement judge(const Rehearsal& rehearsal, const Scenario&) {
  return judge_phase(kText, "the up script failed", rehearsal.up, rehearsal);
}

}  // namespace

extern const Check kUpApplies;
const Check kUpApplies{kText, judge};

}  // namespace drydock
