#include "harness/rehearse/data_rehearsal.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/rehearse/assertions.h"
#include "harness/rehearse/hostile_trial.h"
#include "harness/rehearse/new_rows_trial.h"
#include "harness/rehearse/reason_of_failure.h"

namespace drydock {
namespace {

/// Whether the text has VALIDATE CONSTRAINT or DROP CONSTRAINT with that name.
bool settles(const std::string& sql, const std::string& constraint) {
  std::string text = to_lower(one_line(sql)), name = to_lower(constraint);
  std::erase(text, '"');
  for (const char* words :
       {"validate constraint ", "drop constraint ", "drop constraint if exists "}) {
    const std::string wanted = words + name;
    for (std::size_t at = text.find(wanted); at != std::string::npos;
         at = text.find(wanted, at + 1)) {
      const std::size_t end = at + wanted.size();
      if (end == text.size() ||
          (!std::isalnum(static_cast<unsigned char>(text[end])) && text[end] != '_')) {
        return true;
      }
    }
  }
  return false;
}

/// Whether the up of the migration may take all rows out of a table that stays.
bool removes_rows(const MigrationSet& set, const std::string& id) {
  for (const Migration& migration : set.migrations) {
    if (migration.id != id) continue;
    for (const Script& script : migration.up) {
      for (const Query& query : script.queries) {
        const std::string text = to_lower(query.text);
        if (text.find("delete") != std::string::npos) return true;
        if (text.find("truncate") != std::string::npos) return true;
      }
    }
  }
  return false;
}

/// What a diff comes to, for telling two of them apart.
std::string summary(const ContentsDiff& diff) {
  std::string text;
  for (const TableChange& table : diff.tables) {
    text += fmt::format("{}:{},{},{}", table.table, table.rows_after, table.lost, table.added);
    for (const ColumnChange& column : table.columns) {
      text += fmt::format(";{}:{}", column.column, column.rows);
    }
    text += '\n';
  }
  return text;
}

}  // namespace

DataRehearsal::DataRehearsal(const Scenario& scenario, const MigrationSet& set,
                             Workbench& workbench, std::chrono::milliseconds limit)
    : scenario_(scenario),
      set_(set),
      workbench_(workbench),
      limit_(limit),
      files_(scenario),
      constraints_(workbench.rows()) {}

RowGenerator& DataRehearsal::generator() {
  if (!generator_) {
    generator_.emplace(workbench_.rows(), scenario_);
    if (grown_) tell(generator_->grow());
  }
  return *generator_;
}

/// What a rebuilt database is filled with, nobody asked for; it is told with the next migration's.
void DataRehearsal::tell(std::vector<FilledTable> filled) {
  for (FilledTable& table : filled) {
    if (!told_.insert(table.table + "\n" + table.problem + "\n" + table.note).second) continue;
    to_tell_.push_back(std::move(table));
  }
}

void DataRehearsal::take_journal(std::vector<Step>& steps) {
  for (std::string& sql : generator().take_journal()) steps.push_back({nullptr, std::move(sql)});
}

void DataRehearsal::grow(const std::string& last, std::vector<Step>& history,
                         Rehearsal& rehearsal) {
  rehearsal.data.rows = scenario_.rows;
  if (files_.any_pending()) {
    Session session = workbench_.administer();
    for (const Script* file : files_.load(session, last)) history.push_back({nullptr, {}, file});
    workbench_.flush_counters_of(session);
  }
  if (!wants_rows()) return;
  RowGenerator& rows = generator();
  grown_ = true;
  if (removes_rows(set_, last)) rows.look_for_emptied();
  tell(rows.grow());
  std::swap(rehearsal.data.filled, to_tell_);
  take_journal(history);
}

void DataRehearsal::before_up(const Migration& migration, const SchemaSnapshot& schema,
                              Rehearsal& rehearsal) {
  remember();
  constraints_.remember(constraints_seen_);
  constraints_seen_ = true;
  ask(migration, AssertionMoment::kBefore, rehearsal);
  HostileTrial& trial = rehearsal.data.hostile;
  if (!wants_rows()) {
    trial.skipped = "no rows are generated";
    return;
  }
  const std::string why = reason_of_failure(
      [&] { trial = try_hostile_rows(migration, schema, generator(), workbench_, limit_); });
  if (!why.empty()) trial = {false, why, {}, {}, {}};
  if (!trial.tables.empty()) workbench_.contents().ignore_rolled_back();
}

void DataRehearsal::database_replaced() {
  generator_.reset();
  constraints_seen_ = false;
}

bool DataRehearsal::wants_rows() const {
  return scenario_.rows > 0 ||
         std::any_of(scenario_.tables.begin(), scenario_.tables.end(),
                     [](const auto& rule) { return rule.second.rows.value_or(0) > 0; });
}

void DataRehearsal::remember() {
  yields_ = 0;
  yielding_.clear();
  new_rows_.clear();
  workbench_.flush_counters();
  workbench_.contents().remember();
}

void DataRehearsal::ask(const Migration& migration, AssertionMoment at, Rehearsal& rehearsal) {
  if (scenario_.assertions.empty()) return;
  Session session = workbench_.administer();
  for (AssertionResult& result : ask_assertions(scenario_, migration.id, at, session)) {
    rehearsal.data.assertions.push_back(std::move(result));
  }
}

std::vector<Transform> DataRehearsal::transforms_of(const std::string& migration) const {
  std::vector<Transform> transforms;
  for (const Transform& transform : scenario_.transforms) {
    if (transform.migration == migration) transforms.push_back(transform);
  }
  return transforms;
}

/// A later migration that holds the rows to the constraint, or takes it away.
std::string DataRehearsal::settled_by(const Migration& migration,
                                      const std::string& constraint) const {
  bool later = false;
  for (const Migration& other : set_.migrations) {
    for (const Script& script : other.up) {
      for (const Query& query : script.queries) {
        if (later && settles(query.text, constraint)) return other.id;
      }
    }
    later = later || other.id == migration.id;
  }
  return "";
}

void DataRehearsal::after_up(const Migration& migration, Rehearsal& rehearsal) {
  DataEvidence& data = rehearsal.data;
  workbench_.flush_counters();
  data.preserved =
      workbench_.contents().compare(ContentsMatch::kByIdentity, transforms_of(migration.id));
  after_up_ = workbench_.contents().fingerprint();
  data.observed = true;
  data.constraints = constraints_.unproven();
  for (UnprovenConstraint& constraint : data.constraints) {
    if (!constraint.dropped) constraint.settled_by = settled_by(migration, constraint.constraint);
  }
  ask(migration, AssertionMoment::kAfterUp, rehearsal);
}

void DataRehearsal::before_down(const Migration& migration, const SchemaSnapshot& before,
                                Rehearsal& rehearsal) {
  NewRowsTrial& trial = rehearsal.data.new_rows;
  if (!wants_rows()) {
    trial.skipped = "no rows are generated";
    return;
  }
  new_rows_ = generator().new_rows();
  if (new_rows_.empty()) {
    trial.skipped = "the up script changes no table that rows could be written to";
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

void DataRehearsal::after_down(const Migration& migration, Rehearsal& rehearsal) {
  workbench_.flush_counters();
  rehearsal.data.restored = workbench_.contents().compare(ContentsMatch::kByName);
  settle_losses(rehearsal.data.restored, rehearsal.data.new_rows);
  ask(migration, AssertionMoment::kAfterDown, rehearsal);
}

bool DataRehearsal::disturbed(const ContentsDiff& expected) {
  workbench_.flush_counters();
  return summary(workbench_.contents().compare(ContentsMatch::kByIdentity)) != summary(expected);
}

bool DataRehearsal::after_up_again(const Migration& migration, Rehearsal& rehearsal) {
  ask(migration, AssertionMoment::kAfterUpAgain, rehearsal);
  if (rehearsal.data.restored.empty()) return true;
  workbench_.flush_counters();
  const ContentsDiff again =
      workbench_.contents().compare(ContentsMatch::kByIdentity, transforms_of(migration.id));
  if (summary(again) != summary(rehearsal.data.preserved)) return false;
  // What the first up made of columns and tables of its own is not in either.
  const std::map<std::string, std::string> now = workbench_.contents().fingerprint();
  return std::all_of(after_up_.begin(), after_up_.end(), [&](const auto& print) {
    const auto found = now.find(print.first);
    return found == now.end() || found->second == print.second;
  });
}

void DataRehearsal::after_cycle(const Migration& migration, const SchemaSnapshot& before,
                                Rehearsal& rehearsal) {
  if (new_rows_.empty()) return;
  NewRowsTrial& trial = rehearsal.data.new_rows;
  const std::string why = reason_of_failure(
      [&] { trial = try_new_rows_in_copy(new_rows_, migration, before, workbench_, limit_); });
  if (!why.empty()) trial.skipped = why;
  settle_losses({}, trial);
  database_replaced();
  new_rows_.clear();
}

void DataRehearsal::finish() const {
  files_.require_all_loaded();
  if (!generator_) return;
  const std::vector<std::string> unused = generator_->unused_rules();
  if (unused.empty()) return;
  throw InputError(join(unused, "\n"), "Correct the names, or remove the entries.");
}

}  // namespace drydock
