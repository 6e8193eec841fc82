#include "harness/sql/tokens.h"

#include <algorithm>

namespace drydock {
namespace {

bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool starts_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}
bool goes_on_word(char c) { return starts_word(c) || is_digit(c) || c == '$'; }

class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  std::vector<Token> run() {
    while (skip_blank()) {
      const std::size_t start = at_;
      const bool complete = pass_token();
      tokens_.push_back({start, at_ - start, complete});
    }
    return std::move(tokens_);
  }

 private:
  bool ended() const { return at_ >= text_.size(); }
  bool sees(std::string_view what) const { return text_.substr(at_).starts_with(what); }

  /// Past white space and comments; false at the end of the text.
  bool skip_blank() {
    while (!ended()) {
      if (is_space(text_[at_])) {
        ++at_;
      } else if (sees("--")) {
        at_ = std::min(text_.find_first_of("\n\r", at_), text_.size());
      } else if (!sees("/*")) {
        return true;
      } else if (const std::size_t start = at_; !pass_block_comment()) {
        tokens_.push_back({start, at_ - start, false});
      }
    }
    return false;
  }

  bool pass_block_comment() {
    int depth = 0;
    do {
      const bool opens = sees("/*"), closes = sees("*/");
      depth += opens ? 1 : closes ? -1 : 0;
      at_ += opens || closes ? 2 : 1;
    } while (depth > 0 && !ended());
    return depth == 0;
  }

  bool pass_token() {
    const char first = text_[at_];
    if (first == '\'') return pass_text(false);
    if (first == '"') return pass_until("\"", 1);
    if (first == '$') return pass_dollar();
    if (starts_word(first)) return pass_word();
    ++at_;
    return true;
  }

  /// The prefixes E, U&, B, X, N stand directly before the quote; only E changes what ends it.
  bool pass_word() {
    const std::size_t start = at_;
    while (!ended() && goes_on_word(text_[at_])) ++at_;
    const std::string_view word = text_.substr(start, at_ - start);
    if (sees("'") && (word == "e" || word == "E")) return pass_text(true);
    if ((word == "u" || word == "U") && (sees("&'") || sees("&\""))) {
      ++at_;
      return text_[at_] == '\'' ? pass_text(false) : pass_until("\"", 1);
    }
    return true;
  }

  /// A doubled quote, or a quote on a later line, goes on with the same text, E'' included.
  bool pass_text(bool backslash_escapes) {
    do {
      ++at_;
      while (!ended() && text_[at_] != '\'') {
        at_ += backslash_escapes && text_[at_] == '\\' ? 2 : 1;
      }
      if (ended()) {
        at_ = text_.size();
        return false;
      }
      ++at_;
    } while (sees("'") || text_goes_on());
    return true;
  }

  /// Moves to the next quote when there is only white space with a line end (and line comments)
  /// before it: the SQL standard's way of breaking a long text.
  bool text_goes_on() {
    std::size_t next = at_;
    bool line_ended = false;
    for (; next < text_.size(); ++next) {
      if (text_.substr(next).starts_with("--")) {
        next = std::min(text_.find_first_of("\n\r", next), text_.size() - 1);
      }
      if (!is_space(text_[next])) break;
      line_ended |= text_[next] == '\n' || text_[next] == '\r';
    }
    if (!line_ended || next >= text_.size() || text_[next] != '\'') return false;
    at_ = next;
    return true;
  }

  /// $tag$ … $tag$; a $ that opens none ($1, an operator) is a character of its own.
  bool pass_dollar() {
    std::size_t end = at_ + 1;
    if (end < text_.size() && starts_word(text_[end])) {
      while (end < text_.size() && text_[end] != '$' && goes_on_word(text_[end])) ++end;
    }
    if (end >= text_.size() || text_[end] != '$') {
      ++at_;
      return true;
    }
    const std::string_view tag = text_.substr(at_, end + 1 - at_);
    return pass_until(tag, tag.size());
  }

  /// Past `opening` characters and then up to and with `closing`.
  bool pass_until(std::string_view closing, std::size_t opening) {
    const std::size_t end = text_.find(closing, at_ + opening);
    at_ = end == std::string_view::npos ? text_.size() : end + closing.size();
    return end != std::string_view::npos;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::vector<Token> tokens_;
};

}  // namespace

std::vector<Token> tokens_of(std::string_view text) { return Scanner(text).run(); }

}  // namespace drydock
