#include "harness/load/sql_name.h"

#include <cctype>

namespace drydock {
namespace {

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

bool has_parts(std::string_view name, std::size_t count) {
  const std::vector<std::string> parts = name_parts(name);
  if (parts.size() != count) return false;
  for (const std::string& part : parts)
    if (part == "*") return false;
  return true;
}

}  // namespace

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

bool is_table_name(std::string_view name) { return has_parts(name, 2); }

bool is_column_name(std::string_view name) { return has_parts(name, 3); }

bool is_any_tables_column_name(std::string_view name) {
  const std::vector<std::string> parts = name_parts(name);
  return parts.size() == 2 && parts[0] == "*" && parts[1] != "*";
}

}  // namespace drydock
