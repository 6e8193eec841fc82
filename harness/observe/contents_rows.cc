#include "harness/observe/contents_rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

#include "harness/base/error.h"
#include "harness/base/text.h"

namespace drydock {
namespace {

std::int64_t number(const Rows& rows, int row, std::size_t column) {
  const std::string_view text = rows.at(row, static_cast<int>(column));
  std::int64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

std::optional<std::string> value(const Rows& rows, int row, int column) {
  if (rows.is_null(row, column)) return std::nullopt;
  return std::string(rows.at(row, column));
}

class RowComparison {
 public:
  RowComparison(ContentsTransaction& transaction, const TablePair& tables)
      : transaction_(transaction), tables_(tables), statements_(tables) {}

  TableChange run() {
    if (!find_key() || !compare_by_key()) compare_whole();
    return std::move(change_);
  }

 private:
  /// The key's columns as pairs; false: there is no key, or not all of it is there any more.
  bool find_key() {
    for (const int part : tables_.before->key) {
      const auto pair = std::find_if(
          tables_.columns.begin(), tables_.columns.end(), [&](const ColumnPair& candidate) {
            return candidate.before != nullptr && candidate.before->number == part;
          });
      if (pair->now == nullptr) {
        whole_because(fmt::format("{}, of the key, is gone", pair->before->name));
        return false;
      }
      key_.push_back(static_cast<std::size_t>(pair - tables_.columns.begin()));
    }
    return !key_.empty();
  }

  void whole_because(const std::string& why) {
    change_.note = "rows are compared as a whole: " + why;
  }

  std::optional<Rows> attempt(const std::string& sql) {
    return statements_.has_transforms() ? transaction_.attempt_as_user(sql, &refusal_)
                                        : transaction_.attempt(sql, &refusal_);
  }

  Rows answer(const std::string& sql) {
    auto rows = attempt(sql);
    if (!rows) throw Error(fmt::format("cannot compare {}: {}", tables_.before->name, refusal_));
    return *rows;
  }

  /// Where a cast fails on some value, or there is none: values as they print.
  void give_up_casts_that_fail() {
    for (const std::size_t pair : statements_.cast_pairs()) {
      for (const std::string& trial : statements_.cast_trials(pair)) {
        if (transaction_.attempt(trial)) continue;
        statements_.compare_as_printed(pair);
        break;
      }
    }
  }

  /// Of the zones in which a script may have cast, the one in which fewest values differ. `counted`
  /// is the count in the first zone, and becomes the one in those chosen.
  void choose_zones(Rows& counted) {
    for (std::size_t i = 0; i < tables_.columns.size(); ++i) {
      std::string best = tables_.zones.empty() ? "" : tables_.zones.front();
      for (const std::string& zone : tables_.zones) {
        if (number(counted, 0, 5 + 2 * i) == 0 || !statements_.depends_on_zone(i)) break;
        statements_.compare_in_zone(i, zone);
        const auto rows = attempt(statements_.count_by_key(key_));
        if (rows && number(*rows, 0, 5 + 2 * i) < number(counted, 0, 5 + 2 * i)) {
          counted = *rows;
          best = zone;
        }
        statements_.compare_in_zone(i, best);
      }
    }
  }

  /// False: the key does not tell rows apart any more, or its rows cannot be matched.
  bool compare_by_key() {
    auto rows = attempt(statements_.count_by_key(key_));
    if (!rows) {
      give_up_casts_that_fail();
      rows = attempt(statements_.count_by_key(key_));
    }
    if (!rows) {
      whole_because(refusal_);
      return false;
    }
    const std::int64_t lost = number(*rows, 0, 0), added = number(*rows, 0, 1),
                       matched = number(*rows, 0, 2);
    if (lost + matched != number(*rows, 0, 3) || added + matched != number(*rows, 0, 4)) {
      whole_because(fmt::format("the key ({}) is not unique", join(key_names(), ", ")));
      return false;
    }
    change_.lost = lost;
    change_.added = added;
    change_.key = key_names();
    choose_zones(*rows);
    for (std::size_t i = 0; i < tables_.columns.size(); ++i) {
      note_column(tables_.columns[i], number(*rows, 0, 5 + 2 * i), number(*rows, 0, 6 + 2 * i));
    }
    if (lost > 0) fetch_lost(statements_.lost_by_key(key_));
    fetch_changed();
    return true;
  }

  std::vector<std::string> key_names() const {
    std::vector<std::string> names;
    for (const std::size_t i : key_) names.push_back(tables_.columns[i].before->name);
    return names;
  }

  void note_column(const ColumnPair& pair, std::int64_t rows, std::int64_t from_null) {
    if (rows == 0) return;
    ColumnChange column;
    column.column = (pair.before != nullptr ? pair.before : pair.now)->name;
    column.dropped = pair.now == nullptr;
    column.rows = rows;
    column.from_null = from_null;
    column.transform = pair.transform;
    if (pair.before != nullptr && pair.now != nullptr) {
      if (pair.before->name != pair.now->name) column.renamed_to = pair.now->name;
      if (pair.before->type != pair.now->type) {
        column.type_before = pair.before->type;
        column.type_after = pair.now->type;
      }
    }
    change_.columns.push_back(std::move(column));
    noted_.push_back(static_cast<std::size_t>(&pair - tables_.columns.data()));
  }

  void fetch_lost(const std::string& statement) {
    const Rows rows = answer(statement);
    for (int row = 0; row < rows.size(); ++row) {
      change_.lost_samples.emplace_back(rows.at(row, 0));
    }
  }

  void fetch_changed() {
    std::vector<std::size_t> pairs, columns;
    for (std::size_t c = 0; c < noted_.size(); ++c) {
      if (change_.columns[c].dropped) continue;
      pairs.push_back(noted_[c]);
      columns.push_back(c);
    }
    if (pairs.empty()) return;
    const Rows rows = answer(statements_.changed_by_key(key_, pairs));
    for (int row = 0; row < rows.size(); ++row) {
      const std::size_t column = columns[static_cast<std::size_t>(number(rows, row, 0))];
      change_.columns[column].samples.push_back(
          {std::string(rows.at(row, 1)), value(rows, row, 2), value(rows, row, 3)});
    }
  }

  void compare_whole() {
    if (!statements_.cast_pairs().empty() && !attempt(statements_.count_whole())) {
      give_up_casts_that_fail();
    }
    const Rows rows = answer(statements_.count_whole());
    change_.lost = number(rows, 0, 0);
    change_.added = number(rows, 0, 1);
    for (const ColumnPair& pair : tables_.columns) {
      if (pair.now != nullptr) continue;
      const Rows values = transaction_.query(fmt::format(
          "SELECT count({}) FROM {}", image_column(pair.before->number), tables_.image));
      note_column(pair, number(values, 0, 0), 0);
    }
    if (change_.lost > 0) fetch_lost(statements_.lost_whole());
  }

  ContentsTransaction& transaction_;
  const TablePair& tables_;
  RowStatements statements_;
  std::vector<std::size_t> key_;    ///< pairs
  std::vector<std::size_t> noted_;  ///< the pairs of change_.columns
  std::string refusal_;             ///< the server's words about the last attempt
  TableChange change_;
};

}  // namespace

TableChange compare_rows(ContentsTransaction& transaction, const TablePair& tables) {
  return RowComparison(transaction, tables).run();
}

void check_transforms(ContentsTransaction& transaction, const TablePair& tables) {
  const RowStatements statements(tables);
  for (std::size_t i = 0; i < tables.columns.size(); ++i) {
    const ColumnPair& pair = tables.columns[i];
    if (pair.transform.empty()) continue;
    std::string why;
    if (transaction.attempt_as_user(statements.transform_trial(i), &why)) continue;
    throw InputError(
        fmt::format("the transform \"{}\" of {}.{} cannot be evaluated over the rows of {} as they"
                    " were before: {}",
                    pair.transform, tables.now->name, pair.now->digest.name, tables.before->name,
                    why),
        "Write it as an SQL expression over the table's columns before the up; a type that the"
        " migration drops must not be needed.");
  }
}

}  // namespace drydock
