#include "harness/load/json_document.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/base/files.h"
#include "harness/base/text.h"
#include "harness/load/json_builder.h"

namespace drydock {
namespace {

/// The line that holds `offset`, and a caret under it. Tabs stay tabs above the caret, so that both
/// lines shift alike.
std::string line_with_caret(std::string_view text, std::size_t offset) {
  offset = std::min(offset, text.size());
  const std::size_t newline = offset == 0 ? std::string_view::npos : text.rfind('\n', offset - 1);
  const std::size_t start = newline == std::string_view::npos ? 0 : newline + 1;
  std::string_view line = text.substr(start, text.find('\n', start) - start);
  if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
  std::string margin;
  for (const char c : text.substr(start, offset - start)) {
    const bool continues_a_character = (static_cast<unsigned char>(c) & 0xC0) == 0x80;
    if (!continues_a_character) margin += c == '\t' ? '\t' : ' ';
  }
  return fmt::format("    {}\n    {}^", valid_utf8(line), margin);
}

}  // namespace

const JsonNode* JsonNode::member(std::string_view name) const {
  for (const JsonNode& child : children)
    if (child.key == name) return &child;
  return nullptr;
}

std::string JsonNode::described() const {
  switch (kind) {
    case Kind::kNull:
      return "null";
    case Kind::kBoolean:
      return text;
    case Kind::kNumber:
      return "the number " + text;
    case Kind::kText:
      return text.empty() ? "an empty text" : "text";
    case Kind::kList:
      return "a list";
    case Kind::kObject:
      return "an object";
  }
  return "";
}

JsonDocument::JsonDocument(std::string name, std::string text)
    : name_(std::move(name)), text_(std::move(text)) {}

JsonDocument JsonDocument::parse(std::string name, std::string text) {
  JsonDocument document(std::move(name), std::move(text));
  std::size_t consumed = 0;
  JsonBuilder builder(document.text_, &consumed, &document.root_,
                      [&](std::size_t offset, const std::string& message) {
                        throw document.error_at(offset, message);
                      });
  const char* begin = document.text_.data();
  const char* end = begin + document.text_.size();
  nlohmann::json::sax_parse(CountingIterator(begin, &consumed), CountingIterator(end, &consumed),
                            &builder, nlohmann::json::input_format_t::json, /*strict=*/true,
                            /*ignore_comments=*/true);
  return document;
}

JsonDocument JsonDocument::read(const std::string& path) { return parse(path, read_file(path)); }

int JsonDocument::line_of(std::size_t offset) const { return line_column(text_, offset).line; }

Error JsonDocument::error_at(std::size_t offset, const std::string& message,
                             const std::string& remedy) const {
  const LineColumn at = line_column(text_, offset);
  return Error(fmt::format("{}:{}:{}: {}\n{}", name_, at.line, at.column, message,
                           line_with_caret(text_, offset)),
               remedy);
}

std::string json_pointer(const std::string& pointer, std::string_view step) {
  std::string result = pointer + "/";
  for (const char c : step) {
    if (c == '~')
      result += "~0";
    else if (c == '/')
      result += "~1";
    else
      result += c;
  }
  return result;
}

}  // namespace drydock
