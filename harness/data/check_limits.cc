#include "harness/data/check_limits.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <initializer_list>

#include "harness/data/sql_expression.h"

namespace drydock {
namespace {

using Kind = Expression::Kind;
using LimitsByName = std::map<std::string, Limits>;

std::optional<double> number_of(const std::string& text) {
  char* end = nullptr;
  const double value = std::strtod(text.c_str(), &end);
  if (text.empty() || *end != '\0' || !std::isfinite(value)) return std::nullopt;
  return value;
}

std::string mirrored(const std::string& op) {
  if (op == "<") return ">";
  if (op == ">") return "<";
  if (op == "<=") return ">=";
  if (op == ">=") return "<=";
  return op;
}

/// LIKE as a regular expression.
std::string pattern_of_like(const std::string& like) {
  std::string pattern;
  for (std::size_t i = 0; i < like.size(); ++i) {
    char c = like[i];
    if (c == '%') {
      pattern += ".*";
    } else if (c == '_') {
      pattern += '.';
    } else {
      if (c == '\\' && i + 1 < like.size()) c = like[++i];
      if (std::string_view(".^$*+?()[]{}|\\").find(c) != std::string_view::npos) pattern += '\\';
      pattern += c;
    }
  }
  return pattern;
}

/// SIMILAR TO: % and _ as in LIKE, the rest as in regular expressions.
std::string pattern_of_similar(const std::string& similar) {
  std::string pattern;
  for (const char c : similar) {
    if (c == '%') {
      pattern += ".*";
    } else if (c == '_') {
      pattern += '.';
    } else {
      pattern += c == '.' ? "\\." : std::string(1, c);
    }
  }
  return pattern;
}

void tighten_low(Limits& limits, double value) {
  limits.low = std::max(limits.low.value_or(value), value);
}
void tighten_high(Limits& limits, double value) {
  limits.high = std::min(limits.high.value_or(value), value);
}

/// A whole number is passed over by one; what may have digits behind the point by a little.
double beyond(double value, const std::string& text, double direction) {
  const bool whole = text.find('.') == std::string::npos;
  return value + direction * (whole ? 1 : 0.01);
}

class Requirement {
 public:
  explicit Requirement(LimitsByName& limits) : limits_(limits) {}

  void require(const Expression& condition) {
    if (condition.is_operator("and")) {
      require(condition.parts[0]);
      require(condition.parts[1]);
    } else if (!simple(condition)) {
      tangle(condition);
    }
  }

 private:
  Limits& of(const std::string& name) { return limits_[name]; }

  bool simple(const Expression& e) {
    if (e.kind == Kind::kName) return of(e.text).one_of = {"true"}, true;
    if (e.is_operator("not") && e.parts[0].kind == Kind::kName)
      return of(e.parts[0].text).one_of = {"false"}, true;
    if (e.is_operator("or")) return unless_null(e);
    if (e.is_operator("is not null") && e.parts[0].kind == Kind::kName)
      return of(e.parts[0].text).never_null = true;
    if (e.is_operator("is null") && e.parts[0].kind == Kind::kName)
      return of(e.parts[0].text).always_null = true;
    if (e.kind == Kind::kOperator && e.parts.size() == 2) return comparison(e);
    return false;
  }

  /// `x IS NULL OR condition on x`: rows with values keep the condition.
  bool unless_null(const Expression& e) {
    for (const int side : {0, 1}) {
      const Expression& test = e.parts[static_cast<std::size_t>(side)];
      const Expression& rest = e.parts[static_cast<std::size_t>(1 - side)];
      if (test.is_operator("is null") && test.parts[0].kind == Kind::kName &&
          !rest.is_operator("or") && only_about(rest, test.parts[0].text)) {
        require(rest);
        return true;
      }
    }
    return any_constant(e);
  }

  static bool only_about(const Expression& e, const std::string& name) {
    if (e.kind == Kind::kName) return e.text == name;
    return std::all_of(e.parts.begin(), e.parts.end(),
                       [&](const Expression& part) { return only_about(part, name); });
  }

  /// `x = 1 OR x = 2`
  bool any_constant(const Expression& e) {
    std::string name;
    std::vector<std::string> values;
    if (!constants_of(e, name, values)) return false;
    of(name).one_of = values;
    return true;
  }

  static bool constants_of(const Expression& e, std::string& name,
                           std::vector<std::string>& values) {
    if (e.is_operator("or"))
      return constants_of(e.parts[0], name, values) && constants_of(e.parts[1], name, values);
    if (!e.is_operator("=") || e.parts[0].kind != Kind::kName ||
        e.parts[1].kind != Kind::kLiteral || (!name.empty() && e.parts[0].text != name))
      return false;
    name = e.parts[0].text;
    values.push_back(e.parts[1].text);
    return true;
  }

  bool comparison(const Expression& e) {
    const Expression &left = e.parts[0], &right = e.parts[1];
    if (left.kind == Kind::kLiteral && right.kind != Kind::kLiteral)
      return comparison({Kind::kOperator, mirrored(e.text), {right, left}});
    if (e.text == "any =") return listed(left, right);
    if (e.text == "=" && one_case(left, right)) return true;
    if (left.kind == Kind::kName && right.kind == Kind::kLiteral)
      return against_constant(of(left.text), e.text, right.text);
    if (left.kind == Kind::kName && right.is_call("similar_to_escape") && e.text == "~" &&
        right.parts[0].kind == Kind::kLiteral)
      return of(left.text).pattern = pattern_of_similar(right.parts[0].text), true;
    if (left.kind == Kind::kCall && right.kind == Kind::kLiteral && !left.parts.empty() &&
        left.parts[0].kind == Kind::kName)
      return measured(left.text, of(left.parts[0].text), e.text, right.text);
    return false;
  }

