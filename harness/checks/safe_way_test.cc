// Each kind of statement that blocks has its twin that does not; the words decide, and what was
// seen where words leave it open.
#include "harness/checks/safe_way.h"

#include "harness/testing/catch.h"

namespace drydock {
namespace {

enum class Seen { kNothing, kPass, kRewrite };

StatementRun statement(const std::string& text, Seen seen) {
  StatementRun run;
  run.text = text;
  run.kind = "TAG";
  run.footprint.observed = true;
  if (seen == Seen::kPass) run.footprint.passes = {{"public.t", 1, 1000}};
  if (seen == Seen::kRewrite)
    run.footprint.rewrites = {{"public.t", LockedKind::kTable, "", "", 1000}};
  return run;
}

struct Case {
  const char* text;
  Seen seen;
  const char* what;
  const char* remedy;  ///< a part of it
};

using enum Seen;

const Case kCases[] = {
    {"ALTER TABLE t ALTER COLUMN a SET NOT NULL", kPass, "SET NOT NULL", "NOT NULL) NOT VALID"},
    {"alter table only t alter a set not null", kPass, "SET NOT NULL", "VALIDATE"},
    {"CREATE INDEX i ON t (a)", kPass, "CREATE INDEX", "CREATE INDEX CONCURRENTLY"},
    {"CREATE UNIQUE INDEX IF NOT EXISTS i ON t (a)", kPass, "CREATE INDEX", "CONCURRENTLY"},
    {"ALTER TABLE t ADD CONSTRAINT c FOREIGN KEY (a) REFERENCES p (id)", kPass, "ADD FOREIGN KEY",
     "FOREIGN KEY … NOT VALID"},
    {"ALTER TABLE t ADD COLUMN a bigint REFERENCES p", kPass, "ADD FOREIGN KEY", "NOT VALID"},
    {"ALTER TABLE t ADD CHECK (a > 0)", kPass, "ADD CHECK", "CHECK … NOT VALID"},
    {"ALTER TABLE t ALTER COLUMN a TYPE bigint", kRewrite, "type change", "swap the names"},
    {"ALTER TABLE t ALTER a SET DATA TYPE bigint USING a::bigint", kRewrite, "type change",
     "in batches"},
    {"ALTER TABLE t ALTER a TYPE timestamptz", kRewrite, "type change", "timezone = 'UTC'"},
    {"ALTER TABLE t ALTER a TYPE timestamp with time zone USING a AT TIME ZONE 'UTC'", kRewrite,
     "type change", "swap the names"},
    {"ALTER TABLE t ADD CONSTRAINT u UNIQUE (a)", kPass, "ADD UNIQUE", "USING INDEX"},
    {"ALTER TABLE t ADD PRIMARY KEY (a)", kPass, "ADD PRIMARY KEY", "UNIQUE INDEX CONCURRENTLY"},
    {"ALTER TABLE t ADD CONSTRAINT k PRIMARY KEY USING INDEX i", kPass, "PRIMARY KEY USING INDEX",
     "NOT NULL before"},
    {"ALTER TABLE t ADD EXCLUDE USING gist (a WITH &&)", kPass, "ADD EXCLUDE", "swap the names"},
    {"ALTER TABLE t ADD COLUMN a uuid DEFAULT gen_random_uuid()", kRewrite,
     "ADD COLUMN with a volatile default", "fill the old rows in batches"},
    {"ALTER TABLE t ADD COLUMN a bigserial", kRewrite, "ADD COLUMN with a sequence", "nextval"},
    {"ALTER TABLE t ADD a bigint GENERATED ALWAYS AS IDENTITY", kRewrite,
     "ADD COLUMN with an identity", "IDENTITY"},
    {"ALTER TABLE t ADD a int GENERATED ALWAYS AS (b * 2) STORED", kRewrite,
     "ADD COLUMN with a generated value", "trigger"},
    {"ALTER TABLE t SET UNLOGGED", kRewrite, "SET UNLOGGED", "maintenance window"},
    {"ALTER TABLE p ATTACH PARTITION c FOR VALUES FROM (1) TO (2)", kPass, "ATTACH PARTITION",
     "CHECK that says what the partition's bounds say"},
    {"ALTER TABLE p DETACH PARTITION c", kNothing, "DETACH PARTITION",
     "DETACH PARTITION … CONCURRENTLY"},
    {"CREATE TABLE c PARTITION OF p FOR VALUES IN (1)", kNothing, "CREATE TABLE … PARTITION OF",
     "ATTACH PARTITION"},
    {"CREATE TABLE c (a int REFERENCES p)", kNothing, "CREATE TABLE with a foreign key",
     "commit right after it"},
    {"REINDEX TABLE t", kPass, "REINDEX", "REINDEX … CONCURRENTLY"},
    {"DROP INDEX i", kNothing, "DROP INDEX", "DROP INDEX CONCURRENTLY"},
    {"REFRESH MATERIALIZED VIEW v", kPass, "REFRESH MATERIALIZED VIEW", "unique index"},
    {"CLUSTER t USING i", kRewrite, "CLUSTER", "maintenance window"},
    {"VACUUM (FULL, ANALYZE) t", kRewrite, "VACUUM FULL", "Plain VACUUM"},
    {"TRUNCATE t", kNothing, "TRUNCATE", "batches"},
    {"ALTER DOMAIN d ADD CHECK (VALUE > 0)", kPass, "ALTER DOMAIN … ADD", "NOT VALID"},
    {"DROP TABLE t", kNothing, "DROP TABLE", "foreign keys"},
    {"LOCK TABLE t IN ACCESS EXCLUSIVE MODE", kNothing, "LOCK TABLE", "SHARE ROW EXCLUSIVE"},
    {"UPDATE t SET a = 1", kPass, "UPDATE", "batches by key"},
    {"ALTER TABLE t VALIDATE CONSTRAINT c", kPass, "VALIDATE CONSTRAINT", "transaction of its own"},
    // What changes the catalogs only needs its lock for a moment.
    {"ALTER TABLE t ADD COLUMN a int DEFAULT 1", kNothing, "TAG", "for a moment only"},
    {"ALTER TABLE t ALTER COLUMN a TYPE text", kNothing, "TAG", "for a moment only"},
    {"ALTER TABLE t ADD CONSTRAINT u UNIQUE USING INDEX i", kNothing, "TAG", "for a moment only"},
    {"ALTER TABLE t ADD CHECK (a > 0) NOT VALID", kNothing, "TAG", "for a moment only"},
    {"CREATE POLICY p ON t USING (true)", kNothing, "TAG", "for a moment only"},
    // Words in names, texts and comments are none of the statement's.
    {"ALTER TABLE t RENAME COLUMN \"SET NOT NULL\" TO a", kPass, "TAG", "for a moment only"},
    {"ALTER TABLE t /* SET NOT NULL */ DROP COLUMN a", kPass, "TAG", "for a moment only"},
    {"CREATE VIEW v AS SELECT ' CLUSTER ' AS a", kNothing, "TAG", "for a moment only"},
};

TEST_CASE("each kind of statement that blocks has the way to do it that does not") {
  for (const Case& c : kCases) {
    CAPTURE(c.text);
    const SafeWay way = safe_way(statement(c.text, c.seen));
    CHECK(way.what == c.what);
    CHECK_THAT(way.remedy, Catch::Contains(c.remedy));
  }
}

TEST_CASE("a statement that was not watched is taken by its words") {
  StatementRun run = statement("ALTER TABLE t ALTER COLUMN a TYPE bigint", kNothing);
  run.footprint.observed = false;
  CHECK(safe_way(run).what == "type change");
}

TEST_CASE("an index that is rebuilt does not make its table one that is written anew") {
  StatementRun run = statement("ALTER TABLE t ADD a int DEFAULT 1, ADD UNIQUE (b)", kPass);
  run.footprint.rewrites = {{"public.t_b_key", LockedKind::kIndex, "public.t", "rebuilt", 1000}};
  CHECK(safe_way(run).what == "ADD UNIQUE");
}

TEST_CASE("code that may do anything has no way of its own") {
  CHECK(safe_way(statement("DO $$ BEGIN NULL; END $$", kNothing)).remedy.empty());
  CHECK(safe_way(statement("SELECT change_everything()", kPass)).remedy.empty());
}

TEST_CASE("a text that breaks off in a quote or a comment is no trouble") {
  CHECK(safe_way(statement("UPDATE t SET a = 'x", kPass)).what == "UPDATE");
  CHECK(safe_way(statement("UPDATE t /* x", kPass)).what == "UPDATE");
  CHECK(safe_way(statement("", kNothing)).what == "TAG");
}

}  // namespace
}  // namespace drydock
