#include "harness/observe/digest.h"

#include <fmt/format.h>

namespace drydock {
namespace {

/// Built-in types of which two values are equal only when they are the same, and which have a hash
/// that sees all of the value. A range is as good as its elements.
constexpr const char* kIdentityTypes =
    "'bool','bytea','char','name','int2','int4','int8','text','varchar','oid','uuid','date','time',"
    "'timetz','timestamp','timestamptz','inet','cidr','macaddr','macaddr8','pg_lsn','xid8',"
    "'int4range','int8range','daterange','tsrange','tstzrange'";

std::string row_of(const std::vector<DigestColumn>& columns) {
  std::string row = "ROW(";
  for (const DigestColumn& column : columns) {
    if (row.size() > 4) row += ",";
    row += column.identity ? column.name : column.text;
  }
  return row + ")";
}

}  // namespace

std::string sql_equal_is_identical(const std::string& type, const std::string& collation) {
  // Types of extensions and users are not in pg_catalog; enums are identical by nature.
  return fmt::format(
      "(({0}.typnamespace = 11 AND {0}.typname IN ({1})) OR {0}.typtype = 'e')"
      " AND {2}.collisdeterministic IS NOT FALSE",
      type, kIdentityTypes, collation);
}

std::string digest_select(const std::string& source, const std::vector<DigestColumn>& columns,
                          int server_version) {
  const std::string row = row_of(columns);
  // hash_record_extended is new in 14; before, the record's text is all there is.
  const std::string hash =
      server_version >= 140000
          ? fmt::format("hashint8extended(hash_record_extended({}, 0), 0)", row)
          : fmt::format("hashtextextended({}::text COLLATE \"C\", 0)", row);
  return fmt::format("SELECT count(*), sum({}) FROM {}", hash, source);
}

}  // namespace drydock
