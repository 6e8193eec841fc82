#include "reports/data_excerpt.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/base/text.h"
#include "harness/model/words.h"
#include "reports/data_totals.h"
#include "reports/excerpt.h"
#include "reports/printable.h"

namespace drydock {
namespace {

using Lines = std::vector<std::string>;

constexpr std::size_t kLongestValue = 80;  // a value longer than a line says no more than its start

std::string rows_count(std::int64_t count) {
  return fmt::format("{} {}", grouped(count), count == 1 ? "row" : "rows");
}

std::string shown(const std::string& text) { return shorten(printable_line(text), kLongestValue); }

void append(Lines& lines, const Lines& more, std::string_view indent = "") {
  for (const std::string& line : more) lines.push_back(std::string(indent) + line);
}

std::string column_head(const ColumnChange& column) {
  std::string name = printable_line(column.column);
  if (!column.renamed_to.empty()) name += " (now " + printable_line(column.renamed_to) + ")";
  if (column.dropped) return fmt::format("{}: dropped with {} values", name, grouped(column.rows));
  if (!column.transform.empty()) {
    return fmt::format("{}: {} values are not what was declared, {}", name, grouped(column.rows),
                       shown(column.transform));
  }
  const std::string line = fmt::format("{}: {} values differ", name, grouped(column.rows));
  if (column.type_before == column.type_after) return line;
  return line + " " +
         printable_line(fmt::format("({} → {})", column.type_before, column.type_after));
}

/// Where the first character that differs begins, less a few before it; 0 when it is in sight.
std::size_t start_of_difference(const std::string& before, const std::string& after) {
  constexpr std::size_t kContext = 20;
  std::size_t at = 0;
  while (at < std::min(before.size(), after.size()) && before[at] == after[at]) ++at;
  if (at + kContext < kLongestValue) return 0;
  at -= kContext;
  const auto continues = [&](char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; };
  while (at > 0 && continues(before[at])) --at;
  return at;
}

/// "'A-7' → 'A'"; long values are shown around the first character that differs.
std::string changed_text(const ChangedValue& value) {
  if (value.before && value.after) {
    const std::string before = printable_line(*value.before), after = printable_line(*value.after);
    if (const std::size_t start = start_of_difference(before, after); start > 0) {
      return fmt::format("'…{}' → '…{}'", shorten(before.substr(start), kLongestValue),
                         shorten(after.substr(start), kLongestValue));
    }
  }
  return fmt::format("{} → {}", value_text(value.before), value_text(value.after));
}

Lines column_lines(const ColumnChange& column) {
  Lines lines = {column_head(column)};
  for (const ChangedValue& value : column.samples) {
    lines.push_back(fmt::format("  {}: {}", shown(value.row),
                                column.dropped ? value_text(value.before) : changed_text(value)));
  }
  return lines;
}

std::string table_head(const TableChange& table) {
  std::string name = printable_line(table.table);
  if (table.kind != ContentsKind::kTable) name = fmt::format("{} {}", word(table.kind), name);
  if (!table.renamed_to.empty()) name += " (now " + printable_line(table.renamed_to) + ")";
  if (table.dropped) return fmt::format("{}: dropped with {}", name, rows_count(table.rows_before));
  std::string line = fmt::format("{}: {} before, {} after", name, rows_count(table.rows_before),
                                 grouped(table.rows_after));
  if (table.lost > 0) line += fmt::format(", {} lost", grouped(table.lost));
  if (table.added > 0) line += fmt::format(", {} added", grouped(table.added));
  return line;
}

Lines table_lines(const TableChange& table) {
  Lines lines = {table_head(table)};
  for (const std::string& row : table.lost_samples) lines.push_back("  lost: " + shown(row));
  for (const ColumnChange& column : table.columns) append(lines, column_lines(column), "  ");
  if (!table.note.empty()) lines.push_back("  not compared: " + printable_line(table.note));
  return lines;
}

std::string sequence_line(const SequenceChange& sequence) {
  std::string line =
      fmt::format("sequence {}: next {} before, {} after", printable_line(sequence.sequence),
                  sequence.before, sequence.after);
  if (!sequence.in_use) return line;
  return line + fmt::format("; {} has {}", printable_line(sequence.column), *sequence.in_use);
}

Lines rows_lines(const std::string& label, const ResultRows& rows, std::int64_t count) {
  Lines lines;
  for (const auto& row : rows) {
    Lines values;
    for (const auto& value : row) values.push_back(value_text(value));
    lines.push_back(fmt::format("  {:<9} {}", lines.empty() ? label : "", join(values, " | ")));
  }
  if (lines.empty()) lines.push_back(fmt::format("  {:<9} no row", label));
  const auto hidden = count - static_cast<std::int64_t>(rows.size());
  if (hidden > 0) lines.push_back(fmt::format("  {:<9} … and {} more", "", rows_count(hidden)));
  return lines;
}

Lines failure_lines(const Failure& failure) {
  const std::string at = location(failure.file, failure.line, failure.column);
  return {printable_line(fmt::format("{}{}{}", at, at.empty() ? "" : ": ", failure.message))};
}

Lines trial_lines(const DataEvidence& data) {
  Lines lines;
  if (data.tripped) {
    append(lines, failure_lines(data.tripped->failure), "the up tripped over generated rows: ");
    lines.push_back("  it was tried again: " + printable_line(data.tripped->yielded));
  }
  if (!data.adversarial.failure) return lines;
  append(lines, failure_lines(*data.adversarial.failure), "the up fails over adversarial rows: ");
  if (!data.adversarial.condition.empty())
    lines.push_back("  as soon as " + printable_line(data.adversarial.condition));
  return lines;
}

Lines new_rows_lines(const NewRowsTrial& trial) {
  Lines lines;
  for (const std::string& wrote : trial.wrote) lines.push_back("wrote " + printable_line(wrote));
  if (trial.failure) append(lines, failure_lines(*trial.failure), "the down fails on them: ");
  append(lines, contents_lines(trial.harmed), "harmed: ");
  return lines;
}

Lines constraint_lines(const UnprovenConstraint& constraint) {
  Lines lines = {printable_line(fmt::format("{} on {}: {} ({})", constraint.constraint,
                                            constraint.table, constraint.definition,
                                            constraint.dropped ? "dropped" : "not proven"))};
  if (!constraint.settled_by.empty())
    lines.push_back("  settled by " + printable_line(constraint.settled_by));
  if (!constraint.problem.empty()) {
    lines.push_back("  not counted: " + printable_line(constraint.problem));
  } else {
    lines.push_back(fmt::format("  {} break it now, {} before the up",
                                rows_count(constraint.broken), grouped(constraint.broken_before)));
  }
  for (const std::string& example : constraint.examples) lines.push_back("  " + shown(example));
  return lines;
}

Lines data_lines(const DataEvidence& data, const std::string& check) {
  Lines lines;
  if (check == "data-preserved") return contents_lines(data.preserved);
  if (check == "data-restored") return contents_lines(data.restored);
  if (check == "data-dependent") return trial_lines(data);
  if (check == "down-with-new-rows") {
    lines = new_rows_lines(data.new_rows);
    if (const std::string loss = loss_statement(data, OwnTables::kTold); !loss.empty())
      lines.push_back("rolling back loses: " + printable_line(loss));
  }
  if (check == "constraints-valid")
    for (const UnprovenConstraint& constraint : data.constraints)
      append(lines, constraint_lines(constraint));
  if (check == "assertion")
    for (const AssertionResult& assertion : data.assertions)
      append(lines, assertion_lines(assertion));
  return lines;
}

}  // namespace

std::string value_text(const std::optional<std::string>& value) {
  return value ? fmt::format("'{}'", shown(*value)) : "NULL";
}

std::vector<std::string> contents_lines(const ContentsDiff& contents) {
  Lines lines;
  for (const TableChange& table : contents.tables) append(lines, table_lines(table));
  for (const SequenceChange& sequence : contents.sequences)
    lines.push_back(sequence_line(sequence));
  return lines;
}

std::vector<std::string> assertion_lines(const AssertionResult& assertion) {
  std::string head =
      fmt::format("{} ({}): {}", printable_line(assertion.name), word(assertion.at),
                  assertion.passed            ? "holds"
                  : assertion.skipped.empty() ? "does not hold"
                                              : "not asked: " + printable_line(assertion.skipped));
  if (assertion.passed || !assertion.skipped.empty()) return {head};
  if (const std::string at = location(assertion.file, assertion.line); !at.empty())
    head += ", " + at;
  Lines lines = {head};
  if (!assertion.columns.empty())
    lines.push_back("  columns:  " + printable_line(join(assertion.columns, " | ")));
  const auto expected = static_cast<std::int64_t>(assertion.expected.size());
  append(lines, rows_lines("expected:", assertion.expected, expected));
  append(lines, rows_lines("found:", assertion.found, assertion.found_rows));
  return lines;
}

std::string data_text(const DataEvidence& data, const std::string& check) {
  std::string text;
  for (const std::string& line : data_lines(data, check)) text += line + "\n";
  return text;
}

}  // namespace drydock
