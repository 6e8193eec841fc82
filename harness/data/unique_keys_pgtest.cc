// Unique keys: kept by construction, and where their values are few, filled as far as they go.

#include "harness/testing/generator_case.h"

namespace drydock {
namespace {

TEST_CASE("pairs of parents are counted through, each once") {
  GeneratorCase c(
      R"(CREATE TABLE users (id serial PRIMARY KEY); CREATE TABLE groups (id uuid PRIMARY KEY);
      CREATE TABLE members (user_id int REFERENCES users, group_id uuid REFERENCES groups,
                            PRIMARY KEY (user_id, group_id));)");
  c.fill();
  CHECK(c.number("SELECT count(*) FROM members") == 100);
  CHECK(c.number("SELECT count(DISTINCT user_id) FROM members") > 50);
}

TEST_CASE("a one-to-one key gives each parent one child") {
  GeneratorCase c(R"(CREATE TABLE users (id serial PRIMARY KEY);
      CREATE TABLE profiles (user_id int PRIMARY KEY REFERENCES users, bio text);)");
  c.fill();
  CHECK(c.number("SELECT count(*) FROM profiles") == 100);
}

TEST_CASE("a key with few values is filled as far as they go, and a note says so") {
  GeneratorCase c(R"(CREATE TYPE colour AS ENUM ('red', 'green');
      CREATE TABLE t (flag boolean NOT NULL, colour colour NOT NULL, UNIQUE (flag, colour));)");
  const auto filled = c.generator().grow();
  REQUIRE(filled.size() == 1);
  CHECK(filled[0].rows == 4);
  CHECK(filled[0].problem.empty());
  CHECK_THAT(filled[0].note, Catch::Contains("flag, colour must be unique"));
}

TEST_CASE("partial and expression keys are kept") {
  GeneratorCase c(R"(CREATE TABLE accounts (id serial PRIMARY KEY);
      CREATE TABLE t (id int PRIMARY KEY, account_id int NOT NULL REFERENCES accounts, email text NOT NULL,
                      is_default boolean NOT NULL, day timestamptz NOT NULL);
      CREATE UNIQUE INDEX ON t (lower(email));
      CREATE UNIQUE INDEX ON t (account_id) WHERE is_default;
      CREATE UNIQUE INDEX ON t (date_trunc('hour', day AT TIME ZONE 'UTC'), account_id);)");
  c.fill();
  CHECK(c.number("SELECT count(*) FROM t") == 100);
}

TEST_CASE("short unique texts are distinct") {
  GeneratorCase c("CREATE TABLE t (code char(2) PRIMARY KEY, symbol varchar(4) UNIQUE NOT NULL)");
  c.fill();
  CHECK(c.number("SELECT count(*) FROM t") == 100);
}

TEST_CASE("a key in which NULL counts as a value has at most one") {
  GeneratorCase c("");
  if (c.number("SHOW server_version_num") < 150000) return;
  c.session.query("CREATE TABLE t (a int UNIQUE NULLS NOT DISTINCT, b text)");
  c.fill();
  CHECK(c.number("SELECT count(*) FROM t") == 100);
}

TEST_CASE("sequences go on behind the rows") {
  GeneratorCase c(R"(CREATE TABLE s (id serial PRIMARY KEY, v int);
      CREATE TABLE i (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, v int);
      CREATE SEQUENCE own; CREATE TABLE n (id bigint DEFAULT nextval('own') PRIMARY KEY, v int);)");
  c.fill();
  for (const std::string table : {"s", "i", "n"}) {
    INFO(table);
    CHECK(c.number("INSERT INTO " + table + " (v) VALUES (1) RETURNING id") == 101);
  }
}

TEST_CASE("rows in place stay, and more come behind them") {
  GeneratorCase c(R"(CREATE TABLE t (id serial PRIMARY KEY, name text UNIQUE NOT NULL);
      INSERT INTO t (name) SELECT 'own ' || g FROM generate_series(1, 7) g;)");
  const auto filled = c.fill();
  REQUIRE(filled.size() == 1);
  CHECK(filled[0].rows == 100);
  CHECK(c.number("SELECT count(*) FROM t WHERE name LIKE 'own %' AND id <= 7") == 7);
}

}  // namespace
}  // namespace drydock
