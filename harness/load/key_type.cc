#include "harness/load/key_type.h"

#include <chrono>

#include "harness/base/text.h"
#include "harness/load/sql_name.h"
#include "harness/model/backfill.h"
#include "harness/model/words.h"

namespace drydock {
namespace {

using enum KeyType;
using Kind = JsonNode::Kind;

bool is_words(const JsonNode& node) { return node.kind == Kind::kText && !trim(node.text).empty(); }

bool is_scalar(const JsonNode& node) {
  return node.kind == Kind::kText || node.kind == Kind::kNumber || node.kind == Kind::kBoolean;
}

bool is_data_path(const JsonNode& node) {
  const bool known = node.text.ends_with(".sql") || node.text.ends_with(".csv");
  return is_words(node) && known;
}

bool is_date(const std::string& text) {
  const std::string shape = "dddd-dd-dd";
  if (text.size() != shape.size()) return false;
  for (std::size_t i = 0; i < shape.size(); ++i) {
    const bool is_digit = text[i] >= '0' && text[i] <= '9';
    if (shape[i] == 'd' ? !is_digit : text[i] != shape[i]) return false;
  }
  const auto number = [&](std::size_t at, std::size_t length) {
    return std::stoi(text.substr(at, length));
  };
  return std::chrono::year_month_day(std::chrono::year(number(0, 4)),
                                     std::chrono::month(static_cast<unsigned>(number(5, 2))),
                                     std::chrono::day(static_cast<unsigned>(number(8, 2))))
      .ok();
}

bool may_name_what_changes(const std::string& name) {
  return is_table_name(name) || is_column_name(name) || is_any_tables_column_name(name);
}

bool is_tenant_column(const JsonNode& node) {
  return node.kind == Kind::kText && (is_bare_name(node.text) || is_column_name(node.text));
}

bool is_tenant(const JsonNode& node) { return is_words(node) || node.kind == Kind::kNumber; }

std::vector<std::string> lock_mode_words() {
  std::vector<std::string> words;
  for (int i = 0; i < kLockModes; ++i) words.emplace_back(manual_word(static_cast<LockMode>(i)));
  return words;
}

bool is_choice(KeyType type, const JsonNode& node) {
  for (const std::string& choice : choices(type))
    if (node.kind == Kind::kText && node.text == choice) return true;
  return false;
}

}  // namespace

bool has_type(KeyType type, const JsonNode& node) {
  switch (type) {
    case kText:
      return node.kind == Kind::kText;
    case kWords:
    case kPath:
      return is_words(node);
    case kDataPath:
      return is_data_path(node);
    case kScalar:
      return is_scalar(node);
    case kCount:
      return node.integer.has_value() && *node.integer >= 0;
    case kPositive:
      return node.integer.has_value() && *node.integer >= 1;
    case kFillfactor:
      return node.integer.has_value() && *node.integer >= 10 && *node.integer <= 100;
    case kBoolean:
      return node.kind == Kind::kBoolean;
    case kDate:
      return node.kind == Kind::kText && is_date(node.text);
    case kTableName:
      return node.kind == Kind::kText && is_table_name(node.text);
    case kColumnName:
      return node.kind == Kind::kText && is_column_name(node.text);
    case kTablePattern:
      return node.kind == Kind::kText && is_table_pattern(node.text);
    case kProfile:
    case kMoment:
    case kSeverity:
    case kLockMode:
      return is_choice(type, node);
    case kTextMap:
    case kScalarMap:
    case kObject:
    case kTableMap:
    case kNamedObjects:
      return node.kind == Kind::kObject;
    case kScalars:
    case kPositives:
    case kCounts:
    case kStrategies:
    case kHolders:
      return node.kind == Kind::kList && !node.children.empty();
    case kTenantColumns:
      return is_tenant_column(node) || (node.kind == Kind::kList && !node.children.empty());
    case kTenants:
      return node.kind == Kind::kList && node.children.size() >= 2;
    case kPaths:
    case kDataFiles:
    case kTexts:
    case kRows:
    case kMayChange:
    case kTableNames:
    case kObjects:
      return node.kind == Kind::kList;
  }
  return false;
}

bool is_element(KeyType type, const JsonNode& node) {
  switch (type) {
    case kPaths:
    case kTexts:
      return is_words(node);
    case kDataFiles:
      return is_data_path(node) || node.kind == Kind::kObject;
    case kTextMap:
      return node.kind == Kind::kText;
    case kScalars:
    case kScalarMap:
      return is_scalar(node);
    case kRows:
      return node.kind == Kind::kList && !node.children.empty();
    case kMayChange:
      return node.kind == Kind::kText && may_name_what_changes(node.text);
    case kTableNames:
      return node.kind == Kind::kText && is_table_name(node.text);
    case kPositives:
      return has_type(kPositive, node);
    case kCounts:
      return has_type(kCount, node);
    case kStrategies:
    case kHolders:
      return is_choice(type, node);
    case kTenantColumns:
      return is_tenant_column(node);
    case kTenants:
      return is_tenant(node);
    default:
      return holds_objects(type) && node.kind == Kind::kObject;
  }
}

bool holds_objects(KeyType type) {
  return type == kObjects || type == kDataFiles || is_map_of_objects(type);
}

bool is_map_of_objects(KeyType type) { return type == kTableMap || type == kNamedObjects; }

bool is_row_value(const JsonNode& node) { return node.kind == Kind::kNull || is_scalar(node); }

std::vector<std::string> choices(KeyType type) {
  switch (type) {
    case kProfile:
      return {word(RowProfile::kTypical), word(RowProfile::kAdversarial)};
    case kMoment:
      return {word(AssertionMoment::kBefore), word(AssertionMoment::kAfterUp),
              word(AssertionMoment::kAfterDown), word(AssertionMoment::kAfterUpAgain),
              word(AssertionMoment::kEnd)};
    case kSeverity:
      return {word(Severity::kError), word(Severity::kWarning)};
    case kLockMode:
      return lock_mode_words();
    case kStrategies:
      return {word(BackfillStrategy::kSingle),     word(BackfillStrategy::kNaive),
              word(BackfillStrategy::kSkipLocked), word(BackfillStrategy::kKeyset),
              word(BackfillStrategy::kCtid),       word(BackfillStrategy::kAsWritten)};
    case kHolders:
      return {word(QueueHolder::kReport), word(QueueHolder::kIdleInTransaction),
              word(QueueHolder::kDump), word(QueueHolder::kOldSnapshot)};
    default:
      return {};
  }
}

}  // namespace drydock
