#include "reports/isolation_totals.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/base/text.h"
#include "reports/data_totals.h"

namespace drydock {
namespace {

constexpr std::size_t kNames = 3;  // the findings name them all

void count_tries(const TableIsolation& table, IsolationTotals& totals) {
  std::size_t leaks = 0, denied = 0;
  for (const IsolationProbe& probe : table.probes) {
    if (probe.verdict != IsolationVerdict::kNotTried) ++totals.tries;
    if (probe.verdict == IsolationVerdict::kLeak) ++leaks;
    if (probe.verdict == IsolationVerdict::kDenied) ++denied;
  }
  if (leaks > 0) totals.leaky.push_back(table.table);
  if (denied > 0) totals.closed.push_back(table.table);
  totals.leaks += leaks;
  totals.denied += denied;
}

std::string counted(std::size_t n, const std::string& one, const std::string& many) {
  return fmt::format("{} {}", grouped(static_cast<std::int64_t>(n)), n == 1 ? one : many);
}

/// " (public.lots, public.orders and 2 more)"
std::string named(const std::vector<std::string>& tables) {
  if (tables.empty()) return "";
  const std::size_t shown = std::min(kNames, tables.size());
  std::string names = join({tables.begin(), tables.begin() + static_cast<long>(shown)}, ", ");
  if (tables.size() > shown) names += fmt::format(" and {} more", tables.size() - shown);
  return fmt::format(" ({})", names);
}

std::string tables_phrase(const IsolationTotals& totals, const std::string& role) {
  std::string phrase = counted(totals.tables, "table", "tables");
  if (!role.empty()) phrase += " as " + role;
  if (totals.exempt > 0) phrase += fmt::format(", {} exempt", totals.exempt);
  if (totals.untried > 0) phrase += fmt::format(", {} not tried", totals.untried);
  return phrase;
}

std::string tries_phrase(const IsolationTotals& totals) {
  if (totals.tries == 0) return "nothing could be tried";
  std::string phrase = counted(totals.tries, "try", "tries");
  phrase += ", ";
  phrase += totals.leaks == 0 ? "no leak" : counted(totals.leaks, "leak", "leaks");
  phrase += named(totals.leaky);
  if (totals.denied > 0)
    phrase += fmt::format(", {} did not reach {} own rows{}", totals.denied,
                          totals.denied == 1 ? "its" : "their", named(totals.closed));
  return phrase;
}

/// 0: something is wrong, 1: all is well at the end, 2: all is well so far.
int rank(const IsolationEvidence& isolation) {
  const IsolationTotals totals = count(isolation);
  const bool wrong = !isolation.context_problem.empty() ||
                     totals.leaks + totals.denied + totals.ways > 0 ||
                     totals.noticed < totals.mutants || totals.hidden + totals.windows > 0;
  return wrong ? 0 : isolation.at_end ? 1 : 2;
}

}  // namespace

bool is_open_way(const BypassPath& path) { return path.leaks || !path.tried; }

IsolationTotals count(const IsolationEvidence& isolation) {
  IsolationTotals totals;
  totals.tables = isolation.tables.size();
  for (const TableIsolation& table : isolation.tables) {
    if (!table.exempt.empty()) ++totals.exempt;
    if (!table.problem.empty()) ++totals.untried;
    count_tries(table, totals);
  }
  totals.ways = static_cast<std::size_t>(
      std::count_if(isolation.paths.begin(), isolation.paths.end(), is_open_way));
  for (const PolicyMutant& mutant : isolation.mutants) {
    if (!mutant.problem.empty()) continue;
    ++totals.mutants;
    if (mutant.noticed) ++totals.noticed;
  }
  totals.hidden = isolation.role_faithful.hidden.size();
  totals.windows = isolation.windows.size();
  return totals;
}

std::string isolation_phrase(const IsolationEvidence& isolation) {
  if (!isolation.judged) return "";
  const IsolationTotals totals = count(isolation);
  std::vector<std::string> parts = {
      fmt::format("{}, {}", tables_phrase(totals, isolation.role), tries_phrase(totals))};
  if (!isolation.context_problem.empty())
    parts.push_back("no context that works: " + isolation.context_problem);
  if (totals.mutants > 0)
    parts.push_back(fmt::format("{} of {} noticed", totals.noticed,
                                counted(totals.mutants, "mutant", "mutants")));
  if (totals.ways > 0) parts.push_back(counted(totals.ways, "way around", "ways around"));
  if (totals.hidden > 0)
    parts.push_back(counted(totals.hidden, "statement", "statements") +
                    " that row security hid rows from");
  if (totals.windows > 0) parts.push_back(counted(totals.windows, "open window", "open windows"));
  return join(parts, "; ");
}

std::vector<std::pair<const MigrationResult*, std::string>> isolation_phrases(
    const ScenarioRun& run) {
  std::vector<std::pair<const MigrationResult*, std::string>> phrases;
  for (const MigrationResult& migration : run.migrations) {
    const IsolationEvidence& isolation = migration.evidence.isolation;
    if (!isolation.judged || (isolation.tables.empty() && rank(isolation) > 0)) continue;
    phrases.emplace_back(&migration, isolation_phrase(isolation));
  }
  std::stable_sort(phrases.begin(), phrases.end(), [](const auto& a, const auto& b) {
    return rank(a.first->evidence.isolation) < rank(b.first->evidence.isolation);
  });
  return phrases;
}

}  // namespace drydock
