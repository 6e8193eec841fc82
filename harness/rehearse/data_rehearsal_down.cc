// The down script and rows: which tables users go on writing to, and whether a down that failed
// works where there are no rows.

#include <array>

#include "harness/base/text.h"
#include "harness/rehearse/adversarial_trial.h"
#include "harness/rehearse/data_rehearsal.h"
#include "harness/rehearse/new_rows_trial.h"
#include "harness/rehearse/reason_of_failure.h"
#include "harness/sql/split.h"

namespace drydock {
namespace {

/// Whether the statement is one that writes rows, or may hide one.
bool writes_rows(const std::string& statement) {
  static constexpr std::array<std::string_view, 9> kWords = {
      "insert ", "update ", "delete ", "merge ", "truncate ", "with ", "do ", "call ", "copy "};
  const std::string text = to_lower(one_line(statement.substr(0, 40)));
  return std::any_of(kWords.begin(), kWords.end(),
                     [&](std::string_view word) { return text.starts_with(word); });
}

/// The statements that write rows, as a script of their own.
Script writing_part(const std::vector<Script>& scripts) {
  Script part;
  for (const Script& script : scripts) {
    for (const Query& query : script.queries) {
      for (const Statement& statement : split_statements(query.text).statements) {
        if (!writes_rows(statement.text)) continue;
        part.queries.push_back(query);
        part.queries.back().text = statement.text;
      }
    }
  }
  return part;
}

bool sends_anything(const std::vector<Script>& scripts) {
  return std::any_of(scripts.begin(), scripts.end(),
                     [](const Script& script) { return !script.queries.empty(); });
}

}  // namespace

std::vector<TrialRows> DataRehearsal::rows_of_users(const Migration& migration,
                                                    const ContentsDiff& changed) {
  if (!sends_anything(migration.down)) return generator().new_rows();
  std::vector<std::string> tables;
  if (const Script writing = writing_part(migration.down); !writing.queries.empty()) {
    tables = tables_named({writing}, workbench_.observe());
  }
  for (const TableChange& table : changed.tables) {
    tables.push_back(table.renamed_to.empty() ? table.table : table.renamed_to);
  }
  return generator().new_rows(tables);
}

void DataRehearsal::before_down(const Migration& migration, const SchemaSnapshot& before,
                                Rehearsal& rehearsal) {
  NewRowsTrial& trial = rehearsal.data.new_rows;
  if (!wants_rows()) {
    trial.skipped = "no rows are generated";
    return;
  }
  new_rows_ = rows_of_users(migration, rehearsal.data.preserved);
  if (new_rows_.empty()) {
    trial.skipped = "neither script changes a table that rows could be written to";
    return;
  }
  std::optional<NewRowsTrial> tried;
  const std::string why = reason_of_failure(
      [&] { tried = try_new_rows(new_rows_, migration, before, workbench_, limit_); });
  if (why.empty() && !tried) return;  // after_cycle() tries it in a copy
  trial = tried.value_or(NewRowsTrial{});
  if (!why.empty()) trial.skipped = why;
  new_rows_.clear();
}

void DataRehearsal::down_failed(const Migration& migration, const SchemaSnapshot& before,
                                const SchemaSnapshot& after, const std::vector<Step>& history,
                                Rehearsal& rehearsal) {
  const Phase& down = rehearsal.down;
  if (!wants_rows() || down.outcome != PhaseOutcome::kFailed || !down.error) return;
  if (!can_be_the_rows(down.error->sqlstate)) return;
  reason_of_failure([&] {
    rehearsal.data.down_without_rows =
        workbench_.try_down_without_rows(history, migration, before, after);
  });
}

void DataRehearsal::after_cycle(const Migration& migration, const SchemaSnapshot& before,
                                Rehearsal& rehearsal) {
  NewRowsTrial& trial = rehearsal.data.new_rows;
  const std::string why = reason_of_failure(
      [&] { trial = try_new_rows_in_copy(new_rows_, migration, before, workbench_, limit_); });
  if (!why.empty()) trial.skipped = why;
  settle_losses({}, trial);
  database_replaced();
  new_rows_.clear();
}

}  // namespace drydock
