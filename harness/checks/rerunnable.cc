#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "harness/base/text.h"
#include "harness/checks/check.h"
#include "harness/checks/lock_words.h"
#include "harness/checks/shared.h"
#include "harness/checks/statement_search.h"
#include "harness/model/describe.h"

namespace drydock {
namespace {

const CheckText kText{
    "rerunnable",
    "An up script that was stopped half-way can be run again and ends where an undisturbed one "
    "does.",
    "An up script that is not one transaction and that cannot stand a lost connection, a time-out "
    "or a server restart between two of its statements.",
    "The tool runs the same file again, which fails on what is there already; somebody has to "
    "find out by hand how far it came, in production.",
    "One statement a migration where it cannot be in a transaction; else write each so that it can "
    "run twice: IF NOT EXISTS, DROP INDEX CONCURRENTLY IF EXISTS before CREATE INDEX CONCURRENTLY, "
    "batches that look for what is still to do.",
    Severity::kWarning};

/// As many differences as a reader takes in.
constexpr std::size_t kShown = 5;

using Runs = std::vector<const InterruptedRun*>;

std::string where_stopped(const InterruptedRun& run) {
  return fmt::format("{} statement {} ({})", run.killed ? "killed behind" : "cancelled in",
                     run.after_statement, short_place({run.file, run.line}));
}

/// "killed behind statement 2 (x.sql:3)", and how many other places do the same.
std::string stops_words(const Runs& runs) {
  std::string words = where_stopped(*runs.front());
  if (runs.size() > 1) words += fmt::format(" (or at {})", plural(runs.size() - 1, "other place"));
  return words;
}

std::string differences_words(const InterruptedRun& run) {
  std::string words;
  for (std::size_t i = 0; i < std::min(kShown, run.schema.size()); ++i) {
    words += "\n  " + describe(run.schema[i]);
  }
  if (run.schema.size() > kShown)
    words += fmt::format("\n  … and {} more", run.schema.size() - kShown);
  return run.contents.empty() ? words : words + "\n  " + run.contents;
}

Finding finding_at(const std::string& file, int line) {
  Finding finding;
  finding.check = kText.id;
  finding.severity = kText.severity;
  finding.remedy = kText.remedy;
  finding.file = file;
  finding.line = line;
  return finding;
}

/// `runs` fail alike.
Finding failure_finding(const Runs& runs) {
  const Failure& failure = *runs.front()->failure;
  Finding finding = failure.line > 0 ? finding_at(failure.file, failure.line)
                                     : finding_at(runs.front()->file, runs.front()->line);
  finding.message = fmt::format("run again after it was {}, the up script fails: {}",
                                stops_words(runs), words_of(failure));
  if (!failure.source_line.empty()) finding.message += statement_line(failure.source_line);
  finding.known_by = {"fails", failure.sqlstate, failure.source_line};
  return finding;
}

Finding other_end_finding(const Runs& runs) {
  const InterruptedRun& first = *runs.front();
  Finding finding = finding_at(first.file, first.line);
  finding.message =
      fmt::format("run again after it was {}, the up script ends elsewhere than undisturbed:{}",
                  stops_words(runs), differences_words(first));
  for (const SchemaDifference& difference : first.schema) {
    const std::string object = describe(difference.object);
    const auto& objects = finding.objects;
    if (std::find(objects.begin(), objects.end(), object) == objects.end())
      finding.objects.push_back(object);
  }
  finding.known_by = {"ends elsewhere"};
  return finding;
}

Judgement judge(const Rehearsal& rehearsal, const Scenario&) {
  const InterruptionTrial& trial = rehearsal.locks.interruptions;
  if (!trial.ran) {
    return skip(trial.skipped.empty() ? "nothing was interrupted (locks.interruptions)"
                                      : trial.skipped);
  }
  std::map<std::pair<std::string, int>, Runs> failing;  // by where the second run failed
  Runs elsewhere;
  for (const InterruptedRun& run : trial.interruptions) {
    if (run.failure) {
      failing[{run.failure->file, run.failure->line}].push_back(&run);
    } else if (!run.schema.empty() || !run.contents.empty()) {
      elsewhere.push_back(&run);
    }
  }
  std::vector<Finding> findings;
  for (const auto& [place, runs] : failing) findings.push_back(failure_finding(runs));
  if (!elsewhere.empty()) findings.push_back(other_end_finding(elsewhere));
  return judged(std::move(findings));
}

}  // namespace

extern const Check kRerunnable;
const Check kRerunnable{kText, judge};

}  // namespace drydock
