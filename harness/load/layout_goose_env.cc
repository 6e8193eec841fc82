#include "harness/load/layout_goose_env.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <optional>

namespace drydock {
namespace {

using Values = std::map<std::string, std::string>;

std::optional<std::string> value_of(const std::string& name, const Values& values) {
  if (const auto given = values.find(name); given != values.end()) return given->second;
  const char* value = std::getenv(name.c_str());
  return value != nullptr ? std::optional<std::string>(value) : std::nullopt;
}

std::size_t name_length(std::string_view text) {
  const auto in_name = [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) || c == '_';
  };
  if (text.empty() || std::isdigit(static_cast<unsigned char>(text.front()))) return 0;
  return static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), in_name) -
                                  text.begin());
}

/// The inside of ${…}.
void expand_braces(std::string_view inside, const Values& values, EnvironmentExpansion& result) {
  const std::string name(inside.substr(0, name_length(inside)));
  const std::string_view rest = inside.substr(name.size());
  const auto value = value_of(name, values);
  const bool given = value && !value->empty();
  if (!name.empty() && rest.empty()) {
    result.text += value.value_or("");
  } else if (!name.empty() && rest.starts_with(":-")) {
    result.text += given ? *value : std::string(rest.substr(2));
  } else if (!name.empty() && rest.starts_with("-")) {
    result.text += value ? *value : std::string(rest.substr(1));
  } else if (!name.empty() && rest.starts_with("?")) {
    if (!value) result.error = fmt::format("{} is not set: {}.", name, rest.substr(1));
    result.text += value.value_or("");
  } else {
    result.error = fmt::format("Drydock does not follow ${{{}}}; use ${{NAME:-default}}.", inside);
  }
}

}  // namespace

EnvironmentExpansion expand_environment(std::string_view line, const Values& values) {
  EnvironmentExpansion result;
  while (!line.empty() && result.error.empty()) {
    const std::size_t dollar = std::min(line.find('$'), line.size());
    result.text += line.substr(0, dollar);
    line.remove_prefix(dollar);
    if (line.size() < 2) {
      result.text += line;
      break;
    }
    const std::string_view after = line.substr(1);
    if (after.front() == '$') {
      result.text += '$';
      line.remove_prefix(2);
    } else if (after.front() == '{' && after.find('}') != std::string_view::npos) {
      const std::size_t close = after.find('}');
      expand_braces(after.substr(1, close - 1), values, result);
      line.remove_prefix(close + 2);
    } else if (const std::size_t length = name_length(after); length > 0) {
      result.text += value_of(std::string(after.substr(0, length)), values).value_or("");
      line.remove_prefix(length + 1);
    } else {
      result.text += '$';
      line.remove_prefix(1);
    }
  }
  return result;
}

}  // namespace drydock
