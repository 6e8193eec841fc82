#include "harness/load/json_builder.h"

#include <cctype>
#include <limits>

#include "harness/base/text.h"

namespace drydock {
namespace {

/// Our files are five levels deep; a bound keeps hostile nesting from exhausting the stack.
constexpr std::size_t kDeepest = 64;

bool belongs_to_number(char c) {
  return (c >= '0' && c <= '9') || c == '-' || c == '+' || c == '.' || c == 'e' || c == 'E';
}

/// The library's words without its own name, number and position in front of them, and without
/// what it read last, which the caret shows better.
std::string plain_words(std::string what) {
  const std::size_t name = what.find("] ");
  if (name != std::string::npos) what.erase(0, name + 2);
  const std::size_t position = what.find(" column ");
  const std::size_t colon = position == std::string::npos ? position : what.find(": ", position);
  if (colon != std::string::npos) what.erase(0, colon + 2);
  const std::size_t read = what.find("; last read: '");
  if (read != std::string::npos) {
    const std::size_t expected = what.rfind("'; expected ");
    what.erase(read, expected == std::string::npos ? expected : expected + 1 - read);
  }
  return what;
}

/// Where to point: the start of the word or string that is wrong, else the last byte read. The
/// library's `token` is whole for strings and numbers; for a bracket or a word it also holds what
/// was read before it.
std::size_t error_offset(std::string_view text, std::size_t position, std::string_view token,
                         bool is_word) {
  if (position == 0 || position > text.size())
    return trim(text).empty() ? 0 : text.find_last_not_of(" \t\r\n") + 1;
  std::size_t at = position - 1;
  if (is_word) {
    while (at > 0 && std::isalnum(static_cast<unsigned char>(text[at - 1])) != 0) --at;
    return at;
  }
  const bool is_bracket = std::string_view("{}[]:,").find(text[at]) != std::string_view::npos;
  if (!is_bracket && position >= token.size() &&
      text.substr(position - token.size(), token.size()) == token)
    return position - token.size();
  return at;
}

/// The slip people make most in hand-written JSON, in words that say so.
bool is_trailing_comma(std::string_view text, std::size_t offset) {
  if (offset >= text.size() || (text[offset] != '}' && text[offset] != ']')) return false;
  const std::string_view before = trim(text.substr(0, offset));
  return !before.empty() && before.back() == ',';
}

}  // namespace

JsonBuilder::JsonBuilder(std::string_view text, const std::size_t* consumed, JsonNode* root,
                         Fail fail)
    : text_(text), consumed_(consumed), root_(root), fail_(std::move(fail)) {}

bool JsonBuilder::null() {
  add(JsonNode::Kind::kNull, *consumed_ - std::string_view("null").size());
  return true;
}

bool JsonBuilder::boolean(bool value) {
  const std::string spelling = value ? "true" : "false";
  add(JsonNode::Kind::kBoolean, *consumed_ - spelling.size()).text = spelling;
  return true;
}

bool JsonBuilder::number_integer(number_integer_t value) { return number(value); }

bool JsonBuilder::number_unsigned(number_unsigned_t value) {
  if (value > static_cast<number_unsigned_t>(std::numeric_limits<std::int64_t>::max()))
    return number(std::nullopt);
  return number(static_cast<std::int64_t>(value));
}

bool JsonBuilder::number_float(number_float_t, const string_t&) { return number(std::nullopt); }

bool JsonBuilder::number(std::optional<std::int64_t> integer) {
  // A number ends where something else begins, so one byte more may have been read.
  std::size_t end = *consumed_;
  if (end > 0 && !belongs_to_number(text_[end - 1])) --end;
  std::size_t start = end;
  while (start > 0 && belongs_to_number(text_[start - 1])) --start;
  JsonNode& node = add(JsonNode::Kind::kNumber, start);
  node.text = std::string(text_.substr(start, end - start));
  node.integer = integer;
  return true;
}

bool JsonBuilder::string(string_t& value) {
  const std::size_t start = start_of_string();
  if (value.find('\0') != std::string::npos) fail_(start, "\\u0000 cannot be used in a text");
  add(JsonNode::Kind::kText, start).text = value;
  return true;
}

bool JsonBuilder::binary(binary_t&) { return false; }

bool JsonBuilder::start_object(std::size_t) { return open(JsonNode::Kind::kObject); }
bool JsonBuilder::end_object() { return close(); }
bool JsonBuilder::start_array(std::size_t) { return open(JsonNode::Kind::kList); }
bool JsonBuilder::end_array() { return close(); }

bool JsonBuilder::key(string_t& name) {
  const std::size_t start = start_of_string();
  if (const JsonNode* first = open_.back()->member(name)) {
    fail_(start, pointer_to(name) + " is given twice; the first is on line " +
                     std::to_string(line_column(text_, first->key_offset).line));
  }
  pending_key_ = name;
  pending_key_offset_ = start;
  return true;
}

bool JsonBuilder::parse_error(std::size_t position, const std::string& last_token,
                              const nlohmann::json::exception& problem) {
  const std::string words = plain_words(problem.what());
  const bool is_word = words.find("invalid literal") != std::string::npos;
  const std::size_t offset = error_offset(text_, position, last_token, is_word);
  fail_(offset, is_trailing_comma(text_, offset)
                    ? "not valid JSON: the comma before this bracket has nothing after it"
                    : "not valid JSON: " + words);
  return false;
}

bool JsonBuilder::open(JsonNode::Kind kind) {
  const std::size_t offset = *consumed_ - 1;
  if (open_.size() >= kDeepest)
    fail_(offset, "nested deeper than " + std::to_string(kDeepest) + " levels");
  open_.push_back(&add(kind, offset));
  return true;
}

bool JsonBuilder::close() {
  open_.pop_back();
  return true;
}

JsonNode& JsonBuilder::add(JsonNode::Kind kind, std::size_t offset) {
  JsonNode* node = root_;
  if (!open_.empty()) {
    node = &open_.back()->children.emplace_back();
    if (open_.back()->kind == JsonNode::Kind::kObject) {
      node->key = pending_key_;
      node->key_offset = pending_key_offset_;
    }
  }
  node->kind = kind;
  node->offset = offset;
  return *node;
}

std::size_t JsonBuilder::start_of_string() const {
  // Every quote inside a string has an odd number of backslashes before it.
  for (std::size_t at = *consumed_ - 1; at-- > 0;) {
    if (text_[at] != '"') continue;
    std::size_t backslashes = 0;
    while (backslashes < at && text_[at - 1 - backslashes] == '\\') ++backslashes;
    if (backslashes % 2 == 0) return at;
  }
  return 0;
}

std::string JsonBuilder::pointer_to(std::string_view name) const {
  std::string pointer;
  for (std::size_t i = 1; i < open_.size(); ++i) {
    const JsonNode& parent = *open_[i - 1];
    pointer = json_pointer(pointer, parent.kind == JsonNode::Kind::kList
                                        ? std::to_string(parent.children.size() - 1)
                                        : open_[i]->key);
  }
  return json_pointer(pointer, name);
}

}  // namespace drydock
