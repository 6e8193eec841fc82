// Everything around a migration that is about rows: putting them in place before it, watching what
// becomes of them, and trying what users would do. The walk says when; this file says what.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "harness/data/row_generator.h"
#include "harness/model/evidence.h"
#include "harness/model/scenario.h"
#include "harness/observe/unproven_constraints.h"
#include "harness/rehearse/data_files.h"
#include "harness/rehearse/workbench.h"

namespace drydock {

/// Whether rows can be what a script failed on.
bool can_be_the_rows(const std::string& sqlstate);

class DataRehearsal {
 public:
  DataRehearsal(const Scenario& scenario, const MigrationSet& set, Workbench& workbench,
                std::chrono::milliseconds limit);

  /// Puts rows in place, before each migration, judged or not; what it did becomes steps of
  /// `history`. `last` is the migration applied last.
  void grow(const std::string& last, std::vector<Step>& history, Rehearsal& rehearsal);

  /// The same behind the migration applied last, for whoever needs rows before the next one; told
  /// with the next one's.
  void grow_ahead(const std::string& last, std::vector<Step>& history);

  /// Right before the up, when rows are in place.
  void before_up(const Migration& migration, const SchemaSnapshot& schema, Rehearsal& rehearsal);

  /// Whether generated rows can be the reason of a failure at all.
  bool may_yield(const Phase& up) const;
  /// The next migration is applied without looking at what it does, unless remember() comes first.
  void unseen_from_here();
  /// For a migration that is only applied, in place of before_up().
  void remember();
  /// An up that failed: when generated rows are the reason, they yield, and true says that the up
  /// can be tried again. What yielding did becomes steps of `history` only with keep_yielding().
  /// Call until it is false. `before`: the schema before the up; null when nobody looked.
  bool yield(const Migration& migration, const SchemaSnapshot* before,
             const std::vector<Step>& history, Rehearsal& rehearsal);
  /// The up applied after rows yielded.
  void keep_yielding(std::vector<Step>& history);
  /// Whether rows yielded, in vain: the database is not what `history` says.
  bool yielded_in_vain() const { return !yielding_.empty(); }

  /// The scenario's questions at one moment.
  void ask(const Migration& migration, AssertionMoment at, Rehearsal& rehearsal);
  /// At the end of the rehearsal: those that nobody came to ask, with the reason. Not those for the
  /// end of all migrations.
  void note_unasked(const Migration& migration, Rehearsal& rehearsal);

  void after_up(const Migration& migration, Rehearsal& rehearsal);
  /// Before the down, in the state after the up.
  void before_down(const Migration& migration, const SchemaSnapshot& before, Rehearsal& rehearsal);
  void after_down(const Migration& migration, Rehearsal& rehearsal);
  /// A down that failed: whether it does without rows, and to which schema it leads there.
  /// `history` ends with the up.
  void down_failed(const Migration& migration, const SchemaSnapshot& before,
                   const SchemaSnapshot& after, const std::vector<Step>& history,
                   Rehearsal& rehearsal);
  /// After a phase that failed: whether it left rows and values other than `expected` says, against
  /// those before the up.
  bool disturbed(const ContentsDiff& expected);
  /// At the end of the cycle, in the state after the up. False: the rows are not those that the
  /// first up left, and the next migration would not be judged fairly.
  bool after_up_again(const Migration& migration, Rehearsal& rehearsal);
  /// In the state after a down: the rows of before the up again, where that can be had.
  bool put_back();
  /// What has to wait until nothing of this migration is compared any more.
  bool waits_for_copy() const { return !new_rows_.empty(); }
  void after_cycle(const Migration& migration, const SchemaSnapshot& before, Rehearsal& rehearsal);

  /// The database is another one now (see Workbench::rebuild).
  void database_replaced();

  /// After the last migration: throws InputError for what the scenario says of data and nothing
  /// came of.
  void finish();

 private:
  bool wants_rows() const;
  /// Knows the rows that are in place.
  RowGenerator& generator();
  std::vector<Transform> transforms_of(const std::string& migration) const;
  std::string settled_by(const Migration& migration, const std::string& constraint) const;
  std::vector<TrialRows> rows_of_users(const Migration& migration, const ContentsDiff& changed);
  bool left_something(const Phase& up, const SchemaSnapshot* before);
  bool yield_once(const Failure& failure, const Migration& migration, TrippedUp& tripped,
                  std::string& yielded);
  void know_own_rows(const Failure& failure, const Migration& migration,
                     const std::vector<Step>& history);
  std::string empty_tables(const std::vector<std::string>& names, TrippedUp& tripped);
  /// In the state after an up: whether the rows are those that the first up left.
  bool as_after_up(const Migration& migration, const Rehearsal& rehearsal);
  void begin_migration();
  std::vector<std::string> zones_of(const Migration& migration);
  void keep_seen();
  /// Whether an up script has the name.
  bool mentioned(const std::string& name) const;
  void take_journal(std::vector<Step>& steps);
  void grow_by(RowGenerator& rows);
  void tell(std::vector<FilledTable> filled);

  const Scenario& scenario_;
  const MigrationSet& set_;
  Workbench& workbench_;
  std::chrono::milliseconds limit_;
  DataFiles files_;
  std::optional<RowGenerator> generator_;
  ConstraintObserver constraints_;
  bool constraints_seen_ = false;     ///< it knows those in place
  bool watching_ = false;             ///< contents are remembered
  SeenTables seen_;                   ///< in databases that were replaced too
  bool grown_ = false;                ///< rows were put in place before
  ContentsPrints after_up_;           ///< contents of tables that the first up touched
  std::set<std::string> told_;        ///< tables and words, so that nothing is told twice
  std::vector<FilledTable> to_tell_;  ///< with the next migration's evidence
  std::vector<Step> yielding_;        ///< what yielding did so far
  int yields_ = 0;                    ///< tries made for the present migration
  OwnRows own_rows_;                  ///< that stay when its generated rows yield
  std::vector<TrialRows> new_rows_;   ///< for a trial that has to wait for a copy
};

}  // namespace drydock
