#include "harness/rehearse/adversarial_trial.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/rehearse/trial.h"
#include "harness/sql/split.h"

namespace drydock {
namespace {

/// Words of a text, lower case: what stands between characters that no name has.
void add_words(std::string_view text, std::set<std::string>& words) {
  std::string word;
  for (const char c : text) {
    if (std::isalnum(static_cast<unsigned char>(c)) || c == '_' || (c & 0x80) != 0) {
      word += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    } else if (!word.empty()) {
      words.insert(std::move(word));
      word.clear();
    }
  }
  if (!word.empty()) words.insert(std::move(word));
}

/// What the scripts mention. A script that copies whole rows mentions all columns.
struct Mentioned {
  explicit Mentioned(const std::vector<Script>& scripts) {
    for (const Script& script : scripts) {
      for (const Query& query : script.queries) {
        add_words(query.text, words);
        const std::string text = to_lower(query.text);
        whole_rows = whole_rows || text.find("select *") != std::string::npos ||
                     text.find(".*") != std::string::npos;
      }
    }
  }
  bool column(const std::string& name) const {
    return whole_rows || words.contains(to_lower(name));
  }
  std::set<std::string> words;
  bool whole_rows = false;
};

/// Statements that make something new, or only say something about what is there, do the same
/// whatever the rows are.
bool depends_on_rows(const std::string& statement) {
  static const char* const kIndifferent[] = {"create type",
                                             "create function",
                                             "create or replace",
                                             "create view",
                                             "create extension",
                                             "create schema",
                                             "create sequence",
                                             "create trigger",
                                             "comment",
                                             "grant",
                                             "revoke",
                                             "drop",
                                             "set ",
                                             "begin",
                                             "commit",
                                             "create policy",
                                             "create role",
                                             "start transaction",
                                             "end",
                                             "select pg_catalog.",
                                             "create procedure"};
  const std::string text = to_lower(one_line(statement.substr(0, 400)));
  if (text.starts_with("create table")) return text.find(" as ") != std::string::npos;
  return std::none_of(std::begin(kIndifferent), std::end(kIndifferent),
                      [&](const char* words) { return text.starts_with(words); });
}

bool any_depends_on_rows(const std::vector<Script>& scripts) {
  for (const Script& script : scripts) {
    for (const Query& query : script.queries) {
      for (const Statement& statement : split_statements(query.text).statements) {
        if (depends_on_rows(statement.text)) return true;
      }
    }
  }
  return false;
}

/// Each table's rows at once where that goes, else one by one. Returns the tables that took some.
std::vector<std::string> write_by_table(const std::vector<TrialRows>& rows, Trial& trial) {
  std::map<std::string, std::vector<TrialRows>> of_table;
  for (const TrialRows& some : rows) of_table[some.table].push_back(some);
  std::vector<TrialRows> at_once;
  for (const auto& [table, its] : of_table) {
    if (std::string sql = insert_jointly(its); !sql.empty()) {
      at_once.push_back({table, std::move(sql), 0, ""});
    }
  }
  std::vector<std::string> written;
  for (const TrialRows& all : trial.write_all(at_once)) written.push_back(all.table);
  const std::set<std::string> complete(written.begin(), written.end());
  for (const TrialRows& some : rows) {
    if (complete.contains(some.table) || !trial.write(some)) continue;
    if (written.empty() || written.back() != some.table) written.push_back(some.table);
  }
  return written;
}

/// The up over some of the rows, everything undone. `written`: the tables that took some.
TrialOutcome try_over(const std::vector<TrialRows>& rows, const Migration& migration,
                      Workbench& workbench, std::chrono::milliseconds limit,
                      std::vector<std::string>* written = nullptr) {
  Trial trial(workbench.trials(), workbench.role(), limit);
  std::vector<std::string> took = write_by_table(rows, trial);
  if (written != nullptr) *written = std::move(took);
  return trial.run(migration.up);
}

/// Halves the rows as long as one half is enough to make the up fail in the same way. One by one
/// would be surer, and takes minutes where a script names twenty tables.
void find_condition(std::vector<TrialRows> rows, const Migration& migration, Workbench& workbench,
                    std::chrono::milliseconds limit, AdversarialTrial& result) {
  const auto fails_alike = [&](const std::vector<TrialRows>& some) {
    TrialOutcome outcome = try_over(some, migration, workbench, limit);
    const bool alike = outcome.failure && outcome.failure->sqlstate == result.failure->sqlstate &&
                       outcome.failure->constraint == result.failure->constraint;
    if (alike) result.failure = std::move(outcome.failure);
    return alike;
  };
  while (rows.size() > 1) {
    const auto middle = rows.begin() + static_cast<std::ptrdiff_t>(rows.size() / 2);
    const std::vector<TrialRows> first(rows.begin(), middle), second(middle, rows.end());
    if (fails_alike(first)) {
      rows = first;
    } else if (fails_alike(second)) {
      rows = second;
    } else {
      result.condition = "rows of several kinds come together in " + join(result.tables, ", ");
      return;
    }
  }
  result.condition = fmt::format("{} has {}", rows.front().table, rows.front().words);
}

}  // namespace

std::vector<std::string> tables_named(const std::vector<Script>& scripts,
                                      const SchemaSnapshot& schema) {
  std::vector<std::string> tables;
  for (const auto& object : schema.objects) {
    if (object->key.kind == "table") tables.push_back(object->key.name);
  }
  return tables_named(scripts, tables);
}

std::vector<std::string> tables_named(const std::vector<Script>& scripts,
                                      const std::vector<std::string>& tables) {
  const std::set<std::string> words = Mentioned(scripts).words;
  std::vector<std::string> named;
  for (const std::string& table : tables) {
    std::string bare = table.substr(table.rfind('.') + 1);
    std::erase(bare, '"');
    if (words.contains(to_lower(bare))) named.push_back(table);
  }
  return named;
}

AdversarialTrial try_adversarial_rows(const Migration& migration, const SchemaSnapshot& before,
                                      RowGenerator& generator, Workbench& workbench,
                                      std::chrono::milliseconds limit) {
  AdversarialTrial result;
  const std::vector<std::string> tables = tables_named(migration.up, before);
  if (tables.empty() || !any_depends_on_rows(migration.up)) {
    result.skipped = "the up script does nothing to rows that were there before";
    return result;
  }
  const Mentioned mentioned(migration.up);
  const std::vector<TrialRows> rows = generator.adversarial_rows(
      tables, [&](const std::string& column) { return mentioned.column(column); });
  if (rows.empty()) {
    result.skipped = "the up script names no column that unpleasant values are known for";
    return result;
  }
  TrialOutcome outcome = try_over(rows, migration, workbench, limit, &result.tables);
  if (result.tables.empty()) {
    result.skipped = "no such rows could be written into " + join(tables, ", ");
    return result;
  }
  if (!outcome.impossible.empty()) {
    result.skipped = "the up script cannot be tried in a transaction: " + outcome.impossible;
    return result;
  }
  if (outcome.failure && try_over({}, migration, workbench, limit).failure) {
    result.skipped = "the up script fails without such rows too: " + outcome.failure->message;
    return result;
  }
  result.ran = true;
  result.failure = std::move(outcome.failure);
  if (result.failure) find_condition(rows, migration, workbench, limit, result);
  return result;
}

}  // namespace drydock
