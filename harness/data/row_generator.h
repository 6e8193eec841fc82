// Rows for any schema, without being told anything.
//
// The generator reads what a table asks of its rows from the catalogs (types, NOT NULL, keys,
// CHECK constraints, foreign keys, partition bounds …) and fills it with one INSERT … SELECT over
// generate_series, so that a million rows cost seconds and nothing is pulled to the client. What
// cannot be worked out is tried on the server, and what the server refuses is said, never passed
// over. The same schema, rows in place, scenario and seed give the same rows.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "harness/data/joint_insert.h"
#include "harness/data/own_rows.h"
#include "harness/data/unused_rules.h"
#include "harness/model/data_evidence.h"
#include "harness/model/scenario.h"
#include "harness/model/touched.h"
#include "harness/postgres/session.h"

namespace drydock {

/// Rows to be written in a transaction of the caller's, in a session like the generator's own.
struct TrialRows {
  std::string table;      ///< "public.lots"
  std::string sql;        ///< one INSERT; may fail (a rule of the table was not seen through)
  std::int64_t rows = 0;  ///< that it writes
  std::string words;      ///< "3 rows with lot_code NULL"
  std::shared_ptr<const JointInsert> joint = {};  ///< of adversarial ones, where it can be had
  std::int64_t first = 0;                         ///< number of the first of its rows in `joint`
};

/// The rows of several adversarial ones of one table in one INSERT, less those that the table's
/// conditions and keys refuse. May fail as a whole; empty: cannot be had.
/// REQUIRES: all are of one call of adversarial_rows().
std::string insert_jointly(const std::vector<TrialRows>& rows);

/// What became of a table whose generated rows had to go.
struct EmptiedTable {
  std::string table;
  std::int64_t kept = 0;    ///< rows in it now: those that migrations and the user put there
  bool told_apart = false;  ///< else all rows are gone, whoever wrote them
};

class RowGenerator {
 public:
  /// `session` is the administrator's (row security and privileges do not bind it), is used by
  /// nobody else (not by another generator before), and must outlive the generator.

  /// `touched`, if given, tells which tables need not be looked at in the catalogs again.
  RowGenerator(Session& session, const Scenario& scenario, TouchedSource touched = {});
  ~RowGenerator();

  /// Fills what the last migrations made: each table with fewer rows than wanted for which nothing
  /// was tried yet, and columns that tables with rows got since. Rows that are there stay as they
  /// are. One entry for each table that was filled or could not be; what was told once is not told
  /// again. A table emptied with empty() is filled again. Cheap when nothing changed.
  std::vector<FilledTable> grow();

  /// Tables that it filled and that have no row any more are filled again by the next grow(): the
  /// application would go on writing.
  void look_for_emptied();

  /// The statements by which grow(), empty() and repair() changed rows since the last call, in
  /// order: run on another database in the same state they give the same rows.
  std::vector<std::string> take_journal();

  /// Qualified names of the tables that rows can be written to.
  std::vector<std::string> tables();

  /// What is in `some` tables, and in those around them, of `untouched`, a database that went
  /// through the same migrations without generated rows.
  OwnRows own_rows(Session& untouched, const std::vector<std::string>& some);

  /// Removes the generated rows of `table`, and of the tables that refer to it: what is left are
  /// the `own` rows. Tables of which these are not known lose all.
  std::vector<EmptiedTable> empty(const std::string& table, const OwnRows& own);

  /// Makes the rows of `table` keep a rule that the schema does not have (yet): no NULL in
  /// `columns`
  /// (`unique` false), or no two rows alike in `columns` (`unique` true). False: it could not.
  bool repair(const std::string& table, const std::vector<std::string>& columns, bool unique);

  /// Rows as unpleasant as the present schema allows for `tables` (those that are none are left
  /// out), in the columns for which `matters` says so: NULL wherever allowed, duplicates wherever
  /// allowed, empty and longest texts, unicode, extreme numbers and dates, infinity. Several
  /// statements a table, each about one thing. Of tables as they were at the last grow().
  std::vector<TrialRows> adversarial_rows(const std::vector<std::string>& tables,
                                          const std::function<bool(const std::string&)>& matters);

  /// Rows that users would write under the present schema and could not, or would not, have written
  /// under the one of the last grow(): in new tables, with values in new columns, NULL where it was
  /// not allowed, new enum labels, longer texts, bigger numbers, against dropped constraints. And a
  /// few ordinary ones in every table that changed, and in those of `also` that are to have rows.
  std::vector<TrialRows> new_rows(const std::vector<std::string>& also = {});

  /// One ordinary row for each of `tables` (those that are none, or for which no row can be thought
  /// of, are left out).
  std::vector<TrialRows> ordinary_rows(const std::vector<std::string>& tables);

  /// Tables and columns that were there whenever it looked; grow() and tables() look.
  const SeenTables& seen() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace drydock
