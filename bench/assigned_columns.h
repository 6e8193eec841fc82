// What a SET clause assigns to which columns.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace drydock {

struct Assignment {
  std::vector<std::string> columns;  ///< as written; several: (a, b) = (…)
  std::string value;                 ///< the expression, as written
  bool part = false;                 ///< of an array or a composite: a[1] = …, a.b = …
};

/// Of "a = 1, (b, c) = (2, 3)", in order. What is no assignment is left out.
std::vector<Assignment> assignments_of(std::string_view set);

/// Whether the expression may give another value when it is computed again: it asks the clock, a
/// sequence or chance.
bool differs_each_time(std::string_view value);

/// The columns, plain, each once.
std::vector<std::string> assigned_columns(std::string_view set);

}  // namespace drydock
