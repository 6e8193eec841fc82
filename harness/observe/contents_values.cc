#include "harness/observe/contents_values.h"

#include <fmt/format.h>

#include "harness/base/sql_text.h"

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

bool has_zone(const WatchedColumn& column) {
  return column.type.starts_with("timestamp") && column.type.ends_with(" with time zone");
}

bool lacks_zone(const WatchedColumn& column) {
  return column.type == "date" ||
         (column.type.starts_with("timestamp") && column.type.ends_with(" without time zone"));
}

std::string at_zone(const std::string& value, const std::string& zone) {
  return fmt::format("({} AT TIME ZONE {})", value, sql_text(zone));
}

/// `value` of type `from` as the one of `to` that it is in the zone; one of both has a zone.
std::string moved(const std::string& value, const WatchedColumn& from, const WatchedColumn& to,
                  const std::string& zone) {
  const char* read = has_zone(from) ? "timestamptz" : "timestamp";
  return fmt::format("{}::{}", at_zone(fmt::format("({})::{}", value, read), zone), to.type);
}

std::vector<ValueForm> by_zone(const WatchedColumn& before, const WatchedColumn& now,
                               const std::string& zone) {
  const std::string old = image_column(before.number);
  return {{old, text(moved(now.digest.name, now, before, zone))},
          {text(moved(old, before, now, zone)), now.digest.text}};
}

/// A text that ends in a date or a time of day says no zone itself.
std::string read_in_zone(const std::string& words, const std::string& zone) {
  return text(
      fmt::format("CASE WHEN {0} ~ '(^|[^-+0-9:])[0-9]+:[0-9]+(:[0-9.]+)?[[:space:]]*$' OR {0} ~ "
                  "'^[-0-9]+[[:space:]]*$' "
                  "THEN {1} ELSE {0}::timestamptz END",
                  words, at_zone(words + "::timestamp", zone)));
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

bool depends_on_zone(const WatchedColumn& before, const WatchedColumn& now) {
  const auto other = [](const WatchedColumn& column) {
    return lacks_zone(column) || is_text(column.family);
  };
  return (has_zone(before) && other(now)) || (other(before) && has_zone(now));
}

std::vector<ValueForm> value_forms(const WatchedColumn& before, const WatchedColumn& now,
                                   const std::string& zone) {
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
  if (is_text(before.family) && has_zone(now)) return {{read_in_zone(old, zone), now.digest.text}};
  if (has_zone(before) && is_text(now.family)) return {{old, read_in_zone(now.digest.text, zone)}};
  if (depends_on_zone(before, now)) return by_zone(before, now, zone);
  // A date is read with its time, so that a time of day that was dropped is missed.
  if (is_text(before.family) && now.family == kMoment) return read_as(old, present, "timestamptz");
  if (is_text(before.family) && now.family == kUuid) return read_as(old, present, "uuid");
  return by_casts(before, now);
}

}  // namespace drydock
