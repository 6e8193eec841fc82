#include "harness/data/value_maker.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string_view>

#include "harness/data/check_limits.h"
#include "harness/data/name_meaning.h"
#include "harness/data/number_values.h"
#include "harness/data/sql_words.h"
#include "harness/data/text_values.h"
#include "harness/data/type_templates.h"

namespace drydock {
namespace {

std::string replaced(std::string text, std::string_view what, const std::string& with) {
  for (std::size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += with.size())
    text.replace(at, what.size(), with);
  return text;
}

std::string hashed(const ValueRequest& request) {
  return fmt::format("md5('{}-' || {})", request.salt, request.number);
}

std::string make_uuid(const ValueRequest& request) {
  if (meaning_of(request.name) == Meaning::kTenant && !request.distinct) {
    return fmt::format("md5('{}-' || {})::uuid", tenant_salt(request),
                       sql_pick(request.number, request.salt, 5));
  }
  return hashed(request) + "::uuid";
}

std::string make_json(const ValueRequest& request, bool binary) {
  const std::string type = binary ? "jsonb" : "json";
  const std::string& n = request.number;
  const std::string pick = sql_pick(n, request.salt, 100);
  const std::string& wanted = request.limits.json_type;
  if (wanted == "array") return fmt::format("{0}_build_array('item', {1}, {2})", type, pick, n);
  if (wanted == "string") return fmt::format("to_{}('item ' || {})", type, n);
  if (wanted == "number") return fmt::format("to_{}({})", type, n);
  if (wanted == "boolean") return fmt::format("to_{}({} % 2 = 0)", type, n);
  std::string members =
      fmt::format("'number', {}, 'colour', {}", n,
                  sql_one_of({"green", "blue", "red"}, sql_pick(n, request.salt, 3)));
  for (const std::string& key : request.limits.json_keys) {
    members += fmt::format(", {}, {}", sql_text(key), pick);
  }
  return fmt::format("{}_build_object({}, 'tags', jsonb_build_array('a', {}))", type, members,
                     pick);
}

std::string make_bytes(const ValueRequest& request) {
  const Limits& limits = request.limits;
  // A hash has 16 bytes; it is repeated where more are asked for.
  const int times = limits.shortest.value_or(0) / 16 + 1;
  const std::string bytes = fmt::format("decode(repeat({}, {}), 'hex')", hashed(request), times);
  return limits.longest ? fmt::format("substr({}, 1, {})", bytes, *limits.longest) : bytes;
}

/// A moment at which a limit in text form lets values begin; the limits of dates are texts.
std::optional<std::string> limited_time(const ValueRequest& request, const std::string& type) {
  const Limits& limits = request.limits;
  if (limits.low_text.empty() && limits.high_text.empty()) return std::nullopt;
  const std::string number =
      request.distinct ? request.number : sql_pick(request.number, request.salt, 300);
  const std::string step = type == "date" ? "({}) * 1" : "({}) * interval '1 minute'";
  const std::string moved = fmt::format(fmt::runtime(step), number);
  if (!limits.low_text.empty()) {
    std::string sql = fmt::format("{}::{} + {}", sql_text(limits.low_text), type,
                                  type == "date" ? "(" + moved + ")::int" : moved);
    if (!limits.high_text.empty())
      sql = fmt::format("least({}, {}::{})", sql, sql_text(limits.high_text), type);
    return sql;
  }
  return fmt::format("{}::{} - {}", sql_text(limits.high_text), type,
                     type == "date" ? "(" + moved + ")::int" : moved);
}

std::string make_time_of_day(const ValueRequest& request) {
  const std::string number =
      request.distinct ? request.number : sql_pick(request.number, request.salt, 86'000);
  return fmt::format("time '00:00' + ({}) * interval '1 second'", number);
}

std::string make_bits(const ValueRequest& request, int modifier, bool varying) {
  const std::string number =
      request.distinct ? request.number : sql_pick(request.number, request.salt, 1 << 30);
  const int width = modifier > 0 ? modifier : varying ? 16 : 1;
  const std::string bits = fmt::format("({})::bit({})", number, width);
  return varying ? bits + "::varbit" : bits;
}

struct IntegerRange {
  std::int64_t low, high;
};
std::optional<IntegerRange> integer_range(const TypeShape& type) {
  if (type.name == "int2") return IntegerRange{-32768, 32767};
  if (type.name == "int4") return IntegerRange{-2147483648LL, 2147483647};
  if (type.name == "int8") return IntegerRange{INT64_MIN / 2, INT64_MAX / 2};
  return std::nullopt;
}

struct Digits {
  int before = 12, behind = 2;
};
Digits numeric_digits(const TypeShape& type, int modifier) {
  if (type.name == "float4") return {5, 2};
  if (type.name == "money") return {12, 2};
  if (type.name != "numeric" || modifier < 4) return {};
  const int precision = ((modifier - 4) >> 16) & 0xFFFF;
  const int scale = ((((modifier - 4) & 0x7FF) ^ 1024) - 1024);
  return {precision - scale, scale};
}

}  // namespace

bool is_decimal(const TypeShape& type) {
  return type.name == "numeric" || type.name == "float4" || type.name == "float8" ||
         type.name == "money";
}

std::uint64_t tenant_salt(const ValueRequest& request) {
  return make_salt(request.seed, {"tenant", tenant_stem(request.name)});
}

bool is_text(const TypeShape& type) {
  return type.name == "text" || type.name == "varchar" || type.name == "bpchar" ||
         type.name == "citext" || type.name == "name";
}

bool is_integer(const TypeShape& type) { return integer_range(type).has_value(); }

int ValueMaker::text_limit(const TypeShape& type, int modifier) {
  if (type.name == "name") return 63;
  if ((type.name == "varchar" || type.name == "bpchar") && modifier > 4) return modifier - 4;
  return 0;
}

const TypeShape& ValueMaker::underlying(Oid type, int& modifier) const {
  const TypeShape* shape = &types_.at(type);
  while (shape->kind == TypeKind::kDomain) {
    if (modifier < 0) modifier = shape->modifier;
    shape = &types_.at(shape->base);
  }
  return *shape;
}

ValueRequest ValueMaker::with_domain_limits(ValueRequest request) const {
  for (Oid type = request.type; types_.contains(type) && types_.at(type).kind == TypeKind::kDomain;
       type = types_.at(type).base) {
    for (const std::string& check : types_.at(type).checks) {
      std::map<std::string, Limits> about;
      read_limits(check, about);
      request.limits = both_limits(request.limits, about["VALUE"]);
    }
  }
  return request;
}

std::optional<std::string> ValueMaker::make(const ValueRequest& asked) const {
  if (!types_.contains(asked.type)) return std::nullopt;
  const ValueRequest request = with_domain_limits(asked);
  int modifier = request.modifier;
  const TypeShape& type = underlying(request.type, modifier);
  switch (type.kind) {
    case TypeKind::kEnum: {
      const auto& labels = request.limits.one_of.empty() ? type.labels : request.limits.one_of;
      if (labels.empty()) return std::nullopt;
      const auto count = static_cast<std::int64_t>(labels.size());
      // In turn rather than at random: all labels are used even in a short table.
      const std::string index =
          request.distinct
              ? fmt::format("({} - 1) % {}", request.number, count)
              : fmt::format("({} + {}) % {}", request.number, request.salt % 97, count);
      return fmt::format("({})::{}", sql_one_of(labels, index), type.sql);
    }
    case TypeKind::kArray:
      return make_array(type, request);
    case TypeKind::kComposite:
      return make_composite(type, request);
    case TypeKind::kRange:
      return make_range(type, request);
    case TypeKind::kMultirange: {
      ValueRequest inner = request;
      inner.type = type.base;
      if (!types_.contains(inner.type)) return std::nullopt;
      const auto range = make(inner);
      return range ? std::optional(fmt::format("{}({})", type.sql, *range)) : std::nullopt;
    }
    default:
      return make_base(type, modifier, request);
  }
}

std::optional<std::string> ValueMaker::make_base(const TypeShape& type, int modifier,
                                                 const ValueRequest& request) const {
  const std::string& n = request.number;
  if (is_text(type)) return make_text(request, text_limit(type, modifier));
  if (const auto range = integer_range(type)) return make_integer(request, range->low, range->high);
  if (is_decimal(type)) {
    const Digits digits = numeric_digits(type, modifier);
    return fmt::format("({})::{}", make_decimal(request, digits.before, digits.behind), type.sql);
  }
  if (type.name == "bool") {
    const Limits& limits = request.limits;
    if (!limits.one_of.empty()) return sql_text(limits.one_of[0]) + "::boolean";
    return request.distinct ? fmt::format("({}) % 2 = 1", n)
                            : fmt::format("{} < 2", sql_pick(n, request.salt, 3));
  }
  if (type.name == "uuid") return make_uuid(request);
  if (type.name == "timestamptz" || type.name == "timestamp" || type.name == "date") {
    if (const auto limited = limited_time(request, type.sql)) return limited;
    if (type.name == "timestamptz") return fmt::format("to_timestamp({})", make_seconds(request));
    if (type.name == "timestamp")
      return fmt::format("to_timestamp({}) AT TIME ZONE 'UTC'", make_seconds(request));
    if (request.distinct) return fmt::format("date '2000-01-01' + ({})::int", n);
    return fmt::format("date '1970-01-01' + (({}) / 86400)::int", make_seconds(request));
  }
  if (type.name == "time") return make_time_of_day(request);
  if (type.name == "timetz")
    return fmt::format("(({})::text || '+00')::timetz", make_time_of_day(request));
  if (type.name == "interval") {
    return fmt::format("({}) * interval '1 minute'",
                       request.distinct ? n : "1 + " + sql_pick(n, request.salt, 5000));
  }
  if (type.name == "json" || type.name == "jsonb") return make_json(request, type.name == "jsonb");
  if (type.name == "bytea") return make_bytes(request);
  if (type.name == "bit" || type.name == "varbit")
    return make_bits(request, modifier, type.name == "varbit");
  if (type.name == "char") return fmt::format("chr((65 + ({}) % 26)::int)::\"char\"", n);
  if (type.name == "inet" && request.distinct) return fmt::format("inet '10.0.0.0' + {}", n);
  if (type.name == "vector" && modifier > 0) {
    return fmt::format("('[' || {} || repeat(',0.5', {}) || ']')::{}", n, modifier - 1, type.sql);
  }
  const TypeTemplate* found = template_of(type.name);
  if (found == nullptr) return std::nullopt;
  std::string sql = replaced(std::string(found->sql), "{n}", n);
  sql = replaced(sql, "{r}", sql_pick(n, request.salt, 1 << 30));
  return replaced(sql, "{t}", type.sql);
}

std::int64_t ValueMaker::capacity(const ValueRequest& asked) const {
  if (!types_.contains(asked.type)) return 1;
  const ValueRequest request = with_domain_limits(asked);
  int modifier = request.modifier;
  const TypeShape& type = underlying(request.type, modifier);
  if (type.kind == TypeKind::kEnum) {
    return static_cast<std::int64_t>(request.limits.one_of.empty() ? type.labels.size()
                                                                   : request.limits.one_of.size());
  }
  if (type.kind == TypeKind::kArray) {
    ValueRequest element = request;
    element.type = type.base;
    element.limits = {};
    return capacity(element);
  }
  if (type.kind != TypeKind::kBase) return kUnlimited;
  if (is_text(type)) return text_capacity(request, text_limit(type, modifier));
  if (const auto range = integer_range(type))
    return integer_capacity(request, range->low, range->high);
  if (is_decimal(type)) {
    const Digits digits = numeric_digits(type, modifier);
    return decimal_capacity(request, digits.before, digits.behind);
  }
  if (type.name == "bool") return request.limits.one_of.empty() ? 2 : 1;
  if (type.name == "char") return 26;
  if (type.name == "time" || type.name == "timetz") return 86'000;
  if (type.name == "bit" || type.name == "varbit") {
    return modifier > 0 && modifier < 40 ? std::int64_t{1} << modifier
           : modifier > 0                ? kUnlimited
                                         : (type.name == "bit" ? 2 : 65'536);
  }
  const TypeTemplate* found = template_of(type.name);
  return found != nullptr && !found->distinct && type.name != "inet" ? 1 : kUnlimited;
}

}  // namespace drydock
