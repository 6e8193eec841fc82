#include "harness/checks/hold_budget.h"

#include <algorithm>
#include <string_view>

namespace drydock {
namespace {

/// What people take for a hiccup, and what honest work on the rows takes several times over, so
/// that a busy machine decides nothing: a hundred thousand rows are read in 20 ms and written anew
/// in some 150 ms.
constexpr double kBaseMs = 500;
constexpr double kPerThousandRowsMs = 1;

/// No table is so large that its users have more patience.
constexpr double kMostMs = 5000;

/// `*` stands for any letters.
bool matches(std::string_view pattern, std::string_view name) {
  const std::size_t star = pattern.find('*');
  if (star == std::string_view::npos) return pattern == name;
  if (name.substr(0, star) != pattern.substr(0, star)) return false;
  const std::string_view rest = pattern.substr(star + 1);
  for (std::size_t at = star; at <= name.size(); ++at) {
    if (matches(rest, name.substr(at))) return true;
  }
  return false;
}

/// Whether `mode` keeps out whatever `than` keeps out.
bool at_least(LockMode mode, LockMode than) {
  for (int i = 0; i < kLockModes; ++i) {
    const auto wanted = static_cast<LockMode>(i);
    if (conflict(than, wanted) && !conflict(mode, wanted)) return false;
  }
  return true;
}

}  // namespace

std::optional<HoldBudget> hold_budget(const Scenario& scenario, LockMode mode,
                                      const std::string& table, std::int64_t rows) {
  for (const LockBudget& budget : scenario.locks.budgets) {
    if (at_least(mode, budget.mode) && matches(budget.tables, table)) {
      return HoldBudget{budget.held_ms, "locks.budgets of the scenario"};
    }
  }
  if (blocked_traffic(mode).empty()) return std::nullopt;
  const double thousands = static_cast<double>(std::max<std::int64_t>(rows, 0)) / 1000;
  return HoldBudget{std::min(kBaseMs + kPerThousandRowsMs * thousands, kMostMs),
                    "the default: 500 ms and 1 ms for each 1000 rows, at most 5 s"};
}

}  // namespace drydock
