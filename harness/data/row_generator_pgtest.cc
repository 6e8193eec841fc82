// The generator along a walk: what is filled when, the same each time, and what the scenario says.

#include "harness/base/error.h"
#include "harness/testing/error_of.h"
#include "harness/testing/generator_case.h"

namespace drydock {
namespace {

constexpr const char* kShop = R"(
    CREATE TABLE customers (id serial PRIMARY KEY, email text UNIQUE NOT NULL, city text);
    CREATE TABLE orders (id uuid PRIMARY KEY, customer_id int NOT NULL REFERENCES customers,
                         amount numeric(10,2) CHECK (amount > 0), placed_at timestamptz DEFAULT now());)";

TEST_CASE("equal seeds give equal rows, other seeds others") {
  GeneratorCase one(kShop), two(kShop), other(kShop, 100, 2);
  one.fill(), two.fill(), other.fill();
  CHECK(one.contents("orders") == two.contents("orders"));
  CHECK(one.contents("customers") == two.contents("customers"));
  CHECK(one.contents("orders") != other.contents("orders"));
}

TEST_CASE("the journal makes the same rows in another database") {
  GeneratorCase one(kShop), two(kShop);
  one.fill();
  one.session.query("ALTER TABLE customers ADD COLUMN points int");
  two.session.query("SELECT 1");
  std::vector<std::string> journal = one.generator().take_journal();
  for (const std::string& statement : journal) two.session.query(statement);
  two.session.query("ALTER TABLE customers ADD COLUMN points int");
  one.fill();
  journal = one.generator().take_journal();
  for (const std::string& statement : journal) two.session.query(statement);
  CHECK(one.contents("orders") == two.contents("orders"));
  CHECK(one.contents("customers") == two.contents("customers"));
  CHECK(one.number("SELECT last_value FROM customers_id_seq") ==
        two.number("SELECT last_value FROM customers_id_seq"));
  CHECK(one.generator().take_journal().empty());
}

TEST_CASE("what was filled is not told again") {
  GeneratorCase c(kShop);
  CHECK(c.fill().size() == 2);
  CHECK(c.generator().grow().empty());
  c.session.query("ALTER TABLE customers RENAME TO buyers");
  CHECK(c.generator().grow().empty());
}

TEST_CASE("a table that is made again is filled again") {
  GeneratorCase c(kShop);
  c.fill();
  c.session.query("DROP TABLE orders; CREATE TABLE orders (id int PRIMARY KEY)");
  REQUIRE(c.fill().size() == 1);
  CHECK(c.number("SELECT count(*) FROM orders") == 100);
}

TEST_CASE("new columns of tables with rows get values in most of them") {
  GeneratorCase c(kShop);
  c.fill();
  c.session.query(
      "ALTER TABLE customers ADD COLUMN phone text, ADD COLUMN kept int DEFAULT 7,"
      " ADD COLUMN favourite uuid REFERENCES orders");
  c.fill();
  const long phones = c.number("SELECT count(phone) FROM customers");
  CHECK((phones > 60 && phones < 90));
  CHECK(c.number("SELECT count(*) FROM customers WHERE kept = 7") == 100);
  CHECK(c.number("SELECT count(favourite) FROM customers") > 50);
}

TEST_CASE("new columns get values also when somebody looked at the tables in between") {
  GeneratorCase c(kShop);
  c.fill();
  c.session.query("ALTER TABLE customers ADD COLUMN points int");
  SECTION("for names") { c.generator().tables(); }
  SECTION("for emptied tables") { c.generator().look_for_emptied(); }
  SECTION("for rows to write") { c.generator().new_rows(); }
  c.fill();
  CHECK(c.number("SELECT count(points) FROM customers") > 50);
}

TEST_CASE("views that keep rows are refreshed where they can show rows that were made") {
  GeneratorCase c(R"(
      CREATE TABLE lots (id int PRIMARY KEY); CREATE TABLE whole (id int) PARTITION BY RANGE (id);
      CREATE TABLE part PARTITION OF whole DEFAULT;
      CREATE TABLE others (id int); INSERT INTO others VALUES (1);
      CREATE VIEW seen AS SELECT * FROM lots;
      CREATE FUNCTION count_lots() RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM lots';
      CREATE MATERIALIZED VIEW direct AS SELECT count(*) FROM lots;
      CREATE MATERIALIZED VIEW through_view AS SELECT count(*) FROM seen;
      CREATE MATERIALIZED VIEW above AS SELECT max(count) AS count FROM through_view;
      CREATE MATERIALIZED VIEW of_part AS SELECT count(*) FROM part;
      CREATE MATERIALIZED VIEW by_function AS SELECT count_lots() AS count;
      CREATE MATERIALIZED VIEW elsewhere AS SELECT count(*) FROM others)");
  TableRule none;
  none.rows = 0;
  c.scenario.tables["public.others"] = none;
  c.fill();
  for (const char* view : {"direct", "through_view", "above", "of_part", "by_function"}) {
    INFO(view);
    CHECK(c.number(std::string("SELECT count FROM ") + view) == 100);
  }
  c.session.query("INSERT INTO others VALUES (2); CREATE TABLE late (id int)");
  c.fill();
  CHECK(c.number("SELECT count FROM elsewhere") == 1);
}

TEST_CASE("a table that was emptied, and those that refer to it, are filled again") {
  GeneratorCase c(kShop);
  c.fill();
  CHECK(c.generator().empty("public.customers", {}).size() == 2);
  CHECK(c.number("SELECT count(*) FROM orders") == 0);
  CHECK(c.fill().size() == 2);
}

TEST_CASE("rows that nobody generated stay when a table is emptied") {
  const std::string schema = R"(
      CREATE TABLE kinds (id serial PRIMARY KEY, name text UNIQUE, size int GENERATED ALWAYS AS (1)
          STORED, tags text[]);
      CREATE TABLE lots (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, kind int NOT NULL
          REFERENCES kinds, mother int REFERENCES lots, note text);
      CREATE FUNCTION shout() RETURNS trigger LANGUAGE plpgsql AS
          $$ BEGIN new.note := new.note || '!'; RETURN new; END $$;
      CREATE TRIGGER shout BEFORE INSERT ON lots FOR EACH ROW EXECUTE FUNCTION shout();)";
  const std::string seed = R"(
      INSERT INTO kinds (name, tags) VALUES ('it''s \\ one', '{a,"b c"}'), ('two', NULL);
      INSERT INTO lots (kind, note) SELECT id, 'seed' FROM kinds WHERE name = 'two';
      INSERT INTO lots (kind, mother) SELECT kind, id FROM lots WHERE note = 'seed!';)";
  GeneratorCase untouched(schema), c(schema);
  c.fill();
  untouched.session.query(seed);
  c.session.query(seed);
  c.generator().take_journal();
  const OwnRows own = c.generator().own_rows(untouched.session, {"public.lots"});
  const auto lots = c.generator().empty("public.lots", own);
  // The kinds that the lots refer to have other numbers behind generated rows.
  REQUIRE(lots.size() == 1);
  CHECK(lots[0].told_apart);
  CHECK(lots[0].kept == 2);
  CHECK(c.contents("lots") == untouched.contents("lots"));
  CHECK(c.number("SELECT count(*) FROM lots JOIN lots m ON m.id = lots.mother JOIN kinds k ON "
                 "k.id = m.kind") == 1);
}

