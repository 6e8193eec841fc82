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

/// Whether it is the rows.
std::string words_of(const DownWithoutRows& down) {
  if (down.applies) return "\n  On empty tables it runs through: it is the rows that it fails on.";
  const std::string why = down.failure ? ": " + down.failure->message : std::string();
  return "\n  It fails on empty tables too" + why;
}

Judgement judge(const Rehearsal& rehearsal, const Scenario&) {
  Judgement judgement = judge_phase(kText, "the down script failed", rehearsal.down, rehearsal);
  if (!rehearsal.data.down_without_rows) return judgement;
  for (Finding& finding : judgement.findings) {
    finding.message += words_of(*rehearsal.data.down_without_rows);
  }
  return judgement;
}

}  // namespace

extern const Check kDownApplies;
const Check kDownApplies{kText, judge};

}  // namespace drydock
