// What tells two snapshots apart, in the terms of a person who has to mend it.
#pragma once

#include "harness/model/schema.h"

namespace drydock {

/// Differences sorted by object, none when the schemas are the same. Pure.
///
/// - What belongs to a missing or extra object is not listed apart; its statements are part of the
///   object's `ddl`. What follows from a changed definition (a view's columns, a constraint's
///   index) is not listed either.
/// - A missing and an extra constraint, index or statistics object that differ in their name only
///   are one difference, "name": cosmetic when the server made up both names.
/// - Columns are compared by their relative order ("column order"), because dropped ones leave
/// holes.
SchemaDiff compare_schemas(const SchemaSnapshot& expected, const SchemaSnapshot& found);

}  // namespace drydock
