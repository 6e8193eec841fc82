// Foreign keys: whatever their order and shape, rows point to rows that are there.

#include "harness/testing/generator_case.h"

namespace drydock {
namespace {

TEST_CASE("a child is filled again when its parent got other names") {
  GeneratorCase c(
      "CREATE TABLE users (id int PRIMARY KEY); CREATE TABLE notes (author int REFERENCES users)");
  c.fill();
  c.session.query(
      "DELETE FROM notes; ALTER TABLE users RENAME TO people; ALTER TABLE people RENAME id TO "
      "number");
  c.generator().look_for_emptied();
  c.fill();
  CHECK(c.number("SELECT count(*) FROM notes") == 100);
}

TEST_CASE("children are filled after their parents, whatever their names") {
  GeneratorCase c(R"(CREATE TABLE z_parent (id bigserial PRIMARY KEY);
      CREATE TABLE a_child (id uuid PRIMARY KEY, z_id bigint NOT NULL REFERENCES z_parent);
      CREATE TABLE b_grandchild (id int PRIMARY KEY, a_id uuid NOT NULL REFERENCES a_child);)");
  CHECK(c.fill().size() == 3);
  CHECK(c.number("SELECT count(DISTINCT z_id) FROM a_child") > 20);
}

TEST_CASE("a row of a table that refers to itself points to a row before it") {
  GeneratorCase c("CREATE TABLE t (id serial PRIMARY KEY, parent_id int REFERENCES t)");
  c.fill();
  CHECK(c.number("SELECT count(*) FROM t WHERE parent_id IS NOT NULL") > 50);
  CHECK(c.number("SELECT count(*) FROM t WHERE parent_id IS NULL") > 0);
  CHECK(c.number("SELECT count(*) FROM t WHERE parent_id >= id") == 0);
}

TEST_CASE("another generator leaves the rows that it finds as they are, references and all") {
  GeneratorCase c("CREATE TABLE t (id serial PRIMARY KEY, parent_id int REFERENCES t)");
  c.fill();
  c.session.query("UPDATE t SET parent_id = NULL WHERE id > 1; UPDATE t SET parent_id = 1");
  const std::string before = c.contents("t");
  Session other(c.database.info());
  RowGenerator(other, c.scenario).grow();
  CHECK(c.contents("t") == before);
}

TEST_CASE("rows that must refer to their own table point to themselves or to others") {
  GeneratorCase c("CREATE TABLE t (id uuid PRIMARY KEY, root uuid NOT NULL REFERENCES t)");
  c.fill();
  CHECK(c.number("SELECT count(*) FROM t") == 100);
  CHECK(c.number("SELECT count(*) FROM t WHERE root = id") > 0);
  CHECK(c.number("SELECT count(*) FROM t WHERE root <> id") > 50);
}

TEST_CASE("composite keys are pointed to as a whole") {
  GeneratorCase c(R"(CREATE TABLE p (a int, b text, PRIMARY KEY (a, b));
      CREATE TABLE c (id int PRIMARY KEY, b text NOT NULL, a int NOT NULL,
                      FOREIGN KEY (a, b) REFERENCES p (a, b));
      CREATE TABLE f (id int PRIMARY KEY, a int, b text,
                      FOREIGN KEY (a, b) REFERENCES p MATCH FULL);)");
  c.fill();
  CHECK(c.number("SELECT count(*) FROM f WHERE a IS NULL") > 0);
}

TEST_CASE("foreign keys that share the tenant agree on it") {
  GeneratorCase c(R"(CREATE TABLE tenants (id uuid PRIMARY KEY);
      CREATE TABLE users (tenant_id uuid NOT NULL REFERENCES tenants, id bigserial,
                          PRIMARY KEY (tenant_id, id));
      CREATE TABLE groups (tenant_id uuid NOT NULL REFERENCES tenants, id bigserial,
                           PRIMARY KEY (tenant_id, id));
      CREATE TABLE grants (tenant_id uuid NOT NULL REFERENCES tenants, user_id bigint NOT NULL,
                           group_id bigint NOT NULL, boss_id bigint,
                           FOREIGN KEY (tenant_id, user_id) REFERENCES users,
                           FOREIGN KEY (tenant_id, group_id) REFERENCES groups,
                           FOREIGN KEY (tenant_id, boss_id) REFERENCES users,
                           PRIMARY KEY (tenant_id, user_id, group_id));)");
  c.fill();
  CHECK(c.number("SELECT count(*) FROM grants") > 90);
}

TEST_CASE("a circle through a column that may be NULL is closed afterwards") {
  GeneratorCase c(R"(CREATE TABLE a (id int PRIMARY KEY, b_id int);
      CREATE TABLE b (id int PRIMARY KEY, a_id int NOT NULL REFERENCES a);
      ALTER TABLE a ADD FOREIGN KEY (b_id) REFERENCES b;)");
  c.fill();
  CHECK(c.number("SELECT count(*) FROM a WHERE b_id IS NOT NULL") > 50);
}

TEST_CASE("a circle through deferrable keys is filled in one transaction") {
  GeneratorCase c(R"(CREATE TABLE a (id int PRIMARY KEY, b_id int NOT NULL);
      CREATE TABLE b (id int PRIMARY KEY, a_id int NOT NULL REFERENCES a);
      ALTER TABLE a ADD FOREIGN KEY (b_id) REFERENCES b DEFERRABLE;)");
  c.fill();
  CHECK(c.number("SELECT count(*) FROM a JOIN b ON b.id = a.b_id") == 100);
}

TEST_CASE("a circle that can be neither NULL nor deferred is said to be one") {
  GeneratorCase c(R"(CREATE TABLE a (id int PRIMARY KEY, b_id int NOT NULL);
      CREATE TABLE b (id int PRIMARY KEY, a_id int NOT NULL REFERENCES a);
      ALTER TABLE a ADD FOREIGN KEY (b_id) REFERENCES b;)");
  const auto filled = c.generator().grow();
  REQUIRE(filled.size() == 2);
  CHECK_THAT(filled[0].problem, Catch::Contains("refers back to it"));
  CHECK_FALSE(filled[0].remedy.empty());
  CHECK_THAT(filled[1].problem, Catch::Contains("which has no rows"));
}

TEST_CASE("a column that only its name makes a foreign key points to rows that are there") {
  GeneratorCase c(R"(CREATE TABLE categories (id varchar(26) PRIMARY KEY);
      CREATE TABLE posts (id varchar(26) PRIMARY KEY, categoryid varchar(26) NOT NULL);)");
  c.fill();
  CHECK(c.number(
            "SELECT count(*) FROM posts WHERE categoryid NOT IN (SELECT id FROM categories)") == 0);
}

TEST_CASE("two foreign keys over one column point to what both parents have") {
  GeneratorCase c(
      R"(CREATE TABLE a (id int PRIMARY KEY); CREATE TABLE b (id int PRIMARY KEY REFERENCES a);
      CREATE TABLE c (id int PRIMARY KEY, x int NOT NULL REFERENCES a REFERENCES b);)");
  c.fill();
  CHECK(c.number("SELECT count(*) FROM c") == 100);
}

}  // namespace
}  // namespace drydock
