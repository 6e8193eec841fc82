#include "bench/assigned_columns.h"

#include <algorithm>

#include "bench/sql_words.h"

namespace drydock {
namespace {

/// "a", "a[1]", "a.b" or "(a, b)": the words [first, end).
Assignment read_columns(const SqlWords& words, std::size_t first, std::size_t end) {
  Assignment assignment;
  if (!words.is(first, "(")) {
    assignment.columns.emplace_back(words.at(first));
    assignment.part = end - first > 1;
    return assignment;
  }
  for (std::size_t i = first + 1; i < end && words.depth(i) > words.depth(first); ++i) {
    const bool begins = words.is(i - 1, "(") || words.is(i - 1, ",");
    if (begins && words.depth(i) == words.depth(first) + 1) {
      assignment.columns.emplace_back(words.at(i));
    }
  }
  return assignment;
}

}  // namespace

std::vector<Assignment> assignments_of(std::string_view set) {
  const SqlWords words(set);
  std::vector<Assignment> assignments;
  for (std::size_t first = 0; first < words.size();) {
    const std::size_t end = std::min(words.find({","}, first, words.size()), words.size());
    const std::size_t equals = words.find({"="}, first, end);
    if (equals != SqlWords::kNone && equals > first) {
      assignments.push_back(read_columns(words, first, equals));
      assignments.back().value = words.text(equals + 1, end);
    }
    first = end + 1;
  }
  return assignments;
}

bool differs_each_time(std::string_view value) {
  const SqlWords words(value);
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (words.is_one_of(
            i, {"now", "current_timestamp", "current_time", "current_date", "localtimestamp",
                "localtime", "clock_timestamp", "timeofday", "statement_timestamp",
                "transaction_timestamp", "nextval", "random", "gen_random_uuid", "uuid_generate_v4",
                "uuidv4", "uuidv7", "gen_random_bytes", "txid_current", "pg_current_xact_id"})) {
      return true;
    }
  }
  return false;
}

std::vector<std::string> assigned_columns(std::string_view set) {
  std::vector<std::string> columns;
  for (const Assignment& assignment : assignments_of(set)) {
    for (const std::string& column : assignment.columns) {
      const std::string plain = plain_name(column);
      if (std::find(columns.begin(), columns.end(), plain) == columns.end()) {
        columns.push_back(plain);
      }
    }
  }
  return columns;
}

}  // namespace drydock
