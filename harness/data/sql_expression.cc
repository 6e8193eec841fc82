#include "harness/data/sql_expression.h"

#include <algorithm>
#include <cctype>
#include <optional>

#include "harness/base/text.h"
#include "harness/sql/tokens.h"

namespace drydock {
namespace {

using Kind = Expression::Kind;

constexpr std::string_view kOperatorCharacters = "+-*/<>=~!@#%^&|`?";

bool is_word(std::string_view token) {
  const auto first = static_cast<unsigned char>(token[0]);
  return std::isalpha(first) != 0 || first == '_' || first == '"' || first >= 0x80;
}

bool is_text_literal(std::string_view token) {
  return token[0] == '\'' || (token.size() > 1 && token[1] == '\'' &&
                              (token[0] == 'E' || token[0] == 'B' || token[0] == 'X'));
}

/// Tokens with neighbouring operator characters joined, digits and their point as well.
std::vector<std::string_view> tokens_in(std::string_view sql) {
  std::vector<std::string_view> out;
  const auto joins = [&](const std::string_view& last, const std::string_view& next) {
    if (last.data() + last.size() != next.data()) return false;
    const auto is_op = [](std::string_view t) {
      return t.find_first_not_of(kOperatorCharacters) == std::string_view::npos;
    };
    const auto is_number = [](std::string_view t) {
      return t.find_first_not_of("0123456789.") == std::string_view::npos;
    };
    return (is_op(last) && is_op(next)) || (is_number(last) && is_number(next)) ||
           (last == ":" && next == ":") ||
           // A doubled quote inside a quoted name or text.
           (last.back() == next.front() && (next.front() == '"' || next.front() == '\''));
  };
  for (const Token& token : tokens_of(sql)) {
    const std::string_view text = sql.substr(token.offset, token.length);
    if (!out.empty() && joins(out.back(), text)) {
      out.back() = {out.back().data(), out.back().size() + text.size()};
    } else {
      out.push_back(text);
    }
  }
  return out;
}

std::string unquoted_name(std::string_view word) {
  if (word[0] != '"') return std::string(word);
  std::string name;
  for (std::size_t i = 1; i + 1 < word.size(); ++i) {
    if (word[i] == '"') ++i;
    name += word[i];
  }
  return name;
}

std::string unquoted_text(std::string_view literal) {
  const bool escapes = literal[0] == 'E';
  std::string text;
  for (std::size_t i = literal.find('\'') + 1; i + 1 < literal.size(); ++i) {
    if (literal[i] == '\'' || (escapes && literal[i] == '\\')) ++i;
    text += literal[i];
  }
  return text;
}

Expression node(Kind kind, std::string text, std::vector<Expression> parts = {}) {
  return {kind, std::move(text), std::move(parts)};
}

/// Recursive descent; whoever meets something unknown sets failed_, and the whole becomes text.
class Reader {
 public:
  explicit Reader(std::string_view sql) : sql_(sql), tokens_(tokens_in(sql)) {}

  Expression read() {
    Expression whole = any_of();
    if (failed_ || at_ < tokens_.size()) return node(Kind::kOther, std::string(sql_));
    return whole;
  }

 private:
  std::string_view peek(std::size_t ahead = 0) const {
    return at_ + ahead < tokens_.size() ? tokens_[at_ + ahead] : std::string_view();
  }
  bool next_is(std::string_view word, std::size_t ahead = 0) const {
    return to_lower(peek(ahead)) == word;
  }
  bool take(std::string_view word) {
    if (!next_is(word)) return false;
    ++at_;
    return true;
  }
  void expect(std::string_view word) {
    if (!take(word)) failed_ = true;
  }

  Expression any_of() {
    Expression left = all_of();
    while (!failed_ && take("or")) left = node(Kind::kOperator, "or", {left, all_of()});
    return left;
  }
  Expression all_of() {
    Expression left = negated();
    while (!failed_ && take("and")) left = node(Kind::kOperator, "and", {left, negated()});
    return left;
  }
  Expression negated() {
    if (take("not")) return node(Kind::kOperator, "not", {negated()});
    return tested();
  }

  Expression tested() {
    Expression left = compared();
    while (!failed_ && take("is")) {
      const bool no = take("not");
      if (take("null")) {
        left = node(Kind::kOperator, no ? "is not null" : "is null", {left});
      } else if (take("true") || take("false")) {
        left = node(Kind::kOperator, "is", {left});
      } else if (take("distinct")) {
        expect("from");
        left = node(Kind::kOperator, no ? "=" : "<>", {left, compared()});
      } else {
        failed_ = true;
      }
    }
    return left;
  }

