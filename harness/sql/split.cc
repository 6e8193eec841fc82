#include "harness/sql/split.h"

#include <pg_query.h>

#include <algorithm>
#include <optional>

#include "harness/base/text.h"

namespace drydock {
namespace {

struct Piece {
  std::size_t offset;
  std::size_t length;
};

/// libpg_query's result, freed at the end of scope.
class Split {
 public:
  explicit Split(PgQuerySplitResult result) : result_(result) {}
  Split(const Split&) = delete;
  Split& operator=(const Split&) = delete;
  ~Split() { pg_query_free_split_result(result_); }
  const PgQueryError* error() const { return result_.error; }
  std::vector<Piece> pieces() const {
    std::vector<Piece> pieces;
    for (int i = 0; i < result_.n_stmts; ++i) {
      pieces.push_back({static_cast<std::size_t>(result_.stmts[i]->stmt_location),
                        static_cast<std::size_t>(result_.stmts[i]->stmt_len)});
    }
    return pieces;
  }

 private:
  PgQuerySplitResult result_;
};

/// Bytes of white space and comments (nested ones too) at the start of `text`: the grammar counts
/// them to the statement that follows, people do not.
std::size_t leading_blank(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size()) {
    const std::string_view rest = text.substr(at);
    if (trim(rest.substr(0, 1)).empty()) {
      ++at;
    } else if (rest.starts_with("--")) {
      at += std::min(rest.find('\n'), rest.size());
    } else if (rest.starts_with("/*")) {
      int depth = 0;
      do {
        if (text.substr(at).starts_with("/*")) {
          ++depth;
          at += 2;
        } else if (text.substr(at).starts_with("*/")) {
          --depth;
          at += 2;
        } else {
          ++at;
        }
      } while (depth > 0 && at < text.size());
    } else {
      break;
    }
  }
  return at;
}

/// Byte offset of the 1-based character position that libpg_query reports.
std::size_t byte_offset(std::string_view text, int position) {
  std::size_t at = 0;
  for (int characters = 1; characters < position && at < text.size(); ++at) {
    const bool last_byte =
        at + 1 >= text.size() || (static_cast<unsigned char>(text[at + 1]) & 0xC0) != 0x80;
    if (last_byte) ++characters;
  }
  return at;
}

/// Turns pieces into statements; counts lines in one pass.
class Collector {
 public:
  explicit Collector(std::string_view text) : text_(text) {}

  void add(Piece piece, bool parsed) {
    std::string_view body = text_.substr(piece.offset, piece.length);
    const std::size_t skipped = leading_blank(body);
    body.remove_prefix(skipped);
    while (!body.empty() && (trim(body.substr(body.size() - 1)).empty() || body.back() == ';')) {
      body.remove_suffix(1);
    }
    if (body.empty()) return;
    const std::size_t offset = piece.offset + skipped;
    line_ += static_cast<int>(std::count(text_.begin() + static_cast<long>(counted_to_),
                                         text_.begin() + static_cast<long>(offset), '\n'));
    counted_to_ = offset;
    statements_.push_back({std::string(body), offset, line_, parsed});
  }

  std::vector<Statement> take() { return std::move(statements_); }

 private:
  std::string_view text_;
  std::size_t counted_to_ = 0;
  int line_ = 1;
  std::vector<Statement> statements_;
};

/// How many of `pieces` from `first` on parse when taken together; nullopt: no such number.
/// Only a BEGIN ATOMIC body has semicolons that the scanner mistakes for the end of a statement.
std::optional<std::size_t> parse_together(std::string_view text, const std::vector<Piece>& pieces,
                                          std::size_t first) {
  const std::size_t start = pieces[first].offset;
  for (std::size_t last = first; last < pieces.size(); ++last) {
    const std::string joined(text.substr(start, pieces[last].offset + pieces[last].length - start));
    const Split whole(pg_query_split_with_parser(joined.c_str()));
    if (whole.error() == nullptr) return last - first + 1;
    if (to_lower(joined).find("atomic") == std::string::npos) break;
  }
  return std::nullopt;
}

/// The parser refused the whole: scanner pieces, each held against the parser.
void collect_with_scanner(const std::string& text, Collector& collector) {
  const Split scanned(pg_query_split_with_scanner(text.c_str()));
  if (scanned.error() != nullptr) {  // an unterminated quote or comment: one piece, as it is
    collector.add({0, text.size()}, false);
    return;
  }
  const std::vector<Piece> pieces = scanned.pieces();
  for (std::size_t i = 0; i < pieces.size();) {
    const auto together = parse_together(text, pieces, i);
    const std::size_t count = together.value_or(1);
    const Piece& last = pieces[i + count - 1];
    collector.add({pieces[i].offset, last.offset + last.length - pieces[i].offset},
                  together.has_value());
    i += count;
  }
}

}  // namespace

SplitResult split_statements(std::string_view text) {
  // The C interface ends at a NUL byte; what stands behind one must not vanish silently.
  const std::string source(text);
  SplitResult result;
  Collector collector(source);
  if (const std::size_t nul = source.find('\0'); nul != std::string::npos) {
    result.parse_error = "the text has a NUL byte, which SQL cannot hold";
    result.error_line = line_column(source, nul).line;
    collector.add({0, source.size()}, false);
    result.statements = collector.take();
    return result;
  }
  const Split parsed(pg_query_split_with_parser(source.c_str()));
  if (parsed.error() == nullptr) {
    for (const Piece& piece : parsed.pieces()) collector.add(piece, true);
  } else {
    result.parse_error = parsed.error()->message;
    result.error_line = line_column(source, byte_offset(source, parsed.error()->cursorpos)).line;
    collect_with_scanner(source, collector);
  }
  result.statements = collector.take();
  return result;
}

}  // namespace drydock
