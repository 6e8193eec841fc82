// What the user expects, from a scenario file (docs/scenario-format.md) and the command line.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "harness/model/backfill.h"
#include "harness/model/data_evidence.h"
#include "harness/model/lock_evidence.h"

namespace drydock {

/// Rows in each table when nobody says how many: enough for duplicates, NULLs and full-length texts
/// to turn up in every column, few enough that a history of 150 migrations takes seconds.
inline constexpr std::int64_t kDefaultRows = 1000;

struct IrreversibleMigration {
  std::string migration;  ///< Migration::id
  std::string reason;
};

/// A finding accepted with a reason until a date (ISO, inclusive; empty: no end).
struct Waiver {
  std::string check;
  std::string migration;  ///< id, or "*"
  std::string reason;
  std::string until;
};

/// What generated rows are like. typical: what a healthy application has. adversarial: whatever
/// else the schema allows (NULL, duplicates, empty and longest texts, extreme numbers and dates).
enum class RowProfile { kTypical, kAdversarial };

/// How a column's values are made, instead of what its name and type suggest. Exactly one is set.
struct ColumnRule {
  std::optional<std::string> value;  ///< this text for every row, cast to the column's type
  std::vector<std::string> one_of;   ///< these texts in turn, cast to the column's type
  std::string sql;                   ///< an SQL expression; `n` is the row's number, from 1
};

/// What the scenario says about the rows of one table.
struct TableRule {
  std::optional<std::int64_t> rows;
  std::optional<std::int64_t> production_rows;  ///< for forecasts; never generated
  std::map<std::string, ColumnRule> columns;    ///< by column name
  std::string file;                             ///< the scenario's
  int line = 0;
};

/// Rows that the user brings along.
struct DataFile {
  std::string path;   ///< resolved against the scenario file; .sql, or .csv with a header line
  std::string table;  ///< csv: where to; empty: the file's name without its ending
  std::string after;  ///< migration id; empty: as soon as everything it names exists
};

/// A value that a migration changes on purpose, and into what.
struct Transform {
  std::string migration;  ///< id
  std::string column;     ///< "public.lots.lot_code", by its name after the up
  std::string equals;     ///< SQL expression over the row as it was before the up
};

/// A query that must give these rows at a moment.
struct Assertion {
  std::string name;
  std::string migration;  ///< id, or "*" for all
  AssertionMoment at = AssertionMoment::kAfterUp;
  std::string sql;
  ResultRows expect;
  bool blocking = true;
  std::string file;  ///< the scenario's
  int line = 0;
};

/// How long a lock may be held on tables that were there before.
struct LockBudget {
  LockMode mode = LockMode::kAccessExclusive;
  std::string tables;  ///< qualified name; * stands for any letters
  double held_ms = 0;
};

/// The scenario's locks section. What is not given has defaults (docs/checks/lock-budget.md).
struct LockRules {
  bool ledger = true;
  std::vector<LockBudget> budgets;          ///< the first that fits a lock is its budget
  double stall_ms = 200;                    ///< the longest that traffic may be kept waiting
  std::optional<double> duration_ms;        ///< of an up or down; empty: by rows
  bool traffic = false;                     ///< run each up that locks tables again under traffic
  double operations_per_second = 50;        ///< of each probe
  std::vector<std::string> traffic_tables;  ///< qualified names; empty: those that the up locks
  bool queue = false;                       ///< run each up that locks tables again behind these
  std::vector<QueueHolder> queue_holders = {QueueHolder::kReport, QueueHolder::kIdleInTransaction,
                                            QueueHolder::kDump};
  double queue_patience_ms = 3000;  ///< a migration that has not given up by then never would
  bool interruptions = true;        ///< stop those that are not one transaction, and run them again
};

/// A table that tenants share on purpose.
struct IsolationExemption {
  std::string table;  ///< qualified name
  std::string reason;
};

/// The scenario's isolation section. In each text of a context, {tenant} stands for the value that
/// tells a tenant in its rows. At most one of settings, context_sql and context_role is given;
/// none: the context is found in the policies.
struct IsolationRules {
  bool judged = true;  ///< false: --no-isolation
  bool given =
      false;  ///< the scenario has the section: schemas without row security are judged too
  std::vector<std::string> tenant_columns;      ///< empty: the usual names
  std::map<std::string, std::string> settings;  ///< name → value: {"app.tenant": "{tenant}"}
  std::string context_sql;   ///< "SELECT login('{tenant}')"; may be several statements
  std::string context_role;  ///< a role for each tenant: "tenant_{tenant}"
  std::string as_role;       ///< the application's; empty: the one that the schema grants to
  std::vector<std::string> tenants;  ///< two values or more to try; empty: those with most rows
  std::vector<IsolationExemption> exempt;
};

struct Scenario {
  std::string name;        ///< shown in reports; the file's stem when not given
  std::string why;         ///< one sentence, shown in reports
  std::string file;        ///< where it was read from; empty for a bare directory
  std::string migrations;  ///< directory, resolved against the scenario file
  std::string layout = "auto";
  std::map<std::string, std::string> placeholders;  ///< Flyway ${name} and sqitch/psql variables
  std::vector<std::string> postgres_versions;       ///< empty: the newest found
  std::map<std::string, std::string> settings;      ///< server settings for the disposable server
  std::vector<std::string> prepare;     ///< SQL files run as superuser before the first migration
  std::vector<std::string> extensions;  ///< CREATE EXTENSION as superuser beforehand
  std::string run_as;                   ///< role; "superuser"; empty: a plain owner role made by us
  std::int64_t rows = kDefaultRows;     ///< generated rows per table
  std::uint64_t seed = 1;               ///< of the generator
  RowProfile profile = RowProfile::kTypical;
  std::map<std::string, TableRule> tables;  ///< by qualified name
  std::vector<DataFile> data_files;
  std::vector<Transform> transforms;
  std::vector<std::string> may_change;  ///< "public.lots.updated_at", "*.updated_at", "public.log"
  std::vector<Assertion> assertions;
  LockRules locks;
  IsolationRules isolation;
  std::vector<BackfillRule> backfills;  ///< for drydock bench
  std::vector<IrreversibleMigration> irreversible;
  std::vector<Waiver> waivers;
};

}  // namespace drydock
