#include "harness/load/scenario_values.h"

#include <algorithm>
#include <initializer_list>

#include "harness/model/words.h"

namespace drydock {
namespace {

using Kind = JsonNode::Kind;

/// As PostgreSQL prints it, which is what an assertion's rows are compared with.
std::optional<std::string> printed(const JsonNode& value) {
  if (value.kind == Kind::kNull) return std::nullopt;
  if (value.kind == Kind::kBoolean) return value.text == "true" ? "t" : "f";
  return value.text;
}

/// REQUIRES: the word is one of the enumeration's; its type has seen to that.
template <class Enum>
Enum value_of(const std::string& text, std::initializer_list<Enum> values) {
  return *std::find_if(values.begin(), values.end(),
                       [&](Enum value) { return text == word(value); });
}

}  // namespace

std::vector<std::string> texts_of(const JsonNode& list) {
  std::vector<std::string> texts;
  for (const JsonNode& item : list.children) texts.push_back(item.text);
  return texts;
}

std::vector<std::string> text_or_texts(const JsonNode& node) {
  return node.kind == Kind::kText ? std::vector{node.text} : texts_of(node);
}

std::map<std::string, std::string> texts_by_key(const JsonNode& object) {
  std::map<std::string, std::string> texts;
  for (const JsonNode& member : object.children) texts[member.key] = member.text;
  return texts;
}

ResultRows printed_rows(const JsonNode& list) {
  ResultRows rows;
  for (const JsonNode& row : list.children) {
    rows.emplace_back();
    for (const JsonNode& value : row.children) rows.back().push_back(printed(value));
  }
  return rows;
}

RowProfile profile_of(const std::string& text) {
  return value_of(text, {RowProfile::kTypical, RowProfile::kAdversarial});
}

AssertionMoment moment_of(const std::string& text) {
  using enum AssertionMoment;
  return value_of(text, {kBefore, kAfterUp, kAfterDown, kAfterUpAgain, kEnd});
}

std::vector<QueueHolder> holders_of(const JsonNode& list) {
  using enum QueueHolder;
  std::vector<QueueHolder> holders;
  for (const JsonNode& item : list.children)
    holders.push_back(value_of(item.text, {kReport, kIdleInTransaction, kDump, kOldSnapshot}));
  return holders;
}

std::vector<BackfillStrategy> strategies_of(const JsonNode& list) {
  using enum BackfillStrategy;
  std::vector<BackfillStrategy> strategies;
  for (const JsonNode& item : list.children)
    strategies.push_back(
        value_of(item.text, {kSingle, kNaive, kSkipLocked, kKeyset, kCtid, kAsWritten}));
  return strategies;
}

bool is_true(const JsonNode& value) { return value.text == "true"; }

double number_of(const JsonNode& value) { return static_cast<double>(*value.integer); }

}  // namespace drydock
