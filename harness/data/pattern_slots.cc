#include "harness/data/pattern_slots.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "harness/data/sql_words.h"

namespace drydock {
namespace {

constexpr std::int64_t kMost = std::int64_t{1} << 40;
/// A repetition without an upper end is carried so far beyond its lower one.
constexpr int kMoreRepetitions = 6;

const std::string kDigits = "0123456789";
const std::string kLower = "abcdefghijklmnopqrstuvwxyz";
const std::string kUpper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

class PatternReader {
 public:
  PatternReader(std::string_view text, int choice) : text_(text), choice_(choice) {}

  std::optional<Slots> read() {
    Slots slots = alternatives();
    if (failed_ || at_ < text_.size()) return std::nullopt;
    return slots;
  }

 private:
  bool more() const { return at_ < text_.size(); }
  char peek() const { return more() ? text_[at_] : '\0'; }
  bool take(std::string_view word) {
    if (text_.substr(at_, word.size()) != word) return false;
    at_ += word.size();
    return true;
  }

  Slots alternatives() {
    std::vector<Slots> all = {sequence()};
    while (!failed_ && take("|")) all.push_back(sequence());
    return all[static_cast<std::size_t>(choice_) % all.size()];
  }

  Slots sequence() {
    Slots slots;
    while (more() && peek() != '|' && peek() != ')' && !failed_) {
      if (take("^") || take("$")) continue;
      const Slots piece = atom();
      repeat(piece, slots);
    }
    return slots;
  }

  void repeat(const Slots& piece, Slots& slots) {
    int low = 1, high = 1;
    if (take("*")) {
      low = 0, high = kMoreRepetitions;
    } else if (take("+")) {
      low = 1, high = 1 + kMoreRepetitions;
    } else if (take("?")) {
      low = 0;
    } else if (peek() == '{') {
      ++at_;
      low = number();
      high = take(",") ? (peek() == '}' ? low + kMoreRepetitions : number()) : low;
      if (!take("}")) failed_ = true;
    }
    take("?");  // as few as possible: the text is the same
    high = std::min(high, low + kMoreRepetitions);
    const int times = low + (choice_ == 0 ? high - low : choice_ % (high - low + 1));
    for (int i = 0; i < times && slots.size() < 4000; ++i) {
      slots.insert(slots.end(), piece.begin(), piece.end());
    }
  }

  int number() {
    int value = 0;
    while (std::isdigit(static_cast<unsigned char>(peek())) != 0 && value < 1000)
      value = value * 10 + (text_[at_++] - '0');
    return value;
  }

  Slots atom() {
    if (take("(?:") || take("(")) {
      if (peek() == '?') failed_ = true;
      Slots inside = alternatives();
      if (!take(")")) failed_ = true;
      return inside;
    }
    if (take("[")) return {bracket()};
    if (take("\\")) return escape();
    if (take(".")) return {kLower + kDigits};
    // One character may be several bytes.
    std::string one(1, text_[at_++]);
    while (more() && (static_cast<unsigned char>(peek()) & 0xC0) == 0x80) one += text_[at_++];
    if (one == "*" || one == "+" || one == "?") failed_ = true;
    if (one.size() > 1) failed_ = true;
    return {one};
  }

  Slots escape() {
    const char c = more() ? text_[at_++] : '\0';
    switch (c) {
      case 'd':
        return {kDigits};
      case 'w':
        return {kLower + kDigits};
      case 's':
        return {" "};
      case 'S':
      case 'D':
        return {kLower};
      case 'W':
        return {"-"};
      case 'A':
      case 'Z':
      case 'm':
      case 'M':
      case 'y':
        return {};
      default:
        if (std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '\0') failed_ = true;
        return {std::string(1, c)};
    }
  }

  std::string bracket() {
    const bool negated = take("^");
    std::string members;
    bool first = true;
    while (more() && !failed_ && (first || peek() != ']')) {
      members += member();
      first = false;
    }
    if (!take("]")) failed_ = true;
    if (!negated) return unique(members);
    std::string rest;
    for (const char c : kLower + kDigits + kUpper + "-")
      if (members.find(c) == std::string::npos) rest += c;
    if (rest.empty()) failed_ = true;
    return rest;
  }

  std::string member() {
    if (take("[:alpha:]")) return kLower;
    if (take("[:digit:]")) return kDigits;
    if (take("[:alnum:]")) return kLower + kDigits;
    if (take("[:lower:]")) return kLower;
    if (take("[:upper:]")) return kUpper;
    if (take("[:space:]")) return " ";
    if (take("[:xdigit:]")) return kDigits + "abcdef";
    if (take("[:punct:]")) return "-";
    if (take("\\")) {
      const Slots escaped = escape();
      return escaped.empty() ? "" : escaped[0];
    }
    const char from = text_[at_++];
    if (static_cast<unsigned char>(from) >= 0x80) return "";  // part of a longer character
    if (peek() != '-' || at_ + 1 >= text_.size() || text_[at_ + 1] == ']')
      return std::string(1, from);
    ++at_;
    const char to = text_[at_++];
    std::string range;
    for (int c = from; c <= to && c >= 0; ++c) range += static_cast<char>(c);
    return range;
  }

  /// Sorted so that plain characters come first, without doubles and control characters.
  static std::string unique(std::string members) {
    std::sort(members.begin(), members.end());
    members.erase(std::unique(members.begin(), members.end()), members.end());
    std::string plain;
    for (const char c : members)
      if (std::isalnum(static_cast<unsigned char>(c)) != 0) plain += c;
    return plain.empty() ? members : plain;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  int choice_;
  bool failed_ = false;
};

}  // namespace

std::optional<Slots> slots_of_pattern(std::string_view pattern, int choice) {
  return PatternReader(pattern, choice).read();
}

std::int64_t texts_of_slots(const Slots& slots) {
  std::int64_t texts = 1;
  for (const std::string& slot : slots) {
    texts *= std::max<std::int64_t>(1, static_cast<std::int64_t>(slot.size()));
    if (texts >= kMost) return kMost;
  }
  return texts;
}

std::string sql_of_slots(const Slots& slots, const std::string& number) {
  std::vector<std::string> pieces;
  std::string literal;
  std::int64_t radix = 1;
  const auto flush = [&] {
    if (!literal.empty()) pieces.push_back(sql_text(literal));
    literal.clear();
  };
  // The number's digits go into the last slots, so that neighbours differ where one looks.
  std::vector<std::string> varied(slots.size());
  for (std::size_t i = slots.size(); i-- > 0;) {
    const auto size = static_cast<std::int64_t>(slots[i].size());
    if (size < 2 || radix >= kMost) continue;
    varied[i] = fmt::format("substr({}, (1 + ({}) / {} % {})::int, 1)", sql_text(slots[i]), number,
                            radix, size);
    radix *= size;
  }
  for (std::size_t i = 0; i < slots.size(); ++i) {
    if (varied[i].empty()) {
      literal += slots[i].substr(0, 1);
    } else {
      flush();
      pieces.push_back(varied[i]);
    }
  }
  flush();
  if (pieces.empty()) return "''::text";
  std::string sql;
  for (const std::string& piece : pieces) sql += (sql.empty() ? "" : " || ") + piece;
  return "(" + sql + ")";
}

}  // namespace drydock
