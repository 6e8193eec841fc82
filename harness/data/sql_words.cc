#include "harness/data/sql_words.h"

#include <fmt/format.h>

namespace drydock {

std::uint64_t make_salt(std::uint64_t seed, const std::vector<std::string_view>& words) {
  // FNV-1a: any fixed function would do; std::hash may differ between builds.
  std::uint64_t hash = 14695981039346656037ULL ^ (seed * 0x9E3779B97F4A7C15ULL);
  for (const std::string_view word : words) {
    for (const char c : word) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
    hash = (hash ^ 0x1F) * 1099511628211ULL;
  }
  return (hash >> 32) & 0x7FFFFFFF;
}

std::string sql_pick(const std::string& number, std::uint64_t salt, std::int64_t count) {
  if (count <= 1) return "0";
  return fmt::format("abs(hashint8extended({}, {}) % {})", number, salt, count);
}

std::string sql_one_of(const std::vector<std::string>& texts, const std::string& index) {
  if (texts.size() == 1) return sql_text(texts[0]);
  // One literal: the server takes longer to read ARRAY['…', '…'] than to make a few rows of it.
  std::string list;
  for (const std::string& text : texts) {
    list += list.empty() ? "\"" : ",\"";
    for (const char c : text) {
      if (c == '"' || c == '\\') list += '\\';
      list += c;
    }
    list += '"';
  }
  return fmt::format("({}::text[])[1 + {}]", sql_text("{" + list + "}"), index);
}

}  // namespace drydock
