// Texts and names as SQL writes them: quoting them, and reading names that people wrote.
//
// A name in a scenario or a report is made of parts with dots between, each plain or in double
// quotes as PostgreSQL's quote_ident gives it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace drydock {

/// 'text' as an SQL literal.
std::string sql_text(std::string_view text);

/// "name" as an SQL name, quoted always.
std::string sql_name(std::string_view name);

/// The parts of "public.\"Odd.Name\".id" as they are written: three. None when it is no such name
/// (an empty part, a quote left open, blanks outside quotes). "*" is a part.
std::vector<std::string> name_parts(std::string_view name);

/// The same parts without quotes: public, Odd.Name, id.
std::vector<std::string> plain_name_parts(std::string_view name);

}  // namespace drydock