TEST_CASE("rows that are to stay bring the rows that they refer to") {
  const std::string schema = R"(
      CREATE TABLE kinds (id text PRIMARY KEY);
      CREATE TABLE lots (id int PRIMARY KEY, kind text REFERENCES kinds);
      CREATE TABLE others (kind text REFERENCES kinds);)";
  GeneratorCase untouched(schema), c(schema);
  untouched.session.query("INSERT INTO kinds VALUES ('a'); INSERT INTO lots VALUES (1, 'a')");
  c.session.query("INSERT INTO kinds VALUES ('b'); INSERT INTO lots VALUES (2, 'b')");
  const OwnRows own = c.generator().own_rows(untouched.session, {"public.lots"});
  CHECK(c.generator().empty("public.lots", own).size() == 3);
  CHECK(c.value("SELECT string_agg(l.id || k.id, '') FROM lots l JOIN kinds k ON k.id = kind") ==
        "1a");
  CHECK(c.generator().take_journal().size() == 1);
}

TEST_CASE("rows are repaired for a rule that is to come") {
  GeneratorCase c("CREATE TABLE t (id int PRIMARY KEY, city text, flag boolean)");
  c.fill();
  CHECK(c.generator().repair("public.t", {"city"}, false));
  CHECK(c.number("SELECT count(*) FROM t WHERE city IS NULL") == 0);
  CHECK(c.generator().repair("public.t", {"city"}, true));
  CHECK(c.number("SELECT count(*) - count(DISTINCT city) FROM t") == 0);
  CHECK(c.generator().repair("public.t", {"flag"}, true));
  CHECK(c.number("SELECT count(DISTINCT flag) FROM t WHERE flag IS NOT NULL") == 2);
  CHECK_FALSE(c.generator().repair("public.t", {"missing"}, false));
}

