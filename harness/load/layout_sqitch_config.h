// sqitch.conf: sections and keys in the manner of git's configuration.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace drydock {

class SqitchConfig {
 public:
  void set(const std::string& section, const std::string& key, const std::string& value);

  /// The engine's own value for the key, else core's.
  std::optional<std::string> get(const std::string& key) const;
  std::optional<std::string> engine() const;
  /// [deploy "variables"], overridden by [engine "pg.variables"].
  std::map<std::string, std::string> variables() const;

 private:
  std::optional<std::string> find(const std::string& section, const std::string& key) const;

  std::map<std::string, std::map<std::string, std::string>> sections_;
};

/// Never fails: what it does not understand it passes over, as it is about other things.
SqitchConfig parse_sqitch_config(std::string_view text);

}  // namespace drydock
