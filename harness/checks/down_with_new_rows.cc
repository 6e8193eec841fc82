#include <fmt/format.h>

#include <algorithm>
#include <cstdint>

#include "harness/base/text.h"
#include "harness/checks/check.h"
#include "harness/checks/data_words.h"
#include "harness/checks/shared.h"
#include "harness/checks/statement_search.h"

namespace drydock {
namespace {

const CheckText kText{
    "down-with-new-rows",
    "The down script also works when users have written rows since the up script.",
    "A down script that was only ever tried right after its up: it fails on the first NULL, label "
    "or long text that only the new schema allows, or it takes older rows along.",
    "Between the release and its rollback users go on working; a rollback that works only when "
    "nobody did is none.",
    "Let the down first make the new rows fit the old schema (fill, map, move aside), and touch "
    "only what the up has made.",
    Severity::kError};

/// Kinds of rows that a finding names; the evidence has them all.
constexpr std::size_t kKindsShown = 6;

Finding finding_of(Severity severity, const Place& place) {
  Finding finding;
  finding.check = kText.id;
  finding.severity = severity;
  finding.remedy = kText.remedy;
  finding.file = place.file;
  finding.line = place.line;
  return finding;
}

Place place_in_down(const Rehearsal& rehearsal, const std::string& table,
                    const std::vector<std::string>& details) {
  const std::string file = rehearsal.down_files.empty() ? "" : rehearsal.down_files.front();
  return place_of(rehearsal.down, Effect::kRowsLost, {table}, details, file);
}

/// How near the rows are to what the server complains about: its column, its table, anything else.
int distance(const std::string& kind, const Failure& failure) {
  if (!failure.table_column.empty() && mentions(kind, failure.table_column)) return 0;
  const std::string words = failure.table + " " + failure.message + " " + failure.source_line;
  for (const std::string& word : split(kind, ' ')) {
    if (word.find('.') != std::string::npos && mentions(words, bare_name(word))) return 1;
  }
  return 2;
}

/// The rows that were written, the nearest to the failure first.
std::string list_written(const NewRowsTrial& trial) {
  std::vector<std::string> wrote = trial.wrote;
  std::stable_sort(wrote.begin(), wrote.end(), [&](const std::string& a, const std::string& b) {
    return distance(a, *trial.failure) < distance(b, *trial.failure);
  });
  std::string list;
  for (std::size_t i = 0; i < std::min(kKindsShown, wrote.size()); ++i) list += "\n  " + wrote[i];
  if (wrote.size() > kKindsShown) {
    list += fmt::format("\n  … and {} more", plural(wrote.size() - kKindsShown, "kind"));
  }
  return list;
}

Finding failure_finding(const NewRowsTrial& trial) {
  const Failure& failure = *trial.failure;
  Finding finding = finding_of(kText.severity, {failure.file, failure.line});
  finding.message =
      "the down script fails as soon as there are rows that were written after the up script: " +
      words_of(failure) + "\nWritten were:" + list_written(trial);
  if (!failure.remedy.empty()) finding.remedy = failure.remedy;
  finding.objects = objects_of(failure);
  finding.known_by = known_by("failure", failure);
  return finding;
}

/// `harm` without what the down does to the table anyway, which data-restored tells. Where a new
/// row took the key of a lost one, its values are others, and that is no harm either.
TableChange beyond(TableChange harm, const ContentsDiff& restored) {
  for (const TableChange& known : restored.tables) {
    if (known.table != harm.table) continue;
    const std::int64_t keys_taken = std::max<std::int64_t>(0, known.lost - harm.lost);
    if (harm.lost <= known.lost) harm.lost = 0;
    std::erase_if(harm.columns, [&](const ColumnChange& column) {
      std::int64_t anyway = keys_taken;
      for (const ColumnChange& other : known.columns) {
        if (other.column == column.column) anyway += other.rows;
      }
      return column.rows <= anyway;
    });
  }
  return harm;
}

void judge_harm(const Rehearsal& rehearsal, const Scenario& scenario,
                std::vector<Finding>& findings) {
  for (const TableChange& table : rehearsal.data.new_rows.harmed.tables) {
    if (table.kind == ContentsKind::kMaterializedView) continue;
    // In a copy what the down does anyway was found out there.
    const bool in_copy = rehearsal.data.new_rows.in_copy;
    const Harm harm = harm_of(in_copy ? table : beyond(table, rehearsal.data.restored), scenario);
    if (!harm.kept) continue;
    const Place place = place_in_down(rehearsal, table.table, column_names(harm.change));
    Finding finding = finding_of(kText.severity, place);
    finding.message = fmt::format(
        "with rows written after the up script, the down script harms rows of {} that were there "
        "before:{}",
        table.table, describe_lost_rows(harm.change));
    for (const ColumnChange& column : harm.change.columns) {
      finding.message += describe_column(column, harm.change);
    }
    finding.objects = objects_of(harm.change);
    finding.known_by = known_by("harmed", harm.change);
    findings.push_back(std::move(finding));
  }
}

/// What is lost of new rows: in what was there before the up, or in what the up made.
struct Losses {
  std::string lines;
  std::vector<std::string> objects;
  std::string first_table;
  std::vector<std::string> details;

