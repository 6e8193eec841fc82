#include "reports/printable.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>

#include "harness/base/text.h"

namespace drydock {
namespace {

struct Range {
  char32_t first, last;
};

/// Takes the first character off valid UTF-8.
char32_t take_character(std::string_view& text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const std::size_t length = byte(0) < 0x80 ? 1 : byte(0) < 0xE0 ? 2 : byte(0) < 0xF0 ? 3 : 4;
  char32_t character = length == 1 ? byte(0) : byte(0) & (0x7F >> length);
  for (std::size_t i = 1; i < length; ++i) character = character << 6 | (byte(i) & 0x3F);
  text.remove_prefix(length);
  return character;
}

template <std::size_t N>
bool within(const std::array<Range, N>& ranges, char32_t character) {
  return std::any_of(ranges.begin(), ranges.end(), [&](const Range& range) {
    return character >= range.first && character <= range.last;
  });
}

// Line and paragraph separators, explicit direction marks, noncharacters (XML 1.0, "Characters").
constexpr std::array<Range, 4> kMisleading = {
    {{0x2028, 0x2029}, {0x202A, 0x202E}, {0x2066, 0x2069}, {0xFFFE, 0xFFFF}}};

// The blocks that matter of East_Asian_Width=W and Emoji_Presentation.
constexpr std::array<Range, 8> kWide = {{{0x1100, 0x115F},
                                         {0x2E80, 0xA4CF},
                                         {0xAC00, 0xD7A3},
                                         {0xF900, 0xFAFF},
                                         {0xFE30, 0xFE6F},
                                         {0xFF00, 0xFF60},
                                         {0x1F300, 0x1FAFF},
                                         {0x20000, 0x3FFFD}}};

// Combining marks of the common scripts, joiners and variation selectors.
constexpr std::array<Range, 7> kZeroWidth = {{{0x0300, 0x036F},
                                              {0x0591, 0x05BD},
                                              {0x064B, 0x065F},
                                              {0x200B, 0x200F},
                                              {0x20D0, 0x20FF},
                                              {0xFE00, 0xFE0F},
                                              {0xE0100, 0xE01EF}}};

int width_of(char32_t character) {
  if (within(kZeroWidth, character)) return 0;
  return within(kWide, character) ? 2 : 1;
}

}  // namespace

std::string printable(std::string_view bytes) {
  const std::string valid = valid_utf8(bytes);
  std::string out;
  out.reserve(valid.size());
  for (std::string_view rest = valid; !rest.empty();) {
    if (rest.substr(0, 2) == "\r\n") rest.remove_prefix(1);
    const std::string_view before = rest;
    const char32_t character = take_character(rest);
    const bool control = character < 0x20 || (character >= 0x7F && character < 0xA0);
    if (control && character != '\n' && character != '\t') {
      fmt::format_to(std::back_inserter(out), "\\x{:02x}", static_cast<unsigned>(character));
    } else if (within(kMisleading, character)) {
      fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<unsigned>(character));
    } else {
      out += before.substr(0, before.size() - rest.size());
    }
  }
  return out;
}

std::string printable_line(std::string_view bytes) {
  // Folded first: a lone carriage return is white space here, not something to show.
  return printable(one_line(bytes));
}

int display_width(std::string_view utf8) {
  int width = 0;
  while (!utf8.empty()) width += width_of(take_character(utf8));
  return width;
}

std::string fit(std::string_view text, int width) {
  if (display_width(text) <= width) return std::string(text);
  int used = 1;  // for the ellipsis
  std::string_view rest = text;
  while (true) {
    std::string_view next = rest;
    used += width_of(take_character(next));
    if (used > width) break;
    rest = next;
  }
  return std::string(text.substr(0, text.size() - rest.size())) + "…";
}

}  // namespace drydock
