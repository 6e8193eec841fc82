#include "harness/checks/safe_way.h"

#include <algorithm>
#include <cctype>
#include <string_view>

namespace drydock {
namespace {

/// What the statement must have been seen to do for an entry to be the one.
enum class Seen { kAnything, kRewrite, kPass };

struct Way {
  std::string_view words;    ///< phrases that follow each other in the statement, " * " between
  std::string_view without;  ///< a phrase that makes it another case; empty: none
  Seen seen;
  const char* what;
  const char* remedy;
};

using enum Seen;

constexpr const char* kChangeType =
    "Add a column of the new type, keep it in step with a trigger, fill it in batches, then swap "
    "the names in one short transaction. (No row is written anew when varchar or numeric only "
    "gets wider, or varchar becomes text.)";
constexpr const char* kNewColumn =
    "Add the column without it, give it the default in a second statement (new rows have it from "
    "then on), and fill the old rows in batches that each commit.";
constexpr const char* kSerial =
    "Add a plain nullable column, make the sequence and set nextval as its default, fill the old "
    "rows in batches, make it NOT NULL by way of a validated CHECK, then ADD GENERATED … AS "
    "IDENTITY or leave the default.";
constexpr const char* kGenerated =
    "Add a plain column, keep it in step with a trigger and fill the old rows in batches; or "
    "compute the value in a view or an index on the expression.";
constexpr const char* kKey =
    "CREATE UNIQUE INDEX CONCURRENTLY in a migration of its own, outside a transaction, and see "
    "that it is valid; then ADD CONSTRAINT … USING INDEX. Columns of a primary key become NOT NULL "
    "before, by way of a validated CHECK.";
constexpr const char* kForeignKey =
    "ADD CONSTRAINT … FOREIGN KEY … NOT VALID, which reads nothing; then VALIDATE CONSTRAINT in a "
    "later transaction, during which both tables can be read and written.";
constexpr const char* kCheck =
    "ADD CONSTRAINT … CHECK … NOT VALID, which reads nothing; then VALIDATE CONSTRAINT in a later "
    "transaction, during which the table can be read and written.";
constexpr const char* kStorage =
    "There is no form that lets anybody in. Make a table that is stored as it shall be, keep it in "
    "step with a trigger, fill it in batches and swap the names; or plan a maintenance window.";
constexpr const char* kIndex =
    "CREATE INDEX CONCURRENTLY in a migration of its own, outside a transaction; then see that the "
    "index is valid, and drop and repeat it if not. On a partitioned table: on each partition, "
    "then CREATE INDEX ON ONLY the table and attach them.";
constexpr const char* kMoment =
    "It needs its lock for a moment only: let it be the last statement of a short transaction of "
    "its own, with a lock_timeout, and try again when that runs out.";
constexpr const char* kBatches =
    "Do it in batches by key that each commit, with a pause between them, and in no transaction "
    "that also changes the schema.";

/// The first that fits counts: what takes longest stands first.
constexpr Way kWays[] = {
    {"ALTER TABLE * ATTACH PARTITION", "", kPass, "ATTACH PARTITION",
     "Give the table a CHECK that says what the partition's bounds say (NOT VALID, then VALIDATE "
     "in "
     "a transaction of its own) before it is attached: ATTACH then reads nothing. Drop the CHECK "
     "afterwards."},
    {"ALTER TABLE * DETACH PARTITION", "CONCURRENTLY", kAnything, "DETACH PARTITION",
     "DETACH PARTITION … CONCURRENTLY (PostgreSQL 14 and later), outside a transaction, in a "
     "migration of its own."},
    {"ALTER TABLE * ALTER * TYPE TIMESTAMPTZ", "USING", kRewrite, "type change",
     "Where the old values are UTC: SET LOCAL timezone = 'UTC' before it, and no row is written "
     "anew (PostgreSQL 12 and later). Else add a new column, fill it in batches and swap the "
     "names."},
    {"ALTER TABLE * ALTER * TYPE TIMESTAMP WITH TIME ZONE", "USING", kRewrite, "type change",
     "Where the old values are UTC: SET LOCAL timezone = 'UTC' before it, and no row is written "
     "anew (PostgreSQL 12 and later). Else add a new column, fill it in batches and swap the "
     "names."},
    {"ALTER TABLE * ALTER * TYPE", "", kPass, "type change", kChangeType},
    {"ALTER TABLE * ADD * AS IDENTITY", "", kRewrite, "ADD COLUMN with an identity", kSerial},
    {"ALTER TABLE * ADD * SERIAL", "", kRewrite, "ADD COLUMN with a sequence", kSerial},
    {"ALTER TABLE * ADD * BIGSERIAL", "", kRewrite, "ADD COLUMN with a sequence", kSerial},
    {"ALTER TABLE * ADD * SMALLSERIAL", "", kRewrite, "ADD COLUMN with a sequence", kSerial},
    {"ALTER TABLE * ADD * GENERATED ALWAYS AS", "", kRewrite, "ADD COLUMN with a generated value",
     kGenerated},
    {"ALTER TABLE * ADD * DEFAULT", "", kRewrite, "ADD COLUMN with a volatile default", kNewColumn},
    {"ALTER TABLE * SET LOGGED", "", kRewrite, "SET LOGGED", kStorage},
    {"ALTER TABLE * SET UNLOGGED", "", kRewrite, "SET UNLOGGED", kStorage},
    {"ALTER TABLE * SET TABLESPACE", "", kAnything, "SET TABLESPACE", kStorage},
    {"ALTER TABLE * SET ACCESS METHOD", "", kAnything, "SET ACCESS METHOD", kStorage},
    {"ALTER TABLE * ADD * EXCLUDE", "", kAnything, "ADD EXCLUDE",
     "No form of it lets writers in. Make a table that has the constraint, keep it in step with a "
     "trigger, fill it in batches and swap the names; or plan a maintenance window."},
    {"ALTER TABLE * PRIMARY KEY USING INDEX", "", kPass, "PRIMARY KEY USING INDEX",
     "Make the columns NOT NULL before, by way of a validated CHECK (column IS NOT NULL): the key "
     "then reads nothing."},
    {"ALTER TABLE * ADD * PRIMARY KEY", "USING INDEX", kAnything, "ADD PRIMARY KEY", kKey},
    {"ALTER TABLE * ADD * UNIQUE", "USING INDEX", kAnything, "ADD UNIQUE", kKey},
    {"ALTER TABLE * SET NOT NULL", "", kPass, "SET NOT NULL",
     "ADD CONSTRAINT … CHECK (column IS NOT NULL) NOT VALID, VALIDATE it in a later transaction, "
     "then SET NOT NULL, which reads nothing beside a valid CHECK (PostgreSQL 12 and later), then "
     "drop the CHECK."},
    {"ALTER TABLE * ADD * FOREIGN KEY", "NOT VALID", kAnything, "ADD FOREIGN KEY", kForeignKey},
    {"ALTER TABLE * ADD * REFERENCES", "NOT VALID", kPass, "ADD FOREIGN KEY", kForeignKey},
    {"ALTER TABLE * ADD * CHECK", "NOT VALID", kPass, "ADD CHECK", kCheck},
    {"ALTER TABLE * VALIDATE CONSTRAINT", "", kPass, "VALIDATE CONSTRAINT",
     "VALIDATE keeps nobody out by itself: put it into a transaction of its own, apart from what "
     "took the lock."},
    {"CREATE INDEX", "CONCURRENTLY", kAnything, "CREATE INDEX", kIndex},
    {"CREATE UNIQUE INDEX", "CONCURRENTLY", kAnything, "CREATE INDEX", kIndex},
    {"REINDEX", "CONCURRENTLY", kAnything, "REINDEX",
     "REINDEX … CONCURRENTLY (PostgreSQL 12 and later), outside a transaction, in a migration of "
     "its own."},
    {"DROP INDEX", "CONCURRENTLY", kAnything, "DROP INDEX",
     "DROP INDEX CONCURRENTLY, outside a transaction, in a migration of its own."},
    {"REFRESH MATERIALIZED VIEW", "CONCURRENTLY", kAnything, "REFRESH MATERIALIZED VIEW",
     "REFRESH MATERIALIZED VIEW CONCURRENTLY, which readers do not notice; it needs a unique index "
     "on the view."},
    {"CLUSTER", "", kAnything, "CLUSTER", kStorage},
    {"VACUUM * FULL", "", kAnything, "VACUUM FULL",
     "Plain VACUUM keeps nobody out and is usually enough. Where the space must go back to the "
     "file system, fill a new table in batches and swap the names, or plan a maintenance window."},
    {"TRUNCATE", "", kAnything, "TRUNCATE",
     "Where the table is in use, DELETE in batches that each commit; or put an empty table in its "
     "place by renaming, and drop the old one later."},
    {"CREATE TABLE * PARTITION OF", "", kAnything, "CREATE TABLE … PARTITION OF",
     "CREATE TABLE … (LIKE … INCLUDING ALL), then ALTER TABLE … ATTACH PARTITION, which lets the "
     "partitioned table be read and written (PostgreSQL 12 and later)."},
    {"CREATE TABLE * REFERENCES", "", kAnything, "CREATE TABLE with a foreign key",
     "The foreign key keeps writers out of the table that it refers to until the transaction ends: "
     "commit right after it, and let no long statement follow in the same transaction."},
    {"ALTER DOMAIN * ADD", "NOT VALID", kAnything, "ALTER DOMAIN … ADD",
     "ALTER DOMAIN … ADD CONSTRAINT … NOT VALID reads nothing. To validate it keeps writers out of "
     "every table that uses the domain: choose a quiet hour, or check each table with a CHECK of "
     "its own, NOT VALID and then VALIDATE."},
    {"DROP TABLE", "", kAnything, "DROP TABLE",
     "Drop the foreign keys from and to the table first, each in a short transaction with a "
     "lock_timeout: DROP TABLE locks every table at their other ends."},
    {"LOCK", "", kAnything, "LOCK TABLE",
     "Take the weakest mode that serves: SHARE ROW EXCLUSIVE keeps writers out and lets readers "
     "in. Keep the transaction short."},
    {"UPDATE", "", kAnything, "UPDATE", kBatches},
    {"DELETE", "", kAnything, "DELETE", kBatches},
    {"INSERT", "", kAnything, "INSERT", kBatches},
};

bool is_word_character(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || (c & 0x80) != 0;
}

/// Past a quoted name or text that begins at `at`.
std::size_t after_quotes(const std::string& sql, std::size_t at) {
  const std::size_t end = sql.find(sql[at], at + 1);
  return end == std::string::npos ? sql.size() : end + 1;
}

std::size_t after_comment(const std::string& sql, std::size_t at) {
  const std::size_t end = sql.find("*/", at + 2);
  return end == std::string::npos ? sql.size() : end + 2;
}

/// " ALTER TABLE ORDERS ALTER TOTAL TYPE BIGINT ": words in capitals, one blank around each; quoted
/// names and texts, comments and signs are left out.
std::string words_of(const std::string& sql) {
  std::string words = " ";
  for (std::size_t at = 0; at < sql.size();) {
    const char c = sql[at];
    if (is_word_character(c)) {
      words += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
      ++at;
      continue;
    }
    if (words.back() != ' ') words += ' ';
    if (c == '\'' || c == '"') {
      at = after_quotes(sql, at);
    } else {
      at = sql.compare(at, 2, "/*") == 0 ? after_comment(sql, at) : at + 1;
    }
  }
  return words.back() == ' ' ? words : words + ' ';
}

std::string padded(std::string_view phrase) { return ' ' + std::string(phrase) + ' '; }

/// The first phrase begins the statement, each further one stands somewhere behind the one before.
bool has_phrases(const std::string& words, std::string_view phrases) {
  std::size_t from = 0;
  while (!phrases.empty()) {
    const std::size_t end = phrases.find(" * ");
    const std::string phrase = padded(phrases.substr(0, end));
    const std::size_t at = words.find(phrase, from);
    if (at == std::string::npos || (from == 0 && at != 0)) return false;
    from = at + phrase.size() - 1;
    phrases.remove_prefix(end == std::string_view::npos ? phrases.size() : end + 3);
  }
  return true;
}

/// Whatever rebuilds an index reads its table, but does not write it anew.
bool rewrites_table(const Footprint& footprint) {
  return std::any_of(footprint.rewrites.begin(), footprint.rewrites.end(),
                     [](const Rewrite& one) { return one.kind != LockedKind::kIndex; });
}

bool was_seen(Seen wanted, const Footprint& footprint) {
  if (!footprint.observed || wanted == kAnything) return true;
  if (wanted == kRewrite) return rewrites_table(footprint);
  return !footprint.passes.empty() || !footprint.rewrites.empty();
}

bool fits(const Way& way, const std::string& words, const Footprint& footprint) {
  if (!has_phrases(words, way.words) || !was_seen(way.seen, footprint)) return false;
  return way.without.empty() || words.find(padded(way.without)) == std::string::npos;
}

/// Statements whose lock outlives their own work by nothing: what is left are those that change the
/// catalogs only.
bool changes_catalogs(const std::string& words) {
  return words.starts_with(" ALTER ") || words.starts_with(" CREATE ") ||
         words.starts_with(" DROP ");
}

}  // namespace

const std::string kCommitBetween =
    "Commit between the statement that takes the lock and what takes the time: the long part first "
    "or in a later migration, the lock in a short transaction of its own.";

SafeWay safe_way(const StatementRun& statement) {
  const std::string words = words_of(statement.text);
  const auto* way = std::find_if(std::begin(kWays), std::end(kWays), [&](const Way& candidate) {
    return fits(candidate, words, statement.footprint);
  });
  if (way != std::end(kWays)) return {way->what, way->remedy};
  return {statement.kind, changes_catalogs(words) ? kMoment : ""};
}

}  // namespace drydock
