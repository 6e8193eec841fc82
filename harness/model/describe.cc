#include "harness/model/describe.h"

#include <string_view>

namespace drydock {
namespace {

// Enough for a CREATE TABLE of some twenty columns; a line that is longer is not read any more.
constexpr std::size_t kLongestStatement = 600;
constexpr std::size_t kLongestValue = 160;

bool is_blank(char c) { return c == ' ' || c == '\n' || c == '\t' || c == '\r'; }

std::string on_one_line(std::string_view text, std::size_t limit) {
  std::string line;
  for (char c : text) {
    if (!is_blank(c)) {
      line += c;
    } else if (!line.empty() && line.back() != ' ') {
      line += ' ';
    }
  }
  if (!line.empty() && line.back() == ' ') line.pop_back();
  if (line.size() <= limit) return line;
  while (limit > 0 && (static_cast<unsigned char>(line[limit]) & 0xC0) == 0x80) --limit;
  return line.substr(0, limit) + "…";
}

std::string value_in_words(const std::string& value) {
  return value.empty() ? "nothing" : on_one_line(value, kLongestValue);
}

std::string what_is_wrong(const SchemaDifference& difference) {
  std::string object = describe(difference.object);
  switch (difference.change) {
    case ChangeKind::kMissing:
      return object + " is missing";
    case ChangeKind::kExtra:
      return object + " is left over";
    case ChangeKind::kChanged:
      break;
  }
  return object + ": " + difference.property + " should be " + value_in_words(difference.expected) +
         ", is " + value_in_words(difference.found);
}

}  // namespace

std::string describe(const ObjectKey& key) { return key.kind + " " + key.name; }

std::string describe(const SchemaDifference& difference) {
  std::string line = what_is_wrong(difference);
  if (!difference.ddl.empty()) line += ": " + on_one_line(difference.ddl, kLongestStatement);
  return line;
}

}  // namespace drydock
