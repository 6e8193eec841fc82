#include "harness/observe/schema_ddl_words.h"

#include <algorithm>
#include <cctype>

#include "harness/base/sql_text.h"
#include "harness/observe/schema_ddl.h"

namespace drydock {

std::string upper_kind(const ObjectKey& key) { return upper_case(key.kind); }

std::string option_key(const std::string& property) {
  if (property.starts_with("option ")) return property.substr(7);
  if (property.starts_with("toast option ")) return "toast." + property.substr(13);
  return "";
}

std::string option_literal(const std::string& value) {
  const bool plain = std::all_of(value.begin(), value.end(), [](unsigned char c) {
    return std::isalnum(c) || c == '.' || c == '-' || c == '_';
  });
  return plain || value == "''" ? value : sql_text(value);
}

bool is_of_identity(const SchemaObject& sequence) {
  return value_of(sequence, "owned by").starts_with("identity of ");
}

std::string unqualified(const std::string& name) {
  // A dot inside the last part can only be inside quotes.
  const std::size_t dot = name.ends_with('"') ? name.rfind(".\"") : name.rfind('.');
  return dot == std::string::npos ? name : name.substr(dot + 1);
}

std::string upper_case(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return text;
}

bool is_one_of(const std::string& word, std::initializer_list<const char*> words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

}  // namespace drydock
