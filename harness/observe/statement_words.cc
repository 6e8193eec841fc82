#include "harness/observe/statement_words.h"

#include <algorithm>
#include <initializer_list>
#include <vector>

#include "harness/base/text.h"
#include "harness/sql/tokens.h"

namespace drydock {
namespace {

using Words = std::vector<std::string>;

Words words_of(std::string_view statement) {
  Words words;
  for (const Token& token : tokens_of(statement)) {
    words.push_back(to_lower(statement.substr(token.offset, token.length)));
  }
  return words;
}

/// Whether `sequence` stands in `words` without anything between.
bool has(const Words& words, std::initializer_list<std::string_view> sequence) {
  return std::search(words.begin(), words.end(), sequence.begin(), sequence.end()) != words.end();
}

bool is(std::string_view word, std::initializer_list<std::string_view> list) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

/// An ALTER TABLE can do several of these; the first one here is named.
std::string reason_of_alter(const Words& words) {
  if (has(words, {"set", "logged"}) || has(words, {"set", "unlogged"})) return "persistence";
  if (has(words, {"set", "access", "method"})) return "access method";
  if (has(words, {"set", "tablespace"})) return "tablespace";
  if (has(words, {"stored"})) return "generated column";
  if (has(words, {"as", "identity"})) return "identity";
  if (has(words, {"type"}) && !has(words, {"add"})) return "column type";
  if (has(words, {"default"}) || has(words, {"add"})) return "column default";
  return has(words, {"type"}) ? "column type" : "";
}

std::string rewrite_reason(const Words& words) {
  const std::string& first = words[0];
  if (first == "vacuum") return "VACUUM FULL";
  if (first == "cluster") return "CLUSTER";
  if (first == "refresh") return "REFRESH";
  if (first == "reindex") return "REINDEX";
  return has(words, {"alter", "table"}) ? reason_of_alter(words) : "";
}

/// With the words of bodies between dollars: `DO $$ … $$`.
Words words_inside(std::string_view statement) {
  Words all;
  for (const std::string& word : words_of(statement)) {
    if (!word.starts_with('$')) {
      all.push_back(word);
      continue;
    }
    const std::size_t delimiter = word.find('$', 1);
    if (delimiter == std::string::npos || word.size() < 2 * (delimiter + 1)) continue;
    const Words body =
        words_of(std::string_view(word).substr(delimiter + 1, word.size() - 2 * (delimiter + 1)));
    all.insert(all.end(), body.begin(), body.end());
  }
  return all;
}

}  // namespace

StatementWords read_statement_words(std::string_view statement) {
  const Words words = words_of(statement);
  StatementWords read;
  if (words.empty()) return read;
  const std::string& first = words[0];
  read.truncates = first == "truncate";
  read.vacuums = first == "vacuum";
  const bool stores_query =
      first == "create" && has(words, {"as"}) && (has(words, {"table"}) || has(words, {"view"}));
  read.defines =
      is(first, {"alter", "create", "drop", "cluster", "reindex", "vacuum"}) && !stores_query;
  read.locks_nothing =
      is(first, {"begin", "start", "commit", "end", "abort", "savepoint", "set", "reset", "show",
                 "listen", "unlisten", "notify", "discard", "deallocate", "checkpoint", "load"}) ||
      (first == "prepare" && has(words, {"prepare", "transaction"}));
  read.queries = !read.locks_nothing && !is(first, {"lock", "rollback", "release", "fetch", "close",
                                                    "move", "declare", "prepare"});
  read.opaque = !is(
      first, {"alter", "create", "drop", "cluster", "reindex", "vacuum", "refresh", "truncate"});
  read.concurrently = has(words, {"concurrently"});
  read.rewrite_reason = rewrite_reason(first == "do" ? words_inside(statement) : words);
  return read;
}

}  // namespace drydock
