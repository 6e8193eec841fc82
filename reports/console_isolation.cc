#include "reports/console_isolation.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/base/text.h"
#include "reports/isolation_totals.h"
#include "reports/printable.h"

namespace drydock {
namespace {

constexpr std::size_t kMigrations = 8;  // the rest is in the report
constexpr std::size_t kLongestLine = 300;

}  // namespace

std::vector<std::string> isolation_lines(const ScenarioRun& run) {
  const auto phrases = isolation_phrases(run);
  std::vector<std::string> lines;
  for (std::size_t i = 0; i < std::min(kMigrations, phrases.size()); ++i) {
    const auto& [migration, phrase] = phrases[i];
    const std::string text =
        fmt::format("{}: isolation: {}", migration->evidence.migration, phrase);
    lines.push_back(shorten(printable_line(text), kLongestLine));
  }
  if (phrases.size() > kMigrations)
    lines.push_back(fmt::format("… and isolation after {}, in the report",
                                plural(phrases.size() - kMigrations, "more migration")));
  return lines;
}

}  // namespace drydock
