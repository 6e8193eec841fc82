// What ShapeReader reads of the tables numbered $1 (oid[]); one statement a kind of part. The rows'
// columns are those that the ShapeReader::take_… of the same name takes.
#pragma once

#include <string>

namespace drydock {

/// Condition: rows can be written to the relation `c` of namespace `n` (see ShapeReader::tables()).
inline constexpr const char* kTakesRows = R"(c.relkind IN ('r', 'p') AND c.oid >= 16384
    AND c.relpersistence <> 't' AND NOT c.relispartition
    AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
    AND c.oid NOT IN (SELECT d.objid FROM pg_depend d WHERE d.classid = 'pg_class'::regclass
                      AND d.refclassid = 'pg_extension'::regclass AND d.deptype = 'e'))";

std::string tables_statement();
std::string columns_statement();
std::string checks_statement();
/// One row a column of a foreign key, in its order.
std::string foreign_keys_statement();
/// One row a column or expression of a unique index, in its order.
std::string uniques_statement(int server_version);
std::string exclusions_statement();
/// Each leaf with the bounds above it, one row a bound, from the root down.
std::string partitions_statement();
/// Not of tables: materialized views that hold rows and can show rows of the tables numbered $1, by
/// way of other views, partitions and inheritance too; a view over a function can show anything.
std::string views_statement();
/// All types that the tables' columns are made of, and what those are made of.
std::string types_statement(int server_version);

}  // namespace drydock
