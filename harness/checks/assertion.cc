#include <fmt/format.h>

#include <algorithm>

#include "harness/base/text.h"
#include "harness/checks/check.h"
#include "harness/checks/side_by_side.h"

namespace drydock {
namespace {

const CheckText kText{
    "assertion",
    "The queries of the scenario give the rows that it expects.",
    "A migration that does to the data something else than its authors think.",
    "What a migration means can only be said by the people who wrote it: totals that must agree, "
    "orphans that must not be, a default that every tenant must have.",
    "Compare the two tables. Mend the migration, or the expectation when the data are right.",
    Severity::kError};

constexpr std::size_t kQueryShown = 200;

const char* moment(AssertionMoment at) {
  switch (at) {
    case AssertionMoment::kBefore:
      return "before the up script";
    case AssertionMoment::kAfterUp:
      return "after the up script";
    case AssertionMoment::kAfterDown:
      return "after the down script";
    case AssertionMoment::kAfterUpAgain:
      return "after the second up script";
    case AssertionMoment::kEnd:
      return "at the end of all migrations";
  }
  return "";
}

TitledRows titled(const std::string& what, const ResultRows& rows, std::size_t total) {
  return {fmt::format("{} ({})", what, plural(total, "row")), rows, total};
}

Finding finding_of(const AssertionResult& result) {
  Finding finding;
  finding.check = kText.id;
  finding.severity = result.blocking ? kText.severity : Severity::kWarning;
  finding.message = fmt::format(
      "\"{}\" does not hold {}:{}\n  query: {}", result.name, moment(result.at),
      side_by_side(result.columns, titled("expected", result.expected, result.expected.size()),
                   titled("found", result.found, static_cast<std::size_t>(result.found_rows))),
      shorten(one_line(result.sql), kQueryShown));
  finding.remedy = kText.remedy;
  finding.file = result.file;
  finding.line = result.line;
  finding.objects = {fmt::format("assertion {} {}", result.name, moment(result.at))};
  return finding;
}

/// "“totals agree” after the down script (there is no down script); …".
std::string list_unasked(const std::vector<AssertionResult>& results) {
  std::vector<std::string> list;
  for (const AssertionResult& result : results) {
    if (result.skipped.empty()) continue;
    list.push_back(fmt::format("\"{}\" {} ({})", result.name, moment(result.at), result.skipped));
  }
  return join(list, "; ");
}

/// What was asked is judged; that not everything was must be seen all the same.
Finding unasked_finding(const std::vector<AssertionResult>& results, const std::string& unasked) {
  Finding finding;
  finding.check = kText.id;
  finding.severity = Severity::kInfo;
  finding.message = "not everything was asked: " + unasked;
  finding.remedy = "Ask at a moment that this migration comes to.";
  for (const AssertionResult& result : results) {
    if (result.skipped.empty()) continue;
    if (finding.file.empty()) finding.file = result.file, finding.line = result.line;
    finding.objects.push_back(fmt::format("assertion {} {}", result.name, moment(result.at)));
  }
  return finding;
}

Judgement judge(const Rehearsal& rehearsal, const Scenario&) {
  const std::vector<AssertionResult>& results = rehearsal.data.assertions;
  if (results.empty()) return skip("nothing was asserted");
  const bool any_asked = std::any_of(results.begin(), results.end(),
                                     [](const auto& result) { return result.skipped.empty(); });
  if (!any_asked) return skip("never asked: " + list_unasked(results));
  std::vector<Finding> findings;
  for (const AssertionResult& result : results) {
    if (!result.passed && result.skipped.empty()) findings.push_back(finding_of(result));
  }
  if (const std::string unasked = list_unasked(results); !unasked.empty()) {
    findings.push_back(unasked_finding(results, unasked));
  }
  return judged(std::move(findings));
}

}  // namespace

extern const Check kAssertion;
const Check kAssertion{kText, judge};

}  // namespace drydock
