#include "harness/data/name_meaning.h"

#include <algorithm>
#include <cctype>
#include <utility>

#include "harness/base/text.h"

namespace drydock {
namespace {

struct Phrase {
  const char* words;
  Meaning meaning;
};

using enum Meaning;

/// The first phrase whose words stand side by side in the name decides: special before general.
constexpr Phrase kPhrases[] = {
    {"email", kEmail},
    {"mail", kEmail},
    {"e mail", kEmail},
    {"first name", kFirstName},
    {"firstname", kFirstName},
    {"given name", kFirstName},
    {"last name", kLastName},
    {"lastname", kLastName},
    {"surname", kLastName},
    {"family name", kLastName},
    {"full name", kFullName},
    {"fullname", kFullName},
    {"display name", kFullName},
    {"real name", kFullName},
    {"contact name", kFullName},
    {"author", kFullName},
    {"user name", kUserName},
    {"username", kUserName},
    {"nickname", kUserName},
    {"login", kUserName},
    {"handle", kUserName},
    {"file name", kFileName},
    {"filename", kFileName},
    {"host name", kDomainName},
    {"hostname", kDomainName},
    {"host", kDomainName},
    {"domain", kDomainName},
    {"phone", kPhone},
    {"mobile", kPhone},
    {"fax", kPhone},
    {"telephone", kPhone},
    {"url", kUrl},
    {"uri", kUrl},
    {"link", kUrl},
    {"website", kUrl},
    {"homepage", kUrl},
    {"avatar", kUrl},
    {"image", kUrl},
    {"href", kUrl},
    {"endpoint", kUrl},
    {"webhook", kUrl},
    {"user agent", kUserAgent},
    {"useragent", kUserAgent},
    {"ip", kIpAddress},
    {"ip address", kIpAddress},
    {"ipaddress", kIpAddress},
    {"street", kStreet},
    {"address", kStreet},
    {"city", kCity},
    {"town", kCity},
    {"zip", kPostcode},
    {"postcode", kPostcode},
    {"postal code", kPostcode},
    {"zipcode", kPostcode},
    {"country code", kCountryCode},
    {"country", kCountry},
    {"state", kStatus},
    {"province", kState},
    {"region", kState},
    {"company", kCompany},
    {"employer", kCompany},
    {"supplier name", kCompany},
    {"currency", kCurrency},
    {"price", kMoney},
    {"amount", kMoney},
    {"total", kMoney},
    {"cost", kMoney},
    {"fee", kMoney},
    {"balance", kMoney},
    {"salary", kMoney},
    {"subtotal", kMoney},
    {"tax", kMoney},
    {"discount", kMoney},
    {"payment", kMoney},
    {"status", kStatus},
    {"outcome", kStatus},
    {"phase", kStatus},
    {"tenant", kTenant},
    {"organization id", kTenant},
    {"organisation id", kTenant},
    {"org id", kTenant},
    {"workspace id", kTenant},
    {"account id", kTenant},
    {"organizationid", kTenant},
    {"tenantid", kTenant},
    {"workspaceid", kTenant},
    {"mime type", kMimeType},
    {"mimetype", kMimeType},
    {"content type", kMimeType},
    {"media type", kMimeType},
    {"timezone", kTimezone},
    {"time zone", kTimezone},
    {"tz", kTimezone},
    {"locale", kLocale},
    {"language", kLocale},
    {"lang", kLocale},
    {"token", kSecret},
    {"secret", kSecret},
    {"password", kSecret},
    {"api key", kSecret},
    {"passwd", kSecret},
    {"salt", kSecret},
    {"nonce", kSecret},
    {"signature", kSecret},
    {"hash", kHash},
    {"digest", kHash},
    {"checksum", kHash},
    {"fingerprint", kHash},
    {"sha", kHash},
    {"md5", kHash},
    {"sha256", kHash},
    {"etag", kHash},
    {"version", kVersion},
    {"path", kPath},
    {"file", kFileName},
    {"folder", kPath},
    {"directory", kPath},
    {"color", kColor},
    {"colour", kColor},
    {"latitude", kLatitude},
    {"lat", kLatitude},
    {"longitude", kLongitude},
    {"lng", kLongitude},
    {"lon", kLongitude},
    {"percentage", kPercentage},
    {"percent", kPercentage},
    {"pct", kPercentage},
    {"progress", kPercentage},
    {"utilization", kPercentage},
    {"utilisation", kPercentage},
    {"ratio", kRatio},
    {"rate", kRatio},
    {"probability", kRatio},
    {"confidence", kRatio},
    {"quantity", kQuantity},
    {"qty", kQuantity},
    {"count", kQuantity},
    {"stock", kQuantity},
    {"number of", kQuantity},
    {"num", kQuantity},
    {"attempts", kQuantity},
    {"year", kYear},
    {"month", kMonth},
    {"day", kDay},
    {"hour", kHour},
    {"minute", kMinute},
    {"age", kAge},
    {"priority", kRank},
    {"rank", kRank},
    {"level", kRank},
    {"position", kRank},
    {"sort", kRank},
    {"ordinal", kRank},
    {"rating", kRank},
    {"score", kRank},
    {"step", kRank},
    {"port", kPort},
    {"size", kSize},
    {"bytes", kSize},
    {"length", kSize},
    {"width", kSize},
    {"height", kSize},
    {"weight", kSize},
    {"duration", kDuration},
    {"timeout", kDuration},
    {"interval", kDuration},
    {"ms", kDuration},
    {"seconds", kDuration},
    {"ttl", kDuration},
    {"slug", kSlug},
    {"permalink", kSlug},
    {"sku", kCode},
    {"barcode", kCode},
    {"code", kCode},
    {"reference", kCode},
    {"number", kCode},
    {"serial", kCode},
    {"role", kRole},
    {"gender", kGender},
    {"sex", kGender},
    {"description", kProse},
    {"body", kProse},
    {"content", kProse},
    {"message", kProse},
    {"comment", kProse},
    {"comments", kProse},
    {"note", kProse},
    {"notes", kProse},
    {"bio", kProse},
    {"summary", kProse},
    {"text", kProse},
    {"details", kProse},
    {"reason", kProse},
    {"remarks", kProse},
    {"metadata", kJsonText},
    {"settings", kJsonText},
    {"options", kJsonText},
    {"properties", kJsonText},
    {"props", kJsonText},
    {"payload", kJsonText},
    {"json", kJsonText},
    {"data", kJsonText},
    {"notifyprops", kJsonText},
    {"prefs", kJsonText},
    {"preferences", kJsonText},
    {"params", kJsonText},
    {"state data", kJsonText},
    {"config", kJsonText},
    {"attributes", kJsonText},
    {"extra", kJsonText},
    {"meta", kJsonText},
    {"title", kTitle},
    {"subject", kTitle},
    {"label", kTitle},
    {"heading", kTitle},
    {"type", kKind},
    {"kind", kKind},
    {"category", kKind},
    {"mode", kKind},
    {"source", kKind},
    {"uuid", kIdentifier},
    {"guid", kIdentifier},
    {"id", kIdentifier},
    {"key", kIdentifier},
    {"name", kTitle},
    {"is", kFlag},
    {"has", kFlag},
    {"can", kFlag},
    {"enabled", kFlag},
    {"active", kFlag},
};

/// Endings that make a number or text a moment: created_at, updateat, expires_on, start_time.
bool ends_like_a_time(const std::vector<std::string>& words) {
  const std::string& last = words.back();
  if (words.size() > 1 && (last == "at" || last == "on" || last == "date" || last == "time" ||
                           last == "timestamp" || last == "until"))
    return true;
  for (const char* whole :
       {"createat", "updateat", "deleteat", "editat", "expireat", "expiresat", "startat", "endat",
        "createdat", "updatedat", "timestamp", "created", "updated", "modified"})
    if (last == whole) return true;
  return last.size() > 5 && last.ends_with("at") && last != "format" && last != "float" &&
         (last.find("edat") != std::string::npos || last.find("eat") != std::string::npos);
}

bool holds(const std::vector<std::string>& words, const std::vector<std::string>& phrase) {
  return std::search(words.begin(), words.end(), phrase.begin(), phrase.end()) != words.end();
}

/// kPhrases, each cut into its words.
const std::vector<std::pair<std::vector<std::string>, Meaning>>& cut_phrases() {
  static const auto phrases = [] {
    std::vector<std::pair<std::vector<std::string>, Meaning>> cut;
    for (const Phrase& phrase : kPhrases)
      cut.emplace_back(split(phrase.words, ' '), phrase.meaning);
    return cut;
  }();
  return phrases;
}

bool begins_with_any(const std::vector<std::string>& words,
                     std::initializer_list<const char*> beginnings) {
  for (const std::string& word : words)
    for (const char* beginning : beginnings)
      if (word.starts_with(beginning)) return true;
  return false;
}

}  // namespace

std::vector<std::string> words_of_name(std::string_view name) {
  std::vector<std::string> words(1);
  bool was_lower = false;
  for (const char c : name) {
    const auto byte = static_cast<unsigned char>(c);
    const bool is_upper = std::isupper(byte) != 0;
    const bool separator = std::isalnum(byte) == 0 && byte < 0x80;
    if ((separator || (is_upper && was_lower)) && !words.back().empty()) words.emplace_back();
    if (!separator) words.back() += static_cast<char>(std::tolower(byte));
    was_lower = !is_upper && !separator;
  }
  if (words.size() > 1 && words.back().empty()) words.pop_back();
  return words;
}

Meaning meaning_of(std::string_view column) {
  const std::vector<std::string> words = words_of_name(column);
  if (ends_like_a_time(words)) return kTime;
  // "user_email_id" is an id: what stands last weighs most for identifiers.
  const bool identifier = words.back() == "id" || words.back() == "ids";
  for (const auto& [phrase, meaning] : cut_phrases()) {
    if (!holds(words, phrase)) continue;
    return identifier && meaning != kTenant ? kIdentifier : meaning;
  }
  return words.back().size() > 3 && words.back().ends_with("id") ? kIdentifier : kNone;
}

int time_rank(std::string_view column) {
  const std::vector<std::string> words = words_of_name(column);
  if (begins_with_any(words, {"creat", "insert", "regist", "joined", "added"})) return 0;
  if (begins_with_any(words, {"start", "begin", "from", "open", "publish"})) return 1;
  if (begins_with_any(words, {"end", "finish", "expir", "until", "valid", "delet", "clos", "due",
                              "complet", "revok", "archiv"}))
    return 3;
  return 2;
}

bool is_rare_event(std::string_view column) {
  return begins_with_any(words_of_name(column), {"delet", "revok", "archiv", "cancel", "lock",
                                                 "suspend", "banned", "disabled"});
}

std::string tenant_stem(std::string_view column) {
  std::vector<std::string> words = words_of_name(column);
  if (words.size() > 1 && words.back() == "id") words.pop_back();
  std::string stem = join(words, "_");
  if (stem.ends_with("id") && stem.size() > 4) stem.resize(stem.size() - 2);
  return stem;
}

}  // namespace drydock
