#include "harness/checks/bench_check_texts.h"

namespace drydock {
namespace {

const CheckText kBudget{
    "backfill-budget",
    "A batched way of the backfill keeps the scenario's budgets.",
    "A backfill that is too slow, makes traffic wait, or writes more than was allowed for.",
    "A backfill runs for hours beside the application: what one batch costs, every user feels many "
    "thousand times.",
    "Take a smaller batch or a pause, measure more batch sizes, make room for HOT updates "
    "(fillfactor), or drop an index for the time of the backfill. If the budget is what is wrong, "
    "change it in the scenario.",
    Severity::kError};

const CheckText kRegression{
    "backfill-regression",
    "The backfill is as fast, and as gentle to traffic, as in the baseline.",
    "A change (an index, a trigger, a setting) that makes a backfill slower or rougher than it "
    "was.",
    "The batch size was chosen on the figures of the baseline; when they no longer hold, the "
    "deployment takes longer than planned or stops the application.",
    "Look at what changed since the baseline: indexes and triggers on the table, the expression, "
    "settings. If it is wanted, save a new baseline: drydock bench --save-baseline FILE.",
    Severity::kError};

}  // namespace

const std::vector<CheckText>& bench_check_texts() {
  static const std::vector<CheckText> checks = {kBudget, kRegression};
  return checks;
}

}  // namespace drydock
