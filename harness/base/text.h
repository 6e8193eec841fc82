// Text: lines, order, safety. Everything here is pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace drydock {

/// Without leading and trailing ASCII white space.
std::string_view trim(std::string_view text);

/// Lines without their terminators (\n, \r\n). "a\n" is one line; "" is none.
std::vector<std::string_view> split_lines(std::string_view text);

std::vector<std::string> split(std::string_view text, char separator);

std::string join(const std::vector<std::string>& parts, std::string_view separator);

/// ASCII lower case; other bytes unchanged.
std::string to_lower(std::string_view text);

/// Digits compare as numbers of any length, the rest as bytes: "2_x" < "10_a". A strict weak order.
bool natural_less(std::string_view a, std::string_view b);

/// The candidate nearest to `word` by edit distance, or empty when none is near enough to be a slip
/// (distance at most a third of the word's length, at least 1).
std::string nearest(std::string_view word, const std::vector<std::string>& candidates);

/// Valid UTF-8 in, the same out; each invalid byte becomes U+FFFD. Reports and JSON need this
/// because migrations come in any encoding.
std::string valid_utf8(std::string_view bytes);

/// First line and position (1-based, column in bytes' characters) of byte `offset` in `text`.
struct LineColumn {
  int line = 1;
  int column = 1;
};
LineColumn line_column(std::string_view text, std::size_t offset);

/// At most `limit` bytes, cut at a UTF-8 boundary, "…" appended when something was cut.
std::string shorten(std::string_view text, std::size_t limit);

/// All white space runs folded to one blank, trimmed: SQL on one line.
std::string one_line(std::string_view text);

/// "1 migration", "2 migrations".
std::string plural(std::size_t count, std::string_view singular, std::string_view plural_form = {});

/// 0.4 ms, 12 ms, 3.2 s, 2 min 5 s.
std::string human_duration(double milliseconds);

}  // namespace drydock
