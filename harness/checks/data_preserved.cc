#include <fmt/format.h>

#include "harness/base/text.h"
#include "harness/checks/check.h"
#include "harness/checks/data_words.h"
#include "harness/checks/shared.h"
#include "harness/checks/statement_search.h"

namespace drydock {
namespace {

const CheckText kText{
    "data-preserved",
    "Every row and every value that existed before the up script is there after it.",
    "An up script that deletes, shortens, rounds, shifts or overwrites what users have entered, "
    "without anybody having said so.",
    "Nothing fails: the release looks well, and by the time somebody misses the values the backups "
    "that still hold them are gone.",
    "Keep the old values: widen instead of narrowing, copy before changing, delete nothing that a "
    "condition can spare. What changes on purpose belongs in the scenario: preserve.transforms "
    "says what a column becomes and is verified row by row; preserve.may_change leaves a column or "
    "table out.",
    Severity::kError};

constexpr const char* kFilledRemedy =
    "When this is meant, declare it: preserve.transforms says what the column becomes "
    "(coalesce(old, …)) and is verified row by row.";

Finding at(const Rehearsal& rehearsal, Effect effect, const std::vector<std::string>& names,
           const std::vector<std::string>& details) {
  const std::string file = rehearsal.up_files.empty() ? "" : rehearsal.up_files.front();
  const Place place = place_of(rehearsal.up, effect, names, details, file);
  Finding finding;
  finding.check = kText.id;
  finding.severity = kText.severity;
  finding.remedy = kText.remedy;
  finding.file = place.file;
  finding.line = place.line;
  return finding;
}

/// A column that went although no statement names it: with its type, by CASCADE. What a
/// statement names was meant.
bool dropped_on_purpose(const ColumnChange& column, const Rehearsal& rehearsal) {
  if (statement_naming(column.column, {&rehearsal.up}) != nullptr) return true;
  for (const StatementRun& statement : rehearsal.up.statements) {
    for (const char* kind : {"DROP TYPE", "DROP DOMAIN", "DROP SCHEMA", "DROP EXTENSION"}) {
      if (statement.kind == kind) return false;
    }
  }
  return true;
}

Finding table_finding(const TableChange& table, const Rehearsal& rehearsal) {
  const Effect effect = table.lost > 0 ? Effect::kRowsLost : Effect::kValuesChanged;
  Finding finding = at(rehearsal, effect, {table.table, table.renamed_to}, column_names(table));
  finding.message = "the up script does not keep the data of " + name_of(table) + ":";
  if (only_filled(table)) {
    finding.severity = Severity::kWarning;
    finding.message = "the up script gives values to rows of " + name_of(table) +
                      " that had none, and nothing tells them from the others afterwards:";
    finding.remedy = kFilledRemedy;
  }
  finding.message += describe_lost_rows(table);
  for (const ColumnChange& column : table.columns)
    finding.message += describe_column(column, table);
  if (!table.note.empty()) finding.message += "\n  note: " + table.note;
  if (table.key.empty() && table.lost > 0) {
    finding.remedy += " In a table without a key only the whole table can be left out.";
  }
  finding.objects = objects_of(table);
  finding.known_by = known_by(only_filled(table) ? "filled" : "lost", table);
  return finding;
}

/// A dropped partition is what its statement says, as a dropped table is.
TableChange without_partitions(TableChange table) {
  if (table.lost_with_partitions == 0) return table;
  table.lost -= table.lost_with_partitions;
  table.lost_samples.clear();  // nobody knows which are which
  return table;
}

Finding hidden_finding(const TableChange& table, const Rehearsal& rehearsal) {
  Finding finding = at(rehearsal, Effect::kValuesChanged, {table.table, table.renamed_to}, {});
  finding.severity = Severity::kWarning;
  finding.message = "after the up script " + why_hidden(table);
  finding.remedy = remedy_for_hidden(table);
  finding.objects = objects_of(table);
  finding.known_by = known_by("hidden", table);
  return finding;
}

void judge_table(const TableChange& table, const Rehearsal& rehearsal, const Scenario& scenario,
                 std::vector<Finding>& findings) {
  // A materialized view is made from other rows; a dropped table is what its statement says.
  if (table.kind == ContentsKind::kMaterializedView || table.dropped) return;
  if (!table.hidden_from.empty() && !may_change(scenario, table.table)) {
    findings.push_back(hidden_finding(table, rehearsal));
  }
  TableChange told = without_partitions(table);
  std::erase_if(told.columns, [&](const ColumnChange& column) {
    return column.dropped && dropped_on_purpose(column, rehearsal);
  });
  const Harm harm = harm_of(told, scenario);
  if (harm.kept) findings.push_back(table_finding(harm.change, rehearsal));
}

Finding sequence_finding(const SequenceChange& sequence, const Rehearsal& rehearsal) {
  Finding finding = at(rehearsal, Effect::kValuesChanged, {sequence.sequence}, {sequence.column});
  finding.message = "after the up script " + describe(sequence);
  finding.remedy =
      "Set the sequence behind what is in use: SELECT setval(…, (SELECT max(…) FROM …)).";
  finding.objects = {"sequence " + sequence.sequence};
  return finding;
}

Judgement judge(const Rehearsal& rehearsal, const Scenario& scenario) {
  if (rehearsal.up.outcome != PhaseOutcome::kOk) return skip("the up script did not run through");
  if (const auto reason = why_no_data(rehearsal.data)) return skip(*reason);
  std::vector<Finding> findings;
  for (const TableChange& table : rehearsal.data.preserved.tables) {
    judge_table(table, rehearsal, scenario, findings);
  }
  for (const SequenceChange& sequence : rehearsal.data.preserved.sequences) {
    if (may_change(scenario, sequence.sequence)) continue;
    findings.push_back(sequence_finding(sequence, rehearsal));
  }
  return judged(std::move(findings));
}

}  // namespace

extern const Check kDataPreserved;
const Check kDataPreserved{kText, judge};

}  // namespace drydock
