// What a name in a scenario may name (how it is written: harness/base/sql_text.h).
#pragma once

#include <string_view>

namespace drydock {

bool is_bare_name(std::string_view name);               ///< a name without a schema or a table
bool is_table_name(std::string_view name);              ///< schema.table
bool is_column_name(std::string_view name);             ///< schema.table.column
bool is_any_tables_column_name(std::string_view name);  ///< *.column
/// schema.table in which * stands for any letters, or * alone.
bool is_table_pattern(std::string_view name);

}  // namespace drydock
