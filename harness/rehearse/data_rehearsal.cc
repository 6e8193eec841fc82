#include "harness/rehearse/data_rehearsal.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/observe/time_zones.h"
#include "harness/rehearse/adversarial_trial.h"
#include "harness/rehearse/assertions.h"
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

/// All of the up.
std::string text_of(const Migration& migration) {
  std::string text;
  for (const Script& script : migration.up) {
    for (const Query& query : script.queries) text += query.text + '\n';
  }
  return text;
}

bool is_letter(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

/// Whether `text`, in lower case, has DELETE or TRUNCATE as words, other than in ON DELETE.
bool deletes(std::string_view text) {
  for (const std::string_view word : {"delete", "truncate"}) {
    for (std::size_t at = text.find(word); at != std::string::npos; at = text.find(word, at + 1)) {
      const std::size_t end = at + word.size();
      if ((at > 0 && is_letter(text[at - 1])) || (end < text.size() && is_letter(text[end]))) {
        continue;
      }
      const std::string_view before = trim(text.substr(0, at));
      const bool action =
          before.ends_with("on") && (before.size() == 2 || !is_letter(before[before.size() - 3]));
      if (!action) return true;
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
        if (deletes(to_lower(query.text))) return true;
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
    generator_.emplace(workbench_.rows(), scenario_, workbench_.touched_for_rows());
    if (grown_) {
      grow_by(*generator_);
    }
  }
  return *generator_;
}

void DataRehearsal::grow_by(RowGenerator& rows) {
  std::vector<FilledTable> filled = rows.grow();
  if (!filled.empty()) workbench_.flush_counters_of(workbench_.rows());
  tell(std::move(filled));
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
  grow_ahead(last, history);
  std::swap(rehearsal.data.filled, to_tell_);
}

void DataRehearsal::grow_ahead(const std::string& last, std::vector<Step>& history) {
  if (files_.any_pending()) {
    Session session = workbench_.administer();
    for (const Script* file : files_.load(session, last)) history.push_back({nullptr, {}, file});
    workbench_.flush_counters_of(session);
    workbench_.schema_may_differ();
  }
  if (!wants_rows()) return;
  RowGenerator& rows = generator();
  grown_ = true;
  if (removes_rows(set_, last)) rows.look_for_emptied();
  grow_by(rows);
  take_journal(history);
}

void DataRehearsal::before_up(const Migration& migration, const SchemaSnapshot& schema,
                              Rehearsal& rehearsal) {
  remember();
  constraints_.remember(constraints_seen_);
  constraints_seen_ = true;
  ask(migration, AssertionMoment::kBefore, rehearsal);
  AdversarialTrial& trial = rehearsal.data.adversarial;
  if (!wants_rows()) {
    trial.skipped = "no rows are generated";
    return;
  }
  const std::string why = reason_of_failure(
      [&] { trial = try_adversarial_rows(migration, schema, generator(), workbench_, limit_); });
  if (!why.empty()) trial = {false, why, {}, {}, {}};
  if (!trial.tables.empty()) workbench_.contents().ignore_rolled_back();
}

void DataRehearsal::database_replaced() {
  if (generator_) keep_seen();
  generator_.reset();
  constraints_seen_ = false;
}

bool DataRehearsal::wants_rows() const {
  return scenario_.rows > 0 ||
         std::any_of(scenario_.tables.begin(), scenario_.tables.end(),
                     [](const auto& rule) { return rule.second.rows.value_or(0) > 0; });
}

void DataRehearsal::begin_migration() {
  yields_ = 0;
  yielding_.clear();
  new_rows_.clear();
}

void DataRehearsal::unseen_from_here() {
  begin_migration();
  constraints_seen_ = watching_ = false;
}

void DataRehearsal::remember() {
  begin_migration();
  workbench_.flush_counters_of_scripts();
  workbench_.contents().remember();
  watching_ = true;
}

void DataRehearsal::note_unasked(const Migration& migration, Rehearsal& rehearsal) {
  std::vector<AssertionResult>& results = rehearsal.data.assertions;
  const auto note = [&](AssertionMoment at, const std::string& why) {
    if (std::any_of(results.begin(), results.end(),
                    [&](const AssertionResult& result) { return result.at == at; })) {
      return;
    }
    for (AssertionResult& result : unasked_assertions(scenario_, migration.id, at, why)) {
      results.push_back(std::move(result));
    }
  };
  const auto why_not = [](const Phase& phase, const std::string& name) {
    if (phase.outcome == PhaseOutcome::kFailed || phase.outcome == PhaseOutcome::kErrored) {
      return "the " + name + " script did not run through";
    }
    return phase.outcome == PhaseOutcome::kOk || phase.notes.empty()
               ? std::string("the rehearsal did not get that far")
               : phase.notes.front();
  };
  note(AssertionMoment::kBefore, "the rehearsal did not get that far");
  note(AssertionMoment::kAfterUp, why_not(rehearsal.up, "up"));
  note(AssertionMoment::kAfterDown, why_not(rehearsal.down, "down"));
  note(AssertionMoment::kAfterUpAgain, why_not(rehearsal.up_again, "second up"));
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

/// The zones in which the up may have cast times; the session is as it left it. Only where a type
/// can have changed.
std::vector<std::string> DataRehearsal::zones_of(const Migration& migration) {
  const std::string text = text_of(migration);
  if (to_lower(text).find("type") == std::string::npos) return {};
  std::vector<std::string> zones = time_zones_set_in(text);
  std::reverse(zones.begin(), zones.end());
  zones.push_back(workbench_.time_zone());
  zones.emplace_back("UTC");
  return zones;
}

void DataRehearsal::after_up(const Migration& migration, Rehearsal& rehearsal) {
  DataEvidence& data = rehearsal.data;
  workbench_.flush_counters_of_scripts();
  workbench_.contents().cast_in_zones(zones_of(migration));
  data.preserved = workbench_.contents().compare(ContentsMatch::kByIdentity,
                                                 transforms_of(migration.id), &after_up_);
  data.observed = true;
  data.constraints = constraints_.unproven(keeps_keys_unenforced(text_of(migration)));
  for (UnprovenConstraint& constraint : data.constraints) {
    if (!constraint.dropped) constraint.settled_by = settled_by(migration, constraint.constraint);
  }
  ask(migration, AssertionMoment::kAfterUp, rehearsal);
}

void DataRehearsal::after_down(const Migration& migration, Rehearsal& rehearsal) {
  workbench_.flush_counters_of_scripts();
  rehearsal.data.restored = workbench_.contents().compare(ContentsMatch::kByName);
  settle_losses(rehearsal.data.restored, rehearsal.data.new_rows);
  ask(migration, AssertionMoment::kAfterDown, rehearsal);
}

bool DataRehearsal::disturbed(const ContentsDiff& expected) {
  workbench_.flush_counters_of_scripts();
  return summary(workbench_.contents().compare(ContentsMatch::kByIdentity)) != summary(expected);
}

bool DataRehearsal::after_up_again(const Migration& migration, Rehearsal& rehearsal) {
  ask(migration, AssertionMoment::kAfterUpAgain, rehearsal);
  return rehearsal.data.restored.empty() || as_after_up(migration, rehearsal);
}

bool DataRehearsal::put_back() {
  workbench_.flush_counters_of_scripts();
  return workbench_.contents().put_back();
}

bool DataRehearsal::as_after_up(const Migration& migration, const Rehearsal& rehearsal) {
  workbench_.flush_counters_of_scripts();
  ContentsPrints now;
  const ContentsDiff again =
      workbench_.contents().compare(ContentsMatch::kByIdentity, transforms_of(migration.id), &now);
  if (summary(again) != summary(rehearsal.data.preserved)) return false;
  // What the first up made of columns and tables of its own is in the prints only.
  return std::all_of(after_up_.begin(), after_up_.end(), [&](const auto& print) {
    const auto found = now.find(print.first);
    return found == now.end() || found->second == print.second;
  });
}

void DataRehearsal::keep_seen() {
  for (const auto& [table, columns] : generator_->seen()) {
    seen_[table].insert(columns.begin(), columns.end());
  }
}

bool DataRehearsal::mentioned(const std::string& name) const {
  return std::any_of(set_.migrations.begin(), set_.migrations.end(),
                     [&](const Migration& migration) {
                       return text_of(migration).find(name) != std::string::npos;
                     });
}

void DataRehearsal::finish() {
  files_.require_all_loaded();
  if (!generator_) return;
  generator_->tables();  // a last look
  keep_seen();
  const std::vector<std::string> unused =
      unused_rules(scenario_, seen_, [this](const std::string& name) { return mentioned(name); });
  if (unused.empty()) return;
  throw InputError(join(unused, "\n"), "Correct the names, or remove the entries.");
}

}  // namespace drydock
