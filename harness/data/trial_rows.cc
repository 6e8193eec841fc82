#include "harness/data/trial_rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

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

/// Trial rows point to the first parents only: numbering them all would cost more than the rows.
constexpr std::int64_t kParents = 100;

PlanInput trial_input(const TableFiller& filler, const TableShape& table, const RowsInPlace& rows,
                      std::int64_t wanted, std::int64_t first) {
  PlanInput input = filler.input(table, rows, wanted, first);
  input.most_parents = kParents;
  return input;
}

std::vector<TrialRows> trials_over(const TableFiller& filler, const TableShape& table,
                                   const RowsInPlace& rows, const std::vector<TrialIdea>& ideas) {
  std::vector<TrialRows> trials;
  const PlanInput facts = trial_input(filler, table, rows, kCandidates, kFirstTrial);
  std::int64_t first = kFirstTrial;
  std::int64_t jointly = kFirstTrial - kTogether;
  for (const TrialIdea& idea : ideas) {
    const std::int64_t first_jointly = std::exchange(jointly, jointly + idea.rows);
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
                      idea.rows,
                      std::move(words),
                      {},
                      first_jointly});
    first += kCandidates;
  }
  return trials;
}

/// Whether there is anything to try, and a row could be written at all.
bool can_be_tried(const TableShape& table, const std::vector<TrialIdea>& ideas) {
  return !ideas.empty() && (!table.partitioned || !table.leaves.empty());
}

}  // namespace

std::vector<TrialRows> trial_rows(TableFiller& filler, const TableShape& table,
                                  const std::vector<TrialIdea>& ideas) {
  if (!can_be_tried(table, ideas)) return {};
  return trials_over(filler, table, filler.look_at_rows(table), ideas);
}

std::vector<TrialRows> joint_trial_rows(TableFiller& filler, const TableShape& table,
                                        const std::vector<TrialIdea>& ideas) {
  if (!can_be_tried(table, ideas)) return {};
  const RowsInPlace rows = filler.look_at_rows(table);
  std::vector<TrialRows> trials = trials_over(filler, table, rows, ideas);
  if (trials.empty()) return trials;
  std::map<std::string, std::map<std::int64_t, std::string>> special;
  const std::int64_t first = kFirstTrial - kTogether;
  std::int64_t next = first;
  for (const TrialIdea& idea : ideas) {
    for (std::int64_t row = 0; row < idea.rows; ++row, ++next) {
      for (const auto& [column, sql] : idea.fixed) special[column][next] = sql;
    }
  }
  const RowPlan plan(trial_input(filler, table, rows, next - first, first));
  if (!plan.impossible().empty()) return trials;
  const auto joint = std::make_shared<const JointInsert>(plan.insert_special(special));
  for (TrialRows& trial : trials) trial.joint = joint;
  return trials;
}

std::string insert_jointly(const std::vector<TrialRows>& rows) {
  if (rows.empty() || !rows.front().joint) return "";
  std::vector<std::string> numbers;
  for (const TrialRows& some : rows) {
    for (std::int64_t row = 0; row < some.rows; ++row) {
      numbers.push_back(std::to_string(some.first + row));
    }
  }
  return rows.front().joint->head + join(numbers, ",") + rows.front().joint->tail;
}

}  // namespace drydock
