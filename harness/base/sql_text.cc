#include "harness/base/sql_text.h"

#include <cctype>

namespace drydock {
namespace {

std::string between(char quote, std::string_view text) {
  std::string out(1, quote);
  for (const char c : text) {
    if (c == quote) out += quote;
    out += c;
  }
  return out + quote;
}

/// Takes the first part off `rest`, which begins with it; empty when there is none.
std::string take_part(std::string_view& rest) {
  std::size_t end = 0;
  if (rest.substr(0, 1) == "\"") {
    end = rest.find('"', 1);
    while (end != std::string_view::npos && rest.substr(end + 1, 1) == "\"")
      end = rest.find('"', end + 2);
    if (end == std::string_view::npos || end == 1) return "";
    ++end;
  } else {
    const auto is_plain = [](char c) {
      return c != '.' && c != '"' && std::isspace(static_cast<unsigned char>(c)) == 0;
    };
    while (end < rest.size() && is_plain(rest[end])) ++end;
  }
  std::string part(rest.substr(0, end));
  rest.remove_prefix(end);
  return part;
}

std::string without_quotes(const std::string& part) {
  if (part.front() != '"') return part;
  std::string plain;
  for (std::size_t i = 1; i + 1 < part.size(); ++i) {
    if (part[i] == '"') ++i;
    plain += part[i];
  }
  return plain;
}

}  // namespace

std::string sql_text(std::string_view text) { return between('\'', text); }

std::string sql_name(std::string_view name) { return between('"', name); }

std::vector<std::string> name_parts(std::string_view name) {
  std::vector<std::string> parts;
  while (true) {
    parts.push_back(take_part(name));
    if (parts.back().empty()) return {};
    if (name.empty()) return parts;
    if (name.front() != '.') return {};
    name.remove_prefix(1);
  }
}

std::vector<std::string> plain_name_parts(std::string_view name) {
  std::vector<std::string> parts = name_parts(name);
  for (std::string& part : parts) part = without_quotes(part);
  return parts;
}

}  // namespace drydock
