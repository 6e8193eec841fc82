#include <fmt/format.h>

#include <algorithm>
#include <cstdint>

#include "harness/base/text.h"
#include "harness/checks/check.h"
#include "harness/checks/data_words.h"
#include "harness/checks/statement_search.h"

namespace drydock {
namespace {

const CheckText kText{
    "data-restored",
    "After the down script every row and every value that existed before the up script is back.",
    "A down script that brings the tables and columns back, but not what was in them.",
    "A rollback is tried when the release has already gone wrong; then it turns out that it also "
    "empties a column, and the only copy is last night's backup.",
    "Keep the values where the down can find them: rename instead of dropping, copy them to a side "
    "table first, drop in a later release. Where there is no way back, declare the migration under "
    "cycle.irreversible, with the restore plan as the reason.",
    Severity::kError};

std::string first_file(const std::vector<std::string>& files) {
  return files.empty() ? std::string() : files.front();
}

Finding finding_at(const Place& place, Severity severity) {
  Finding finding;
  finding.check = kText.id;
  finding.severity = severity;
  finding.remedy = kText.remedy;
  finding.file = place.file;
  finding.line = place.line;
  return finding;
}

Place in_down(const Rehearsal& rehearsal, Effect effect, const TableChange& table) {
  return place_of(rehearsal.down, effect, {table.table, table.renamed_to}, column_names(table),
                  first_file(rehearsal.down_files));
}

/// What the up did to the same table; null: nothing that was seen.
const TableChange* in_up(const Rehearsal& rehearsal, const TableChange& table) {
  for (const TableChange& change : rehearsal.data.preserved.tables) {
    if (change.table == table.table) return &change;
  }
  return nullptr;
}

/// What the up did to the same column; null: nothing that was seen.
const ColumnChange* in_up(const TableChange* up, const ColumnChange& column) {
  if (up == nullptr) return nullptr;
  for (const ColumnChange& change : up->columns) {
    if (change.column == column.column && change.rows > 0) return &change;
  }
  return nullptr;
}

std::string place_in_up(const Rehearsal& rehearsal, Effect effect, const TableChange& table,
                        const std::vector<std::string>& details) {
  return short_place(
      place_of(rehearsal.up, effect, {table.table}, details, first_file(rehearsal.up_files)));
}

/// As far as the samples tell: every value came back as NULL.
bool comes_back_empty(const ColumnChange& column) {
  return std::all_of(column.samples.begin(), column.samples.end(),
                     [](const ChangedValue& sample) { return !sample.after; });
}

std::string describe_returned(const ColumnChange& column, const TableChange& table,
                              const Rehearsal& rehearsal) {
  const ColumnChange* up = in_up(in_up(rehearsal, table), column);
  if (column.dropped || up == nullptr) return describe_column(column, table);
  const std::int64_t rows = table.rows_before - table.lost;
  std::string line;
  if (up->dropped) {
    line = fmt::format(
        "\n  {}: the up drops it ({}), the down adds it again {}: {} of {} values are gone",
        column.column, place_in_up(rehearsal, Effect::kDropped, table, {column.column}),
        comes_back_empty(column) ? "empty" : "with other values", column.rows, rows);
  } else {
    line = fmt::format(
        "\n  {}: the up changes it ({}), the down does not give the old values back: {} of {} are "
        "others",
        column.column, place_in_up(rehearsal, Effect::kValuesChanged, table, {column.column}),
        column.rows, rows);
  }
  return line + (column.samples.empty() ? "" : ":") + describe_samples(column);
}

std::string describe_rows(const TableChange& table, const Rehearsal& rehearsal) {
  const TableChange* up = in_up(rehearsal, table);
  if (table.dropped) {
    return fmt::format("\n  the table is not there any more, and {} with it",
                       plural(static_cast<std::size_t>(table.rows_before), "row"));
  }
  if (table.lost == 0 || up == nullptr) return describe_lost_rows(table);
  if (up->dropped) {
    return fmt::format(
        "\n  the up drops the table ({}), the down makes it again {}: {} of {} rows are gone",
        place_in_up(rehearsal, Effect::kDropped, table, {}),
        table.rows_after == 0 ? "empty" : "with other rows", table.lost, table.rows_before);
  }
  if (up->lost == 0) return describe_lost_rows(table);
  return fmt::format("\n  the up loses rows ({}), the down does not bring them back:",
                     place_in_up(rehearsal, Effect::kRowsLost, table, {})) +
         describe_lost_rows(table);
}

Finding loss_finding(const TableChange& table, const Rehearsal& rehearsal) {
  const Effect effect = table.lost > 0 ? Effect::kRowsLost : Effect::kValuesChanged;
  Finding finding = finding_at(in_down(rehearsal, effect, table), kText.severity);
  finding.message = rehearsal.down_is_empty
                        ? "the down script is empty, so what the up did to the data of " +
                              table.table + " stays done:"
                        : "the down script does not bring back the data of " + table.table + ":";
  if (only_filled(table)) {
    finding.severity = Severity::kWarning;
    finding.message = "after the down script rows of " + table.table +
                      " have values where they had none before the up:";
  }
  finding.message += describe_rows(table, rehearsal);
  for (const ColumnChange& column : table.columns) {
    finding.message += describe_returned(column, table, rehearsal);
  }
  if (!table.note.empty()) finding.message += "\n  note: " + table.note;
  finding.objects = objects_of(table);
  finding.known_by = known_by(only_filled(table) ? "filled" : "lost", table);
  return finding;
}

Finding leftover_finding(const TableChange& table, const Rehearsal& rehearsal) {
  Finding finding =
      finding_at(in_down(rehearsal, Effect::kValuesChanged, table), Severity::kWarning);
  finding.message = fmt::format("the down script leaves {} in {} that the up script added",
                                plural(static_cast<std::size_t>(table.added), "row"), table.table);
  finding.remedy =
      "Delete in the down script what the up script inserts, by key. Rows that must stay are "
      "declared under preserve.may_change.";
  finding.objects = objects_of(table);
  finding.known_by = known_by("left over", table);
  return finding;
}

Finding view_finding(const TableChange& view, const Rehearsal& rehearsal) {
  Finding finding = finding_at(in_down(rehearsal, Effect::kMade, view), Severity::kWarning);
  finding.message = fmt::format(
      "after the down script materialized view {} holds other rows than before: {} gone, {} new",
      view.table, view.lost, view.added);
  finding.remedy = "Let the down script end with REFRESH MATERIALIZED VIEW " + view.table + ".";
  finding.objects = objects_of(view);
  finding.known_by = known_by("stale", view);
  return finding;
}

Finding hidden_finding(const TableChange& table, const Rehearsal& rehearsal) {
  Finding finding =
      finding_at(in_down(rehearsal, Effect::kValuesChanged, table), Severity::kWarning);
  finding.message = "after the down script " + why_hidden(table);
  finding.remedy = remedy_for_hidden(table);
  finding.objects = objects_of(table);
  finding.known_by = known_by("hidden", table);
  return finding;
}

void judge_table(const TableChange& table, const Rehearsal& rehearsal, const Scenario& scenario,
                 std::vector<Finding>& findings) {
  const Harm harm = harm_of(table, scenario);
  if (table.kind == ContentsKind::kMaterializedView) {
    if (!table.dropped && harm.kept) findings.push_back(view_finding(table, rehearsal));
  } else if (!table.hidden_from.empty()) {
    if (!may_change(scenario, table.table)) findings.push_back(hidden_finding(table, rehearsal));
  } else if (harm.kept) {
    findings.push_back(loss_finding(harm.change, rehearsal));
  } else if (table.added > 0 && !may_change(scenario, table.table)) {
    findings.push_back(leftover_finding(table, rehearsal));
  }
}

Finding sequence_finding(const SequenceChange& sequence, const Rehearsal& rehearsal) {
  const Place place = place_of(rehearsal.down, Effect::kMade, {sequence.sequence},
                               {sequence.column}, first_file(rehearsal.down_files));
  Finding finding = finding_at(place, kText.severity);
  finding.message = "after the down script " + describe(sequence);
  finding.remedy =
      "Set the sequence behind what is in use: SELECT setval(…, (SELECT max(…) FROM …)).";
  finding.objects = {"sequence " + sequence.sequence};
  return finding;
}

Judgement judge(const Rehearsal& rehearsal, const Scenario& scenario) {
  if (rehearsal.down.outcome != PhaseOutcome::kOk)
    return skip("the down script did not run through");
  if (const auto reason = why_no_data(rehearsal.data)) return skip(*reason);
  std::vector<Finding> findings;
  for (const TableChange& table : rehearsal.data.restored.tables) {
    judge_table(table, rehearsal, scenario, findings);
  }
  for (const SequenceChange& sequence : rehearsal.data.restored.sequences) {
    if (may_change(scenario, sequence.sequence)) continue;
    findings.push_back(sequence_finding(sequence, rehearsal));
  }
  return judged(std::move(findings));
}

}  // namespace

extern const Check kDataRestored;
const Check kDataRestored{kText, judge};

}  // namespace drydock
