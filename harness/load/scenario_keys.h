// Every key of a scenario file, once: the loader, scenarios/schema.json and the completeness of
// docs/scenario-format.md all follow this table.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "harness/load/json_document.h"
#include "harness/load/key_type.h"
#include "harness/model/scenario.h"

namespace drydock {

struct ScenarioKey {
  /// JSON pointer; "*" stands for any position in a list: "/waivers/*/reason".
  std::string_view path;
  KeyType type;
  bool required;  ///< wherever the object that holds it is given
  std::string_view doc;
  /// Puts the value, already of the right type, into the scenario. Called in the file's order; for
  /// an object or a list's object before its members. Null: nothing to put.
  void (*store)(Scenario&, const JsonNode&);
};

std::span<const ScenarioKey> scenario_keys();

/// The keys directly below `parent`: "" is the file's object, "/waivers/*" one of that list's.
std::vector<const ScenarioKey*> keys_below(std::string_view parent);

/// The key's own name: "reason" of "/waivers/*/reason".
std::string last_step(std::string_view path);

}  // namespace drydock
