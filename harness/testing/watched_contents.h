// A database whose contents are watched: what a migration's statements do to rows, for tests. The
// statements run in a session of their own, as they do in a rehearsal.
#pragma once

#include <string>

#include "harness/observe/contents.h"
#include "harness/testing/shared_server.h"

namespace drydock::testing {

struct WatchedContents {
  FreshDatabase database;
  Session writer{database.info()};
  Session reader{database.info()};
  ContentsObserver observer;

  /// `rows`: statements that make what is there before.
  explicit WatchedContents(const std::string& rows, bool paranoid = true)
      : observer(reader, paranoid) {
    run(rows);
  }

  void run(const std::string& sql) {
    writer.query(sql);
    writer.query(flush_counters_statement(150000));
  }

  /// What `sql` changes.
  ContentsDiff after(const std::string& sql, ContentsMatch match = ContentsMatch::kByIdentity,
                     const std::vector<Transform>& transforms = {}) {
    observer.remember();
    run(sql);
    return observer.compare(match, transforms);
  }
};

/// "public.a: 1 lost, 2 added, v 3 (id = 1: x -> y)": a diff on one line, for comparing whole.
inline std::string words(const ContentsDiff& diff) {
  const auto shown = [](const std::optional<std::string>& value) { return value.value_or("NULL"); };
  std::string text;
  for (const TableChange& table : diff.tables) {
    if (!text.empty()) text += "; ";
    text += table.table + (table.renamed_to.empty() ? "" : " now " + table.renamed_to) + ":";
    if (table.dropped) text += " dropped";
    if (table.lost > 0) text += " -" + std::to_string(table.lost);
    if (table.added > 0) text += " +" + std::to_string(table.added);
    for (const ColumnChange& column : table.columns) {
      text += " " + column.column + (column.renamed_to.empty() ? "" : ">" + column.renamed_to) +
              (column.dropped ? " dropped " : " ") + std::to_string(column.rows);
      for (const ChangedValue& sample : column.samples) {
        text +=
            " (" + sample.row + ": " + shown(sample.before) + " -> " + shown(sample.after) + ")";
      }
    }
    if (!table.note.empty()) text += " [" + table.note + "]";
  }
  for (const SequenceChange& sequence : diff.sequences) {
    text += (text.empty() ? "" : "; ") + sequence.sequence + " " + std::to_string(sequence.before) +
            " -> " + std::to_string(sequence.after) + " " + sequence.column +
            (sequence.in_use ? " <= " + std::to_string(*sequence.in_use) : "");
  }
  return text;
}

}  // namespace drydock::testing
