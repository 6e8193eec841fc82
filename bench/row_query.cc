#include "bench/row_query.h"

#include <algorithm>

#include "harness/base/text.h"

namespace drydock {
namespace {

/// What may stand behind a table's name and is not its alias.
constexpr auto kNoAlias = {"set",  "where", "order", "limit",   "offset", "fetch", "for",
                           "from", "join",  "left",  "right",   "inner",  "full",  "cross",
                           ",",    "(",     ")",     "natural", "group",  ";"};

/// What may stand behind the condition.
constexpr auto kBehind = {"order", "limit", "offset", "fetch", "for"};

template <typename List>
bool is_any(const SqlWords& words, std::size_t at, const List& list) {
  return std::any_of(list.begin(), list.end(),
                     [&](const char* word) { return words.is(at, word); });
}

/// The number behind LIMIT at `at`; digits are words of their own. 0: no number.
std::int64_t read_number(const SqlWords& words, std::size_t at, std::size_t end) {
  std::int64_t number = 0;
  for (std::size_t i = at + 1; i < end; ++i) {
    const std::string_view digit = words.at(i);
    const bool goes_on = i == at + 1 || words.offset(i) == words.offset(i - 1) + 1;
    if (digit.size() != 1 || digit[0] < '0' || digit[0] > '9' || !goes_on) break;
    number = number * 10 + (digit[0] - '0');
  }
  return number;
}

/// Where the condition that begins at `from` ends.
std::size_t condition_end(const SqlWords& words, std::size_t from, WordRange query) {
  for (std::size_t i = from; i < query.end; ++i) {
    if (words.depth(i) == words.depth(query.first) && is_any(words, i, kBehind)) return i;
  }
  return query.end;
}

}  // namespace

NamedTable read_named_table(const SqlWords& words, std::size_t at, std::size_t end) {
  NamedTable table;
  if (words.is(at, "only")) ++at;
  if (at >= end) return table;
  const std::size_t first = at;
  while (at + 2 < end && words.is(at + 1, ".")) at += 2;
  table.name = words.text(first, at + 1);
  table.plain = plain_name(words.at(at));
  ++at;
  if (at < end && words.is(at, "*")) ++at;
  const bool as = at < end && words.is(at, "as");
  if (as) ++at;
  if (at < end && (as || !is_any(words, at, kNoAlias))) table.alias = plain_name(words.at(at++));
  table.end = std::min(at, end);
  return table;
}

bool is_same_table(const NamedTable& a, const NamedTable& b) {
  const auto has_schema = [](const NamedTable& table) {
    return table.name.find('.') != std::string::npos;
  };
  if (a.plain != b.plain) return false;
  return !has_schema(a) || !has_schema(b) || to_lower(a.name) == to_lower(b.name);
}

std::optional<RowQuery> read_row_query(const SqlWords& words, WordRange query) {
  if (query.empty() || !words.is(query.first, "select")) return std::nullopt;
  const std::size_t from = words.find({"from"}, query.first, query.end);
  if (from == SqlWords::kNone || from + 1 >= query.end || words.is(from + 1, "(")) {
    return std::nullopt;
  }
  if (words.find({"group", "having", "union", "intersect", "except"}, from, query.end) !=
      SqlWords::kNone) {
    return std::nullopt;
  }
  RowQuery read;
  read.table = read_named_table(words, from + 1, query.end);
  std::size_t at = read.table.end;
  if (at < query.end && words.is(at, "where")) {
    read.where = {at + 1, condition_end(words, at + 1, query)};
    at = read.where.end;
  }
  if (at < query.end && !is_any(words, at, kBehind)) return std::nullopt;
  const std::size_t limit = words.find({"limit", "fetch"}, from, query.end);
  read.limited = limit != SqlWords::kNone;
  if (read.limited && words.is(limit, "limit")) read.limit = read_number(words, limit, query.end);
  return read;
}

}  // namespace drydock
