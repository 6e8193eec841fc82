#include "harness/observe/catalog_text.h"

#include <algorithm>
#include <map>
#include <set>

namespace drydock {
namespace {

std::string privilege_word(char letter) {
  switch (letter) {
    case 'r':
      return "SELECT";
    case 'a':
      return "INSERT";
    case 'w':
      return "UPDATE";
    case 'd':
      return "DELETE";
    case 'D':
      return "TRUNCATE";
    case 'x':
      return "REFERENCES";
    case 't':
      return "TRIGGER";
    case 'm':
      return "MAINTAIN";
    case 'X':
      return "EXECUTE";
    case 'U':
      return "USAGE";
    case 'C':
      return "CREATE";
    case 'c':
      return "CONNECT";
    case 'T':
      return "TEMPORARY";
    case 's':
      return "SET";
    case 'A':
      return "ALTER SYSTEM";
    default:
      return std::string(1, letter);
  }
}

std::string comma_list(const std::vector<std::string>& words) {
  std::string list;
  for (const std::string& word : words) list += (list.empty() ? "" : ", ") + word;
  return list;
}

/// "ar*w" in words; those that may be passed on come last and say so.
std::string privileges_in_words(std::string_view letters) {
  std::vector<std::string> plain, with_option;
  for (std::size_t i = 0; i < letters.size(); ++i) {
    const bool option = i + 1 < letters.size() && letters[i + 1] == '*';
    (option ? with_option : plain).push_back(privilege_word(letters[i]));
    if (option) ++i;
  }
  std::sort(plain.begin(), plain.end());
  std::sort(with_option.begin(), with_option.end());
  std::string words = comma_list(plain);
  if (with_option.empty()) return words;
  if (!words.empty()) words += "; ";
  return words + comma_list(with_option) + " WITH GRANT OPTION";
}

/// A role name at the start of `text`, which loses it.
std::string take_role(std::string_view& text, char end) {
  std::string role;
  bool quoted = false;
  std::size_t i = 0;
  for (; i < text.size() && (quoted || text[i] != end); ++i) {
    if (text[i] != '"') {
      role += text[i];
    } else if (quoted && i + 1 < text.size() && text[i + 1] == '"') {
      role += text[i++];
    } else {
      quoted = !quoted;
    }
  }
  text.remove_prefix(std::min(i + 1, text.size()));
  return role;
}

std::map<std::string, std::string> by_role(std::string_view acl, std::string_view owner) {
  std::map<std::string, std::string> roles;
  for (const Grant& grant : parse_acl(acl)) {
    const bool by_other = grant.grantor != owner;
    roles[by_other ? grant.grantee + " (granted by " + grant.grantor + ")" : grant.grantee] =
        grant.privileges;
  }
  return roles;
}

bool is_plain(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; }

}  // namespace

std::vector<std::string> parse_array(std::string_view text) {
  std::vector<std::string> elements;
  if (text.size() < 2) return elements;
  text = text.substr(1, text.size() - 2);
  while (!text.empty()) {
    std::string element;
    bool quoted = false, was_quoted = false;
    std::size_t i = 0;
    for (; i < text.size() && (quoted || text[i] != ','); ++i) {
      if (text[i] == '"') {
        quoted = !quoted;
        was_quoted = true;
      } else {
        if (text[i] == '\\') ++i;
        element += text[i];
      }
    }
    text.remove_prefix(std::min(i + 1, text.size()));
    if (was_quoted || element != "NULL") elements.push_back(element);
  }
  return elements;
}

std::pair<std::string, std::string> split_option(const std::string& option) {
  const std::size_t equals = option.find('=');
  if (equals == std::string::npos) return {option, ""};
  return {option.substr(0, equals), option.substr(equals + 1)};
}

std::vector<Grant> parse_acl(std::string_view text) {
  std::vector<Grant> grants;
  for (const std::string& item : parse_array(text)) {
    std::string_view rest = item;
    Grant grant;
    grant.grantee = take_role(rest, '=');
    if (grant.grantee.empty()) grant.grantee = "PUBLIC";
    const std::size_t slash = rest.find('/');
    grant.privileges = privileges_in_words(rest.substr(0, slash));
    rest.remove_prefix(std::min(slash + 1, rest.size()));
    grant.grantor = take_role(rest, '\0');
    if (!grant.privileges.empty()) grants.push_back(grant);
  }
  return grants;
}

std::vector<std::pair<std::string, std::string>> departures(std::string_view acl,
                                                            std::string_view standard,
                                                            std::string_view owner) {
  const std::map<std::string, std::string> granted = by_role(acl, owner);
  const std::map<std::string, std::string> expected = by_role(standard, owner);
  std::map<std::string, std::string> differing;
  for (const auto& [role, privileges] : granted) {
    const auto at = expected.find(role);
    if (at == expected.end() || at->second != privileges) differing[role] = privileges;
  }
  for (const auto& [role, privileges] : expected) {
    if (!granted.contains(role)) differing[role] = "none";
  }
  return {differing.begin(), differing.end()};
}

std::string quoted_name(std::string_view name) {
  static const std::set<std::string_view> reserved = {
      "all",          "analyse", "analyze", "and",     "any",    "array",      "as",
      "asc",          "both",    "case",    "cast",    "check",  "column",     "create",
      "current_user", "default", "desc",    "do",      "else",   "end",        "except",
      "for",          "foreign", "from",    "grant",   "group",  "having",     "in",
      "into",         "limit",   "none",    "not",     "null",   "offset",     "on",
      "only",         "or",      "order",   "primary", "public", "references", "select",
      "session_user", "some",    "table",   "then",    "to",     "union",      "unique",
      "user",         "using",   "when",    "where",   "window", "with"};
  const bool plain = !name.empty() && !(name[0] >= '0' && name[0] <= '9') &&
                     std::all_of(name.begin(), name.end(), is_plain) && !reserved.contains(name);
  if (plain) return std::string(name);
  std::string quoted = "\"";
  for (char c : name) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + "\"";
}

}  // namespace drydock
