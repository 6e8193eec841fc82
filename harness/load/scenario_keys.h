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

/// A scenario while its file is read: where the reader is, for values that remember it.
struct ScenarioDraft {
  Scenario scenario;
  std::string file;
  int line = 0;                  ///< of the value that is stored
  TableRule* table = nullptr;    ///< the one whose members are read
  ColumnRule* column = nullptr;  ///< the one whose members are read
};

struct ScenarioKey {
  /// JSON pointer; "*" stands for any position in a list and any name in a map:
  /// "/waivers/*/reason".
  std::string_view path;
  KeyType type;
  bool required;  ///< wherever the object that holds it is given
  std::string_view doc;
  /// Puts the value, already of the right type, into the scenario. Called in the file's order; for
  /// the objects of a list or a map one by one; an object before its members. Null: nothing to put.
  void (*store)(ScenarioDraft&, const JsonNode&);
};

std::span<const ScenarioKey> scenario_keys();

/// The keys directly below `parent`: "" is the file's object, "/waivers/*" one of that list's.
std::vector<const ScenarioKey*> keys_below(std::string_view parent);

/// The key's own name: "reason" of "/waivers/*/reason".
std::string last_step(std::string_view path);

}  // namespace drydock
