#include "harness/data/trial_rows.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/base/text.h"

namespace drydock {
namespace {

/// Rows of the generator are numbered from 1; trial rows from here, so that texts with the number
/// in them are new.
constexpr std::int64_t kFirstTrial = 1'000'001;
/// Numbers set aside for one idea: candidates among which those that fit are looked for.
constexpr std::int64_t kCandidates = 400;

}  // namespace

std::vector<TrialRows> trial_rows(TableFiller& filler, const TableShape& table,
                                  const std::vector<TrialIdea>& ideas) {
  std::vector<TrialRows> trials;
  if (ideas.empty() || (table.partitioned && table.leaves.empty())) return trials;
  const PlanInput facts = filler.facts(table, kCandidates, kFirstTrial);
  std::int64_t first = kFirstTrial;
  for (const TrialIdea& idea : ideas) {
    PlanInput input = facts;
    input.fixed = idea.fixed;
    input.condition = idea.condition;
    const RowPlan plan(std::move(input));
    if (!plan.impossible().empty()) continue;
    std::string words = plural(static_cast<std::size_t>(idea.rows), "row");
    if (!idea.words.empty()) words += " " + idea.words;
    trials.push_back({table.display(),
                      plan.insert(first, first + kCandidates - 1, idea.rows, plan.may_collide()),
                      idea.rows, std::move(words)});
    first += kCandidates;
  }
  return trials;
}

}  // namespace drydock