  static bool compares(std::string_view op) {
    return op == "=" || op == "<" || op == ">" || op == "<=" || op == ">=" || op == "<>";
  }

  Expression compared() {
    Expression left = sum(0);
    while (!failed_ && compares(peek())) left = with_right(left, 0);
    return left;
  }

  /// level 0: other operators, 1: + -, 2: * / %
  Expression sum(int level) {
    if (level == 3) return cast();
    Expression left = sum(level + 1);
    while (!failed_ && !peek().empty() && level_of(peek()) == level)
      left = with_right(left, level + 1);
    return left;
  }

  static int level_of(std::string_view op) {
    if (op.find_first_not_of(kOperatorCharacters) != std::string_view::npos || compares(op))
      return -1;
    if (op == "+" || op == "-") return 1;
    return op == "*" || op == "/" || op == "%" ? 2 : 0;
  }

  Expression with_right(const Expression& left, int level) {
    const std::string op(tokens_[at_++]);
    const bool any = next_is("any"), all = next_is("all");
    if (!any && !all) return node(Kind::kOperator, op, {left, sum(level)});
    ++at_;
    expect("(");
    Expression list = any_of();
    expect(")");
    return node(Kind::kOperator, (any ? "any " : "all ") + op, {left, list});
  }

  Expression cast() {
    Expression value = primary();
    while (!failed_) {
      if (take("::")) {
        skip_type();
      } else if (take("collate")) {
        skip_dotted();
      } else if (take("[")) {
        value = node(Kind::kOperator, "[]", {value, any_of()});
        expect("]");
      } else {
        return value;
      }
    }
    return value;
  }

  void skip_dotted() {
    ++at_;
    while (take(".")) ++at_;
  }

  void skip_type() {
    skip_dotted();
    while (next_is("varying") || next_is("precision") || next_is("without") || next_is("with") ||
           next_is("time") || next_is("zone"))
      ++at_;
    if (take("(")) {
      while (!peek().empty() && !take(")")) ++at_;
      while (next_is("without") || next_is("with") || next_is("time") || next_is("zone")) ++at_;
    }
    while (take("[")) expect("]");
  }

  Expression primary() {
    const std::string_view token = peek();
    if (token.empty()) return fail();
    if (take("(")) {
      Expression inside = any_of();
      expect(")");
      return inside;
    }
    if (take("-")) return negative(cast());
    ++at_;
    if (is_text_literal(token)) return node(Kind::kLiteral, unquoted_text(token));
    if (std::isdigit(static_cast<unsigned char>(token[0])) != 0)
      return node(Kind::kLiteral, std::string(token));
    if (!is_word(token)) return fail();
    return word(token);
  }

  Expression word(std::string_view token) {
    const std::string lower = token[0] == '"' ? std::string() : to_lower(token);
    if (lower == "null") return node(Kind::kNull, "");
    if (lower == "true" || lower == "false") return node(Kind::kLiteral, lower);
    if (lower == "case") return fail();
    if (lower == "array" && take("[")) return node(Kind::kArray, "", list("]"));
    std::string name = unquoted_name(token);
    while (peek() == "." && !peek(1).empty()) {
      name = unquoted_name(peek(1));
      at_ += 2;
    }
    if (take("(")) return node(Kind::kCall, to_lower(name), list(")"));
    return node(Kind::kName, name);
  }

  std::vector<Expression> list(std::string_view end) {
    std::vector<Expression> parts;
    if (take(end)) return parts;
    do {
      parts.push_back(any_of());
    } while (!failed_ && take(","));
    expect(end);
    return parts;
  }

  static Expression negative(Expression value) {
    if (value.kind != Kind::kLiteral) return node(Kind::kOperator, "-", {std::move(value)});
    value.text = "-" + value.text;
    return value;
  }

  Expression fail() {
    failed_ = true;
    return {};
  }

  std::string_view sql_;
  std::vector<std::string_view> tokens_;
  std::size_t at_ = 0;
  bool failed_ = false;
};

}  // namespace

Expression read_expression(std::string_view sql) { return Reader(sql).read(); }

std::set<std::string> names_in(std::string_view sql) {
  std::set<std::string> names;
  const std::vector<std::string_view> tokens = tokens_in(sql);
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const bool call = i + 1 < tokens.size() && tokens[i + 1] == "(";
    if (is_word(tokens[i]) && !is_text_literal(tokens[i]) && !call)
      names.insert(unquoted_name(tokens[i]));
  }
  return names;
}

}  // namespace drydock
