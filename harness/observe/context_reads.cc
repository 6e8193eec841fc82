#include "harness/observe/context_reads.h"

#include <algorithm>
#include <map>
#include <regex>

#include "harness/base/text.h"

namespace drydock {
namespace {

template <typename T>
void add_once(std::vector<T>& all, const T& one) {
  if (std::find(all.begin(), all.end(), one) == all.end()) all.push_back(one);
}

/// Behind current_setting(…): a cast to JSON, perhaps with NULLIF or COALESCE around it.
bool becomes_document(const std::string& rest) {
  static const std::regex cast(
      R"(^[\s)]*(?:::\s*text)?[\s)]*(?:,\s*(?:'[^']*'|null)(?:::\s*\w+)?)?[\s)]*(?:::\s*jsonb?\b|->|\s+as\s+jsonb?\b))",
      std::regex::icase);
  return std::regex_search(rest, cast);
}

void read_settings(const std::string& text, ContextReads& reads) {
  static const std::regex call(
      R"(current_setting\s*\(\s*'([^']+)'\s*(?:::\s*text)?\s*(?:,\s*\w+\s*)?\))",
      std::regex::icase);
  for (std::sregex_iterator it(text.begin(), text.end(), call), end; it != end; ++it) {
    const bool document = becomes_document(it->suffix().str().substr(0, 200));
    // PostgreSQL's own settings have no dot; they are no context.
    if (it->str(1).find('.') == std::string::npos) continue;
    add_once(document ? reads.documents : reads.settings, it->str(1));
  }
}

/// Chains of -> 'a' ->> 'b', however many parentheses and casts stand between, and #>> '{a,b}'.
void read_claims(const std::string& text, ContextReads& reads) {
  static const std::regex step(R"((->>?|#>>?)\s*\(?'\{?([^'{}]+)\}?'(?:::\s*text(?:\[\])?)?)");
  static const std::regex between(R"([\s)]*(?:::\s*jsonb?)?[\s)]*)");
  ClaimPath path;
  std::string::const_iterator last = text.begin();
  for (std::sregex_iterator it(text.begin(), text.end(), step), end; it != end; ++it) {
    if (!path.empty() && !std::regex_match(last, (*it)[0].first, between)) {
      add_once(reads.claims, path);
      path.clear();
    }
    for (const std::string& key : split(it->str(2), ',')) path.emplace_back(trim(key));
    last = (*it)[0].second;
  }
  if (!path.empty()) add_once(reads.claims, path);
}

void read_role(const std::string& text, ContextReads& reads) {
  static const std::regex role(R"(\b(current_user|session_user|current_role|pg_has_role)\b)",
                               std::regex::icase);
  reads.role = reads.role || std::regex_search(text, role);
}

/// A document under construction: keys with documents below, or the value.
struct Node {
  std::map<std::string, Node> below;
};

std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

std::string print(const Node& node, const std::string& value) {
  std::vector<std::string> members;
  for (const auto& [key, below] : node.below) {
    std::string printed = value;
    if (!below.below.empty()) {
      printed = print(below, value);
    } else if (key == "role" || key == "aud") {
      printed = "\"authenticated\"";
    }
    members.push_back(quoted(key) + ": " + printed);
  }
  return "{" + join(members, ", ") + "}";
}

}  // namespace

ContextReads context_reads(const std::vector<std::string>& texts) {
  ContextReads reads;
  for (const std::string& text : texts) {
    read_settings(text, reads);
    read_claims(text, reads);
    read_role(text, reads);
  }
  // A body may put the setting into a variable first: with claims about, any of them may be it.
  if (!reads.claims.empty() && reads.documents.empty()) reads.documents = reads.settings;
  std::erase_if(reads.settings, [&](const std::string& name) {
    return reads.settings != reads.documents &&
           std::find(reads.documents.begin(), reads.documents.end(), name) != reads.documents.end();
  });
  return reads;
}

std::string claims_document(const std::vector<ClaimPath>& paths, const std::string& value) {
  Node root;
  for (const ClaimPath& path : paths) {
    Node* at = &root;
    for (const std::string& key : path) at = &at->below[key];
  }
  return print(root, value);
}

}  // namespace drydock
