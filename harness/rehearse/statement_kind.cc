#include "harness/rehearse/statement_kind.h"

#include <algorithm>
#include <array>
#include <vector>

#include "harness/base/text.h"
#include "harness/sql/tokens.h"

namespace drydock {
namespace {

using Words = std::vector<std::string>;

template <std::size_t N>
bool is_one_of(const std::string& word, const std::array<std::string_view, N>& list) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

/// In lower case; quoted names and texts keep their quotes, so that they are no key word.
Words words_of(std::string_view statement) {
  Words words;
  for (const Token& token : tokens_of(statement)) {
    words.push_back(to_lower(statement.substr(token.offset, token.length)));
  }
  return words;
}

bool has(const Words& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

/// "(VERBOSE)" and "VERBOSE" behind the command's word are skipped.
std::size_t behind_options(const Words& words) {
  std::size_t at = 1;
  if (at < words.size() && words[at] == "(") {
    while (at < words.size() && words[at] != ")") ++at;
    ++at;
  }
  if (at < words.size() && words[at] == "verbose") ++at;
  return at;
}

/// A body that ends transactions, itself or by a procedure, can do so only outside a block.
bool may_end_transactions(std::string_view body) {
  const std::string text = to_lower(body);
  for (const std::string_view word : {"commit", "rollback", "call"}) {
    if (text.find(word) != std::string::npos) return true;
  }
  return false;
}

/// ANALYZE of several tables commits behind each.
bool analyzes_one_table(const Words& words) {
  std::size_t at = behind_options(words);
  if (at >= words.size()) return false;
  for (int depth = 0; at < words.size(); ++at) {
    if (words[at] == "(") ++depth;
    if (words[at] == ")") --depth;
    if (words[at] == "," && depth == 0) return false;
  }
  return true;
}

bool changes_definitions_in_block(const Words& words) {
  static constexpr std::array<std::string_view, 4> kAlone = {"database", "tablespace",
                                                             "subscription", "system"};
  return words.size() > 1 && !is_one_of(words[1], kAlone) && !has(words, "concurrently");
}

}  // namespace

std::string first_word(std::string_view statement) {
  std::size_t end = 0;
  while (end < statement.size() && std::isalpha(static_cast<unsigned char>(statement[end]))) ++end;
  return to_lower(statement.substr(0, end));
}

bool opens_transaction(std::string_view statement) {
  const std::string word = first_word(statement);
  return word == "begin" || word == "start";
}

bool ends_transaction(std::string_view statement) {
  const Words words = words_of(statement);
  if (words.empty()) return false;
  if (words[0] == "prepare") return words.size() > 1 && words[1] == "transaction";
  static constexpr std::array<std::string_view, 4> kEnds = {"commit", "end", "rollback", "abort"};
  return is_one_of(words[0], kEnds) && !has(words, "to") && !has(words, "prepared");
}

bool undoes_itself(std::string_view statement) {
  static constexpr std::array<std::string_view, 6> kWords = {"alter",  "create", "drop",
                                                             "insert", "update", "delete"};
  if (!is_one_of(first_word(statement), kWords)) return false;
  return to_lower(statement).find("concurrently") == std::string::npos;
}

bool same_inside_block(std::string_view statement) {
  static constexpr std::array<std::string_view, 20> kAlways = {
      "insert", "update",   "delete",  "merge",   "with",    "select", "values",
      "table",  "truncate", "copy",    "comment", "grant",   "revoke", "security",
      "import", "reassign", "refresh", "explain", "execute", "("};
  const Words words = words_of(statement);
  // Two statements that the grammar could not tell apart: what the second one is nobody knows.
  if (words.empty() || has(words, ";")) return false;
  const std::string& first = words[0];
  if (is_one_of(first, kAlways)) return true;
  if (first == "create" || first == "alter" || first == "drop") {
    return changes_definitions_in_block(words);
  }
  const std::size_t next = behind_options(words);
  if (first == "cluster") return next < words.size();
  if (first == "reindex") {
    return next < words.size() && (words[next] == "table" || words[next] == "index") &&
           !has(words, "concurrently");
  }
  if (first == "analyze" || first == "analyse") return analyzes_one_table(words);
  return first == "do" && !may_end_transactions(statement);
}

}  // namespace drydock
