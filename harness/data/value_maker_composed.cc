// Values made of other values: arrays, composites, ranges.

#include <fmt/format.h>

#include <algorithm>

#include "harness/data/sql_words.h"
#include "harness/data/value_maker.h"

namespace drydock {

std::optional<std::string> ValueMaker::make_array(const TypeShape& type,
                                                  const ValueRequest& request) const {
  ValueRequest element = request;
  element.type = type.base;
  element.limits = {};
  element.limits.one_of = request.limits.one_of;
  const int fewest = request.limits.fewest.value_or(request.limits.most.value_or(2) > 1 ? 2 : 1);
  const int count = std::clamp(fewest, 1, std::max(1, request.limits.most.value_or(50)));
  std::string list;
  for (int i = 0; i < count; ++i) {
    element.salt = request.salt + static_cast<std::uint64_t>(i) * 131;
    if (i > 0) element.distinct = false;
    const auto value = make(element);
    if (!value) return std::nullopt;
    list += (i == 0 ? "" : ", ") + *value;
  }
  std::string sql = fmt::format("ARRAY[{}]::{}", list, type.sql);
  if (request.distinct || request.limits.fewest || request.limits.tangled) return sql;
  return fmt::format("CASE WHEN {} % 7 = 0 THEN '{{}}'::{} ELSE {} END", request.number, type.sql,
                     sql);
}

std::optional<std::string> ValueMaker::make_composite(const TypeShape& type,
                                                      const ValueRequest& request) const {
  std::string list;
  for (const CompositeField& field : type.fields) {
    ValueRequest part = request;
    part.type = field.type;
    part.modifier = field.modifier;
    part.name = field.name;
    part.limits = {};
    part.salt = request.salt + make_salt(1, {field.name});
    const auto value = make(part);
    if (!value) return std::nullopt;
    list += (list.empty() ? "" : ", ") + *value;
  }
  return fmt::format("ROW({})::{}", list, type.sql);
}

std::optional<std::string> ValueMaker::make_range(const TypeShape& type,
                                                  const ValueRequest& request) const {
  const TypeShape& inner = base_type(types_, type.base);
  const std::string number = request.disjoint || request.distinct
                                 ? request.number
                                 : sql_pick(request.number, request.salt, 600);
  const auto range = [&](const std::string& low, const std::string& high) {
    return fmt::format("{0}(({1})::{3}, ({2})::{3})", type.sql, low, high, inner.sql);
  };
  if (inner.name == "date") {
    const std::string low = fmt::format("date '2024-01-01' + (({}) * 3)::int", number);
    return range(low, low + " + 2");
  }
  if (inner.name == "timestamp" || inner.name == "timestamptz") {
    const std::string low = fmt::format("to_timestamp({} + ({}) * 3600){}", 1'704'067'200, number,
                                        inner.name == "timestamp" ? " AT TIME ZONE 'UTC'" : "");
    return range(low, low + " + interval '30 minutes'");
  }
  if (is_integer(inner) || is_decimal(inner)) {
    return range(fmt::format("({}) * 10", number), fmt::format("({}) * 10 + 5", number));
  }
  ValueRequest end = request;
  end.type = type.base;
  end.limits = {};
  end.distinct = true;
  const auto low = make(end);
  return low ? std::optional(fmt::format("{}({}, {}, '[]')", type.sql, *low, *low)) : std::nullopt;
}

}  // namespace drydock
