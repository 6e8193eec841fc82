#include "harness/load/key_type.h"

#include <chrono>
#include <string>

#include "harness/base/text.h"

namespace drydock {
namespace {

using Kind = JsonNode::Kind;

bool is_words(const JsonNode& node) { return node.kind == Kind::kText && !trim(node.text).empty(); }

bool is_scalar(const JsonNode& node) {
  return node.kind == Kind::kText || node.kind == Kind::kNumber || node.kind == Kind::kBoolean;
}

bool is_date(const std::string& text) {
  const std::string shape = "dddd-dd-dd";
  if (text.size() != shape.size()) return false;
  for (std::size_t i = 0; i < shape.size(); ++i) {
    const bool is_digit = text[i] >= '0' && text[i] <= '9';
    if (shape[i] == 'd' ? !is_digit : text[i] != shape[i]) return false;
  }
  const auto number = [&](std::size_t at, std::size_t length) {
    return std::stoi(text.substr(at, length));
  };
  return std::chrono::year_month_day(std::chrono::year(number(0, 4)),
                                     std::chrono::month(static_cast<unsigned>(number(5, 2))),
                                     std::chrono::day(static_cast<unsigned>(number(8, 2))))
      .ok();
}

}  // namespace

bool has_type(KeyType type, const JsonNode& node) {
  switch (type) {
    case KeyType::kText:
      return node.kind == Kind::kText;
    case KeyType::kWords:
    case KeyType::kPath:
      return is_words(node);
    case KeyType::kCount:
      return node.integer.has_value() && *node.integer >= 0;
    case KeyType::kDate:
      return node.kind == Kind::kText && is_date(node.text);
    case KeyType::kTextMap:
    case KeyType::kScalarMap:
    case KeyType::kObject:
      return node.kind == Kind::kObject;
    case KeyType::kPaths:
    case KeyType::kTexts:
    case KeyType::kObjects:
      return node.kind == Kind::kList;
  }
  return false;
}

bool is_element(KeyType type, const JsonNode& node) {
  switch (type) {
    case KeyType::kPaths:
    case KeyType::kTexts:
      return is_words(node);
    case KeyType::kTextMap:
      return node.kind == Kind::kText;
    case KeyType::kScalarMap:
      return is_scalar(node);
    case KeyType::kObjects:
      return node.kind == Kind::kObject;
    default:
      return false;
  }
}

std::string_view element_words(KeyType type) {
  switch (type) {
    case KeyType::kPaths:
      return "a path";
    case KeyType::kTexts:
      return "a text that is not empty";
    case KeyType::kTextMap:
      return "a text";
    case KeyType::kScalarMap:
      return "a text, a number or a boolean";
    default:
      return "an object";
  }
}

std::string_view type_words(KeyType type) {
  switch (type) {
    case KeyType::kText:
      return "a text";
    case KeyType::kWords:
      return "a text that is not empty";
    case KeyType::kPath:
      return "a path";
    case KeyType::kPaths:
      return "a list of paths";
    case KeyType::kTexts:
      return "a list of texts";
    case KeyType::kTextMap:
      return "an object of texts";
    case KeyType::kScalarMap:
      return "an object of texts, numbers or booleans";
    case KeyType::kCount:
      return "a whole number of 0 or more";
    case KeyType::kDate:
      return "a date as YYYY-MM-DD";
    case KeyType::kObject:
      return "an object";
    case KeyType::kObjects:
      return "a list of objects";
  }
  return "";
}

}  // namespace drydock
