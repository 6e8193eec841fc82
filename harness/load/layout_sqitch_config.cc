#include "harness/load/layout_sqitch_config.h"

#include <algorithm>

#include "harness/base/text.h"

namespace drydock {
namespace {

/// [engine "pg.variables"] is engine.pg.variables.
std::string section_name(std::string_view header) {
  std::string name(trim(header.substr(1, std::min(header.find(']'), header.size()) - 1)));
  std::erase(name, '"');
  const std::size_t blank = name.find_first_of(" \t");
  if (blank == std::string::npos) return to_lower(name);
  return to_lower(name.substr(0, blank)) + "." + std::string(trim(name.substr(blank)));
}

std::string plain_value(std::string_view text) {
  text = trim(text);
  if (text.size() >= 2 && text.front() == '"' && text.back() == '"') {
    return std::string(text.substr(1, text.size() - 2));
  }
  return std::string(trim(text.substr(0, text.find_first_of("#;"))));
}

}  // namespace

void SqitchConfig::set(const std::string& section, const std::string& key,
                       const std::string& value) {
  sections_[section][key] = value;
}

std::optional<std::string> SqitchConfig::find(const std::string& section,
                                              const std::string& key) const {
  const auto keys = sections_.find(section);
  if (keys == sections_.end()) return std::nullopt;
  const auto value = keys->second.find(key);
  if (value == keys->second.end() || value->second.empty()) return std::nullopt;
  return value->second;
}

std::optional<std::string> SqitchConfig::get(const std::string& key) const {
  for (const char* section : {"engine.pg", "core"}) {
    if (auto value = find(section, key)) return value;
  }
  return std::nullopt;
}

std::optional<std::string> SqitchConfig::engine() const { return find("core", "engine"); }

std::map<std::string, std::string> SqitchConfig::variables() const {
  std::map<std::string, std::string> variables;
  for (const char* section : {"deploy.variables", "engine.pg.variables"}) {
    const auto keys = sections_.find(section);
    if (keys == sections_.end()) continue;
    for (const auto& [name, value] : keys->second) variables[name] = value;
  }
  return variables;
}

SqitchConfig parse_sqitch_config(std::string_view text) {
  SqitchConfig config;
  std::string section;
  for (const std::string_view raw : split_lines(text)) {
    const std::string_view line = trim(raw);
    const std::size_t equals = line.find('=');
    if (line.empty() || line.front() == '#' || line.front() == ';') continue;
    if (line.front() == '[') {
      section = section_name(line);
    } else if (equals != std::string_view::npos) {
      config.set(section, std::string(trim(line.substr(0, equals))),
                 plain_value(line.substr(equals + 1)));
    }
  }
  return config;
}

}  // namespace drydock
