#include "harness/load/sql_name.h"

#include <cstddef>
#include <string>
#include <vector>

#include "harness/base/sql_text.h"

namespace drydock {
namespace {

bool has_parts(std::string_view name, std::size_t count) {
  const std::vector<std::string> parts = name_parts(name);
  if (parts.size() != count) return false;
  for (const std::string& part : parts)
    if (part == "*") return false;
  return true;
}

}  // namespace

bool is_bare_name(std::string_view name) { return has_parts(name, 1); }

bool is_table_name(std::string_view name) { return has_parts(name, 2); }

bool is_column_name(std::string_view name) { return has_parts(name, 3); }

bool is_any_tables_column_name(std::string_view name) {
  const std::vector<std::string> parts = name_parts(name);
  return parts.size() == 2 && parts[0] == "*" && parts[1] != "*";
}

bool is_table_pattern(std::string_view name) { return name == "*" || name_parts(name).size() == 2; }

}  // namespace drydock
