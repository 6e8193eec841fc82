#include "harness/observe/policy_context.h"

#include <algorithm>
#include <array>
#include <vector>

#include "harness/base/text.h"

namespace drydock {
namespace {

/// How a function or a policy gets to know who asks, in lower case.
constexpr std::array kContextWords = {"current_setting", "current_user", "session_user",
                                      "current_role", "pg_has_role"};

bool part_of_word(char letter) {
  return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
         (letter >= '0' && letter <= '9') || letter == '_' || letter == '$';
}

bool holds_context_word(std::string_view text) {
  const std::string lower = to_lower(text);
  for (const char* word : kContextWords) {
    if (holds_word(lower, word)) return true;
  }
  return false;
}

bool calls_any(std::string_view text, const std::set<std::string>& functions) {
  for (const std::string& name : functions) {
    if (holds_word(text, name + "(")) return true;
  }
  return false;
}

/// Names of the functions that read the context, themselves or through each other.
std::set<std::string> context_functions(const TenancyCatalog& catalog) {
  std::set<std::string> names;
  for (const auto& [oid, function] : catalog.functions) {
    if (holds_context_word(function.body)) names.insert(function.name);
  }
  for (bool grown = true; grown;) {
    grown = false;
    for (const auto& [oid, function] : catalog.functions) {
      if (names.contains(function.name) || !calls_any(function.body, names)) continue;
      grown = names.insert(function.name).second;
    }
  }
  return names;
}

/// The conditions that AND and OR join, at any depth; pg_get_expr writes both in capitals.
std::vector<std::string_view> conditions_of(std::string_view expression) {
  std::vector<std::string_view> conditions;
  while (true) {
    const std::size_t both = expression.find(" AND ");
    const std::size_t either = expression.find(" OR ");
    const std::size_t end = std::min(both, either);
    conditions.push_back(expression.substr(0, end));
    if (end == std::string_view::npos) return conditions;
    expression.remove_prefix(end + 4);
  }
}

bool compares(std::string_view condition) {
  return condition.find('=') != std::string_view::npos || holds_word(condition, "DISTINCT") ||
         holds_word(condition, "IN");
}

/// "order_id IN (SELECT id FROM orders …)": whose the row is stands in another table. A subquery
/// without FROM is only a way to have a function called once.
bool looks_up(std::string_view condition) {
  return holds_word(condition, "SELECT") && holds_word(condition, "FROM");
}

bool reads_context(std::string_view text, const std::set<std::string>& functions) {
  return holds_context_word(text) || calls_any(text, functions);
}

void add_columns(const CatalogTable& table, const CatalogPolicy& policy, std::string_view text,
                 const std::set<std::string>& functions, PolicyColumns& found) {
  found.read.insert(policy.columns.begin(), policy.columns.end());
  for (const std::string_view condition : conditions_of(text)) {
    if (!compares(condition) || looks_up(condition) || !reads_context(condition, functions)) {
      continue;
    }
    for (const int number : policy.columns) {
      const CatalogColumn* column = table.column(number);
      if (column != nullptr && holds_word(condition, column->sql)) found.compared.insert(number);
    }
  }
}

}  // namespace

bool holds_word(std::string_view text, std::string_view word) {
  if (word.empty()) return false;
  for (std::size_t at = text.find(word); at != std::string_view::npos;
       at = text.find(word, at + 1)) {
    const bool begins = at == 0 || !part_of_word(text[at - 1]);
    const std::size_t end = at + word.size();
    const bool ends = end == text.size() || !part_of_word(text[end]) || !part_of_word(word.back());
    if (begins && ends) return true;
  }
  return false;
}

std::map<std::uint32_t, PolicyColumns> policy_columns(const TenancyCatalog& catalog) {
  std::map<std::uint32_t, PolicyColumns> found;
  const std::set<std::string> functions = context_functions(catalog);
  for (const auto& [oid, table] : catalog.tables) {
    for (const CatalogPolicy& policy : table.policies) {
      for (const std::string& text : {policy.fact.using_expression, policy.fact.check_expression}) {
        if (reads_context(text, functions)) add_columns(table, policy, text, functions, found[oid]);
      }
    }
  }
  return found;
}

}  // namespace drydock
