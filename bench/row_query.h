// The query with which a loop finds its next rows: SELECT … FROM table WHERE … LIMIT ….
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "bench/sql_words.h"

namespace drydock {

/// Words [first, end).
struct WordRange {
  std::size_t first = 0, end = 0;
  bool empty() const { return first >= end; }
};

/// A table as FROM or UPDATE names it.
struct NamedTable {
  std::string name;     ///< as written: "public.lots"
  std::string plain;    ///< its last part, plain
  std::string alias;    ///< plain; empty: none
  std::size_t end = 0;  ///< of the words that name it
};

NamedTable read_named_table(const SqlWords& words, std::size_t at, std::size_t end);

/// Compared without schema when one of them is written without.
bool is_same_table(const NamedTable& a, const NamedTable& b);

struct RowQuery {
  NamedTable table;
  WordRange where;         ///< empty: none
  bool limited = false;    ///< it has LIMIT or FETCH
  std::int64_t limit = 0;  ///< 0: none, or not a number
};

/// Nothing where `query` is of another kind: a join, a group, a union.
std::optional<RowQuery> read_row_query(const SqlWords& words, WordRange query);

}  // namespace drydock
