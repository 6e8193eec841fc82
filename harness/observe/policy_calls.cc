#include "harness/observe/policy_calls.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "harness/base/text.h"
#include "harness/observe/policy_context.h"

namespace drydock {
namespace {

bool is_name_character(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '$' || c == '"' ||
         c == '.';
}

/// Behind the parenthesis that closes the one at `open`; npos: none does.
std::size_t behind_closing(const std::string& text, std::size_t open) {
  int depth = 0;
  bool quoted = false;
  for (std::size_t i = open; i < text.size(); ++i) {
    if (text[i] == '\'') quoted = !quoted;
    if (quoted) continue;
    if (text[i] == '(') ++depth;
    if (text[i] == ')' && --depth == 0) return i + 1;
  }
  return std::string::npos;
}

/// Where a call of `name` begins at or behind `from`, with or without schema.
std::size_t find_call(const std::string& text, const std::string& name, std::size_t from) {
  for (std::size_t at = text.find(name + "(", from); at != std::string::npos;
       at = text.find(name + "(", at + 1)) {
    if (at == 0 || !is_name_character(text[at - 1])) return at;
  }
  return std::string::npos;
}

bool names_any(const std::string& text, const std::vector<std::string>& columns) {
  return std::any_of(columns.begin(), columns.end(),
                     [&](const std::string& column) { return holds_word(text, column); });
}

/// Calls of `name`, each once; `about_rows`: those whose arguments name a column, else the others.
void add_calls(const std::string& expression, const std::string& name,
               const std::vector<std::string>& columns, bool about_rows,
               std::vector<std::string>& calls) {
  for (std::size_t at = find_call(expression, name, 0); at != std::string::npos;
       at = find_call(expression, name, at + 1)) {
    const std::size_t end = behind_closing(expression, at + name.size());
    if (end == std::string::npos) return;
    const std::string call = expression.substr(at, end - at);
    if (names_any(call.substr(name.size()), columns) != about_rows) continue;
    if (std::find(calls.begin(), calls.end(), call) == calls.end()) calls.push_back(call);
  }
}

std::vector<std::string> calls_of(const std::string& expression,
                                  const std::vector<CalledFunction>& functions,
                                  const std::vector<std::string>& columns, bool about_rows) {
  std::vector<std::string> calls;
  for (const CalledFunction& function : functions) {
    add_calls(expression, function.name, columns, about_rows, calls);
    add_calls(expression, function.schema + "." + function.name, columns, about_rows, calls);
  }
  return calls;
}

/// A call that is a subquery already, as pg_get_expr prints it: ( SELECT f() AS f).
bool is_selected(const std::string& expression, std::size_t at) {
  constexpr std::string_view kSelect = "SELECT ";
  return at >= kSelect.size() &&
         expression.compare(at - kSelect.size(), kSelect.size(), kSelect) == 0;
}

}  // namespace

std::vector<std::string> constant_calls(const std::string& expression,
                                        const std::vector<CalledFunction>& functions,
                                        const std::vector<std::string>& columns) {
  return calls_of(expression, functions, columns, false);
}

bool calls_about_rows(const std::string& expression, const std::vector<CalledFunction>& functions,
                      const std::vector<std::string>& columns) {
  return !calls_of(expression, functions, columns, true).empty();
}

bool filters_by(const std::string& plan, const CalledFunction& function) {
  for (const std::string_view line : split_lines(plan)) {
    const std::string_view text = trim(line);
    if (!text.starts_with("Filter:") && !text.starts_with("Join Filter:")) continue;
    const std::string filter(text);
    if (find_call(filter, function.name, 0) != std::string::npos ||
        find_call(filter, function.schema + "." + function.name, 0) != std::string::npos) {
      return true;
    }
  }
  return false;
}

std::string with_subqueries(std::string expression, const std::vector<std::string>& calls) {
  for (const std::string& call : calls) {
    const std::string name = call.substr(0, call.find('('));
    const std::string wrapped = "(SELECT " + call + ")";
    std::size_t at = find_call(expression, name, 0);
    while (at != std::string::npos) {
      const bool same = expression.compare(at, call.size(), call) == 0;
      if (!same || is_selected(expression, at)) {
        at = find_call(expression, name, at + 1);
        continue;
      }
      expression.replace(at, call.size(), wrapped);
      at = find_call(expression, name, at + wrapped.size());
    }
  }
  return expression;
}

std::string with_arrays(std::string expression) {
  const std::string in = " IN ( SELECT ";
  for (std::size_t at = expression.find(in); at != std::string::npos;
       at = expression.find(in, at + 1)) {
    const std::size_t open = at + 4;
    const std::size_t end = behind_closing(expression, open);
    if (end == std::string::npos) break;
    const std::string query = expression.substr(open, end - open);
    expression.replace(at, end - at, " = ANY (ARRAY" + query + ")");
  }
  return expression;
}

}  // namespace drydock
