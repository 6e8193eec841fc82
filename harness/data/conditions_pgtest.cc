// CHECK constraints, exclusion constraints, partitions, inheritance and triggers.

#include "harness/testing/generator_case.h"

namespace drydock {
namespace {

TEST_CASE("conditions that can be read are kept by every row") {
  GeneratorCase c(R"(CREATE TABLE t (
      a int NOT NULL CHECK (a BETWEEN 10 AND 12), b text NOT NULL CHECK (b IN ('x', 'y')),
      c text NOT NULL CHECK (length(c) >= 5 AND length(c) < 9), d text NOT NULL CHECK (d ~ '^[a-z]{2}\d{3}$'),
      e text NOT NULL CHECK (e = upper(e)), f jsonb NOT NULL CHECK (jsonb_typeof(f) = 'array'),
      g text[] NOT NULL CHECK (cardinality(g) = 3), h date NOT NULL CHECK (h >= '2030-01-01'),
      i text NOT NULL CHECK (i LIKE 'ab-%'), j text NOT NULL CHECK (j SIMILAR TO '(one|two)-[0-9]+'),
      k bytea NOT NULL CHECK (octet_length(k) = 32), l numeric(6,2) NOT NULL CHECK (l > 9000),
      m text NOT NULL CHECK (btrim(m) <> ''));)");
  c.fill();
  CHECK(c.number("SELECT count(*) FROM t") == 100);
}

TEST_CASE("columns are held against each other") {
  GeneratorCase c(
      R"(CREATE TABLE t (low int NOT NULL, high int NOT NULL, starts date, ends date, a int, b int, c int,
      kind text NOT NULL, CHECK (low < high), CHECK (starts < ends), CHECK (num_nonnulls(a, b, c) = 1),
      CHECK ((kind = 'a' AND a IS NOT NULL) OR (kind = 'b' AND a IS NULL)));)");
  c.fill();
  CHECK(c.number("SELECT count(*) FROM t") == 100);
  CHECK(c.number("SELECT count(DISTINCT kind) FROM t") == 2);
}

TEST_CASE("a condition in a function is met by trial") {
  GeneratorCase c(R"(CREATE FUNCTION fine(t text) RETURNS boolean LANGUAGE sql IMMUTABLE AS
      $$ SELECT t LIKE '%@%' $$;
      CREATE TABLE t (id int PRIMARY KEY, contact text NOT NULL CHECK (fine(contact)));)");
  c.fill();
}

TEST_CASE("a table that no row fits says so, and what to do") {
  GeneratorCase c("CREATE TABLE t (a int NOT NULL CHECK (a > 5 AND a < 3))");
  const auto filled = c.generator().grow();
  REQUIRE(filled.size() == 1);
  CHECK(filled[0].rows == 0);
  CHECK_FALSE(filled[0].problem.empty());
  CHECK_THAT(filled[0].remedy, Catch::Contains("\"public.t\""));
}

TEST_CASE("ranges under an exclusion constraint do not overlap") {
  GeneratorCase c(R"(CREATE EXTENSION btree_gist;
      CREATE TABLE t (room int NOT NULL, during tstzrange NOT NULL,
                      EXCLUDE USING gist (room WITH =, during WITH &&));
      CREATE TABLE s (a timestamptz NOT NULL, b timestamptz NOT NULL, CHECK (a < b),
                      EXCLUDE USING gist (tstzrange(a, b) WITH &&));
      CREATE TABLE r (area box NOT NULL, EXCLUDE USING gist (area WITH &&));)");
  c.fill();
  CHECK(c.number("SELECT count(*) FROM t") == 100);
  CHECK(c.number("SELECT count(*) FROM r") == 100);
}

