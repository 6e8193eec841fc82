#include <fmt/format.h>

#include <algorithm>

#include "harness/checks/check.h"
#include "harness/checks/lock_words.h"

namespace drydock {
namespace {

const CheckText kText{
    "concurrent-leftover",
    "Nothing that PostgreSQL did concurrently is left half-done, or taken for done.",
    "An INVALID index that CREATE INDEX CONCURRENTLY left, a partition that is still being "
    "detached, and an IF NOT EXISTS that is content with one.",
    "An INVALID index slows every write and serves no query; a unique one that is INVALID holds "
    "nothing. Nobody sees it, because the index has the right name.",
    "DROP INDEX CONCURRENTLY IF EXISTS before CREATE INDEX CONCURRENTLY, without IF NOT EXISTS; "
    "for a partition ALTER TABLE … DETACH PARTITION … FINALIZE.",
    Severity::kError};

std::string what_happened(const Leftover& leftover) {
  return fmt::format("{}: {} {}",
                     leftover.accepted ? "IF NOT EXISTS takes for done what is not"
                                       : "something is left half-done",
                     leftover.object, leftover.what);
}

/// What one run left and the next took for done is the second run's finding.
bool told_as_accepted(const Leftover& leftover, const Rehearsal& rehearsal) {
  const auto& all = rehearsal.locks.leftovers;
  return !leftover.accepted && std::any_of(all.begin(), all.end(), [&](const Leftover& other) {
    return other.accepted && other.object == leftover.object;
  });
}

Finding finding_of(const Leftover& leftover, const Rehearsal& rehearsal) {
  Finding finding;
  finding.check = kText.id;
  finding.severity = kText.severity;
  finding.message = what_happened(leftover);
  if (!leftover.statement.empty()) finding.message += statement_line(leftover.statement);
  finding.remedy = kText.remedy;
  finding.file = leftover.file;
  finding.line = leftover.line;
  if (finding.file.empty() && !rehearsal.up_files.empty()) {
    finding.file = rehearsal.up_files.front();
    finding.line = 1;
  }
  finding.objects = {leftover.object};
  return finding;
}

Judgement judge(const Rehearsal& rehearsal, const Scenario&) {
  // A script that failed is just the one to leave something: it is not asked whether it ran.
  std::vector<Finding> findings;
  for (const Leftover& leftover : rehearsal.locks.leftovers) {
    if (!told_as_accepted(leftover, rehearsal)) findings.push_back(finding_of(leftover, rehearsal));
  }
  if (findings.empty() && !rehearsal.locks.observed) return skip(*why_no_locks(rehearsal));
  return judged(std::move(findings));
}

}  // namespace

extern const Check kConcurrentLeftover;
const Check kConcurrentLeftover{kText, judge};

}  // namespace drydock
