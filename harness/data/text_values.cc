#include "harness/data/text_values.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/data/name_meaning.h"
#include "harness/data/pattern_slots.h"
#include "harness/data/sql_words.h"

namespace drydock {
namespace {

using Texts = std::vector<std::string>;

const Texts kFirstNames = {"Ada",  "Bela",  "Clara", "Dario", "Elena", "Farid", "Greta", "Hugo",
                           "Ines", "Jonas", "Kaya",  "Leon",  "Mara",  "Nils",  "Olga",  "Pavel",
                           "Rosa", "Sami",  "Tilda", "Vera",  "Wanda", "Yusuf", "Zoe",   "Ivo"};
const Texts kLastNames = {"Abel",   "Berger", "Costa",  "Dvorak", "Ekman", "Ferrer", "Grant",
                          "Hansen", "Ito",    "Jansen", "Kowal",  "Lindt", "Moreau", "Novak",
                          "Okafor", "Petrov", "Quist",  "Rossi",  "Silva", "Tanaka", "Weber"};
const Texts kWords = {"amber",  "harbor", "river",  "cedar",   "north",  "silver",
                      "anchor", "meadow", "stone",  "lantern", "copper", "willow",
                      "delta",  "summit", "maple",  "tide",    "ember",  "garden",
                      "falcon", "violet", "canyon", "orbit",   "pebble", "quartz"};
const Texts kSentences = {"Please check the second delivery before noon.",
                          "Everything arrived in good order.",
                          "The customer asked to be called back on Monday.",
                          "Replaces the entry made last week.",
                          "Waiting for the answer of the other side.",
                          "Seen and signed by two people.",
                          "No further action is needed at the moment.",
                          "To be reviewed again at the end of the month."};

/// Words for columns whose values are few.
Texts list_for(Meaning meaning) {
  switch (meaning) {
    case Meaning::kCity:
      return {"Lisbon", "Gdansk", "Oslo", "Porto", "Tallinn", "Genoa", "Hamburg", "Cork", "Split"};
    case Meaning::kCountryCode:
      return {"DE", "FR", "PT", "PL", "NO", "EE", "IT", "IE", "HR", "US", "JP", "BR"};
    case Meaning::kCountry:
      return {"Germany", "France", "Portugal", "Poland", "Norway", "Estonia", "Italy", "Ireland"};
    case Meaning::kState:
      return {"north", "south", "east", "west", "central"};
    case Meaning::kCompany:
      return {"Amber Harbor Ltd", "Cedar & Sons", "Delta Freight", "Northlight GmbH", "Orbit Labs"};
    case Meaning::kCurrency:
      return {"EUR", "USD", "GBP", "JPY", "PLN", "NOK"};
    case Meaning::kStatus:
      return {"active", "pending", "done", "failed", "draft", "archived"};
    case Meaning::kKind:
      return {"standard", "internal", "external", "manual", "automatic"};
    case Meaning::kUserAgent:
      return {"Mozilla/5.0 (X11; Linux x86_64) Firefox/128.0", "curl/8.5.0",
              "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0) Safari/605.1"};
    case Meaning::kTimezone:
      return {"UTC", "Europe/Berlin", "America/New_York", "Asia/Tokyo"};
    case Meaning::kLocale:
      return {"en", "de", "fr", "pt", "pl", "ja"};
    case Meaning::kMimeType:
      return {"text/plain", "image/png", "application/pdf", "application/json"};
    case Meaning::kRole:
      return {"member", "admin", "owner", "guest", "viewer"};
    case Meaning::kGender:
      return {"female", "male", "other"};
    case Meaning::kFlag:
      return {"yes", "no"};
    case Meaning::kJsonText:
      return {"{}", R"({"color": "green"})", R"({"size": 4, "tags": ["a", "b"]})"};
    default:
      return {};
  }
}

class TextMaker {
 public:
  TextMaker(const ValueRequest& request, int limit) : request_(request), limit_(limit) {}

  std::string make() {
    const Meaning meaning = meaning_of(request_.name);
    if (const std::string fitted = fitted_to_meaning(meaning); !fitted.empty()) return fitted;
    const Texts few = list_for(meaning);
    if (!few.empty()) return sql_one_of(few, pick(1, few.size()));
    if (!request_.usual.empty()) {
      return fmt::format("CASE WHEN {} % 2 = 0 THEN {} ELSE {} END", request_.number,
                         sql_text(request_.usual), two_words(" "));
    }
    return two_words(" ");
  }

 private:
  std::string pick(std::uint64_t purpose, std::size_t count) const {
    return sql_pick(request_.number, request_.salt + purpose, static_cast<std::int64_t>(count));
  }
  std::string one(const Texts& texts, std::uint64_t purpose) const {
    return sql_one_of(texts, pick(purpose, texts.size()));
  }
  std::string hashed() const {
    return fmt::format("md5('{}-' || {})", request_.salt, request_.number);
  }
  std::string two_words(const std::string& gap) const {
    return fmt::format("{} || '{}' || {}", one(kWords, 2), gap, one(kWords, 3));
  }
  const std::string& number() const { return request_.number; }

