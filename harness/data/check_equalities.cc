#include "harness/data/check_equalities.h"

#include <optional>
#include <string_view>

#include "harness/base/sql_text.h"
#include "harness/base/text.h"
#include "harness/data/sql_expression.h"
#include "harness/sql/tokens.h"

namespace drydock {
namespace {

constexpr std::string_view kComparing = "<>=!";

/// `sql` without parentheses that enclose all of it.
std::string_view bare(std::string_view sql) {
  sql = trim(sql);
  while (sql.starts_with('(')) {
    int depth = 0;
    for (const Token& token : tokens_of(sql)) {
      const char c = sql[token.offset];
      depth += c == '(' ? 1 : c == ')' ? -1 : 0;
      if (depth > 0) continue;
      if (token.offset + 1 != sql.size()) return sql;
    }
    sql = trim(sql.substr(1, sql.size() - 2));
  }
  return sql;
}

/// Where the one = outside parentheses stands; none where there is another comparison or a logical
/// word beside it.
std::optional<std::size_t> equality_in(std::string_view sql) {
  std::optional<std::size_t> found;
  int depth = 0;
  for (const Token& token : tokens_of(sql)) {
    const std::string_view text = sql.substr(token.offset, token.length);
    depth += text == "(" ? 1 : text == ")" ? -1 : 0;
    if (depth > 0) continue;
    const std::string word = to_lower(text);
    if (word == "and" || word == "or" || word == "not" || word == "is") return std::nullopt;
    if (kComparing.find(text[0]) == std::string_view::npos) continue;
    if (text != "=" || found) return std::nullopt;
    found = token.offset;
  }
  return found;
}

/// = ANY (…) compares with many.
bool is_quantified(std::string_view sql) {
  const std::string word = to_lower(sql.substr(0, sql.find_first_of(" (")));
  return word == "any" || word == "all" || word == "some";
}

std::set<std::string> columns_in(std::string_view sql, const std::set<std::string>& columns) {
  std::set<std::string> found;
  for (const std::string& name : names_in(sql))
    if (columns.contains(name)) found.insert(name);
  return found;
}

}  // namespace

std::vector<ComputedColumn> computed_columns(const std::string& condition,
                                             const std::set<std::string>& columns) {
  const std::string_view sql = bare(condition);
  const std::optional<std::size_t> equality = equality_in(sql);
  if (!equality) return {};
  const std::string_view left = bare(sql.substr(0, *equality)),
                         right = bare(sql.substr(*equality + 1));
  std::vector<ComputedColumn> computed;
  for (const auto& [name, expression] : {std::pair{left, right}, std::pair{right, left}}) {
    const Expression target = read_expression(name);
    if (target.kind != Expression::Kind::kName || !columns.contains(target.text)) continue;
    std::set<std::string> sources = columns_in(expression, columns);
    if (is_quantified(expression) || sources.empty() || sources.contains(target.text)) continue;
    computed.push_back({target.text, std::string(expression), std::move(sources)});
  }
  return computed;
}

std::string with_columns_replaced(const std::string& sql, const std::set<std::string>& columns,
                                  const std::function<std::string(const std::string&)>& value) {
  std::string replaced;
  std::size_t copied = 0;
  for (const Token& token : tokens_of(sql)) {
    const bool is_type = token.offset > 0 && sql[token.offset - 1] == ':';
    const std::vector<std::string> name =
        plain_name_parts(std::string_view(sql).substr(token.offset, token.length));
    if (is_type || name.size() != 1 || !columns.contains(name[0])) continue;
    replaced += sql.substr(copied, token.offset - copied) + value(name[0]);
    copied = token.offset + token.length;
  }
  return replaced + sql.substr(copied);
}

}  // namespace drydock
