#include "harness/load/scenario_keys.h"

#include <vector>

#include "harness/load/scenario_values.h"
#include "harness/model/words.h"

namespace drydock {
namespace {

using enum KeyType;
using Draft = ScenarioDraft;
using Kind = JsonNode::Kind;

constexpr bool kRequired = true;
constexpr bool kOptional = false;

void add_data_file(Draft& d, const JsonNode& value) {
  DataFile& file = d.scenario.data_files.emplace_back();
  if (value.kind == Kind::kText) file.path = value.text;
}

void add_table(Draft& d, const JsonNode& value) {
  d.table = &d.scenario.tables[value.key];
  d.table->file = d.file;
  d.table->line = d.line;
}

void add_budget(Draft& d, const JsonNode&) {
  d.scenario.locks.budgets.push_back({LockMode::kAccessExclusive, "*", 0});
}

void add_backfill(Draft& d, const JsonNode&) {
  BackfillRule& rule = d.scenario.backfills.emplace_back();
  rule.file = d.file;
  rule.line = d.line;
}

BackfillRule& backfill(Draft& d) { return d.scenario.backfills.back(); }

template <class Number>
std::vector<Number> numbers_of(const JsonNode& list) {
  std::vector<Number> numbers;
  for (const JsonNode& item : list.children) numbers.push_back(static_cast<Number>(*item.integer));
  return numbers;
}

void add_assertion(Draft& d, const JsonNode&) {
  Assertion& assertion = d.scenario.assertions.emplace_back();
  assertion.migration = "*";
  assertion.file = d.file;
  assertion.line = d.line;
}

// An object of a list or a map has no value of its own: its first call makes room, its members fill
// it.
constexpr ScenarioKey kKeys[] = {
    {"/$schema", kText, kOptional,
     "The JSON Schema of this file, for editors. Not read by Drydock.", nullptr},
    {"/name", kWords, kOptional,
     "What the reports call this scenario. The file's name without its ending when not given.",
     [](Draft& d, const JsonNode& value) { d.scenario.name = value.text; }},
    {"/why", kText, kOptional, "One sentence on what this scenario is for, shown in the reports.",
     [](Draft& d, const JsonNode& value) { d.scenario.why = value.text; }},

    {"/migrations", kObject, kRequired, "Which migrations are rehearsed.", nullptr},
    {"/migrations/path", kPath, kRequired, "The directory that holds them, relative to this file.",
     [](Draft& d, const JsonNode& value) { d.scenario.migrations = value.text; }},
    {"/migrations/layout", kWords, kOptional,
     "How the files are laid out, as --layout takes it; \"auto\" (the default) looks for itself.",
     [](Draft& d, const JsonNode& value) { d.scenario.layout = value.text; }},
    {"/migrations/placeholders", kTextMap, kOptional,
     "Values of the tool's own placeholders or variables, by name.",
     [](Draft& d, const JsonNode& value) { d.scenario.placeholders = texts_by_key(value); }},

    {"/postgres", kObject, kOptional, "The disposable server.", nullptr},
    {"/postgres/versions", kTexts, kOptional,
     "Server versions to rehearse on, each in a run of its own: \"15\". The newest found when not "
     "given.",
     [](Draft& d, const JsonNode& value) { d.scenario.postgres_versions = texts_of(value); }},
    {"/postgres/settings", kScalarMap, kOptional, "Server settings by name, as in postgresql.conf.",
     [](Draft& d, const JsonNode& value) { d.scenario.settings = texts_by_key(value); }},
    {"/postgres/prepare", kPaths, kOptional,
     "SQL files that a superuser runs before the first migration, relative to this file.",
     [](Draft& d, const JsonNode& value) { d.scenario.prepare = texts_of(value); }},
    {"/postgres/extensions", kTexts, kOptional,
     "Extensions that a superuser creates before the first migration.",
     [](Draft& d, const JsonNode& value) { d.scenario.extensions = texts_of(value); }},

    {"/run_as", kWords, kOptional,
     "The role that runs the migrations, or \"superuser\". A plain role that owns the database "
     "when "
     "not given.",
     [](Draft& d, const JsonNode& value) { d.scenario.run_as = value.text; }},

    {"/data", kObject, kOptional, "Rows that are in place while migrations run.", nullptr},
    {"/data/rows", kCount, kOptional,
     "Rows to generate in each table. 1000 when not given, 0 for none.",
     [](Draft& d, const JsonNode& value) { d.scenario.rows = *value.integer; }},
    {"/data/seed", kCount, kOptional,
     "What generated rows come from: the same seed, schema and scenario give the same rows. 1 when "
     "not given.",
     [](Draft& d, const JsonNode& value) {
       d.scenario.seed = static_cast<std::uint64_t>(*value.integer);
     }},
    {"/data/profile", kProfile, kOptional,
     "typical (the default): rows as a healthy application has them. adversarial: whatever else "
     "the schema allows.",
     [](Draft& d, const JsonNode& value) { d.scenario.profile = profile_of(value.text); }},
    {"/data/load", kDataFiles, kOptional,
     "Rows of your own, each a .sql file or a .csv file with a header line, relative to this file.",
     add_data_file},
    {"/data/load/*/file", kDataPath, kRequired, "The file, relative to this one.",
     [](Draft& d, const JsonNode& value) { d.scenario.data_files.back().path = value.text; }},
    {"/data/load/*/table", kTableName, kOptional,
     "Where the rows of a .csv file go. The file's name without its ending when not given.",
     [](Draft& d, const JsonNode& value) { d.scenario.data_files.back().table = value.text; }},
    {"/data/load/*/after", kWords, kOptional,
     "Id of the migration after which the file is loaded. As soon as all that it names exists when "
     "not given.",
     [](Draft& d, const JsonNode& value) { d.scenario.data_files.back().after = value.text; }},
    {"/data/tables", kTableMap, kOptional,
     "Tables whose generated rows are to be others, by name: public.lots.", add_table},
    {"/data/tables/*/rows", kCount, kOptional, "Rows to generate in this table.",
     [](Draft& d, const JsonNode& value) { d.table->rows = *value.integer; }},
    {"/data/tables/*/production_rows", kCount, kOptional,
     "Rows that production has in this table: how long locks would be held there is forecast. None "
     "are generated for it.",
     [](Draft& d, const JsonNode& value) { d.table->production_rows = *value.integer; }},
    {"/data/tables/*/columns", kNamedObjects, kOptional,
     "Columns whose values are to be others, by name; each has exactly one of value, one_of, sql.",
     [](Draft& d, const JsonNode& value) { d.column = &d.table->columns[value.key]; }},
    {"/data/tables/*/columns/*/value", kScalar, kOptional, "The value of every row.",
     [](Draft& d, const JsonNode& value) { d.column->value = value.text; }},
    {"/data/tables/*/columns/*/one_of", kScalars, kOptional, "Values that rows take in turn.",
     [](Draft& d, const JsonNode& value) { d.column->one_of = texts_of(value); }},
    {"/data/tables/*/columns/*/sql", kWords, kOptional,
     "An SQL expression; n is the row's number, from 1.",
     [](Draft& d, const JsonNode& value) { d.column->sql = value.text; }},

    {"/preserve", kObject, kOptional, "What migrations may change of the rows that are there.",
     nullptr},
    {"/preserve/transforms", kObjects, kOptional,
     "Values that a migration changes on purpose, each held to what they are to become.",
     [](Draft& d, const JsonNode&) { d.scenario.transforms.emplace_back(); }},
    {"/preserve/transforms/*/migration", kWords, kRequired, "Id of the migration.",
     [](Draft& d, const JsonNode& value) { d.scenario.transforms.back().migration = value.text; }},
    {"/preserve/transforms/*/column", kColumnName, kRequired,
     "The column, by its name after the up: public.lots.lot_code.",
     [](Draft& d, const JsonNode& value) { d.scenario.transforms.back().column = value.text; }},
    {"/preserve/transforms/*/equals", kWords, kRequired,
     "An SQL expression over the row as it was before the up: upper(lot_number).",
     [](Draft& d, const JsonNode& value) { d.scenario.transforms.back().equals = value.text; }},
    {"/preserve/may_change", kMayChange, kOptional,
     "What any migration may change: public.lots.updated_at, public.audit_log, *.updated_at.",
     [](Draft& d, const JsonNode& value) { d.scenario.may_change = texts_of(value); }},

    {"/assertions", kObjects, kOptional, "Queries that must give certain rows.", add_assertion},
    {"/assertions/*/name", kWords, kRequired, "What it says, as the reports call it.",
     [](Draft& d, const JsonNode& value) { d.scenario.assertions.back().name = value.text; }},
    {"/assertions/*/migration", kWords, kOptional,
     "Id of the migration around which it is asked. \"*\", all of them, when not given.",
     [](Draft& d, const JsonNode& value) { d.scenario.assertions.back().migration = value.text; }},
    {"/assertions/*/at", kMoment, kOptional,
     "When it is asked: before, after_up (the default), after_down, after_up_again, or end, once "
     "after the last migration.",
     [](Draft& d, const JsonNode& value) {
       d.scenario.assertions.back().at = moment_of(value.text);
     }},
    {"/assertions/*/sql", kWords, kRequired, "One query, which must not write.",
     [](Draft& d, const JsonNode& value) { d.scenario.assertions.back().sql = value.text; }},
    {"/assertions/*/expect", kRows, kRequired,
     "Its rows, in order, each a list of texts, numbers, booleans and nulls: [[0]]. [] is no row.",
     [](Draft& d, const JsonNode& value) {
       d.scenario.assertions.back().expect = printed_rows(value);
     }},
    {"/assertions/*/severity", kSeverity, kOptional,
     "error (the default) fails the gate, warning is told.",
     [](Draft& d, const JsonNode& value) {
       d.scenario.assertions.back().blocking = value.text == word(Severity::kError);
     }},

    {"/locks", kObject, kOptional, "What migrations may do to an application that runs meanwhile.",
     nullptr},
    {"/locks/ledger", kBoolean, kOptional,
     "Whether the locks of every statement are watched. true when not given.",
     [](Draft& d, const JsonNode& value) { d.scenario.locks.ledger = is_true(value); }},
    {"/locks/budgets", kObjects, kOptional,
     "How long locks may be held on tables that were there before. The first that fits a lock is "
     "its budget; where none does: half a second and a millisecond for each 1000 rows, at most "
     "five seconds.",
     add_budget},
    {"/locks/budgets/*/mode", kLockMode, kOptional,
     "It is for locks that keep out all that this one does. ACCESS EXCLUSIVE when not given.",
     [](Draft& d, const JsonNode& value) {
       d.scenario.locks.budgets.back().mode = *lock_mode(value.text);
     }},
    {"/locks/budgets/*/tables", kTablePattern, kOptional,
     "Tables that it is for: public.orders, public.*, *.events. \"*\", all of them, when not "
     "given.",
     [](Draft& d, const JsonNode& value) { d.scenario.locks.budgets.back().tables = value.text; }},
    {"/locks/budgets/*/held_ms", kCount, kRequired, "Milliseconds.",
     [](Draft& d, const JsonNode& value) {
       d.scenario.locks.budgets.back().held_ms = number_of(value);
     }},
    {"/locks/duration_ms", kCount, kOptional,
     "Milliseconds that an up or a down may take. A minute for each million rows of the largest "
     "table touched, at least one and at most five, when not given.",
     [](Draft& d, const JsonNode& value) { d.scenario.locks.duration_ms = number_of(value); }},
    {"/locks/traffic", kBoolean, kOptional,
     "Whether each up that locks tables runs again while an application uses them. false when not "
     "given.",
     [](Draft& d, const JsonNode& value) { d.scenario.locks.traffic = is_true(value); }},
    {"/locks/traffic_tables", kTableNames, kOptional,
     "Tables that the application uses. Those that the up locks when not given.",
     [](Draft& d, const JsonNode& value) { d.scenario.locks.traffic_tables = texts_of(value); }},
    {"/locks/operations_per_second", kPositive, kOptional,
     "How often it does each of the things that it does to each table. 50 when not given.",
     [](Draft& d, const JsonNode& value) {
       d.scenario.locks.operations_per_second = number_of(value);
     }},
    {"/locks/stall_ms", kCount, kOptional,
     "Milliseconds that it may have to wait at most. 200 when not given.",
     [](Draft& d, const JsonNode& value) { d.scenario.locks.stall_ms = number_of(value); }},
    {"/locks/queue", kBoolean, kOptional,
     "Whether each up that locks tables runs again behind sessions that are in its way. false when "
     "not given.",
     [](Draft& d, const JsonNode& value) { d.scenario.locks.queue = is_true(value); }},
    {"/locks/queue_holders", kHolders, kOptional,
     "What is in its way, one after the other. report, idle_in_transaction, dump when not given.",
     [](Draft& d, const JsonNode& value) { d.scenario.locks.queue_holders = holders_of(value); }},
    {"/locks/queue_patience_ms", kPositive, kOptional,
     "Milliseconds after which an up that still waits is taken for one that never gives up. 3000 "
     "when not given.",
     [](Draft& d, const JsonNode& value) {
       d.scenario.locks.queue_patience_ms = number_of(value);
     }},
    {"/locks/interruptions", kBoolean, kOptional,
     "Whether an up that is not one transaction is stopped after each statement and run again. "
     "true when not given.",
     [](Draft& d, const JsonNode& value) { d.scenario.locks.interruptions = is_true(value); }},

    {"/isolation", kObject, kOptional,
     "How tenants are kept apart. Given, tables of tenants without row security are judged too.",
     [](Draft& d, const JsonNode&) { d.scenario.isolation.given = true; }},
    {"/isolation/judge", kBoolean, kOptional,
     "Whether isolation is judged at all. true when not given.",
     [](Draft& d, const JsonNode& value) { d.scenario.isolation.judged = is_true(value); }},
    {"/isolation/tenant_column", kTenantColumns, kOptional,
     "The column that tells whose a row is, in every table that has one of that name, or in one "
     "table. The usual names (tenant_id, organization_id, account_id …) when not given.",
     [](Draft& d, const JsonNode& value) {
       d.scenario.isolation.tenant_columns = text_or_texts(value);
     }},
    {"/isolation/context", kObject, kOptional,
     "How the application tells the database for which tenant it asks: exactly one of setting, "
     "settings, sql and role. {tenant} stands for the tenant's value. Found in the policies when "
     "not given.",
     nullptr},
    {"/isolation/context/setting", kWords, kOptional,
     "A setting that holds the tenant's value: app.current_tenant_id.",
     [](Draft& d, const JsonNode& value) {
       d.scenario.isolation.settings = {{value.text, "{tenant}"}};
     }},
    {"/isolation/context/settings", kTextMap, kOptional,
     "Settings and their values: request.jwt.claims as {\"tenant_id\": \"{tenant}\"}.",
     [](Draft& d, const JsonNode& value) { d.scenario.isolation.settings = texts_by_key(value); }},
    {"/isolation/context/sql", kWords, kOptional,
     "Statements that the application sends first: SELECT login('{tenant}').",
     [](Draft& d, const JsonNode& value) { d.scenario.isolation.context_sql = value.text; }},
    {"/isolation/context/role", kWords, kOptional,
     "A role for each tenant, as which the application connects: tenant_{tenant}.",
     [](Draft& d, const JsonNode& value) { d.scenario.isolation.context_role = value.text; }},
    {"/isolation/as_role", kWords, kOptional,
     "The role that the application connects as, neither superuser nor BYPASSRLS. The one that the "
     "schema grants to when not given.",
     [](Draft& d, const JsonNode& value) { d.scenario.isolation.as_role = value.text; }},
    {"/isolation/tenants", kTenants, kOptional,
     "Two tenants or more to try against each other. Those with most rows when not given.",
     [](Draft& d, const JsonNode& value) { d.scenario.isolation.tenants = texts_of(value); }},
    {"/isolation/exempt", kObjects, kOptional, "Tables that tenants share on purpose.",
     [](Draft& d, const JsonNode&) { d.scenario.isolation.exempt.emplace_back(); }},
    {"/isolation/exempt/*/table", kTableName, kRequired, "The table: public.units.",
     [](Draft& d, const JsonNode& value) {
       d.scenario.isolation.exempt.back().table = value.text;
     }},
    {"/isolation/exempt/*/reason", kWords, kRequired, "Why; shown in the reports.",
     [](Draft& d, const JsonNode& value) {
       d.scenario.isolation.exempt.back().reason = value.text;
     }},

    {"/cycle", kObject, kOptional, "What up, down, up again is expected to do.", nullptr},
    {"/cycle/irreversible", kObjects, kOptional, "Migrations that have no way back, on purpose.",
     [](Draft& d, const JsonNode&) { d.scenario.irreversible.emplace_back(); }},
    {"/cycle/irreversible/*/migration", kWords, kRequired, "Id of the migration.",
     [](Draft& d, const JsonNode& value) {
       d.scenario.irreversible.back().migration = value.text;
     }},
    {"/cycle/irreversible/*/reason", kWords, kRequired, "Why it has none; shown in the reports.",
     [](Draft& d, const JsonNode& value) { d.scenario.irreversible.back().reason = value.text; }},

    {"/backfills", kObjects, kOptional,
     "Changes of every row of a table, for drydock bench (docs/backfills.md).", add_backfill},
    {"/backfills/*/name", kWords, kRequired, "What the reports and --backfill call it.",
     [](Draft& d, const JsonNode& value) { backfill(d).name = value.text; }},
    {"/backfills/*/table", kTableName, kOptional, "The table: public.lots.",
     [](Draft& d, const JsonNode& value) { backfill(d).table = value.text; }},
    {"/backfills/*/set", kWords, kOptional, "What UPDATE sets: lot_code = upper(lot_number).",
     [](Draft& d, const JsonNode& value) { backfill(d).set = value.text; }},
    {"/backfills/*/where", kWords, kOptional,
     "A condition that is true of a row as long as it is to be done: lot_code IS NULL.",
     [](Draft& d, const JsonNode& value) { backfill(d).where = value.text; }},
    {"/backfills/*/undo", kWords, kOptional,
     "What UPDATE sets to make a generated row one that is to be done. When not given, each column "
     "of set that may be NULL becomes so.",
     [](Draft& d, const JsonNode& value) { backfill(d).undo = value.text; }},
    {"/backfills/*/migration", kWords, kOptional,
     "Id of the migration whose UPDATE or loop is measured, instead of table, set and where.",
     [](Draft& d, const JsonNode& value) { backfill(d).migration = value.text; }},
    {"/backfills/*/after", kWords, kOptional,
     "Id of the migration in whose schema it runs. The last when not given; with migration, the "
     "one before that.",
     [](Draft& d, const JsonNode& value) { backfill(d).after = value.text; }},
    {"/backfills/*/rows", kPositive, kOptional, "Rows to be done. 200000 when not given.",
     [](Draft& d, const JsonNode& value) { backfill(d).rows = *value.integer; }},
    {"/backfills/*/batch_sizes", kPositives, kOptional,
     "Rows a batch. 100, 1000 and 10000 when not given.",
     [](Draft& d,
        const JsonNode& value) { backfill(d).batch_sizes = numbers_of<std::int64_t>(value); }},
    {"/backfills/*/pauses_ms", kCounts, kOptional,
     "Milliseconds that a worker rests between two batches. 0 when not given.",
     [](Draft& d, const JsonNode& value) { backfill(d).pauses_ms = numbers_of<double>(value); }},
    {"/backfills/*/workers", kPositives, kOptional,
     "How many sessions share the work. 1 and 2 when not given.",
     [](Draft& d, const JsonNode& value) { backfill(d).workers = numbers_of<int>(value); }},
    {"/backfills/*/strategies", kStrategies, kOptional,
     "Ways of finding the next batch. All that fit the table when not given.",
     [](Draft& d, const JsonNode& value) { backfill(d).strategies = strategies_of(value); }},
    {"/backfills/*/repetitions", kPositive, kOptional,
     "How often each variant is measured. 3, or fewer where they take long, when not given.",
     [](Draft& d, const JsonNode& value) {
       backfill(d).repetitions = static_cast<int>(*value.integer);
     }},
    {"/backfills/*/operations_per_second", kCount, kOptional,
     "Of each kind of operation of the traffic beside it; 0: no traffic. 50 when not given.",
     [](Draft& d, const JsonNode& value) { backfill(d).operations_per_second = number_of(value); }},
    {"/backfills/*/fillfactor", kFillfactor, kOptional,
     "Of the table, instead of what the migrations say.",
     [](Draft& d,
        const JsonNode& value) { backfill(d).fillfactor = static_cast<int>(*value.integer); }},
    {"/backfills/*/budgets", kObject, kOptional, "What it may cost; checked by backfill-budget.",
     nullptr},
    {"/backfills/*/budgets/stall_p99_ms", kCount, kOptional,
     "Milliseconds that 99 of 100 operations of the traffic may take at most.",
     [](Draft& d, const JsonNode& value) { backfill(d).budgets.stall_p99_ms = number_of(value); }},
    {"/backfills/*/budgets/rows_per_second", kPositive, kOptional, "At least so many.",
     [](Draft& d, const JsonNode& value) {
       backfill(d).budgets.rows_per_second = number_of(value);
     }},
    {"/backfills/*/budgets/wal_bytes_per_row", kPositive, kOptional, "At most so many.",
     [](Draft& d, const JsonNode& value) {
       backfill(d).budgets.wal_bytes_per_row = number_of(value);
     }},
    {"/backfills/*/budgets/growth_percent", kCount, kOptional,
     "By how much table and indexes may grow: 100 is twice as large.",
     [](Draft& d, const JsonNode& value) {
       backfill(d).budgets.growth = 1 + number_of(value) / 100;
     }},
    {"/backfills/*/budgets/slower_percent", kPositive, kOptional,
     "What is slower, or stalls more, than the baseline by more than this is a regression. 15 when "
     "not given.",
     [](Draft& d, const JsonNode& value) { backfill(d).budgets.slower = number_of(value) / 100; }},

    {"/waivers", kObjects, kOptional, "Findings that are accepted, each with a reason.",
     [](Draft& d, const JsonNode&) { d.scenario.waivers.emplace_back(); }},
    {"/waivers/*/check", kWords, kRequired, "Id of the check.",
     [](Draft& d, const JsonNode& value) { d.scenario.waivers.back().check = value.text; }},
    {"/waivers/*/migration", kWords, kRequired, "Id of the migration, or \"*\" for all.",
     [](Draft& d, const JsonNode& value) { d.scenario.waivers.back().migration = value.text; }},
    {"/waivers/*/reason", kWords, kRequired, "Why it is accepted; shown in the reports.",
     [](Draft& d, const JsonNode& value) { d.scenario.waivers.back().reason = value.text; }},
    {"/waivers/*/until", kDate, kOptional, "Last day of the waiver. Without an end when not given.",
     [](Draft& d, const JsonNode& value) { d.scenario.waivers.back().until = value.text; }},
};

}  // namespace

std::span<const ScenarioKey> scenario_keys() { return kKeys; }

std::vector<const ScenarioKey*> keys_below(std::string_view parent) {
  std::vector<const ScenarioKey*> keys;
  for (const ScenarioKey& key : scenario_keys())
    if (key.path.substr(0, key.path.rfind('/')) == parent) keys.push_back(&key);
  return keys;
}

std::string last_step(std::string_view path) {
  return std::string(path.substr(path.rfind('/') + 1));
}

}  // namespace drydock
