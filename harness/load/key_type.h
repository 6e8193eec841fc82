// What a scenario's values may be. JSON knows texts and numbers; a scenario also knows paths, dates
// and reasons, and says so in its errors instead of failing later in a server's words.
#pragma once

#include <string_view>

#include "harness/load/json_document.h"

namespace drydock {

enum class KeyType {
  kText,       ///< a text, may be empty
  kWords,      ///< a text that says something: not empty, not only blanks
  kPath,       ///< a path, relative to the scenario file
  kPaths,      ///< a list of paths
  kTexts,      ///< a list of texts, none empty
  kTextMap,    ///< an object whose values are texts
  kScalarMap,  ///< an object whose values are texts, numbers or booleans
  kCount,      ///< a whole number of 0 or more
  kDate,       ///< YYYY-MM-DD
  kObject,     ///< an object with keys of its own
  kObjects,    ///< a list of such objects
};

/// Whether the value itself fits; the items of a list and the members of a map are asked for one by
/// one with is_element.
bool has_type(KeyType type, const JsonNode& node);

/// REQUIRES: `type` is a list or a map. Whether an item or a member's value fits.
bool is_element(KeyType type, const JsonNode& node);

/// The type as errors and documentation call it: "a list of paths", and its elements: "a path".
std::string_view type_words(KeyType type);
std::string_view element_words(KeyType type);

}  // namespace drydock
