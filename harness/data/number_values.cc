#include "harness/data/number_values.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "harness/data/name_meaning.h"
#include "harness/data/sql_words.h"

namespace drydock {
namespace {

struct Span {
  double low, high;
};

/// 2024-01-01 in seconds since 1970. Rows are spread from here over 650 days; the rest of the two
/// years is left to what happens to a row later.
constexpr std::int64_t kFirstSecond = 1'704'067'200;
constexpr std::int64_t kCreationSpan = 650LL * 86'400;
constexpr std::int64_t kRankSpan = 20LL * 86'400;

Span usual_span(Meaning meaning) {
  switch (meaning) {
    case Meaning::kPercentage:
      return {0, 100};
    case Meaning::kRatio:
      return {0, 1};
    case Meaning::kQuantity:
      return {1, 100};
    case Meaning::kYear:
      return {1990, 2025};
    case Meaning::kMonth:
      return {1, 12};
    case Meaning::kDay:
      return {1, 28};
    case Meaning::kHour:
      return {0, 23};
    case Meaning::kMinute:
      return {0, 59};
    case Meaning::kAge:
      return {18, 90};
    case Meaning::kRank:
      return {1, 5};
    case Meaning::kPort:
      return {1024, 49151};
    case Meaning::kLatitude:
      return {-90, 90};
    case Meaning::kLongitude:
      return {-180, 180};
    case Meaning::kSize:
      return {1, 4096};
    case Meaning::kFlag:
      return {0, 1};
    case Meaning::kTenant:
      return {1, 5};
    case Meaning::kVersion:
    case Meaning::kStatus:
    case Meaning::kKind:
      return {1, 4};
    default:
      return {1, 1000};
  }
}

/// The usual span moved and cut until it is within what is allowed.
Span allowed_span(const ValueRequest& request, double low, double high) {
  Span span = usual_span(meaning_of(request.name));
  low = std::max(low, request.limits.low.value_or(low));
  high = std::min(high, request.limits.high.value_or(high));
  if (span.low < low || span.high > high) {
    const double width = span.high - span.low;
    if (span.low < low) span = {low, low + width};
    if (span.high > high) span = {std::max(low, high - width), high};
  }
  return span;
}

std::string constants_or(const ValueRequest& request, const std::string& sql) {
  std::string list;
  int count = 0;
  for (const std::string& constant : request.limits.constants) {
    char* end = nullptr;
    std::strtod(constant.c_str(), &end);
    if (constant.empty() || *end != '\0') continue;
    list += fmt::format("{}{}", count++ == 0 ? "" : ", ", constant);
  }
  if (count == 0 || request.distinct) return sql;
  return fmt::format("CASE WHEN {0} % 4 <> 0 THEN (ARRAY[{1}])[1 + {2}] ELSE {3} END",
                     request.number, list, sql_pick(request.number, request.salt + 9, count), sql);
}

std::string one_of_numbers(const ValueRequest& request) {
  std::string list;
  for (const std::string& text : request.limits.one_of) list += (list.empty() ? "" : ", ") + text;
  const auto count = static_cast<std::int64_t>(request.limits.one_of.size());
  const std::string index = request.distinct ? fmt::format("({} - 1) % {}", request.number, count)
                                             : sql_pick(request.number, request.salt, count);
  return fmt::format("(ARRAY[{}])[1 + {}]", list, index);
}

std::int64_t whole(double value) {
  constexpr double kLargest = 9.2e18;
  return static_cast<std::int64_t>(std::clamp(value, -kLargest, kLargest));
}

}  // namespace

std::string make_integer(const ValueRequest& request, std::int64_t low, std::int64_t high) {
  if (!request.limits.one_of.empty()) return one_of_numbers(request);
  if (request.distinct) {
    const std::int64_t first =
        request.limits.low ? std::max(low, whole(std::ceil(*request.limits.low))) : std::int64_t{1};
    return fmt::format("{} + {}", request.base.value_or(first - 1), request.number);
  }
  if (meaning_of(request.name) == Meaning::kTime && high > 1'000'000'000 && !request.limits.high) {
    const std::string seconds = make_seconds(request);
    const std::string scale = high > 4'000'000'000 ? " * 1000" : "";
    if (!is_rare_event(request.name)) return fmt::format("({}){}", seconds, scale);
    return fmt::format("CASE WHEN {} % 5 = 0 THEN ({}){} ELSE 0 END", request.number, seconds,
                       scale);
  }
  const Span span = allowed_span(request, static_cast<double>(low), static_cast<double>(high));
  const std::int64_t from = whole(std::ceil(span.low));
  const std::int64_t to = std::max(from, whole(std::floor(span.high)));
  return constants_or(
      request, fmt::format("{} + {}", from, sql_pick(request.number, request.salt, to - from + 1)));
}

std::int64_t integer_capacity(const ValueRequest& request, std::int64_t low, std::int64_t high) {
  if (!request.limits.one_of.empty()) {
    return static_cast<std::int64_t>(request.limits.one_of.size());
  }
  const double from =
      std::max({1.0, request.limits.low.value_or(1),
                static_cast<double>(request.base.value_or(0) + 1), static_cast<double>(low)});
  const double to = std::min(static_cast<double>(high), request.limits.high.value_or(1e18));
  return std::min(kUnlimited, std::max<std::int64_t>(1, whole(to - from + 1)));
}

std::string make_decimal(const ValueRequest& request, int digits, int scale) {
  if (!request.limits.one_of.empty()) return one_of_numbers(request);
  const double unit = std::pow(10.0, -std::clamp(scale, 0, 15));
  const double top = digits >= 18 ? 1e18 : std::pow(10.0, digits) - unit;
  if (request.distinct) {
    const double first = std::max(unit, request.limits.low.value_or(unit));
    return fmt::format("{:.15g}::numeric + ({}) * {:.15g}::numeric", first - unit, request.number,
                       unit);
  }
  const int shown = std::min(scale, meaning_of(request.name) == Meaning::kRatio ? 4 : 2);
  const double factor = std::pow(10.0, std::max(shown, 0));
  const Span span = allowed_span(request, -top, top);
  const std::int64_t from = whole(std::ceil(span.low * factor));
  const std::int64_t to = std::max(from, whole(std::floor(span.high * factor)));
  const std::string cents =
      fmt::format("{} + {}", from, sql_pick(request.number, request.salt, to - from + 1));
  if (shown <= 0) return constants_or(request, fmt::format("({})::numeric", cents));
  return constants_or(request,
                      fmt::format("round(({}) / {:.0f}::numeric, {})", cents, factor, shown));
}

std::int64_t decimal_capacity(const ValueRequest& request, int digits, int scale) {
  if (!request.limits.one_of.empty()) {
    return static_cast<std::int64_t>(request.limits.one_of.size());
  }
  const double unit = std::pow(10.0, -std::clamp(scale, 0, 15));
  const double top = digits >= 18 ? 1e18 : std::pow(10.0, digits);
  const double high = std::min(top, request.limits.high.value_or(top));
  const double first = std::max(unit, request.limits.low.value_or(unit));
  return std::min(kUnlimited, std::max<std::int64_t>(1, whole((high - first) / unit)));
}

std::string make_seconds(const ValueRequest& request) {
  if (request.distinct) {
    return fmt::format("{} + ({}) * 60",
                       kFirstSecond + static_cast<std::int64_t>(request.salt % 60), request.number);
  }
  const std::int64_t later = time_rank(request.name) * kRankSpan;
  return fmt::format("{} + {} + {}", kFirstSecond + later,
                     sql_pick(request.number, request.row_salt, kCreationSpan),
                     sql_pick(request.number, request.salt, kRankSpan));
}

}  // namespace drydock
