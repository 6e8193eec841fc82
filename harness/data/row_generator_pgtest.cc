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

TEST_CASE("a table that was emptied, and those that refer to it, are filled again") {
  GeneratorCase c(kShop);
  c.fill();
  CHECK(c.generator().empty("public.customers").size() == 2);
  CHECK(c.number("SELECT count(*) FROM orders") == 0);
  CHECK(c.fill().size() == 2);
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
  CHECK(c.generator().unused_rules().empty());
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

TEST_CASE("rules that matched nothing are named, with what is nearest") {
  GeneratorCase c(kShop);
  TableRule rule;
  rule.file = "shop.json", rule.line = 3;
  rule.columns["emai"].value = "x";
  c.scenario.tables["public.customers"] = rule;
  c.scenario.tables["public.oders"].rows = 3;
  c.generator().grow();
  const auto unused = c.generator().unused_rules();
  REQUIRE(unused.size() == 2);
  CHECK_THAT(unused[0], Catch::Contains("shop.json:3") && Catch::Contains("emai,") &&
                            Catch::Contains("Did you mean email?"));
  CHECK_THAT(unused[1], Catch::Contains("Did you mean public.orders?"));
}

TEST_CASE("materialized views show the rows, and tables of extensions and views are left alone") {
  GeneratorCase c(kShop);
  c.session.query(R"(CREATE MATERIALIZED VIEW m AS SELECT count(*) FROM orders;
      CREATE VIEW v AS SELECT 1 AS one; CREATE TEMP TABLE mine (a int); CREATE UNLOGGED TABLE u (a int);)");
  CHECK(c.fill().size() == 3);
  CHECK(c.number("SELECT count FROM m") == 100);
}

TEST_CASE("the hostile profile fills with the ends of what is allowed") {
  GeneratorCase c(
      "CREATE TABLE t (id serial PRIMARY KEY, a text NOT NULL, b int, c timestamptz NOT NULL)");
  c.scenario.profile = RowProfile::kHostile;
  c.fill();
  CHECK(c.number("SELECT count(*) FROM t WHERE a = ''") > 0);
  CHECK(c.number("SELECT count(*) FROM t WHERE length(a) = 10000") > 0);
  CHECK(c.number("SELECT count(*) FROM t WHERE c = 'infinity'") > 0);
  CHECK(c.number("SELECT count(*) FROM t WHERE b IS NULL") > 20);
}

}  // namespace
}  // namespace drydock
