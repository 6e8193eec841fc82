#include "bench/sql_words.h"

#include <algorithm>

#include "harness/base/text.h"
#include "harness/sql/tokens.h"

namespace drydock {

SqlWords::SqlWords(std::string_view sql) : sql_(sql) {
  int depth = 0;
  for (const Token& token : tokens_of(sql_)) {
    const char first = sql_[token.offset];
    if (first == ')' || first == ']') --depth;
    words_.push_back({token.offset, token.length, depth});
    if (first == '(' || first == '[') ++depth;
  }
}

std::string_view SqlWords::at(std::size_t word) const {
  return std::string_view(sql_).substr(words_[word].offset, words_[word].length);
}

bool SqlWords::is(std::size_t word, std::string_view lower) const {
  return word < size() && to_lower(at(word)) == lower;
}

bool SqlWords::is_one_of(std::size_t word, std::initializer_list<std::string_view> lower) const {
  return std::any_of(lower.begin(), lower.end(),
                     [&](std::string_view one) { return is(word, one); });
}

std::string SqlWords::text(std::size_t first, std::size_t end) const {
  if (first >= end || first >= size()) return "";
  const Word& last = words_[std::min(end, size()) - 1];
  return sql_.substr(words_[first].offset, last.offset + last.length - words_[first].offset);
}

std::string SqlWords::text() const {
  return text(0, size() > 0 && is(size() - 1, ";") ? size() - 1 : size());
}

std::size_t SqlWords::find(std::initializer_list<std::string_view> lower, std::size_t first,
                           std::size_t end) const {
  for (std::size_t i = first; i < std::min(end, size()); ++i) {
    if (depth(i) == depth(first) && is_one_of(i, lower)) return i;
  }
  return kNone;
}

std::size_t SqlWords::closing(std::size_t open) const {
  std::size_t word = open + 1;
  while (word < size() && depth(word) > depth(open)) ++word;
  return word;
}

std::string plain_name(std::string_view word) {
  if (!word.starts_with('"')) return to_lower(word);
  std::string name;
  for (std::size_t i = 1; i + 1 < word.size(); ++i) {
    if (word[i] == '"') ++i;
    name += word[i];
  }
  return name;
}

}  // namespace drydock
