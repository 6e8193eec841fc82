// Migrations, server messages and file names may hold anything: other encodings, control characters
// that XML forbids and terminals obey, marks that turn the reading direction and so make source
// lie. Reports show such characters as visible escapes.
#pragma once

#include <string>
#include <string_view>

namespace drydock {

/// Valid UTF-8 in which newline and tab are the only control characters: \r\n becomes \n, other
/// control characters \x07, direction marks and noncharacters \u202e, bytes that are no UTF-8
/// U+FFFD.
std::string printable(std::string_view bytes);

/// The same on one line, white space folded.
std::string printable_line(std::string_view bytes);

/// Columns that a terminal needs for UTF-8 text without control characters: East Asian wide
/// characters and emoji take two, combining marks none.
int display_width(std::string_view utf8);

/// `text`, cut at a character to at most `width` columns with "…" as the last when it was longer.
std::string fit(std::string_view text, int width);

}  // namespace drydock
