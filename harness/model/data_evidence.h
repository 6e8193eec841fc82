// What was seen of data while one migration was rehearsed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/model/contents.h"
#include "harness/model/failure.h"
#include "harness/model/schema.h"

namespace drydock {

/// A table that the generator worked on before the migration ran.
struct FilledTable {
  std::string table;        ///< "public.lots"
  std::int64_t rows = 0;    ///< in it now
  std::int64_t wanted = 0;  ///< as asked
  /// How, when it is worth knowing: "after 2 tries: …", "with triggers off, because …".
  std::string note;
  std::string problem;  ///< why it could not be filled (or not as asked); empty when it was
  std::string remedy;   ///< scenario lines that would fix it
};

/// An up that failed on generated rows and was tried again without what it tripped over.
struct TrippedUp {
  Failure failure;  ///< of the first try
  /// What was done so that it applied: "public.lots was emptied".
  std::string yielded;
  /// Tables without generated rows since then: of their contents next to nothing can be judged.
  std::vector<std::string> emptied = {};
};

/// The up script tried, before it was run, over rows as unpleasant as the schema allows, in a
/// transaction that was rolled back.
struct AdversarialTrial {
  bool ran = false;
  std::string skipped;              ///< why it did not run, or could not tell; empty when it ran
  std::vector<std::string> tables;  ///< that got such rows
  std::optional<Failure> failure;   ///< what the up tripped over; none: it applied
  /// What kind of row does it, in words that fit "fails as soon as …": "two rows share a lot_code".
  std::string condition;
};

/// What a down takes away of the rows that were written after the up.
struct NewRowsLoss {
  std::string table;         ///< as it is called after the up
  std::int64_t written = 0;  ///< rows the trial wrote
  std::int64_t lost = 0;     ///< of those, how many the down removed
  bool table_dropped = false;
  bool made_by_up = false;  ///< the table is the migration's own: its loss is what down means
  struct Column {
    std::string column;
    std::int64_t values = 0;   ///< that were not NULL and are gone
    bool made_by_up = false;   ///< the column is the migration's own
    bool overwritten = false;  ///< the column is still there, with other values
  };
  std::vector<Column> columns;  ///< dropped by the down, or written over
};

/// The down tried over rows that only the schema after the up allows; undone afterwards.
struct NewRowsTrial {
  bool ran = false;
  std::string skipped;             ///< why it did not run, or could not tell; empty when it ran
  bool in_copy = false;            ///< in a copy of the database, not in a transaction
  std::vector<std::string> wrote;  ///< "12 rows in public.lots with lot_code NULL"
  std::optional<Failure> failure;  ///< the down failed on them
  ContentsDiff harmed;             ///< rows that existed before the up and are not what they were
  std::vector<NewRowsLoss> losses;
};

/// A constraint that the up left without proof.
struct UnprovenConstraint {
  std::string table;        ///< "public.orders"
  std::string constraint;   ///< its name
  std::string definition;   ///< as pg_get_constraintdef prints it
  bool dropped = false;     ///< a foreign key that the up dropped; else one that is NOT VALID
  bool was_there = false;   ///< NOT VALID already before the up
  bool unchecked = false;   ///< a validated foreign key that was not enforced while the up ran
  std::string settled_by;   ///< a later migration that validates (or drops) it; empty: none does
  std::int64_t broken = 0;  ///< rows that break it now. Exact.
  std::int64_t broken_before = 0;     ///< rows that broke it before the up
  std::vector<std::string> examples;  ///< "customer_id = 17", a handful
  std::string problem;                ///< why the rows could not be counted; else empty
};

enum class AssertionMoment { kBefore, kAfterUp, kAfterDown, kAfterUpAgain, kEnd };

/// A table of texts; NULL is an empty optional.
using ResultRows = std::vector<std::vector<std::optional<std::string>>>;

/// A down that failed, tried where no rows were generated.
struct DownWithoutRows {
  bool applies = false;
  std::optional<Failure> failure;  ///< there; none: it applied
  bool schema_judged = false;      ///< `restored` means something
  SchemaDiff restored;             ///< the schema before the up against that after the down
};

struct AssertionResult {
  std::string name;
  AssertionMoment at = AssertionMoment::kAfterUp;
  bool blocking = true;  ///< else its failing is a warning
  bool passed = false;
  std::string skipped;               ///< why it was never asked; empty when it was
  std::vector<std::string> columns;  ///< as the query calls them
  ResultRows expected, found;        ///< found: the first rows, a screenful
  std::int64_t found_rows = 0;
  std::string sql;
  std::string file;  ///< of the scenario
  int line = 0;
};

/// Everything seen of data around one migration.
struct DataEvidence {
  std::int64_t rows = 0;            ///< wanted in each table; 0: no rows were generated
  std::vector<FilledTable> filled;  ///< before the up: new tables, and those that could not be
  std::optional<TrippedUp> tripped;
  AdversarialTrial adversarial;
  bool observed = false;   ///< contents were observed at all
  ContentsDiff preserved;  ///< before the up against after it
  ContentsDiff restored;   ///< before the up against after the down; meaningful when down is ok
  NewRowsTrial new_rows;
  std::optional<DownWithoutRows> down_without_rows;
  std::vector<UnprovenConstraint> constraints;
  std::vector<AssertionResult> assertions;
};

}  // namespace drydock
