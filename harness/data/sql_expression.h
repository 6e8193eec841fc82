// SQL expressions as the server prints them (pg_get_expr), as a tree: only as much of the grammar
// as conditions in CHECK constraints are made of. What is beyond it stays text.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace drydock {

struct Expression {
  enum class Kind {
    kName,      ///< text: the column's name, without quotes
    kLiteral,   ///< text: the value
    kNull,      ///< NULL
    kCall,      ///< text: the function's name in lower case
    kOperator,  ///< text: "and", "or", "not", "is null", "is not null", "=", "~", "any =" …
    kArray,     ///< ARRAY[…]
    kOther,     ///< text: what was not understood
  };
  Kind kind = Kind::kOther;
  std::string text;
  std::vector<Expression> parts;

  bool is_operator(std::string_view name) const { return kind == Kind::kOperator && text == name; }
  bool is_call(std::string_view name) const { return kind == Kind::kCall && text == name; }
};

/// Never fails: kOther where it does not understand. Casts are left out.
Expression read_expression(std::string_view sql);

/// Names in `sql` that may be columns: every word that is no text and no call, quotes taken off.
std::set<std::string> names_in(std::string_view sql);

}  // namespace drydock