  std::string person(const std::string& between) const {
    return fmt::format("{} || '{}' || {}", one(kFirstNames, 4), between, one(kLastNames, 5));
  }

  /// Empty: a list, or two words, will do.
  std::string fitted_to_meaning(Meaning meaning) const {
    switch (meaning) {
      case Meaning::kEmail:
        return fmt::format("lower({}) || {} || '@example.com'", person("."), number());
      case Meaning::kFirstName:
        return one(kFirstNames, 4);
      case Meaning::kLastName:
        return one(kLastNames, 5);
      case Meaning::kFullName:
        return person(" ");
      case Meaning::kUserName:
        return fmt::format("lower({}) || {}", one(kFirstNames, 4), number());
      case Meaning::kPhone:
        return fmt::format("'+1555' || lpad(({})::text, 7, '0')", pick(6, 10'000'000));
      case Meaning::kUrl:
        return fmt::format("'https://www.example.com/' || {} || '/' || {}", one(kWords, 2),
                           number());
      case Meaning::kDomainName:
        return fmt::format("{} || {} || '.example.com'", one(kWords, 2), number());
      case Meaning::kStreet:
        return fmt::format("(1 + {}) || ' ' || initcap({}) || ' Street'", pick(6, 200),
                           one(kWords, 2));
      case Meaning::kPostcode:
        return fmt::format("lpad(({})::text, 5, '0')", pick(6, 100'000));
      case Meaning::kTitle:
        return fmt::format("initcap({})", two_words(" "));
      case Meaning::kProse:
        return fmt::format("{} || ' ' || {}", one(kSentences, 2), one(kSentences, 3));
      default:
        return fitted_to_machines(meaning);
    }
  }

  std::string fitted_to_machines(Meaning meaning) const {
    switch (meaning) {
      case Meaning::kSlug:
        return fmt::format("{} || '-' || {}", two_words("-"), number());
      case Meaning::kCode:
        return fmt::format("chr((65 + {})::int) || '-' || (1000 + {})", pick(6, 26), number());
      case Meaning::kIpAddress:
        return fmt::format("'10.' || {} || '.' || {} || '.' || {}", pick(6, 256), pick(7, 256),
                           pick(8, 256));
      case Meaning::kColor:
        return fmt::format("'#' || lpad(to_hex({}), 6, '0')", pick(6, 1 << 24));
      case Meaning::kSecret:
      case Meaning::kHash:
        return hashed();
      case Meaning::kIdentifier:
        return limit_ == 0 || limit_ >= 36 ? fmt::format("({})::uuid::text", hashed()) : hashed();
      case Meaning::kTenant:
        return tenant();
      case Meaning::kVersion:
        return fmt::format("'v' || {} || '.' || {} || '.' || {}", pick(6, 4), pick(7, 12),
                           pick(8, 30));
      case Meaning::kFileName:
        return fmt::format("{} || '-' || {} || '.pdf'", one(kWords, 2), number());
      case Meaning::kPath:
        return fmt::format("'/' || {} || '/' || {}", one(kWords, 2), number());
      case Meaning::kMoney:
      case Meaning::kQuantity:
      case Meaning::kPercentage:
        return fmt::format("({})::text", pick(6, 100));
      case Meaning::kYear:
        return fmt::format("(1990 + {})::text", pick(6, 36));
      case Meaning::kTime:
        return fmt::format("(date '2024-01-01' + ({})::int)::text", pick(6, 730));
      default:
        return {};
    }
  }

  /// A handful of tenants, alike in all tables: the salt is made of the stem, not of the column.
  std::string tenant() const {
    return fmt::format("md5('{}-' || {})", tenant_salt(request_),
                       sql_pick(number(), request_.salt, 5));
  }

  const ValueRequest& request_;
  int limit_;
};

/// All sorts of texts, for a column with conditions that nobody saw through.
std::string any_kind(const ValueRequest& request, const std::string& usual) {
  const std::string& n = request.number;
  Texts kinds = {usual,
                 "'a'",
                 fmt::format("({})::text", n),
                 fmt::format("upper({})", usual),
                 fmt::format("lower({})", usual),
                 fmt::format("md5(({})::text)", n),
                 fmt::format("md5(({})::text)::uuid::text", n),
                 fmt::format("upper(md5(({})::text))", n),
                 fmt::format("'user' || {} || '@example.com'", n),
                 fmt::format("'https://www.example.com/' || {}", n),
                 fmt::format("'+1555' || lpad(({})::text, 7, '0')", n),
                 fmt::format("(date '2024-01-01' + ({} % 700)::int)::text", n),
                 "'{}'",
                 "'[]'",
                 fmt::format("chr((65 + {} % 26)::int) || lpad(({})::text, 4, '0')", n, n),
                 fmt::format("'/a/' || {}", n),
                 fmt::format("'v1.' || {}", n),
                 "'10.0.0.1'",
                 "''"};
  for (const std::string& constant : request.limits.constants) kinds.push_back(sql_text(constant));
  std::string sql = fmt::format(
      "CASE {}", sql_pick(n, request.salt + 77, static_cast<std::int64_t>(kinds.size())));
  for (std::size_t i = 0; i < kinds.size(); ++i)
    sql += fmt::format(" WHEN {} THEN {}", i, kinds[i]);
  return sql + " END";
}

/// Letters and digits, as many as `width`, another text for each number below the capacity.
Slots letters(int width, char wanted) {
  std::string alphabet =
      wanted == 'l' ? "abcdefghijklmnopqrstuvwxyz" : "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
  if (width > 2) alphabet += "0123456789";
  return Slots(static_cast<std::size_t>(width), alphabet);
}

/// Digits of the largest number that is appended to a text; trial rows count from a million.
constexpr int kNumberDigits = 8;

int limit_of(const ValueRequest& request, int limit) {
  if (!request.limits.longest) return limit;
  return limit == 0 ? *request.limits.longest : std::min(limit, *request.limits.longest);
}

std::optional<Slots> pattern_slots(const ValueRequest& request, int limit) {
  if (request.limits.pattern.empty()) return std::nullopt;
  for (int choice = 0; choice < 8; ++choice) {
    std::optional<Slots> slots = slots_of_pattern(request.limits.pattern, choice);
    if (!slots) return std::nullopt;
    const int size = static_cast<int>(slots->size());
    if ((limit == 0 || size <= limit) && size >= request.limits.shortest.value_or(0)) return slots;
  }
  return std::nullopt;
}

/// Texts that have the number, or a hash of it, in them already.
bool tells_rows_apart(Meaning meaning, int limit) {
  switch (meaning) {
    case Meaning::kEmail:
    case Meaning::kUserName:
    case Meaning::kUrl:
    case Meaning::kDomainName:
    case Meaning::kSlug:
    case Meaning::kCode:
    case Meaning::kFileName:
    case Meaning::kPath:
      return limit == 0 || limit >= 60;
    case Meaning::kIdentifier:
    case Meaning::kSecret:
    case Meaning::kHash:
      return limit == 0 || limit >= 16;
    default:
      return false;
  }
}

std::string distinct_text(const ValueRequest& request, const std::string& usual, int limit) {
  if (tells_rows_apart(meaning_of(request.name), limit)) return usual;
  if (limit > 0 && limit < kNumberDigits + 2) {
    return sql_of_slots(letters(std::min(limit, 7), request.limits.letters), request.number);
  }
  const std::string head =
      limit > 0 ? fmt::format("left({}, {})", usual, limit - kNumberDigits - 1) : usual;
  return fmt::format("{} || '-' || {}", head, request.number);
}

}  // namespace

std::string make_text(const ValueRequest& request, int type_limit) {
  const Limits& limits = request.limits;
  const int limit = limit_of(request, type_limit);
  const std::string number =
      request.distinct ? request.number
                       : fmt::format("abs(hashint8extended({}, {}))", request.number, request.salt);
  if (!limits.one_of.empty()) {
    const auto count = static_cast<std::int64_t>(limits.one_of.size());
    return sql_one_of(limits.one_of, request.distinct
                                         ? fmt::format("({} - 1) % {}", request.number, count)
                                         : sql_pick(request.number, request.salt, count));
  }
  if (const auto slots = pattern_slots(request, limit)) return sql_of_slots(*slots, number);
  std::string sql = TextMaker(request, limit).make();
  if (request.any_kind) sql = any_kind(request, sql);
  if (!request.any_kind && !limits.constants.empty() && !request.distinct) {
    sql = fmt::format(
        "CASE WHEN {} % 4 = 0 THEN {} ELSE {} END", request.number, sql,
        sql_one_of(limits.constants, sql_pick(request.number, request.salt + 9,
                                              static_cast<std::int64_t>(limits.constants.size()))));
  }
  if (request.distinct) sql = distinct_text(request, sql, limit);
  if (limits.shortest && *limits.shortest > 1) {
    sql = fmt::format("rpad({0}, greatest(length({0}), {1}), 'x')", sql, *limits.shortest);
  }
  if (limits.letters != 0)
    sql = fmt::format("{}({})", limits.letters == 'l' ? "lower" : "upper", sql);
  return limit > 0 ? fmt::format("left({}, {})", sql, limit) : sql;
}

std::int64_t text_capacity(const ValueRequest& request, int type_limit) {
  const int limit = limit_of(request, type_limit);
  if (!request.limits.one_of.empty()) {
    return static_cast<std::int64_t>(request.limits.one_of.size());
  }
  if (const auto slots = pattern_slots(request, limit)) return texts_of_slots(*slots);
  if (limit > 0 && limit < kNumberDigits + 2) {
    return texts_of_slots(letters(std::min(limit, 7), request.limits.letters));
  }
  return kUnlimited;
}

}  // namespace drydock
