#include "bench/update_parts.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "bench/row_query.h"
#include "harness/base/text.h"

namespace drydock {
namespace {

/// The text of `range`, "alias.column" as "table.column".
std::string without_alias(const SqlWords& words, WordRange range, const NamedTable& table) {
  std::string text;
  std::size_t copied = range.first;
  for (std::size_t i = range.first; i + 1 < range.end && !table.alias.empty(); ++i) {
    const bool qualifies = words.is(i + 1, ".") && plain_name(words.at(i)) == table.alias;
    if (!qualifies || (i > range.first && words.is(i - 1, "."))) continue;
    const std::string whole = words.text(copied, i + 1);
    text += whole.substr(0, whole.size() - words.at(i).size());
    text += table.name.substr(table.name.rfind('.') + 1);
    copied = i + 1;
  }
  return text + words.text(copied, range.end);
}

/// The conditions that AND joins; all as one where there is an OR beside them.
std::vector<WordRange> conditions_of(const SqlWords& words, WordRange where) {
  if (where.empty()) return {};
  if (words.find({"or"}, where.first, where.end) != SqlWords::kNone) return {where};
  std::vector<WordRange> conditions;
  std::size_t first = where.first;
  bool between = false;
  for (std::size_t i = where.first; i < where.end; ++i) {
    if (words.depth(i) != words.depth(where.first)) continue;
    if (words.is(i, "between")) between = true;
    if (!words.is(i, "and")) continue;
    if (std::exchange(between, false)) continue;  // BETWEEN a AND b
    conditions.push_back({first, i});
    first = i + 1;
  }
  conditions.push_back({first, where.end});
  return conditions;
}

bool mentions(const SqlWords& words, WordRange range, const std::set<std::string>& names) {
  for (std::size_t i = range.first; i < range.end; ++i) {
    if (names.contains(plain_name(words.at(i)))) return true;
  }
  return false;
}

UpdateParts refuse(std::string problem) {
  UpdateParts parts;
  parts.problem = std::move(problem);
  return parts;
}

class UpdateReader {
 public:
  UpdateReader(const SqlWords& words, WordRange statement, const std::set<std::string>& variables)
      : words_(words), statement_(statement), variables_(variables) {}

  UpdateParts read() {
    std::size_t at = statement_.first;
    if (words_.is(at, "with")) at = read_with(at + 1);
    if (!words_.is(at, "update")) return refuse("the statement behind WITH is no UPDATE");
    table_ = read_named_table(words_, at + 1, statement_.end);
    if (!words_.is(table_.end, "set")) return refuse("it is not of the form UPDATE table SET");
    read_clauses(table_.end);
    if (!read_from()) {
      return refuse("it takes rows of other tables (FROM), which a subquery in SET could do too");
    }
    if (mentions(words_, set_, variables_)) return refuse("its SET uses variables of the loop");
    read_conditions();
    return {table_.name, without_alias(words_, set_, table_), join(conditions_, " AND "),
            batch_ ? batch_->limit : 0, ""};
  }

 private:
  /// "name AS (query), …" from `at` on; where the statement itself begins.
  std::size_t read_with(std::size_t at) {
    while (at < statement_.end) {
      const std::size_t open = words_.find({"("}, at, statement_.end);
      if (open == SqlWords::kNone) break;
      const std::size_t close = words_.closing(open);
      withs_.push_back({plain_name(words_.at(at)), {open + 1, close}});
      at = close + 1;
      if (!words_.is(at, ",")) break;
      ++at;
    }
    return at;
  }

  void read_clauses(std::size_t set) {
    for (std::size_t at = set; at < statement_.end;) {
      const std::size_t next = words_.find({"from", "where", "returning"}, at + 1, statement_.end);
      const WordRange clause{at + 1, std::min(next, statement_.end)};
      if (at == set) set_ = clause;
      if (words_.is(at, "from")) from_ = clause;
      if (words_.is(at, "where")) where_ = clause;
      at = clause.end;
    }
  }

  std::optional<RowQuery> query_named(const std::string& name) const {
    for (const auto& [with, query] : withs_) {
      if (with == name) return read_row_query(words_, query);
    }
    return std::nullopt;
  }

  /// FROM may name a batch of the table's own rows and nothing else. True where there is none.
  bool read_from() {
    if (from_.empty()) return true;
    std::optional<RowQuery> query;
    std::string name;
    if (words_.is(from_.first, "(")) {
      const std::size_t close = words_.closing(from_.first);
      const std::size_t alias = words_.is(close + 1, "as") ? close + 2 : close + 1;
      if (alias + 1 != from_.end) return false;
      query = read_row_query(words_, {from_.first + 1, close});
      name = plain_name(words_.at(alias));
    } else {
      const NamedTable from = read_named_table(words_, from_.first, from_.end);
      if (from.end != from_.end) return false;
      query = query_named(from.plain);
      name = from.alias.empty() ? from.plain : from.alias;
    }
    if (!query || !is_same_table(query->table, table_)) return false;
    if (mentions(words_, set_, {name})) return false;
    batch_ = query;
    joined_ = {name};
    return true;
  }

  /// "key IN (SELECT … LIMIT n)" over the same table, or over a WITH that is such a query.
  std::optional<RowQuery> batch_in(WordRange condition) const {
    std::size_t open = condition.first;
    while (open < condition.end && !(words_.is(open, "(") && words_.is(open + 1, "select"))) ++open;
    if (open >= condition.end || mentions(words_, {condition.first, open}, {"not", "exists"})) {
      return std::nullopt;
    }
    std::optional<RowQuery> query = read_row_query(words_, {open + 1, words_.closing(open)});
    if (!query) return std::nullopt;
    if (const auto named = query_named(query->table.plain)) query = named;
    return query->limited && is_same_table(query->table, table_) ? query : std::nullopt;
  }

  /// Each once: a subquery's may be said outside again, for rows that changed meanwhile.
  void add(WordRange condition, const NamedTable& table) {
    if (condition.empty() || mentions(words_, condition, variables_)) return;
    std::string text = without_alias(words_, condition, table);
    if (words_.find({"or"}, condition.first, condition.end) != SqlWords::kNone) {
      text = "(" + text + ")";
    }
    if (std::find(conditions_.begin(), conditions_.end(), text) == conditions_.end()) {
      conditions_.push_back(std::move(text));
    }
  }

  void read_conditions() {
    std::vector<WordRange> own;
    for (const WordRange& condition : conditions_of(words_, where_)) {
      if (auto batch = batch_in(condition)) {
        batch_ = std::move(batch);
      } else if (!mentions(words_, condition, joined_)) {
        own.push_back(condition);
      }
    }
    if (batch_) {
      for (const WordRange& condition : conditions_of(words_, batch_->where)) {
        add(condition, batch_->table);
      }
    }
    for (const WordRange& condition : own) add(condition, table_);
  }

  const SqlWords& words_;
  const WordRange statement_;
  const std::set<std::string>& variables_;
  std::vector<std::pair<std::string, WordRange>> withs_;
  NamedTable table_;
  WordRange set_, from_, where_;
  std::optional<RowQuery> batch_;
  std::set<std::string> joined_;  ///< the batch's name in FROM
  std::vector<std::string> conditions_;
};

}  // namespace

UpdateParts take_update_apart(const SqlWords& words, std::size_t first, std::size_t end,
                              const std::set<std::string>& variables) {
  return UpdateReader(words, {first, end}, variables).read();
}

}  // namespace drydock
