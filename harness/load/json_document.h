// JSON that remembers where everything stood.
//
// A scenario is written by hand, so "type must be string, but is number" without a place is no
// help. The JSON library gives a tree without positions, or events without positions; this file
// turns the events into a tree whose nodes know the byte they started on. Comments (// and /* */)
// are allowed. What JSON itself leaves open is refused here: a key twice in one object (one of the
// two would be lost silently), NUL in a text (it ends a path early), nesting beyond any sense.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/error.h"

namespace drydock {

struct JsonNode {
  enum class Kind { kNull, kBoolean, kNumber, kText, kList, kObject };

  Kind kind = Kind::kNull;
  std::size_t offset = 0;               ///< of the value's first byte
  std::string text;                     ///< of a text; a number's or boolean's spelling
  std::optional<std::int64_t> integer;  ///< of a number without fraction or exponent that fits
  std::string key;                      ///< when it is a member of an object
  std::size_t key_offset = 0;           ///< of the key's opening quote
  std::vector<JsonNode> children;       ///< of a list or an object, in the file's order

  /// The member of that name, or null.
  const JsonNode* member(std::string_view name) const;
  /// What a person would call it: `text`, `the number 1e3`, `a list` …
  std::string described() const;
};

class JsonDocument {
 public:
  /// `name` is how errors call the text, usually its path. Throws Error when it is no JSON.
  static JsonDocument parse(std::string name, std::string text);
  static JsonDocument read(const std::string& path);

  const JsonNode& root() const { return root_; }

  /// The line, from 1, that holds the byte.
  int line_of(std::size_t offset) const;

  /// "name:line:column: message", then the line itself with a caret under the column.
  Error error_at(std::size_t offset, const std::string& message,
                 const std::string& remedy = {}) const;

 private:
  JsonDocument(std::string name, std::string text);

  std::string name_;
  std::string text_;
  JsonNode root_;
};

/// `pointer` extended by one step, escaped as RFC 6901 wants it: "/a" and "b/c" give "/a/b~1c".
std::string json_pointer(const std::string& pointer, std::string_view step);

}  // namespace drydock
