#include "harness/data/extremes.h"

#include <fmt/format.h>

#include "harness/data/sql_words.h"
#include "harness/data/value_maker.h"

namespace drydock {
namespace {

/// Texts without a limit are tried with so many characters: more than any column they may be moved
/// to is likely to take.
constexpr int kLongText = 10'000;

/// A text with letters of two, three and four bytes, a combining accent and a quote.
constexpr const char* kBeyondAscii =
    "Zo\xC3\xAB \xE6\xBC\xA2\xE5\xAD\x97 \xF0\x9F\x9A\xA2 e\xCC\x81 'quoted'";

struct Entry {
  const char* type;
  const char* value;
  const char* words;
};

constexpr Entry kEntries[] = {
    {"int2", "32767", "32767, the largest"},
    {"int2", "-32768", "-32768, the smallest"},
    {"int2", "0", "0"},
    {"int4", "2147483647", "2147483647, the largest"},
    {"int4", "-2147483648", "-2147483648, the smallest"},
    {"int4", "0", "0"},
    {"int8", "9223372036854775807", "9223372036854775807, the largest"},
    {"int8", "-9223372036854775808", "-9223372036854775808, the smallest"},
    {"int8", "0", "0"},
    {"numeric", "NaN", "NaN"},
    {"numeric", "0", "0"},
    {"float4", "NaN", "NaN"},
    {"float4", "Infinity", "infinity"},
    {"float8", "NaN", "NaN"},
    {"float8", "Infinity", "infinity"},
    {"float8", "1e300", "1e300"},
    {"date", "infinity", "infinity"},
    {"date", "4713-01-01 BC", "4713-01-01 BC"},
    {"timestamp", "infinity", "infinity"},
    {"timestamp", "-infinity", "-infinity"},
    {"timestamp", "9999-12-31 23:59:59.999999", "in the year 9999"},
    {"timestamptz", "infinity", "infinity"},
    {"timestamptz", "-infinity", "-infinity"},
    {"timestamptz", "9999-12-31 23:59:59.999999+00", "in the year 9999"},
    {"interval", "-100000000 years", "an interval of -100000000 years"},
    {"json", "null", "a JSON null"},
    {"json", "[]", "an empty JSON array"},
    {"jsonb", "null", "a JSON null"},
    {"jsonb", "[]", "an empty JSON array"},
    {"jsonb", "{}", "an empty JSON object"},
    {"uuid", "00000000-0000-0000-0000-000000000000", "the nil UUID"},
    {"bytea", "", "empty"},
};

std::vector<Extreme> texts(const TypeShape& type, int modifier, const std::string& type_sql) {
  const int limit = ValueMaker::text_limit(type, modifier);
  const int longest = limit > 0 ? limit : kLongText;
  return {{fmt::format("''::{}", type_sql), "empty"},
          {fmt::format("repeat('W', {})::{}", longest, type_sql),
           fmt::format("of {} characters", longest)},
          {fmt::format("left({}, {})::{}", sql_text(kBeyondAscii), longest, type_sql),
           "in letters beyond ASCII"}};
}

}  // namespace

std::vector<Extreme> extremes_of(const TypeShape& type, int modifier, const std::string& type_sql) {
  if (is_text(type) && type.name != "name") return texts(type, modifier, type_sql);
  if (type.kind == TypeKind::kArray)
    return {{fmt::format("'{{}}'::{}", type_sql), "an empty array"}};
  std::vector<Extreme> extremes;
  for (const Entry& entry : kEntries) {
    if (type.kind == TypeKind::kBase && type.name == entry.type)
      extremes.push_back({fmt::format("{}::{}", sql_text(entry.value), type_sql), entry.words});
  }
  return extremes;
}

}  // namespace drydock
