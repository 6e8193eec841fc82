#include "harness/data/check_arms.h"

#include <fmt/format.h>

#include "harness/data/sql_words.h"

namespace drydock {
namespace {

using Kind = Expression::Kind;

/// Adds what `e` asks to `arm`. False: it contradicts what the arm asks already.
bool add_test(const Expression& e, Arm& arm) {
  if (e.is_operator("and")) return add_test(e.parts[0], arm) && add_test(e.parts[1], arm);
  const bool is_null = e.is_operator("is null"), not_null = e.is_operator("is not null");
  if ((is_null || not_null) && e.parts[0].kind == Kind::kName) {
    const auto [found, fresh] = arm.emplace(e.parts[0].text, ArmRule{is_null, {}});
    return fresh || found->second.null == is_null;
  }
  if (e.kind != Kind::kOperator || e.parts.size() != 2 || e.parts[0].kind != Kind::kName)
    return true;
  std::vector<std::string> values;
  if (e.text == "=" && e.parts[1].kind == Kind::kLiteral) values = {e.parts[1].text};
  if (e.text == "any =" && e.parts[1].kind == Kind::kArray) {
    for (const Expression& part : e.parts[1].parts)
      if (part.kind == Kind::kLiteral) values.push_back(part.text);
  }
  if (!values.empty()) arm[e.parts[0].text] = {false, values};
  return true;
}

void collect(const Expression& e, std::vector<Arm>& arms) {
  if (e.is_operator("or")) {
    collect(e.parts[0], arms);
    collect(e.parts[1], arms);
    return;
  }
  Arm arm;
  if (add_test(e, arm) && !arm.empty()) arms.push_back(std::move(arm));
}

/// num_nonnulls(a, b, c) = 1, num_nulls(a, b) = 1
std::vector<Arm> counted(const Expression& e) {
  const bool nonnulls = e.parts[0].is_call("num_nonnulls"), nulls = e.parts[0].is_call("num_nulls");
  if ((!nonnulls && !nulls) || e.parts[1].kind != Kind::kLiteral || e.parts[1].text != "1")
    return {};
  std::vector<Arm> arms;
  for (const Expression& chosen : e.parts[0].parts) {
    Arm arm;
    for (const Expression& each : e.parts[0].parts) {
      if (each.kind != Kind::kName) return {};
      arm[each.text] = {(each.text == chosen.text) != nonnulls, {}};
    }
    arms.push_back(std::move(arm));
  }
  return arms;
}

/// (a IS NULL) <> (b IS NULL), and = for both or none.
std::vector<Arm> compared(const Expression& e) {
  const auto tested = [](const Expression& test) {
    return (test.is_operator("is null") || test.is_operator("is not null")) &&
           test.parts[0].kind == Kind::kName;
  };
  if (!tested(e.parts[0]) || !tested(e.parts[1])) return {};
  const std::string &a = e.parts[0].parts[0].text, &b = e.parts[1].parts[0].text;
  const bool alike = (e.text == "=") == (e.parts[0].text == e.parts[1].text);
  return {Arm{{a, {false, {}}}, {b, {!alike, {}}}}, Arm{{a, {true, {}}}, {b, {alike, {}}}}};
}

}  // namespace

std::vector<Arm> arms_of(const Expression& condition) {
  std::vector<Arm> arms;
  if (condition.is_operator("or")) collect(condition, arms);
  if (condition.is_operator("=") || condition.is_operator("<>")) {
    arms = compared(condition);
    if (arms.empty() && condition.text == "=") arms = counted(condition);
  }
  return arms.size() > 1 ? arms : std::vector<Arm>();
}

std::string arm_sql(const std::vector<Arm>& arms, const std::string& column,
                    const std::string& index, const std::string& value, const std::string& type) {
  std::string cases;
  for (std::size_t i = 0; i < arms.size(); ++i) {
    const auto rule = arms[i].find(column);
    if (rule == arms[i].end()) continue;
    if (rule->second.null) cases += fmt::format(" WHEN {} THEN NULL", i);
    if (!rule->second.one_of.empty())
      cases += fmt::format(
          " WHEN {} THEN ({})::{}", i,
          sql_one_of(rule->second.one_of, fmt::format("n % {}", rule->second.one_of.size())), type);
  }
  return cases.empty() ? value : fmt::format("CASE {}{} ELSE {} END", index, cases, value);
}

}  // namespace drydock
