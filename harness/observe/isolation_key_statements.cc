// Rows of one's own that are tied to another tenant's: by a key that is taken, by a reference.
#include <fmt/format.h>

#include <algorithm>

#include "harness/base/text.h"
#include "harness/observe/isolation_statements.h"

namespace drydock {
namespace {

const TenancyColumn* column_named(const TenantTable& table, const std::string& name) {
  for (const TenancyColumn& column : table.columns) {
    if (column.name == name) return &column;
  }
  return nullptr;
}

bool may_insert(const TenantTable& table, const std::vector<std::string>& columns) {
  return std::all_of(columns.begin(), columns.end(), [&](const std::string& name) {
    const TenancyColumn* column = column_named(table, name);
    return column != nullptr && column->writable && column->may_insert;
  });
}

}  // namespace

void IsolationStatements::add_keys(Attempts& all) const {
  if (!may("INSERT")) return;
  for (const TenancyKey& key : table_.keys) {
    if (!key.has_tenant && !key.columns.empty() && may_insert(table_, key.columns)) {
      add_key(all, key);
    }
  }
}

/// A row of one's own with a key of another's: does it overwrite, and what does the refusal tell?
/// Keys that are made up (a sequence, a random uuid) tell nothing that could not be guessed.
void IsolationStatements::add_key(Attempts& all, const TenancyKey& key) const {
  const std::vector<std::string> literals = literals_of(other_, key.columns);
  if (std::find(literals.begin(), literals.end(), "NULL") != literals.end()) return;
  const std::string row = insert(with_columns(own_, key.columns, literals), "");
  if (may("UPDATE") && may("SELECT") && subject_.written >= 0) {
    IsolationAttempt upsert =
        attempt(IsolationCommand::kUpsert, fmt::format("{} ON CONFLICT ({}) DO UPDATE SET {}", row,
                                                       join(key.columns, ", "), set_written(own_)));
    upsert.setup = take_away(own_);
    upsert.other_rows = 1;
    all.push_back(std::move(upsert));
  }
  const bool made_up =
      std::all_of(key.columns.begin(), key.columns.end(),
                  [&](const std::string& name) { return subject_.made_up.contains(name); });
  if (made_up) return;
  IsolationAttempt taken = attempt(IsolationCommand::kUniqueKey, row);
  taken.setup = take_away(own_);
  all.push_back(std::move(taken));
}

void IsolationStatements::add_references(Attempts& all) const {
  if (!may("INSERT")) return;
  const TenancyReference* makes_tenant = tenant_reference(table_);
  for (const TenancyReference& reference : table_.references) {
    const auto known = subject_.parents.find(reference.name);
    if (known == subject_.parents.end() || !may_insert(table_, reference.columns)) continue;
    const auto key = known->second.find(b_);
    const bool is_tenant = makes_tenant != nullptr && makes_tenant->name == reference.name;
    if (key != known->second.end() && !is_tenant) add_reference(all, reference, key->second);
  }
}

void IsolationStatements::add_reference(Attempts& all, const TenancyReference& reference,
                                        const std::vector<std::string>& parent) const {
  IsolationAttempt made = attempt(IsolationCommand::kForeignKey,
                                  insert(with_columns(own_, reference.columns, parent), ""));
  made.setup = take_away(own_);
  made.other_rows = 1;
  std::vector<std::string> parts;
  for (std::size_t i = 0; i < reference.columns.size(); ++i) {
    parts.push_back(fmt::format("{} = {}", reference.columns[i], parent[i]));
  }
  made.example = fmt::format("{} of {}", join(parts, ", "), reference.parent);
  all.push_back(std::move(made));
}

std::vector<std::string> IsolationStatements::literals_of(
    const SampleRow& row, const std::vector<std::string>& columns) const {
  std::vector<std::string> literals;
  for (const std::string& name : columns) {
    for (std::size_t i = 0; i < table_.columns.size(); ++i) {
      if (table_.columns[i].name == name) literals.push_back(row.literals[i]);
    }
  }
  return literals;
}

}  // namespace drydock
