// Names of tables and columns as people write them in a scenario and reports print them: parts with
// dots between, each plain or in double quotes as PostgreSQL's quote_ident gives it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace drydock {

/// The parts of "public.\"Odd.Name\".id" as they are written: three. None when it is no such name
/// (an empty part, a quote left open, blanks outside quotes). "*" is a part.
std::vector<std::string> name_parts(std::string_view name);

bool is_table_name(std::string_view name);              ///< schema.table
bool is_column_name(std::string_view name);             ///< schema.table.column
bool is_any_tables_column_name(std::string_view name);  ///< *.column

}  // namespace drydock
