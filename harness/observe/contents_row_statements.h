// The statements by which one table is compared with its image. Only text is made here: which of
// them are sent, and what their answers mean, is contents_rows' affair.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "harness/observe/contents_tables.h"
#include "harness/observe/contents_values.h"

namespace drydock {

/// A column of before and what it is now.
struct ColumnPair {
  const WatchedColumn* before = nullptr;  ///< nullptr: it is new, and there for its transform
  const WatchedColumn* now = nullptr;     ///< nullptr: gone
  std::string transform;                  ///< SQL over the row of before; empty: keeps its value
};

struct TablePair {
  const WatchedTable* before = nullptr;
  const WatchedTable* now = nullptr;
  std::string image;  ///< for FROM
  std::vector<ColumnPair> columns;
  /// In which times without a zone may have been cast; the first is the likeliest. None: UTC.
  std::vector<std::string> zones = {};
};

class RowStatements {
 public:
  /// `tables` must outlive this.
  explicit RowStatements(const TablePair& tables);

  /// Columns of another type are compared as they print from now on, where their casts fail.
  void compare_as_printed(std::size_t pair);
  /// Pairs whose values are compared by casts.
  std::vector<std::size_t> cast_pairs() const;
  /// Fail when a cast of the pair does: over the image's rows, over the present ones.
  std::vector<std::string> cast_trials(std::size_t pair) const;

  /// Pairs whose values depend on the zone in which they were cast; they are compared in the first
  /// of the zones until another one is said.
  bool depends_on_zone(std::size_t pair) const;
  void compare_in_zone(std::size_t pair, const std::string& zone);

  bool has_transforms() const { return has_transforms_; }
  /// Fails when the transform of the pair does. The image may be empty: then only names and types
  /// are looked at.
  std::string transform_trial(std::size_t pair) const;

  /// `key`: pairs by which rows are matched.
  /// One row: lost, added, matched, rows of before, rows of now, then for each pair the rows in
  /// which it differs (for a column that is gone: that have a value), and those of them that had
  /// NULL before.
  std::string count_by_key(const std::vector<std::size_t>& key) const;
  /// One column: lost rows' keys.
  std::string lost_by_key(const std::vector<std::size_t>& key) const;
  /// Columns: index in `changed`, key, before, after. `changed`: pairs, none of them gone.
  std::string changed_by_key(const std::vector<std::size_t>& key,
                             const std::vector<std::size_t>& changed) const;

  /// One row: lost, added; rows counted by all their values.
  std::string count_whole() const;
  /// One column: lost rows.
  std::string lost_whole() const;

 private:
  std::string before_source() const;
  std::string joined(const std::string& kind, const std::vector<std::size_t>& key,
                     const std::string& more_of_now = "") const;
  std::string grouped() const;
  std::string differs(std::size_t pair) const;
  std::string key_words(const std::vector<std::size_t>& key) const;

  const TablePair& tables_;
  std::vector<std::vector<ValueForm>> forms_;  ///< of each pair; empty: the column is gone
  bool has_transforms_ = false;
};

}  // namespace drydock
