// What became of rows and values between two moments: the difference of two observed contents.
//
// Rows are matched by the table's key (primary key, else a unique index over NOT NULL columns), and
// where there is none by the whole row. Values are printed as PostgreSQL's own text.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace drydock {

/// One value that is not what it was. NULL is an empty optional.
struct ChangedValue {
  std::string row;  ///< the key as SQL shows it: "id = 7", "tenant_id = 1, code = A-7"
  std::optional<std::string> before;
  std::optional<std::string> after;
};

/// A column in which values differ, or that is gone.
struct ColumnChange {
  std::string column;                   ///< its name before
  std::string renamed_to;               ///< its name now; empty when it is the same
  std::string type_before, type_after;  ///< as format_type() prints them; both empty when alike
  bool dropped = false;                 ///< gone, and its values with it
  /// Rows present at both moments whose value differs; for a dropped column: rows that had a value
  /// that is not NULL. Exact.
  std::int64_t rows = 0;
  std::int64_t from_null = 0;  ///< of those rows, how many had NULL: nothing of theirs is lost
  std::vector<ChangedValue> samples;  ///< a handful
  /// The declared transform (an SQL expression) that the values were held to instead; `rows` counts
  /// those that break it, `before` of a sample is what the transform asked for.
  std::string transform;
};

enum class ContentsKind { kTable, kMaterializedView, kLargeObjects };

/// A table in which rows or values differ, or that is gone.
struct TableChange {
  ContentsKind kind = ContentsKind::kTable;
  std::string table;       ///< qualified name before: "public.lots"
  std::string renamed_to;  ///< its name now; empty when it is the same
  bool dropped = false;    ///< gone, and its rows with it
  std::int64_t rows_before = 0, rows_after = 0;
  std::int64_t lost = 0;   ///< rows of before that are not there any more. Exact.
  std::int64_t added = 0;  ///< rows that were not there before. Exact.
  /// Of the lost rows, those that went with partitions which are gone.
  std::int64_t lost_with_partitions = 0;
  /// Columns of the key by which rows were matched; empty: by the whole row, so that a changed row
  /// counts as one lost and one added and `columns` has dropped ones only.
  std::vector<std::string> key;
  std::vector<std::string> lost_samples;  ///< keys (else whole rows) of lost rows, a handful
  std::vector<ColumnChange> columns;
  std::string note;  ///< why values could not be compared, in whole or in part; else empty
  /// The role that looked, where row security keeps rows from it: the table can have changed, and
  /// nothing of it was compared. Else empty.
  std::string hidden_from;
};

/// A sequence that stands before where it stood, so that it will give numbers again.
struct SequenceChange {
  std::string sequence;                ///< qualified name
  std::string column;                  ///< the column it feeds ("public.lots.id"); empty: none
  std::int64_t before = 0, after = 0;  ///< the next number that it would give
  /// The column's largest value now (smallest, for a descending sequence), when it feeds one.
  std::optional<std::int64_t> in_use;
};

struct ContentsDiff {
  std::vector<TableChange> tables;        ///< sorted by name
  std::vector<SequenceChange> sequences;  ///< sorted by name
  std::int64_t tables_compared = 0;       ///< those looked at; the others cannot have changed
  std::int64_t rows_compared = 0;
  bool empty() const { return tables.empty() && sequences.empty(); }
};

}  // namespace drydock
