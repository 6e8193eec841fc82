#include "harness/data/implied_keys.h"

#include <algorithm>
#include <string>
#include <vector>

#include "harness/base/text.h"
#include "harness/data/name_meaning.h"

namespace drydock {
namespace {

/// What a column points to: "customer" of customer_id, customerId, customerid, customer_uuid.
std::vector<std::string> words_pointed_to(const std::string& column) {
  std::vector<std::string> words = words_of_name(column);
  if (words.size() > 1 && (words.back() == "id" || words.back() == "uuid")) {
    words.pop_back();
  } else if (words.back().size() > 4 && words.back().ends_with("id")) {
    words.back().resize(words.back().size() - 2);
  } else {
    words.clear();
  }
  return words;
}

bool is_plural(const std::string& many, const std::string& one) {
  return many == one || many == one + "s" || many == one + "es" ||
         (one.ends_with("y") && many == one.substr(0, one.size() - 1) + "ies");
}

/// The only column of the primary key; null: there is none, or there are more.
const ColumnShape* key_column(const TableShape& table) {
  for (const UniqueShape& unique : table.uniques)
    if (unique.primary && unique.columns.size() == 1) return table.column(unique.columns[0]);
  return nullptr;
}

/// A table that can be pointed to: its name's words as one, and its key.
struct Candidate {
  std::string name;
  const TableShape* table;
  const ColumnShape* key;
};

std::vector<Candidate> candidates_of(const std::map<Oid, TableShape>& tables) {
  std::vector<Candidate> candidates;
  for (const auto& [oid, table] : tables) {
    const ColumnShape* key = key_column(table);
    if (key != nullptr) candidates.push_back({join(words_of_name(table.name), ""), &table, key});
  }
  return candidates;
}

const TableShape* pointed_to(const TableShape& child, const ColumnShape& column,
                             const std::vector<Candidate>& candidates, const TypeMap& types) {
  const std::vector<std::string> words = words_pointed_to(column.name);
  // The whole stem first, then without its first words: created_by_user_id means users.
  for (std::size_t skip = 0; skip < words.size(); ++skip) {
    const std::string stem =
        join({words.begin() + static_cast<std::ptrdiff_t>(skip), words.end()}, "");
    for (const auto& [name, table, key] : candidates) {
      if (table->schema != child.schema || table->oid == child.oid || !is_plural(name, stem)) {
        continue;
      }
      if (types.contains(key->type) && types.contains(column.type) &&
          base_type(types, key->type).oid == base_type(types, column.type).oid)
        return table;
    }
  }
  return nullptr;
}

bool is_key_already(const TableShape& table, const ColumnShape& column) {
  return std::any_of(table.foreign_keys.begin(), table.foreign_keys.end(), [&](const auto& key) {
    return std::find(key.columns.begin(), key.columns.end(), column.name) != key.columns.end();
  });
}

}  // namespace

std::map<Oid, TableShape> with_implied_keys(const std::map<Oid, TableShape>& tables,
                                            const TypeMap& types) {
  std::map<Oid, TableShape> linked = tables;
  const std::vector<Candidate> candidates = candidates_of(tables);
  for (auto& [oid, table] : linked) {
    for (const ColumnShape& column : table.columns) {
      if (column.generated || is_key_already(table, column)) continue;
      const TableShape* parent = pointed_to(table, column, candidates, types);
      if (parent == nullptr) continue;
      const ColumnShape* key = key_column(*parent);
      table.foreign_keys.push_back({.name = "implied " + column.name,
                                    .parent = parent->oid,
                                    .parent_sql = parent->sql,
                                    .parent_is_partitioned = parent->partitioned,
                                    .columns = {column.name},
                                    .parent_columns = {key->name},
                                    .parent_types = {key->type_sql},
                                    .parent_not_null = {true},
                                    .deferrable = false,
                                    .match_full = false,
                                    .implied = true});
    }
  }
  return linked;
}

}  // namespace drydock
