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
constexpr std::int64_t kCandidates = 100;
/// Numbers below kFirstTrial that rows written together may take.
constexpr std::int64_t kTogether = 10'000;

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
                      plan.insert(first, first + (plan.chooses() ? kCandidates : idea.rows) - 1,
                                  idea.rows, plan.may_collide()),
                      idea.rows, std::move(words)});
    first += kCandidates;
  }
  return trials;
}

std::string rows_together(TableFiller& filler, const TableShape& table,
                          const std::vector<TrialIdea>& ideas) {
  std::map<std::string, std::map<std::int64_t, std::string>> special;
  std::int64_t next = kFirstTrial - kTogether;
  const std::int64_t first = next;
  for (const TrialIdea& idea : ideas) {
    for (std::int64_t row = 0; row < idea.rows; ++row, ++next) {
      for (const auto& [column, sql] : idea.fixed) special[column][next] = sql;
    }
  }
  const RowPlan plan(filler.facts(table, next - first, first));
  return plan.impossible().empty() ? plan.insert_special(first, next - 1, special) : "";
}

}  // namespace drydock
