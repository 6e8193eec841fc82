#include "bench/backfill_of_migration.h"

#include "harness/testing/catch.h"

namespace drydock {
namespace {

MigrationBackfills read(const std::string& sql) {
  Migration migration;
  migration.id = "7_codes";
  Script script;
  script.path = "m/7_codes.up.sql";
  script.queries.push_back({sql, 1, {}, {}});
  migration.up.push_back(script);
  return backfills_of(migration);
}

/// "table | set | where | batch", or why not.
std::string words(const std::string& sql) {
  const MigrationBackfills read_out = read(sql);
  std::string text;
  for (const MigrationBackfill& found : read_out.found) {
    text += (text.empty() ? "" : "\n") + found.table + " | " + found.set + " | " + found.where +
            " | " + std::to_string(found.batch_size);
  }
  for (const std::string& reason : read_out.passed_over) text += reason;
  return text;
}

/// A DO block whose loop has `update`.
std::string loop(const std::string& update, const std::string& declared = "n int;") {
  return "DO $body$ DECLARE " + declared + " BEGIN LOOP " + update +
         "; GET DIAGNOSTICS n = ROW_COUNT; EXIT WHEN n = 0; COMMIT; END LOOP; END $body$;";
}

const std::string kCodes = "lots | lot_code = upper(lot_number) | lot_code IS NULL | ";

TEST_CASE("one UPDATE of a table is a backfill") {
  CHECK(words("UPDATE lots SET lot_code = upper(lot_number) WHERE lot_code IS NULL") ==
        kCodes + "0");
  CHECK(words("UPDATE ONLY public.\"Lots\" AS l SET a = l.b WHERE l.a IS NULL RETURNING l.id") ==
        "public.\"Lots\" | a = \"Lots\".b | \"Lots\".a IS NULL | 0");
}

TEST_CASE("place, statement and what stands before it are told") {
  const MigrationBackfills read_out = read(
      "ALTER TABLE lots ADD lot_code text;\n\nUPDATE lots SET lot_code = 'x'\n WHERE lot_code"
      " IS NULL;\nALTER TABLE lots ALTER lot_code SET NOT NULL;");
  REQUIRE(read_out.found.size() == 1);
  const MigrationBackfill& found = read_out.found[0];
  CHECK(found.file == "m/7_codes.up.sql");
  CHECK(found.line == 3);
  CHECK(found.statement == "UPDATE lots SET lot_code = 'x'\n WHERE lot_code IS NULL");
  CHECK(found.before == std::vector<std::string>{"ALTER TABLE lots ADD lot_code text"});
}

TEST_CASE("the usual loops give the condition of the rows, and their batch") {
  const std::string set = "UPDATE lots SET lot_code = upper(lot_number) ";
  CHECK(words(loop(set + "WHERE id IN (SELECT id FROM lots WHERE lot_code IS NULL LIMIT 1000)")) ==
        kCodes + "1000");
  CHECK(words(loop(set + "WHERE ctid = ANY (ARRAY (SELECT ctid FROM lots WHERE lot_code IS NULL"
                         " LIMIT 50 FOR UPDATE SKIP LOCKED)) AND lot_code IS NULL")) ==
        kCodes + "50");
  CHECK(words(loop("WITH b AS (SELECT id FROM lots WHERE lot_code IS NULL ORDER BY id limit 100) " +
                   set + "WHERE lots.id IN (SELECT id FROM b)")) == kCodes + "100");
  CHECK(words(loop("WITH b AS (SELECT id FROM lots l WHERE lot_code IS NULL LIMIT size) " + set +
                       "FROM b WHERE b.id = lots.id",
                   "size int := 5; n int;")) == kCodes + "0");
  CHECK(words(loop(set + "FROM (SELECT id FROM lots WHERE lot_code IS NULL LIMIT 9) AS b"
                         " WHERE b.id = lots.id")) == kCodes + "9");
}

TEST_CASE("ranges in variables of the loop are no condition") {
  const std::string set = "UPDATE lots SET lot_code = upper(lot_number) WHERE ";
  CHECK(words(loop(set + "id > last_id AND id <= last_id + 1000 AND lot_code IS NULL",
                   "last_id bigint := 0; n int;")) == kCodes + "0");
  CHECK(words("DO $$ BEGIN FOR i IN 0..99 LOOP " + set +
              "lot_code IS NULL AND id BETWEEN i * 10 AND i * 10 + 9; END LOOP; END $$") ==
        kCodes + "0");
}

TEST_CASE("a procedure that is called is measured with its definition") {
  const MigrationBackfills read_out = read(
      "CREATE OR REPLACE PROCEDURE fill(size int) LANGUAGE plpgsql AS $$ BEGIN LOOP UPDATE lots SET"
      " lot_code = 'x' WHERE id IN (SELECT id FROM lots WHERE lot_code IS NULL LIMIT size);"
      " EXIT WHEN NOT FOUND; COMMIT; END LOOP; END $$;\nCALL fill(100);");
  REQUIRE(read_out.found.size() == 1);
  CHECK(read_out.found[0].where == "lot_code IS NULL");
  CHECK(read_out.found[0].statement.starts_with("CREATE OR REPLACE PROCEDURE fill"));
  CHECK(read_out.found[0].statement.ends_with(";\nCALL fill(100)"));
  CHECK(read_out.found[0].line == 2);
}

TEST_CASE("without a condition that SET makes false, the rows that it would change are meant") {
  CHECK(words("UPDATE lots SET lot_code = upper(lot_number), touched = now()") ==
        "lots | lot_code = upper(lot_number), touched = now() | lot_code IS DISTINCT FROM"
        " (upper(lot_number)) | 0");
  CHECK(words("UPDATE lots SET state = 'old' WHERE made < '2020-01-01' OR made IS NULL") ==
        "lots | state = 'old' | (made < '2020-01-01' OR made IS NULL) AND (state IS DISTINCT FROM"
        " ('old')) | 0");
}

TEST_CASE("what is not understood is told with its reason") {
  const auto reason = [](const std::string& why, const std::string& sql) {
    return "m/7_codes.up.sql:1: this backfill is not understood: " + why + ": " + sql;
  };
  const std::string joined = "UPDATE lots SET a = s.a FROM suppliers s WHERE s.id = lots.supplier";
  CHECK(
      words(joined) ==
      reason("it takes rows of other tables (FROM), which a subquery in SET could do too", joined));
  CHECK(words("UPDATE lots SET (a, b) = (1, 2)") ==
        reason("nothing says which rows are still to be done, neither WHERE nor SET",
               "UPDATE lots SET (a, b) = (1, 2)"));
  CHECK(words("DO $$ BEGIN EXECUTE 'UPDATE t SET a = 1'; END $$") ==
        reason("its UPDATE is put together while it runs (EXECUTE)",
               "DO $$ BEGIN EXECUTE 'UPDATE t SET a = 1'; END $$"));
  CHECK(words("DO $$ BEGIN UPDATE t SET a = 1; UPDATE t SET b = 1; END $$") ==
        reason("it has 2 UPDATEs", "DO $$ BEGIN UPDATE t SET a = 1; UPDATE t SET b = 1; END $$"));
  const std::string rows =
      "DO $$ BEGIN FOR r IN SELECT * FROM t LOOP UPDATE t SET a = 1 WHERE t.id = r.id; END $$";
  CHECK(words(rows).starts_with(
      reason("its loop goes row by row over a query (FOR … IN SELECT)", "DO $$ BEGIN FOR r")));
  const std::string variable = loop("UPDATE t SET a = code WHERE a IS NULL", "code text; n int;");
  CHECK(words(variable).starts_with(reason("its SET uses variables of the loop", "DO $body$")));
}

TEST_CASE("what updates nothing is passed over in silence") {
  CHECK(words("INSERT INTO t VALUES (1) ON CONFLICT (id) DO UPDATE SET a = 1;"
              "DO $$ BEGIN PERFORM 1; END $$; SELECT 1 FROM t FOR UPDATE;"
              "WITH x AS (SELECT 1) INSERT INTO t SELECT * FROM x;"
              "CREATE TRIGGER g BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION f();")
            .empty());
}

}  // namespace
}  // namespace drydock
