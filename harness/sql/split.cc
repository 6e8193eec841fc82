#include "harness/sql/split.h"

#include <pg_query.h>

#include <algorithm>
#include <optional>

#include "harness/base/characters.h"
#include "harness/base/text.h"
#include "harness/sql/tokens.h"

namespace drydock {
namespace {

/// Tokens [first, end) of the text.
struct Piece {
  std::size_t first;
  std::size_t end;
};

/// libpg_query's result, freed at the end of scope.
class Split {
 public:
  explicit Split(const std::string& text) : result_(pg_query_split_with_parser(text.c_str())) {}
  Split(const Split&) = delete;
  Split& operator=(const Split&) = delete;
  ~Split() { pg_query_free_split_result(result_); }
  const PgQueryError* error() const { return result_.error; }
  int size() const { return result_.n_stmts; }
  std::size_t start(int i) const {
    return static_cast<std::size_t>(result_.stmts[i]->stmt_location);
  }
  std::size_t end(int i) const {
    return start(i) + static_cast<std::size_t>(result_.stmts[i]->stmt_len);
  }

 private:
  PgQuerySplitResult result_;
};

/// Turns pieces of the text into statements, in order; counts lines in one pass.
class Collector {
 public:
  explicit Collector(std::string_view text) : text_(text), tokens_(tokens_of(text)) {}

  const std::vector<Token>& tokens() const { return tokens_; }
  std::string_view token(std::size_t i) const {
    return text_.substr(tokens_[i].offset, tokens_[i].length);
  }

  std::string_view text_of(Piece piece) const {
    const Token& first = tokens_[piece.first];
    const Token& last = tokens_[piece.end - 1];
    return text_.substr(first.offset, last.offset + last.length - first.offset);
  }

  void add(Piece piece, bool parsed) {
    if (piece.first < piece.end) add(tokens_[piece.first].offset, text_of(piece), parsed);
  }

  /// Everything as one piece.
  void add_whole() {
    const std::string_view body = trim(text_);
    if (!body.empty()) add(static_cast<std::size_t>(body.data() - text_.data()), body, false);
  }

  std::vector<Statement> take() { return std::move(statements_); }

 private:
  void add(std::size_t offset, std::string_view body, bool parsed) {
    line_ += static_cast<int>(std::count(text_.begin() + static_cast<long>(counted_to_),
                                         text_.begin() + static_cast<long>(offset), '\n'));
    counted_to_ = offset;
    statements_.push_back({std::string(body), offset, line_, parsed});
  }

  std::string_view text_;
  std::vector<Token> tokens_;
  std::size_t counted_to_ = 0;
  int line_ = 1;
  std::vector<Statement> statements_;
};

/// The parser's statements, which reach from the end of the one before to the semicolon: comments
/// and superfluous semicolons are taken off.
void collect_parsed(const Split& parsed, Collector& collector) {
  const std::vector<Token>& tokens = collector.tokens();
  std::size_t at = 0;
  for (int i = 0; i < parsed.size(); ++i) {
    while (at < tokens.size() &&
           (tokens[at].offset < parsed.start(i) || collector.token(at) == ";")) {
      ++at;
    }
    Piece piece{at, at};
    while (piece.end < tokens.size() && tokens[piece.end].offset < parsed.end(i)) ++piece.end;
    collector.add(piece, true);
    at = piece.end;
  }
}

/// Pieces between semicolons, those in brackets (CREATE RULE … DO (…; …)) not counted.
std::vector<Piece> pieces_between_semicolons(const Collector& collector) {
  std::vector<Piece> pieces;
  std::size_t first = 0;
  int depth = 0;
  for (std::size_t i = 0; i <= collector.tokens().size(); ++i) {
    const std::string_view token = i < collector.tokens().size() ? collector.token(i) : ";";
    if (token == "(") ++depth;
    if (token == ")") depth = std::max(0, depth - 1);
    const bool at_end = i == collector.tokens().size();
    if (!at_end && (token != ";" || depth > 0)) continue;
    if (first < i) pieces.push_back({first, i});
    first = i + 1;
  }
  return pieces;
}

/// How many of `pieces` from `first` on parse when taken together; nullopt: no such number.
/// Only a BEGIN ATOMIC body has semicolons outside brackets that do not end a statement.
std::optional<std::size_t> parse_together(const Collector& collector,
                                          const std::vector<Piece>& pieces, std::size_t first) {
  for (std::size_t last = first; last < pieces.size(); ++last) {
    const std::string joined(collector.text_of({pieces[first].first, pieces[last].end}));
    if (Split(joined).error() == nullptr) return last - first + 1;
    if (to_lower(joined).find("atomic") == std::string::npos) break;
  }
  return std::nullopt;
}

/// The parser refused the whole: pieces, each held against the parser.
void collect_pieces(Collector& collector) {
  const std::vector<Token>& tokens = collector.tokens();
  if (!tokens.empty() && !tokens.back().complete) return collector.add_whole();
  const std::vector<Piece> pieces = pieces_between_semicolons(collector);
  for (std::size_t i = 0; i < pieces.size();) {
    const auto together = parse_together(collector, pieces, i);
    const std::size_t count = together.value_or(1);
    collector.add({pieces[i].first, pieces[i + count - 1].end}, together.has_value());
    i += count;
  }
}

}  // namespace

SplitResult split_statements(std::string_view text) {
  const std::string source(text);
  SplitResult result;
  Collector collector(source);
  // The C interface ends at a NUL byte; what stands behind one must not vanish silently.
  if (const std::size_t nul = source.find('\0'); nul != std::string::npos) {
    result.parse_error = "the text has a NUL byte, which SQL cannot hold";
    result.error_line = line_column(source, nul).line;
    collector.add_whole();
  } else if (const Split parsed(source); parsed.error() == nullptr) {
    collect_parsed(parsed, collector);
  } else {
    result.parse_error = parsed.error()->message;
    result.error_line =
        line_column(source, byte_of_character(source, parsed.error()->cursorpos)).line;
    collect_pieces(collector);
  }
  result.statements = collector.take();
  return result;
}

}  // namespace drydock
