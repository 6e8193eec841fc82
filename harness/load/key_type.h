// What a scenario's values may be. JSON knows texts and numbers; a scenario also knows paths, dates
// and reasons, and says so in its errors instead of failing later in a server's words.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/load/json_document.h"

namespace drydock {

enum class KeyType {
  kText,           ///< a text, may be empty
  kWords,          ///< a text that says something: not empty, not only blanks
  kPath,           ///< a path, relative to the scenario file
  kPaths,          ///< a list of paths
  kDataPath,       ///< a path that ends in .sql or .csv
  kDataFiles,      ///< a list of such paths, or of objects with keys of their own
  kTexts,          ///< a list of texts, none empty
  kTextMap,        ///< an object whose values are texts
  kScalar,         ///< a text, a number or a boolean
  kScalars,        ///< a list of such, not empty
  kScalarMap,      ///< an object whose values are such
  kRows,           ///< a list of lists of texts, numbers, booleans and nulls
  kCount,          ///< a whole number of 0 or more
  kPositive,       ///< a whole number of 1 or more
  kBoolean,        ///< true or false
  kDate,           ///< YYYY-MM-DD
  kTableName,      ///< schema.table
  kColumnName,     ///< schema.table.column
  kTableNames,     ///< a list of schema.table
  kTablePattern,   ///< schema.table, where * stands for any letters
  kMayChange,      ///< a list of schema.table.column, schema.table and *.column
  kProfile,        ///< one of a RowProfile's words
  kMoment,         ///< one of an AssertionMoment's words
  kSeverity,       ///< error or warning
  kLockMode,       ///< one of LOCK TABLE's modes
  kPositives,      ///< a list of whole numbers of 1 or more, not empty
  kCounts,         ///< a list of whole numbers of 0 or more, not empty
  kStrategies,     ///< a list of a BackfillStrategy's words, not empty
  kFillfactor,     ///< a whole number from 10 to 100
  kHolders,        ///< a list of a QueueHolder's words, not empty
  kTenantColumns,  ///< a column or schema.table.column, or a list of such, not empty
  kTenants,        ///< a list of two texts or numbers or more
  kObject,         ///< an object with keys of its own
  kObjects,        ///< a list of such objects
  kTableMap,       ///< such objects by the name of a table
  kNamedObjects    ///< such objects by any name
};

/// Whether the value itself fits; the items of a list and the members of a map are asked for one by
/// one with is_element.
bool has_type(KeyType type, const JsonNode& node);

/// REQUIRES: `type` is a list or a map. Whether an item or a member's value fits.
bool is_element(KeyType type, const JsonNode& node);

/// Whether the items or members may be objects with keys of their own.
bool holds_objects(KeyType type);

/// Whether such objects go by names of the user's choice, instead of standing in a list.
bool is_map_of_objects(KeyType type);

/// A null, text, number or boolean: what a row of kRows holds.
bool is_row_value(const JsonNode& node);

/// The words that a value may be; none where it is not one of a few.
std::vector<std::string> choices(KeyType type);

/// The type as errors and documentation call it: "a list of paths", and its elements: "a path".
std::string type_words(KeyType type);
std::string element_words(KeyType type);

}  // namespace drydock
