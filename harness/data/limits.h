// What is known of the values that a column may have, beyond its type: read from CHECK constraints.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace drydock {

struct Limits {
  std::optional<double> low, high;       ///< inclusive
  std::string low_text, high_text;       ///< bounds that are no numbers (dates …), inclusive
  std::vector<std::string> one_of;       ///< nothing but these
  std::vector<std::string> constants;    ///< what a condition compares with somewhere: worth trying
  std::optional<int> shortest, longest;  ///< characters (bytes of a bytea)
  std::string pattern;                   ///< regular expression to match
  char letters = 0;                      ///< 'l' lower case only, 'u' upper case only
  std::optional<int> fewest, most;       ///< elements of an array
  std::string json_type;                 ///< as jsonb_typeof tells it
  std::vector<std::string> json_keys;    ///< that an object must have
  bool never_null = false, always_null = false;
  bool tangled = false;  ///< part of a condition that was not seen through

  /// Nothing is said about the values themselves.
  bool free() const {
    return !low && !high && low_text.empty() && high_text.empty() && one_of.empty() &&
           pattern.empty() && !shortest && !longest && letters == 0 && json_type.empty() &&
           constants.empty() && json_keys.empty() && !fewest && !most;
  }
};

}  // namespace drydock