TEST_CASE("the scenario's rules decide over rows and values") {
  GeneratorCase c(kShop);
  TableRule rule;
  rule.rows = 7;
  rule.columns["city"].one_of = {"Oslo", "Porto"};
  rule.columns["email"].sql = "'n' || n || '@drydock.test'";
  c.scenario.tables["public.customers"] = rule;
  c.scenario.tables["public.orders"].rows = 0;
  CHECK(c.fill().size() == 1);
  CHECK(c.number("SELECT count(*) FROM customers WHERE email ~ '^n[1-7]@' AND city IN ('Oslo', "
                 "'Porto')") == 7);
}

TEST_CASE("a rule that the server refuses is an error with file, line and the server's words") {
  GeneratorCase c(kShop);
  TableRule rule;
  rule.file = "shop.json", rule.line = 12;
  rule.columns["city"].sql = "no_such_function(n)";
  c.scenario.tables["public.customers"] = rule;
  const Error error = testing::error_of([&] { c.generator().grow(); });
  CHECK_THAT(error.message(),
             Catch::Contains("shop.json:12: data.tables.public.customers.columns.city"));
  CHECK_THAT(error.message(), Catch::Contains("no_such_function"));
}

TEST_CASE("what was seen stays known when it is gone") {
  GeneratorCase c("CREATE TABLE lots (id int, \"Odd One\" text)");
  c.generator().grow();
  c.session.query("ALTER TABLE lots DROP id; CREATE TABLE others (a int)");
  c.generator().grow();
  c.session.query("DROP TABLE lots");
  c.generator().grow();
  CHECK(c.generator().seen() ==
        SeenTables{{"public.lots", {"id", "Odd One"}}, {"public.others", {"a"}}});
}

TEST_CASE("materialized views show the rows, and tables of extensions and views are left alone") {
  GeneratorCase c(kShop);
  c.session.query(R"(CREATE MATERIALIZED VIEW m AS SELECT count(*) FROM orders;
      CREATE VIEW v AS SELECT 1 AS one; CREATE TEMP TABLE mine (a int); CREATE UNLOGGED TABLE u (a int);)");
  CHECK(c.fill().size() == 3);
  CHECK(c.number("SELECT count FROM m") == 100);
}

TEST_CASE("the adversarial profile fills with the ends of what is allowed") {
  GeneratorCase c(
      "CREATE TABLE t (id serial PRIMARY KEY, a text NOT NULL, b int, c timestamptz NOT NULL)");
  c.scenario.profile = RowProfile::kAdversarial;
  c.fill();
  CHECK(c.number("SELECT count(*) FROM t WHERE a = ''") > 0);
  CHECK(c.number("SELECT count(*) FROM t WHERE length(a) = 10000") > 0);
  CHECK(c.number("SELECT count(*) FROM t WHERE c = 'infinity'") > 0);
  CHECK(c.number("SELECT count(*) FROM t WHERE b IS NULL") > 20);
}

}  // namespace
}  // namespace drydock
