// A piece of SQL as its words, for taking statements apart: which word stands where, and how deep
// in brackets. Whoever looks for WHERE wants that of the statement, not of a subquery.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace drydock {

class SqlWords {
 public:
  static constexpr std::size_t kNone = static_cast<std::size_t>(-1);

  explicit SqlWords(std::string_view sql);

  std::size_t size() const { return words_.size(); }
  /// As written.
  std::string_view at(std::size_t word) const;
  /// Whether the word is `lower`, in any case. Beyond the end: it is not.
  bool is(std::size_t word, std::string_view lower) const;
  bool is_one_of(std::size_t word, std::initializer_list<std::string_view> lower) const;
  /// Brackets around it; a bracket itself is as deep as what is around it.
  int depth(std::size_t word) const { return words_[word].depth; }
  std::size_t offset(std::size_t word) const { return words_[word].offset; }

  /// From word `first` up to `end` without it, without comments before and behind.
  std::string text(std::size_t first, std::size_t end) const;
  /// All of it, without the semicolon at its end.
  std::string text() const;

  /// The first of `lower` at `first`'s depth within [first, end), or kNone.
  std::size_t find(std::initializer_list<std::string_view> lower, std::size_t first,
                   std::size_t end) const;
  /// The bracket that closes the one at `open`; size() when there is none.
  std::size_t closing(std::size_t open) const;

 private:
  struct Word {
    std::size_t offset, length;
    int depth;
  };
  std::string sql_;
  std::vector<Word> words_;
};

/// A plain name out of one as SQL writes it: lower case, unless in quotes.
std::string plain_name(std::string_view word);

}  // namespace drydock
