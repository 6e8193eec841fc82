#include "reports/console_locks.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/base/text.h"
#include "reports/lock_totals.h"
#include "reports/printable.h"

namespace drydock {
namespace {

constexpr std::size_t kMigrations = 8;  // the rest is in the report
constexpr std::size_t kLongestLine = 300;

}  // namespace

std::vector<std::string> lock_lines(const ScenarioRun& run) {
  const auto locks = locks_worth_telling(run);
  if (locks.empty()) return {};
  std::vector<std::string> lines = {"The strongest lock of each of these migrations:"};
  for (std::size_t i = 0; i < std::min(kMigrations, locks.size()); ++i) {
    const auto& [migration, taken] = locks[i];
    const std::string text =
        fmt::format("{}: {}", migration->evidence.migration, taken_phrase(taken));
    lines.push_back("  " + shorten(printable_line(text), kLongestLine));
  }
  if (locks.size() > kMigrations)
    lines.push_back(fmt::format("  … and {} more in the report", locks.size() - kMigrations));
  return lines;
}

}  // namespace drydock