  void add(const NewRowsLoss& loss, const std::string& line, const std::string& object,
           const std::string& column = {}) {
    if (first_table.empty()) first_table = loss.table;
    if (!column.empty() && first_table == loss.table) details.push_back(column);
    lines += "\n  " + line;
    objects.push_back(object);
  }
};

void add_rows(const NewRowsLoss& loss, Losses& losses) {
  if (!loss.table_dropped && loss.lost == 0) return;
  losses.add(loss,
             loss.table_dropped ? fmt::format("{}: the table with all its rows", loss.table)
                                : fmt::format("{}: {} of {} rows written since", loss.table,
                                              loss.lost, loss.written),
             "table " + loss.table);
}

Losses losses_of(const NewRowsTrial& trial, const Scenario& scenario, bool made_by_up) {
  Losses losses;
  for (const NewRowsLoss& loss : trial.losses) {
    if (may_change(scenario, loss.table)) continue;
    if (loss.made_by_up == made_by_up) add_rows(loss, losses);
    if (loss.table_dropped) continue;
    for (const NewRowsLoss::Column& column : loss.columns) {
      if (column.overwritten || column.made_by_up != made_by_up || column.values == 0) continue;
      if (may_change(scenario, loss.table, column.column)) continue;
      const std::string name = loss.table + "." + column.column;
      losses.add(
          loss, fmt::format("{}: {} of {} values written since", name, column.values, loss.written),
          "column " + name, column.column);
    }
  }
  return losses;
}

void judge_losses(const Rehearsal& rehearsal, const Scenario& scenario, bool made_by_up,
                  std::vector<Finding>& findings) {
  const Losses losses = losses_of(rehearsal.data.new_rows, scenario, made_by_up);
  if (losses.lines.empty()) return;
  const Place place = place_in_down(rehearsal, losses.first_table, losses.details);
  Finding finding = finding_of(made_by_up ? Severity::kInfo : Severity::kWarning, place);
  if (made_by_up) {
    finding.message = "rolling back loses what was written since into what this migration made:";
    finding.remedy =
        "Nothing to mend: it is the price of this rollback. Who rolls back should know it, and "
        "copy first what must not be lost.";
  } else {
    finding.message = "rolling back takes new rows or values out of what was there before:";
  }
  finding.message += losses.lines;
  finding.objects = losses.objects;
  finding.known_by = {made_by_up ? "new rows lost in what the up made" : "new rows lost"};
  findings.push_back(std::move(finding));
}

/// What the down puts in the place of values that users wrote. It often has to: a value that only
/// the new schema knows must become one that the old one knows.
void judge_overwritten(const Rehearsal& rehearsal, const Scenario& scenario,
                       std::vector<Finding>& findings) {
  Losses losses;
  for (const NewRowsLoss& loss : rehearsal.data.new_rows.losses) {
    for (const NewRowsLoss::Column& column : loss.columns) {
      if (!column.overwritten || may_change(scenario, loss.table, column.column)) continue;
      const std::string name = loss.table + "." + column.column;
      losses.add(loss, fmt::format("{}: {} of {} values", name, column.values, loss.written),
                 "column " + name, column.column);
    }
  }
  if (losses.lines.empty()) return;
  const Place place = place_in_down(rehearsal, losses.first_table, losses.details);
  Finding finding = finding_of(Severity::kInfo, place);
  finding.message = "rolling back writes over what was written since:" + losses.lines;
  finding.remedy =
      "Nothing to mend where the old schema does not know the values. Who rolls back should know "
      "it, and copy first what must not be lost.";
  finding.objects = losses.objects;
  finding.known_by = {"new rows written over"};
  findings.push_back(std::move(finding));
}

Judgement judge(const Rehearsal& rehearsal, const Scenario& scenario) {
  if (rehearsal.down.outcome != PhaseOutcome::kOk)
    return skip("the down script did not run through");
  const NewRowsTrial& trial = rehearsal.data.new_rows;
  if (!trial.ran) {
    if (!trial.skipped.empty()) return skip(trial.skipped);
    return skip(why_no_data(rehearsal.data).value_or("no rows were written after the up script"));
  }
  std::vector<Finding> findings;
  if (trial.failure) {
    findings.push_back(failure_finding(trial));
    return judged(std::move(findings));
  }
  judge_harm(rehearsal, scenario, findings);
  for (const bool made_by_up : {false, true}) {
    judge_losses(rehearsal, scenario, made_by_up, findings);
  }
  judge_overwritten(rehearsal, scenario, findings);
  return judged(std::move(findings));
}

}  // namespace

extern const Check kDownWithNewRows;
const Check kDownWithNewRows{kText, judge};

}  // namespace drydock
