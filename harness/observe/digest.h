// One number for the contents of a table, whatever the order of its rows.
//
// The sum over all rows of a hash of the whole row: a hash of each column, summed, would not see
// values swapped between rows. The hash of a record is linear in its columns' hashes, so that it is
// hashed once more; without that most swaps would cancel out in the sum. Equal is not identical
// for some types (numeric 1.0 and 1.00, float -0 and 0, jsonb, intervals, case-insensitive text),
// others cannot be hashed, and arrays of other shape hash alike: their text is hashed instead,
// which costs about three times as much, so that it is done only for them.
#pragma once

#include <string>
#include <vector>

namespace drydock {

/// One column as far as digests care.
struct DigestColumn {
  std::string name;       ///< quoted
  bool identity = false;  ///< equal means identical, and the type has a hash
  std::string text;       ///< SQL that prints the value, for when it is not
  bool operator==(const DigestColumn&) const = default;
};

/// Condition over pg_type `type` and the column's collation's pg_collation `collation` (may be a
/// null row): equal values are identical and the type has a hash.
std::string sql_equal_is_identical(const std::string& type, const std::string& collation);

/// SQL: two columns, the number of rows and the digest (NULL without rows) of `source`, a table
/// expression ("ONLY public.t"), over `columns` in this order.
std::string digest_select(const std::string& source, const std::vector<DigestColumn>& columns,
                          int server_version);

}  // namespace drydock
