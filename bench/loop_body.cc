#include "bench/loop_body.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "bench/row_query.h"
#include "harness/base/text.h"

namespace drydock {
namespace {

bool begins_statement(const SqlWords& words, std::size_t at) {
  return at == 0 || words.is_one_of(at - 1, {";", "begin", "loop", "then", "else"});
}

/// Statements that are an UPDATE, or a WITH that has one.
std::vector<WordRange> updates_in(const SqlWords& words) {
  std::vector<WordRange> updates;
  for (std::size_t at = 0; at < words.size(); ++at) {
    if (!begins_statement(words, at) || !words.is_one_of(at, {"update", "with"})) continue;
    const std::size_t end = std::min(words.find({";"}, at, words.size()), words.size());
    if (words.find({"update"}, at, end) != SqlWords::kNone) updates.push_back({at, end});
  }
  return updates;
}

/// The first word of each declaration.
void add_declared(const SqlWords& words, std::set<std::string>& names) {
  bool declares = false;
  for (std::size_t at = 0; at < words.size(); ++at) {
    if (words.is(at, "begin")) declares = false;
    if (declares && words.is_one_of(at - 1, {"declare", ";"})) {
      names.insert(plain_name(words.at(at)));
    }
    if (words.is(at, "declare")) declares = true;
  }
}

/// FOR a, b IN …
void add_loop_variables(const SqlWords& words, std::set<std::string>& names) {
  for (std::size_t at = 0; at < words.size(); ++at) {
    if (!words.is_one_of(at, {"for", "foreach"})) continue;
    std::size_t in = at + 2;
    while (words.is(in, ",")) in += 2;
    if (!words.is(in, "in")) continue;
    for (std::size_t name = at + 1; name < in; name += 2) names.insert(plain_name(words.at(name)));
  }
}

void add_arguments(std::string_view arguments, std::set<std::string>& names) {
  const SqlWords words(arguments);
  for (std::size_t at = 0; at < words.size(); ++at) {
    if (at == 0 || words.is(at - 1, ",") || words.is_one_of(at - 1, {"in", "inout"})) {
      names.insert(plain_name(words.at(at)));
    }
  }
}

/// FOR … IN SELECT: which rows are to be done is said there, row by row.
bool loops_over_query(const SqlWords& words) {
  for (std::size_t at = 0; at + 1 < words.size(); ++at) {
    if (words.is(at, "in") && words.is_one_of(at + 1, {"select", "execute", "with"})) return true;
  }
  return false;
}

std::string reason_against(const SqlWords& words, std::size_t updates) {
  if (updates == 0) return "its UPDATE is put together while it runs (EXECUTE)";
  if (updates > 1) return fmt::format("it has {} UPDATEs", updates);
  if (loops_over_query(words)) return "its loop goes row by row over a query (FOR … IN SELECT)";
  return "";
}

}  // namespace

LoopBody read_loop_body(std::string_view body, std::string_view arguments) {
  const SqlWords words(body);
  const std::vector<WordRange> updates = updates_in(words);
  LoopBody read;
  const bool executes = std::find(body.begin(), body.end(), '\'') != body.end() &&
                        to_lower(body).find("execute") != std::string::npos &&
                        to_lower(body).find("update ") != std::string::npos;
  read.updates = !updates.empty() || executes;
  if (!read.updates) return read;
  read.parts.problem = reason_against(words, updates.size());
  if (!read.parts.problem.empty()) return read;
  std::set<std::string> variables;
  add_declared(words, variables);
  add_loop_variables(words, variables);
  add_arguments(arguments, variables);
  read.parts = take_update_apart(words, updates[0].first, updates[0].end, variables);
  return read;
}

std::string_view dollar_text(std::string_view word) {
  const std::size_t mark = word.starts_with('$') ? word.find('$', 1) : std::string_view::npos;
  if (mark == std::string_view::npos || word.size() < 2 * (mark + 1)) return {};
  return word.substr(mark + 1, word.size() - 2 * (mark + 1));
}

}  // namespace drydock
