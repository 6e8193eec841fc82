// The listener that turns the JSON library's events into a JsonNode tree with positions.
//
// The library does not tell positions, but it reads its input strictly byte by byte and fires each
// event as soon as the token is complete. So an iterator that counts how far it was read tells
// where a token ends, and its start is found by going back over it. Used by json_document.cc only.
#pragma once

#include <nlohmann/json.hpp>

#include <cstddef>
#include <functional>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "harness/load/json_document.h"

namespace drydock {

/// Walks over a text and tells, through `consumed`, how many bytes any copy of it has passed.
class CountingIterator {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  CountingIterator(const char* at, std::size_t* consumed) : at_(at), consumed_(consumed) {}
  reference operator*() const { return *at_; }
  CountingIterator& operator++() {
    ++at_;
    ++*consumed_;
    return *this;
  }
  bool operator==(const CountingIterator& other) const { return at_ == other.at_; }
  bool operator!=(const CountingIterator& other) const { return at_ != other.at_; }

 private:
  const char* at_;
  std::size_t* consumed_;
};

/// Member names are those the library calls. `fail` gets an offset and a message and throws.
class JsonBuilder : public nlohmann::json_sax<nlohmann::json> {
 public:
  using Fail = std::function<void(std::size_t offset, const std::string& message)>;

  JsonBuilder(std::string_view text, const std::size_t* consumed, JsonNode* root, Fail fail);

  bool null() override;
  bool boolean(bool value) override;
  bool number_integer(number_integer_t value) override;
  bool number_unsigned(number_unsigned_t value) override;
  bool number_float(number_float_t value, const string_t& spelling) override;
  bool string(string_t& value) override;
  bool binary(binary_t& value) override;
  bool start_object(std::size_t size) override;
  bool key(string_t& name) override;
  bool end_object() override;
  bool start_array(std::size_t size) override;
  bool end_array() override;
  bool parse_error(std::size_t position, const std::string& last_token,
                   const nlohmann::json::exception& problem) override;

 private:
  bool number(std::optional<std::int64_t> integer);
  bool open(JsonNode::Kind kind);
  bool close();
  JsonNode& add(JsonNode::Kind kind, std::size_t offset);
  std::size_t start_of_string() const;
  std::string pointer_to(std::string_view name) const;

  std::string_view text_;
  const std::size_t* consumed_;
  JsonNode* root_;
  Fail fail_;
  /// From the root to the innermost open list or object. Stays valid while it grows: only the
  /// innermost node gets children, and none of those is open.
  std::vector<JsonNode*> open_;
  std::string pending_key_;
  std::size_t pending_key_offset_ = 0;
};

}  // namespace drydock
