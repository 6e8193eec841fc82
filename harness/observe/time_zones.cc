#include "harness/observe/time_zones.h"

#include <algorithm>

#include "harness/base/text.h"

namespace drydock {
namespace {

constexpr std::string_view kBlanks = " \t\r\n";

/// Takes `word` off the end of `text`, with the blanks behind it.
bool take_last(std::string_view& text, std::string_view word) {
  const std::string_view trimmed = trim(text);
  if (!trimmed.ends_with(word)) return false;
  text = trimmed.substr(0, trimmed.size() - word.size());
  return true;
}

/// Whether `before`, in front of the word ZONE, is the head of a SET.
bool sets_it(std::string_view before) {
  if (!take_last(before, "time")) return false;
  if (!take_last(before, "local")) take_last(before, "session");
  return take_last(before, "set");
}

/// Where the value begins: behind the blanks, = and TO.
std::size_t value_after(std::string_view text, std::size_t at) {
  const auto skip_blanks = [&] { at = std::min(text.find_first_not_of(kBlanks, at), text.size()); };
  skip_blanks();
  for (const std::string_view link : {"=", "to "}) {
    if (text.substr(at).starts_with(link)) at += link.size();
  }
  skip_blanks();
  return at;
}

}  // namespace

std::vector<std::string> time_zones_set_in(std::string_view sql) {
  const std::string text = to_lower(sql);
  std::vector<std::string> zones;
  constexpr std::string_view kWord = "zone";
  for (std::size_t at = text.find(kWord); at != std::string::npos; at = text.find(kWord, at + 1)) {
    if (!sets_it(std::string_view(text).substr(0, at))) continue;
    const std::size_t start = value_after(text, at + kWord.size());
    const std::size_t end = text.find('\'', start + 1);
    if (start >= text.size() || text[start] != '\'' || end == std::string::npos) continue;
    zones.emplace_back(sql.substr(start + 1, end - start - 1));
  }
  return zones;
}

}  // namespace drydock
