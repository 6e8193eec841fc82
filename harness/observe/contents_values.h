// When a value is still the same although its column has another type.
//
// Remembered values are texts. Both sides are brought into forms that are equal exactly when the
// value is the same: the old value cast to the new type gives the new one, and the new one cast
// back gives the old one. Where that is too strict (1.50 and 1.5, {"a":1} and {"a": 1}) the family
// of the two types decides what "the same" is.
#pragma once

#include <string>
#include <vector>

#include "harness/observe/contents_tables.h"

namespace drydock {

struct ValueForm {
  std::string before;  ///< SQL over the image's columns (image_column), text
  std::string now;     ///< SQL over the table's columns, text
  bool operator==(const ValueForm&) const = default;
};

/// Quoted name of the image's column for attnum `number`.
std::string image_column(int number);

/// The value is the same where all forms are. Casts may fail on some values, or not exist. Times
/// without a zone are taken to be in `zone` where the other type has one.
std::vector<ValueForm> value_forms(const WatchedColumn& before, const WatchedColumn& now,
                                   const std::string& zone);

/// Whether the zone matters to that.
bool depends_on_zone(const WatchedColumn& before, const WatchedColumn& now);

/// The values as they are printed: never fails.
std::vector<ValueForm> printed_forms(const WatchedColumn& before, const WatchedColumn& now);

}  // namespace drydock
