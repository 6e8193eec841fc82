// What the table of keys can not say: rules that hold between the members of one object.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "harness/load/json_document.h"

namespace drydock {

struct BrokenRule {
  std::size_t offset = 0;  ///< where in the file
  std::string message;     ///< said of the object: "give exactly one of …"
  std::string remedy;
};

/// The first rule that `object` breaks. `pattern` is its path in the table of keys; all its members
/// are known and of the right type.
std::optional<BrokenRule> broken_rule(std::string_view pattern, const JsonNode& object);

}  // namespace drydock