  bool listed(const Expression& left, const Expression& list) {
    if (left.kind != Kind::kName || list.kind != Kind::kArray) return false;
    std::vector<std::string> values;
    for (const Expression& part : list.parts) {
      if (part.kind != Kind::kLiteral) return false;
      values.push_back(part.text);
    }
    of(left.text).one_of = values;
    return true;
  }

  bool one_case(const Expression& left, const Expression& right) {
    for (const auto& [name, call] : {std::pair{&left, &right}, std::pair{&right, &left}}) {
      if (name->kind != Kind::kName || call->parts.size() != 1 ||
          call->parts[0].kind != Kind::kName || call->parts[0].text != name->text)
        continue;
      if (call->is_call("lower")) return of(name->text).letters = 'l', true;
      if (call->is_call("upper")) return of(name->text).letters = 'u', true;
      if (call->is_call("btrim")) return true;  // generated texts have no blanks around them
    }
    return false;
  }

  static bool against_constant(Limits& limits, const std::string& op, const std::string& text) {
    const std::optional<double> value = number_of(text);
    if (op == "=") return limits.one_of = {text}, true;
    if (op == "<>" || op == "!~" || op == "!~~" || op == "!~*") return true;
    if (op == "~" || op == "~*") return limits.pattern = text, true;
    if (op == "~~" || op == "~~*") return limits.pattern = pattern_of_like(text), true;
    if (op == "?") return limits.json_keys.push_back(text), true;
    if (op == ">" || op == ">=") {
      value ? tighten_low(limits, op == ">" ? beyond(*value, text, 1) : *value)
            : void(limits.low_text = text);
      return true;
    }
    if (op == "<" || op == "<=") {
      value ? tighten_high(limits, op == "<" ? beyond(*value, text, -1) : *value)
            : void(limits.high_text = text);
      return true;
    }
    return false;
  }

  static bool among(const std::string& name, std::initializer_list<std::string_view> names) {
    return std::find(names.begin(), names.end(), name) != names.end();
  }

  static bool measured(const std::string& function, Limits& limits, const std::string& op,
                       const std::string& text) {
    if (among(function, {"jsonb_typeof", "json_typeof"}) && op == "=")
      return limits.json_type = text, true;
    if (among(function, {"btrim", "ltrim", "rtrim", "trim"})) return op == "<>" && text.empty();
    const std::optional<double> value = number_of(text);
    if (!value) return false;
    const int size = static_cast<int>(*value);
    const bool elements = among(function, {"array_length", "cardinality", "array_upper"});
    if (!elements &&
        !among(function, {"length", "char_length", "character_length", "octet_length"}))
      return false;
    std::optional<int>& low = elements ? limits.fewest : limits.shortest;
    std::optional<int>& high = elements ? limits.most : limits.longest;
    if (op == "=") return low = high = size, true;
    if (op == ">" || op == ">=")
      return low = std::max(low.value_or(0), size + (op == ">" ? 1 : 0)), true;
    if (op == "<" || op == "<=")
      return high = std::min(high.value_or(1 << 20), size - (op == "<" ? 1 : 0)), true;
    return false;
  }

  /// Whatever the condition compares columns with is worth trying.
  void tangle(const Expression& e) {
    if (e.kind == Kind::kName) of(e.text).tangled = true;
    if (e.kind == Kind::kOther) {
      for (const std::string& name : names_in(e.text)) of(name).tangled = true;
      return;
    }
    if (e.kind == Kind::kOperator && e.parts.size() == 2) note_constants(e);
    for (const Expression& part : e.parts) tangle(part);
  }

  void note_constants(const Expression& e) {
    for (const auto& [name, value] :
         {std::pair{&e.parts[0], &e.parts[1]}, std::pair{&e.parts[1], &e.parts[0]}}) {
      if (name->kind != Kind::kName) continue;
      if (value->kind == Kind::kLiteral) add_constant(name->text, value->text);
      if (value->kind != Kind::kArray) continue;
      for (const Expression& each : value->parts)
        if (each.kind == Kind::kLiteral) add_constant(name->text, each.text);
    }
  }

  void add_constant(const std::string& name, const std::string& text) {
    std::vector<std::string>& constants = of(name).constants;
    if (std::find(constants.begin(), constants.end(), text) == constants.end())
      constants.push_back(text);
  }

  LimitsByName& limits_;
};

}  // namespace

void read_limits(const std::string& condition, std::map<std::string, Limits>& limits) {
  Requirement(limits).require(read_expression(condition));
}

Limits both_limits(const Limits& one, const Limits& other) {
  Limits both = one;
  if (other.low) tighten_low(both, *other.low);
  if (other.high) tighten_high(both, *other.high);
  if (both.low_text.empty()) both.low_text = other.low_text;
  if (both.high_text.empty()) both.high_text = other.high_text;
  if (both.one_of.empty()) both.one_of = other.one_of;
  both.constants.insert(both.constants.end(), other.constants.begin(), other.constants.end());
  if (other.shortest) both.shortest = std::max(both.shortest.value_or(0), *other.shortest);
  if (other.longest) both.longest = std::min(both.longest.value_or(*other.longest), *other.longest);
  if (both.pattern.empty()) both.pattern = other.pattern;
  if (both.letters == 0) both.letters = other.letters;
  if (other.fewest) both.fewest = other.fewest;
  if (other.most) both.most = other.most;
  if (both.json_type.empty()) both.json_type = other.json_type;
  both.json_keys.insert(both.json_keys.end(), other.json_keys.begin(), other.json_keys.end());
  both.never_null |= other.never_null;
  both.always_null |= other.always_null;
  both.tangled |= other.tangled;
  return both;
}

}  // namespace drydock
