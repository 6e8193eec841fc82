// Every value is compared as what it is, whatever becomes of its type.
#include "harness/observe/contents.h"
#include "harness/testing/catch.h"
#include "harness/testing/watched_contents.h"

namespace drydock {
namespace {

using testing::WatchedContents;
using testing::words;

struct TypeChange {
  std::string before;  ///< type
  std::string value;   ///< SQL
  std::string after;   ///< ALTER COLUMN TYPE …
  std::string seen;    ///< "": the value is the same
};

TEST_CASE("a change of type is a change of value only when something is lost") {
  const auto change = GENERATE(values<TypeChange>({
      {"int", "5", "bigint", ""},
      {"bigint", "5", "int", ""},
      {"int", "5", "text", ""},
      {"int", "5", "numeric(10,2)", ""},
      {"int", "5", "double precision", ""},
      {"int", "2", "boolean USING v::boolean", "2 -> true"},
      {"int", "1", "boolean USING v::boolean", ""},
      {"int", "1", "boolean USING v = 0", "1 -> false"},
      {"boolean", "true", "int USING v::int", ""},
      {"boolean", "true", "text", ""},
      {"varchar(5)", "'abc'", "varchar(50)", ""},
      {"varchar(5)", "'abc'", "text", ""},
      {"varchar(50)", "'abcdef'", "varchar(3) USING left(v, 3)", "abcdef -> abc"},
      {"text", "'abc'", "varchar(3)", ""},
      {"text", "'abc '", "varchar(3)", "abc  -> abc"},
      {"char(5)", "'ab'", "text", ""},
      {"char(5)", "'ab'", "char(9)", ""},
      {"text", "'ab'", "char(9)", ""},
      {"numeric(10,4)", "1.2345", "numeric(10,2)", "1.2345 -> 1.23"},
      {"numeric(10,4)", "1.2300", "numeric(10,2)", ""},
      {"numeric(10,2)", "1.50", "numeric(20,4)", ""},
      {"numeric", "12345678901234567890.5", "double precision",
       "12345678901234567890.5 -> 1.2345678901234567e+19"},
      {"numeric(10,2)", "1.50", "double precision", ""},
      {"double precision", "0.1", "numeric", ""},
      {"double precision", "0.1", "real", ""},
      {"double precision", "0.123456789012", "real", "0.123456789012 -> 0.12345679"},
      {"double precision", "1e300", "numeric", ""},
      {"numeric(6,2)", "1.50", "int", "1.50 -> 2"},
      {"numeric(6,2)", "2.00", "int", ""},
      {"text", "'7'", "int USING v::int", ""},
      {"text", "'007'", "int USING v::int", "007 -> 7"},
      {"text", "'n/a'", "int USING NULL", "n/a -> NULL"},
      {"timestamp", "'2024-05-01 10:00'", "timestamptz USING v AT TIME ZONE 'UTC'", ""},
      {"timestamp", "'2024-05-01 10:00'", "timestamptz USING v AT TIME ZONE 'Europe/Berlin'",
       "2024-05-01 10:00:00 -> 2024-05-01 08:00:00+00"},
      {"timestamptz", "'2024-05-01 10:00+00'", "timestamp USING v AT TIME ZONE 'UTC'", ""},
      {"timestamptz", "'2024-05-01 10:00+00'", "date USING (v AT TIME ZONE 'UTC')::date",
       "2024-05-01 10:00:00+00 -> 2024-05-01"},
      {"date", "'2024-05-01'", "timestamp", ""},
      {"date", "'infinity'", "timestamp", ""},
      {"timestamp(6)", "'2024-05-01 10:00:00.25'", "timestamp(0)",
       "2024-05-01 10:00:00.25 -> 2024-05-01 10:00:00"},
      {"text", "'2024-05-01T10:00:00Z'", "timestamptz USING v::timestamptz", ""},
      {"text", "'2024-05-01 10:00'", "date USING v::date", "2024-05-01 10:00 -> 2024-05-01"},
      {"text", "'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11'", "uuid USING v::uuid", ""},
      {"json", "'{\"a\":1.0, \"b\":null}'", "jsonb", ""},
      {"json", "'{\"a\":1,\"b\":2}'", "jsonb USING v::jsonb - 'b'",
       "{\"a\":1,\"b\":2} -> {\"a\": 1}"},
      {"jsonb", "'{\"a\":1}'", "json", ""},
      {"text", "'{\"a\":1}'", "jsonb USING v::jsonb", ""},
      {"jsonb", "'{\"a\":1}'", "text", ""},
      {"mood", "'ok'", "text", ""},
      {"text", "'ok'", "mood USING v::mood", ""},
      {"mood", "'sad'", "text USING replace(v::text, 'sad', 'ok')", "sad -> ok"},
      {"int[]", "'{1,2}'", "bigint[]", ""},
      {"text", "'a,b'", "text[] USING string_to_array(v, ',')", "a,b -> {a,b}"},
      {"interval", "'1 month'", "interval day to second", ""},
      {"bytea", "'\\x00ff'", "text USING encode(v, 'base64')", "\\x00ff -> AP8="},
      {"positive", "5", "bigint", ""},
      {"int", "5", "positive", ""},
      {"inet", "'10.0.0.1'", "text USING host(v)", "10.0.0.1/32 -> 10.0.0.1"},
  }));
  INFO(change.before << " " << change.value << " to " << change.after);
  WatchedContents watched(
      "CREATE TYPE mood AS ENUM ('sad', 'ok'); CREATE DOMAIN positive AS int CHECK (VALUE > 0);"
      "CREATE TABLE t (id int PRIMARY KEY, v " +
      change.before +
      ");"
      "INSERT INTO t VALUES (1, " +
      change.value + "), (2, NULL)");
  const std::string seen = change.seen.empty() ? "" : "public.t: v 1 (id = 1: " + change.seen + ")";
  CHECK(words(watched.after("ALTER TABLE t ALTER v TYPE " + change.after)) == seen);
}

TEST_CASE("times are cast in the zone in which the script cast them") {
  const auto change = GENERATE(values<TypeChange>({
      {"timestamp", "'2024-05-01 10:00'", "timestamptz", ""},
      {"timestamptz", "'2024-05-01 10:00+00'", "timestamp", ""},
      {"timestamptz", "'2024-05-01 10:00+00'", "timestamp(0)", ""},
      {"timestamptz", "'2024-05-01 00:00+09'", "date", ""},
      {"timestamptz", "'2024-05-01 10:00+00'", "date", "2024-05-01 10:00:00+00 -> 2024-05-01"},
      {"timestamptz", "'2024-05-01 10:00+00'", "text", ""},
      {"date", "'2024-05-01'", "timestamptz", ""},
      {"text", "'2024-05-01 10:00'", "timestamptz USING v::timestamptz", ""},
      {"text", "'2024-05-01 10:00-05:00'", "timestamptz USING v::timestamptz", ""},
      {"text", "'2024-05-01'", "timestamptz USING v::timestamptz", ""},
      {"timestamp", "'2024-05-01 10:00'", "timestamptz USING v AT TIME ZONE 'UTC'", ""},
      {"timestamp", "'2024-05-01 10:00'", "timestamptz USING v AT TIME ZONE 'Europe/Berlin'",
       "2024-05-01 10:00:00 -> 2024-05-01 08:00:00+00"},
  }));
  const std::string key = GENERATE("PRIMARY KEY", "");
  INFO(change.before << " " << change.value << " to " << change.after << " " << key);
  WatchedContents watched("CREATE TABLE t (id int " + key + ", v " + change.before +
                          "); INSERT INTO t VALUES (1, " + change.value + "), (2, NULL)");
  const bool said = key.empty() && change.after.find("'UTC'") != std::string::npos;
  watched.observer.cast_in_zones(said ? std::vector<std::string>{"UTC"}
                                      : std::vector<std::string>{"Asia/Tokyo", "UTC"});
  watched.writer.query("SET TimeZone = 'Asia/Tokyo'");
  const std::string seen = words(watched.after("ALTER TABLE t ALTER v TYPE " + change.after));
  CHECK(seen.empty() == change.seen.empty());
  if (!key.empty() && !change.seen.empty()) {
    CHECK(seen == "public.t: v 1 (id = 1: " + change.seen + ")");
  }
}

TEST_CASE("the types of a changed column are told where they differ") {
  WatchedContents watched(
      "CREATE TABLE t (id int PRIMARY KEY, v numeric(10,4), w int);"
      "INSERT INTO t VALUES (1, 0.1234, 1)");
  const ContentsDiff diff =
      watched.after("ALTER TABLE t ALTER v TYPE numeric(6,2); UPDATE t SET w = 2");
  REQUIRE(diff.tables.size() == 1);
  REQUIRE(diff.tables[0].columns.size() == 2);
  CHECK(diff.tables[0].columns[0].type_before == "numeric(10,4)");
  CHECK(diff.tables[0].columns[0].type_after == "numeric(6,2)");
  CHECK(diff.tables[0].columns[1].type_before.empty());
}

TEST_CASE("values that are equal but not identical are told apart") {
  struct Twins {
    std::string type, before, after;
  };
  const auto twins = GENERATE(values<Twins>({
      {"numeric", "1.0", "1.00"},
      {"float8", "0", "'-0'"},
      {"float8", "'NaN'", "'Infinity'"},
      {"interval", "'1 month'", "'30 days'"},
      {"jsonb", "'[1.0]'", "'[1.00]'"},
      {"json", "'[1]'", "'[1 ]'"},
      {"text", "NULL", "''"},
      {"text", "'a'", "'a '"},
      {"text COLLATE blind", "'a'", "'A'"},
      {"citext", "'a'", "'A'"},
      {"shout", "'a'", "'A'"},
      {"int[]", "'{1,2,3,4}'", "'{{1,2},{3,4}}'"},
      {"int[]", "'{1}'", "'[2:2]={1}'"},
      {"numrange", "'[1.0,2)'", "'[1.00,2)'"},
      {"int4range", "'[1,3)'", "'(1,3)'"},
      {"pair", "'(1,1.0)'", "'(1,1.00)'"},
      {"pair", "NULL", "'(,)'"},
      {"bit(3)", "'101'", "'100'"},
      {"point", "'1,2'", "'2,1'"},
      {"xml", "'<a/>'", "'<a></a>'"},
      {"tsvector", "'a'", "'b'"},
      {"money", "1", "2"},
      {"bytea", "''", "'\\x00'"},
      {"oid", "1", "2"},
      {"timetz", "'10:00+00'", "'11:00+01'"},
      {"inet", "'10.0.0.1/8'", "'10.0.0.1/9'"},
  }));
  INFO(twins.type << ": " << twins.before << " and " << twins.after);
  const std::string key = GENERATE("PRIMARY KEY", "");
  WatchedContents watched(
      "CREATE EXTENSION citext; CREATE TYPE pair AS (a int, b numeric);"
      "CREATE COLLATION blind (provider = icu, locale = 'und-u-ks-level2', deterministic = false);"
      "CREATE DOMAIN shout AS text COLLATE blind;"
      "CREATE TABLE t (id int " +
      key + ", v " + twins.type +
      ");"
      "INSERT INTO t VALUES (1, " +
      twins.before + ")");
  CHECK(words(watched.after("UPDATE t SET v = v")) == "");
  const ContentsDiff diff = watched.after("UPDATE t SET v = " + twins.after);
  REQUIRE(diff.tables.size() == 1);
  CHECK(diff.tables[0].columns.size() == (key.empty() ? 0 : 1));
  CHECK(diff.tables[0].lost == (key.empty() ? 1 : 0));
}

}  // namespace
}  // namespace drydock
