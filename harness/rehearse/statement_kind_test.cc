// Which statements may stand between a BEGIN and a COMMIT that their script did not write.

#include "harness/rehearse/statement_kind.h"

#include "harness/testing/catch.h"

namespace drydock {
namespace {

TEST_CASE("what does the same inside a block is told from what does not") {
  for (const char* same : {"ALTER TABLE t ADD COLUMN x int",
                           "create unique index i on t (x)",
                           "DROP VIEW v",
                           "CREATE OR REPLACE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
                           "alter type mood add value 'glad'",
                           "WITH a AS (SELECT 1) INSERT INTO t SELECT * FROM a",
                           "select pg_advisory_xact_lock(7)",
                           "(select 1)",
                           "TRUNCATE t",
                           "REFRESH MATERIALIZED VIEW m",
                           "refresh materialized view concurrently m",
                           "CLUSTER t USING i",
                           "cluster verbose t",
                           "REINDEX TABLE t",
                           "reindex (verbose) index i",
                           "ANALYZE t",
                           "analyze verbose t (a, b)",
                           "DO $$ BEGIN UPDATE t SET x = 1; END $$",
                           "comment on table t is 'concurrently'",
                           "COPY t FROM stdin",
                           "create table \"concurrently\" (x int)"}) {
    CAPTURE(same);
    CHECK(same_inside_block(same));
  }
  for (const char* other : {"CREATE INDEX CONCURRENTLY i ON t (x)",
                            "drop index concurrently i",
                            "alter table p detach partition c concurrently",
                            "REINDEX TABLE CONCURRENTLY t",
                            "reindex (concurrently) table t",
                            "REINDEX SCHEMA s",
                            "reindex database d",
                            "CLUSTER",
                            "cluster verbose",
                            "VACUUM t",
                            "CALL p()",
                            "ANALYZE",
                            "analyze verbose",
                            "ANALYZE a, b",
                            "CREATE DATABASE d",
                            "drop tablespace s",
                            "alter subscription s refresh publication",
                            "ALTER SYSTEM SET work_mem = '1MB'",
                            "SET LOCAL lock_timeout = '1s'",
                            "LOCK TABLE t",
                            "SAVEPOINT s",
                            "DECLARE c CURSOR FOR SELECT 1",
                            "BEGIN",
                            "COMMIT",
                            "LISTEN c",
                            "DISCARD ALL",
                            "DO $$ BEGIN COMMIT; END $$",
                            "do $$ begin call p(); end $$",
                            "ALTER TABLE t ADD x int; COMMIT",
                            ""}) {
    CAPTURE(other);
    CHECK_FALSE(same_inside_block(other));
  }
}

TEST_CASE("the end of a transaction is known in all its spellings, a savepoint's is none") {
  for (const char* end :
       {"COMMIT", "end", "Rollback", "abort work", "COMMIT AND CHAIN", "PREPARE TRANSACTION 'x'"}) {
    CAPTURE(end);
    CHECK(ends_transaction(end));
  }
  for (const char* other : {"ROLLBACK TO s", "rollback work to savepoint s", "RELEASE s",
                            "COMMIT PREPARED 'x'", "PREPARE p AS SELECT 1", "SELECT 1"}) {
    CAPTURE(other);
    CHECK_FALSE(ends_transaction(other));
  }
}

}  // namespace
}  // namespace drydock
