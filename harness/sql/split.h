// SQL text to statements, with PostgreSQL's own grammar (libpg_query, PostgreSQL 15).
//
// Parser first: it knows dollar quotes, nested comments, BEGIN ATOMIC bodies. Where it refuses the
// text (a syntax error, or a statement of a newer PostgreSQL) it is cut at the semicolons between
// its tokens, each piece is offered to the parser again, pieces that only parse together are
// joined, and the result says so: boundaries are never guessed silently, and no token is lost.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace drydock {

struct Statement {
  std::string text;        ///< from its first token to its last, without the semicolon
  std::size_t offset = 0;  ///< of its first token, in bytes of the given text
  int line = 1;            ///< of its first token; the text's first line is 1
  bool parsed = true;      ///< the grammar knows it
};

struct SplitResult {
  std::vector<Statement> statements;
  /// Empty when the whole text parsed. Otherwise the parser's words, and where (1-based).
  std::string parse_error;
  int error_line = 0;
};

/// A text with a NUL byte, or with a quote or comment that never ends, is one statement as it is.
SplitResult split_statements(std::string_view text);

}  // namespace drydock
