#include "harness/checks/data_words.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "harness/base/sql_text.h"
#include "harness/base/text.h"

namespace drydock {
namespace {

/// A value in a finding: enough to be recognised.
constexpr std::size_t kValueShown = 60;
/// So much is left in front of the first difference when a long value is cut there.
constexpr std::size_t kLeadIn = 20;

/// Line ends would break the list, and trailing blanks must stay to be seen.
std::string escaped(std::string_view value) {
  std::string text;
  for (const char c : value) {
    if (c == '\n') {
      text += "\\n";
    } else if (c == '\r') {
      text += "\\r";
    } else if (c == '\t') {
      text += "\\t";
    } else {
      text += c;
    }
  }
  return text;
}

bool starts_character(char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }

/// `value` from a little before byte `at` on, with a mark that something stands before.
std::string from_near(const std::string& value, std::size_t at) {
  std::size_t start = at - std::min(at, kLeadIn);
  while (start > 0 && !starts_character(value[start])) --start;
  return (start > 0 ? "…" : "") + value.substr(start);
}

/// A column as it is, whether it comes quoted or not.
std::string plain_name(const std::string& column) {
  const std::vector<std::string> parts = plain_name_parts(column);
  return parts.size() == 1 ? parts[0] : column;
}

/// Where rows came as well, some of the lost ones may only be called otherwise now.
std::string lost_rows_counted(const TableChange& table) {
  if (table.key.empty() && table.added > 0) {
    return fmt::format(
        "\n  {} of {} rows are not what they were (without a key a changed row counts as one gone "
        "and one new)",
        table.lost, table.rows_before);
  }
  std::string line = fmt::format("\n  {} of {} {} gone", table.lost,
                                 plural(static_cast<std::size_t>(table.rows_before), "row"),
                                 table.lost == 1 ? "is" : "are");
  if (table.added > 0) {
    line += fmt::format(" and {} new (a row is known by {}: one with another key is another row)",
                        table.added, join(table.key, ", "));
  }
  return line;
}

}  // namespace

std::optional<std::string> why_no_data(const DataEvidence& data) {
  if (data.observed) return std::nullopt;
  return data.rows == 0 ? "no rows: --rows 0" : "the contents were not observed";
}

bool may_change(const Scenario& scenario, const std::string& table) {
  const std::vector<std::string> parts = plain_name_parts(table);
  return std::any_of(
      scenario.may_change.begin(), scenario.may_change.end(), [&](const std::string& entry) {
        return entry == table || (!parts.empty() && plain_name_parts(entry) == parts);
      });
}

bool may_change(const Scenario& scenario, const std::string& table, const std::string& column) {
  if (may_change(scenario, table)) return true;
  std::vector<std::string> full = plain_name_parts(table);
  full.push_back(plain_name(column));
  return std::any_of(
      scenario.may_change.begin(), scenario.may_change.end(), [&](const std::string& entry) {
        const std::vector<std::string> parts = plain_name_parts(entry);
        return parts == full || (parts.size() == 2 && parts[0] == "*" && parts[1] == full.back());
      });
}

Harm harm_of(const TableChange& change, const Scenario& scenario) {
  const auto out = [&](const std::string& column) {
    return !column.empty() &&
           (may_change(scenario, change.table, column) ||
            (!change.renamed_to.empty() && may_change(scenario, change.renamed_to, column)));
  };
  Harm harm{change, false};
  if (may_change(scenario, change.table) || may_change(scenario, change.renamed_to)) return harm;
  std::erase_if(harm.change.columns, [&](const ColumnChange& column) {
    return column.rows == 0 || out(column.column) || out(column.renamed_to);
  });
  harm.kept = change.lost > 0 || !harm.change.columns.empty();
  return harm;
}

bool only_filled(const TableChange& change) {
  return change.lost == 0 &&
         std::all_of(change.columns.begin(), change.columns.end(), [](const ColumnChange& column) {
           return !column.dropped && column.rows == column.from_null;
         });
}

std::string quoted(const std::optional<std::string>& value) {
  if (!value) return "NULL";
  return "'" + shorten(escaped(*value), kValueShown) + "'";
}

std::string describe(const ChangedValue& value) {
  if (!value.before || !value.after ||
      std::max(value.before->size(), value.after->size()) <= kValueShown) {
    return fmt::format("{}: {} → {}", value.row, quoted(value.before), quoted(value.after));
  }
  const std::string& before = *value.before;
  const std::string& after = *value.after;
  const auto differ = std::mismatch(before.begin(), before.end(), after.begin(), after.end());
  const auto at = static_cast<std::size_t>(differ.first - before.begin());
  if (at < kValueShown / 2) {
    return fmt::format("{}: {} → {}", value.row, quoted(before), quoted(after));
  }
  return fmt::format("{}: {} → {}", value.row, quoted(from_near(before, at)),
                     quoted(from_near(after, at)));
}

std::string why_hidden(const TableChange& table) {
  return fmt::format(
      "the rows of {} were not compared: its row security binds {}, which looks at them, and is "
      "neither a superuser nor has BYPASSRLS",
      name_of(table), table.hidden_from);
}

std::string remedy_for_hidden(const TableChange& table) {
  return fmt::format(
      "ALTER ROLE {} BYPASSRLS, as a superuser; or rehearse on a disposable server, where nothing "
      "is hidden.",
      table.hidden_from);
}

std::string name_of(const TableChange& table) {
  if (table.renamed_to.empty()) return table.table;
  return fmt::format("{} (now {})", table.table, table.renamed_to);
}

std::string describe_lost_rows(const TableChange& table) {
  if (table.lost == 0) return {};
  std::string line = lost_rows_counted(table);
  if (!table.lost_samples.empty()) {
    std::vector<std::string> samples;
    for (const std::string& sample : table.lost_samples) {
      samples.push_back(shorten(escaped(sample), 2 * kValueShown));
    }
    if (static_cast<std::int64_t>(samples.size()) < table.lost) samples.emplace_back("…");
    line += ": " + join(samples, "; ");
  }
  return line;
}

std::string describe_samples(const ColumnChange& column) {
  std::string lines;
  for (const ChangedValue& sample : column.samples) {
    lines += "\n    " + (column.transform.empty()
                             ? describe(sample)
                             : fmt::format("{}: {} asked for, {} found", sample.row,
                                           quoted(sample.before), quoted(sample.after)));
  }
  return lines;
}

std::string describe_column(const ColumnChange& column, const TableChange& table) {
  const std::int64_t rows = table.rows_before - table.lost;
  std::string name = column.column;
  if (!column.renamed_to.empty()) name += fmt::format(" (now {})", column.renamed_to);
  std::string line;
  if (column.dropped) {
    return fmt::format("\n  {} is not there any more, and {} with it", name,
                       plural(static_cast<std::size_t>(column.rows), "value"));
  }
  if (!column.transform.empty()) {
    line =
        fmt::format("\n  {} is not {} in {} of {} rows", name, column.transform, column.rows, rows);
  } else {
    line = fmt::format("\n  {} has another value in {} of {} rows", name, column.rows, rows);
  }
  if (!column.type_before.empty()) {
    line += fmt::format(" ({} → {})", column.type_before, column.type_after);
  }
  return line + (column.samples.empty() ? "" : ":") + describe_samples(column);
}

std::string describe(const SequenceChange& sequence) {
  std::string words = fmt::format("sequence {} goes back from {} to {}", sequence.sequence,
                                  sequence.before, sequence.after);
  if (sequence.in_use) {
    words += fmt::format(", and {} holds {} already: inserts will collide with rows that are there",
                         sequence.column, *sequence.in_use);
  } else {
    words += ": it gives numbers again that it has given";
  }
  return words;
}

std::vector<std::string> objects_of(const TableChange& table) {
  if (table.kind == ContentsKind::kLargeObjects) return {"large objects"};
  const bool is_view = table.kind == ContentsKind::kMaterializedView;
  std::vector<std::string> objects = {(is_view ? "materialized view " : "table ") + table.table};
  for (const ColumnChange& column : table.columns) {
    objects.push_back(fmt::format("column {}.{}", table.table, column.column));
  }
  return objects;
}

std::vector<std::string> objects_of(const Failure& failure) {
  if (failure.table.empty()) return {};
  const std::string table =
      failure.schema.empty() ? failure.table : failure.schema + "." + failure.table;
  std::vector<std::string> objects = {"table " + table};
  if (!failure.table_column.empty()) {
    objects.push_back(fmt::format("column {}.{}", table, failure.table_column));
  }
  if (!failure.constraint.empty()) {
    objects.push_back(fmt::format("constraint {} on {}", failure.constraint, table));
  }
  return objects;
}

std::vector<std::string> known_by(const std::string& happened, const TableChange& table) {
  return {happened, objects_of(table).front()};
}

std::vector<std::string> known_by(const std::string& happened, const Failure& failure) {
  std::vector<std::string> known = objects_of(failure);
  known.resize(std::min<std::size_t>(known.size(), 1));
  known.push_back(happened);
  return known;
}

std::vector<std::string> column_names(const TableChange& table) {
  std::vector<std::string> names;
  for (const ColumnChange& column : table.columns) {
    names.push_back(column.column);
    if (!column.renamed_to.empty()) names.push_back(column.renamed_to);
  }
  return names;
}

}  // namespace drydock
