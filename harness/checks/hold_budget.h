// How long a lock may be held: what the scenario says, else a default by the size of the table.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "harness/model/scenario.h"

namespace drydock {

struct HoldBudget {
  double held_ms = 0;
  std::string source;  ///< for messages: "locks.budgets of the scenario"
};

/// The first budget of the scenario whose tables fit and whose mode keeps out nothing that `mode`
/// lets in. Where none fits, the default. None: nobody asked, and no application waits.
std::optional<HoldBudget> hold_budget(const Scenario& scenario, LockMode mode,
                                      const std::string& table, std::int64_t rows);

}  // namespace drydock