TEST_CASE("partitioned tables are filled within the bounds that exist") {
  GeneratorCase c(R"(
      CREATE TABLE l (id int, region text, PRIMARY KEY (id, region)) PARTITION BY LIST (region);
      CREATE TABLE l1 PARTITION OF l FOR VALUES IN ('eu', 'uk'); CREATE TABLE l2 PARTITION OF l FOR VALUES IN ('us');
      CREATE TABLE r (id int, at timestamptz NOT NULL) PARTITION BY RANGE (at);
      CREATE TABLE r1 PARTITION OF r FOR VALUES FROM ('2020-01-01') TO ('2020-02-01');
      CREATE TABLE r2 PARTITION OF r FOR VALUES FROM ('2020-02-01') TO (MAXVALUE);
      CREATE TABLE h (id int PRIMARY KEY, v text) PARTITION BY HASH (id);
      CREATE TABLE h1 PARTITION OF h FOR VALUES WITH (MODULUS 2, REMAINDER 0);
      CREATE TABLE h2 PARTITION OF h FOR VALUES WITH (MODULUS 2, REMAINDER 1);
      CREATE TABLE n (id int, region text, day date) PARTITION BY LIST (region);
      CREATE TABLE n1 PARTITION OF n FOR VALUES IN ('eu') PARTITION BY RANGE (day);
      CREATE TABLE n11 PARTITION OF n1 FOR VALUES FROM ('2021-01-01') TO ('2021-06-01');
      CREATE TABLE n2 PARTITION OF n DEFAULT;)");
  CHECK(c.fill().size() == 4);
  for (const std::string leaf : {"l1", "l2", "r1", "r2", "h1", "h2", "n11", "n2"}) {
    INFO(leaf);
    CHECK(c.number("SELECT count(*) FROM " + leaf) > 0);
  }
}

TEST_CASE("a partitioned table without partitions says that it cannot be filled") {
  GeneratorCase c("CREATE TABLE t (id int) PARTITION BY HASH (id)");
  const auto filled = c.generator().grow();
  REQUIRE(filled.size() == 1);
  CHECK_THAT(filled[0].problem, Catch::Contains("no partition"));
  CHECK_FALSE(filled[0].remedy.empty());
}

TEST_CASE("parents and children of inheritance get rows of their own") {
  GeneratorCase c(R"(CREATE TABLE p (id int PRIMARY KEY, v text);
      CREATE TABLE k (extra int NOT NULL) INHERITS (p);)");
  c.fill();
  CHECK(c.number("SELECT count(*) FROM ONLY p") == 100);
  CHECK(c.number("SELECT count(*) FROM k") == 100);
}

TEST_CASE("a trigger that rejects some rows gets others") {
  GeneratorCase c(R"(CREATE FUNCTION picky() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN IF new.v % 2 = 0 THEN RAISE 'only odd ones'; END IF; RETURN new; END $$;
      CREATE TABLE t (id int PRIMARY KEY, v int NOT NULL);
      CREATE TRIGGER picky BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION picky();)");
  const auto filled = c.fill();
  CHECK(filled[0].rows == 100);
  CHECK_THAT(filled[0].note, Catch::Contains("only odd ones"));
  CHECK(c.number("SELECT count(*) FROM t WHERE v % 2 = 0") == 0);
}

TEST_CASE("a trigger that rejects every row is switched off, and the note says so") {
  GeneratorCase c(R"(CREATE FUNCTION never() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN RAISE 'read only'; END $$;
      CREATE TABLE t (id int PRIMARY KEY);
      CREATE TRIGGER never BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION never();)");
  const auto filled = c.fill();
  CHECK(filled[0].rows == 100);
  CHECK_THAT(filled[0].note, Catch::Contains("with triggers off, because read only"));
}

TEST_CASE("generated columns and row security are no obstacle") {
  GeneratorCase c(
      R"(CREATE TABLE t (id int PRIMARY KEY, a int NOT NULL, b int GENERATED ALWAYS AS (a * 2) STORED,
                                     CHECK (b >= 0));
      ALTER TABLE t ENABLE ROW LEVEL SECURITY; ALTER TABLE t FORCE ROW LEVEL SECURITY;)");
  c.fill();
  CHECK(c.number("SELECT count(*) FROM t WHERE b = a * 2") == 100);
}

TEST_CASE("a type that nobody knows is said, with the lines that would fix it") {
  GeneratorCase c(
      R"(CREATE TYPE odd; CREATE FUNCTION odd_in(cstring) RETURNS odd LANGUAGE internal IMMUTABLE STRICT AS 'boolin';
      CREATE FUNCTION odd_out(odd) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'boolout';
      CREATE TYPE odd (INPUT = odd_in, OUTPUT = odd_out, INTERNALLENGTH = 1, PASSEDBYVALUE, ALIGNMENT = char);
      CREATE TABLE t (id int PRIMARY KEY, v odd NOT NULL);)");
  const auto filled = c.generator().grow();
  REQUIRE(filled.size() == 1);
  CHECK(filled[0].rows == 100);  // one of the texts that are tried is taken
}

}  // namespace
}  // namespace drydock
