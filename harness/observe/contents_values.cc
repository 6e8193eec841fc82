#include "harness/observe/contents_values.h"

#include <fmt/format.h>

namespace drydock {
namespace {

using enum ValueFamily;

std::string text(const std::string& expression) {
  return fmt::format("(({})::text COLLATE \"C\")", expression);
}

/// Both sides read as `type`, and printed by `print` ("{}" stands for the value).
std::vector<ValueForm> read_as(const std::string& old, const std::string& now,
                               const std::string& type) {
  return {{text(fmt::format("{}::{}", old, type)), text(fmt::format("{}::{}", now, type))}};
}

std::vector<ValueForm> as_numbers(const std::string& old, const std::string& now) {
  return {{text(fmt::format("trim_scale({}::numeric)", old)),
           text(fmt::format("trim_scale({}::numeric)", now))}};
}

bool is_text(ValueFamily family) { return family == kText || family == kPaddedText; }

bool same_type(const WatchedColumn& before, const WatchedColumn& now) {
  return before.type_oid == now.type_oid ? before.type_modifier == now.type_modifier
                                         : before.type == now.type;
}

/// There and back again.
std::vector<ValueForm> by_casts(const WatchedColumn& before, const WatchedColumn& now) {
  const std::string old = image_column(before.number);
  const std::string forward = fmt::format("{}::{}::{}", old, before.type, now.type);
  const std::string back = fmt::format("{}::{}", now.digest.name, before.type);
  std::vector<ValueForm> forms = before.family == kExactNumber
                                     ? as_numbers(old, fmt::format("({})", back))
                                     : std::vector<ValueForm>{{old, text(back)}};
  forms.push_back({text(forward), now.digest.text});
  return forms;
}

}  // namespace

std::string image_column(int number) { return fmt::format("\"@{}\"", number); }

std::vector<ValueForm> printed_forms(const WatchedColumn& before, const WatchedColumn& now) {
  return {{image_column(before.number), now.digest.text}};
}

std::vector<ValueForm> value_forms(const WatchedColumn& before, const WatchedColumn& now) {
  if (same_type(before, now)) return printed_forms(before, now);
  const std::string old = image_column(before.number);
  const std::string& present = now.digest.name;
  if (before.family == kExactNumber && now.family == kExactNumber) return as_numbers(old, present);
  if (is_text(before.family) && is_text(now.family)) {
    if (before.family == kText && now.family == kText) return printed_forms(before, now);
    return {{fmt::format("rtrim({}, ' ')", old), fmt::format("rtrim({}, ' ')", now.digest.text)}};
  }
  const bool to_json = before.family == kJson || is_text(before.family);
  if (to_json && now.family == kJson) return read_as(old, present, "jsonb");
  // A date is read with its time, so that a time of day that was dropped is missed.
  if (is_text(before.family) && now.family == kMoment) return read_as(old, present, "timestamptz");
  if (is_text(before.family) && now.family == kUuid) return read_as(old, present, "uuid");
  return by_casts(before, now);
}

}  // namespace drydock
