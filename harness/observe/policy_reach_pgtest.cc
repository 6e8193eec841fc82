#include "harness/observe/policy_reach.h"

#include <algorithm>

#include "harness/testing/catch.h"
#include "harness/testing/shared_server.h"

namespace drydock {
namespace {

/// A parent, its child, and somebody else's table, each with a policy.
struct Family {
  testing::FreshDatabase database;
  Session session{database.info()};

  explicit Family(const std::string& childs_condition, const std::string& between = "") {
    session.query_all(
        "CREATE TABLE orders (id int PRIMARY KEY, tenant_id int NOT NULL);"
        "CREATE TABLE others (id int PRIMARY KEY, tenant_id int NOT NULL);"
        "CREATE TABLE order_lines (id int PRIMARY KEY, order_id int NOT NULL REFERENCES orders);"
        "CREATE POLICY own ON orders USING (tenant_id = current_setting('app.tenant')::int);"
        "CREATE POLICY own ON others USING (tenant_id = current_setting('app.tenant')::int);" +
        between + "CREATE POLICY own ON order_lines USING (" + childs_condition + ")");
  }

  std::string print(const std::string& name = "public.order_lines") {
    const Tenancy tenancy = read_tenancy(session, {}, "nobody");
    const auto table =
        std::find_if(tenancy.tables.begin(), tenancy.tables.end(),
                     [&](const TenantTable& each) { return each.facts.table == name; });
    REQUIRE(table != tenancy.tables.end());
    return table->looked_into;
  }

  /// Whether the child's print is another one behind `sql`.
  bool changes_with(const std::string& sql) {
    const std::string before = print();
    session.query_all(sql);
    return print() != before;
  }
};

const std::string kThroughOrders = "EXISTS (SELECT FROM orders o WHERE o.id = order_id)";
const std::string kOpened = "ALTER POLICY own ON orders USING (true)";

TEST_CASE("what binds a child changes with the policy of the parent that its policy looks into") {
  Family family(kThroughOrders);
  CHECK(family.print("public.orders").empty());
  CHECK_FALSE(family.print().empty());
  SECTION("its policy") { CHECK(family.changes_with(kOpened)); }
  SECTION("its row security") {
    CHECK(family.changes_with("ALTER TABLE orders ENABLE ROW LEVEL SECURITY"));
  }
  SECTION("its privileges") { CHECK(family.changes_with("GRANT SELECT ON orders TO PUBLIC")); }
  SECTION("another table's policy does nothing") {
    CHECK_FALSE(family.changes_with("ALTER POLICY own ON others USING (true)"));
  }
}

TEST_CASE("what binds a table is found behind views, functions and other policies") {
  SECTION("a view") {
    Family family("EXISTS (SELECT FROM mine o WHERE o.id = order_id)",
                  "CREATE VIEW mine AS SELECT * FROM orders;");
    CHECK(family.changes_with(kOpened));
  }
  SECTION("a function") {
    Family family("is_mine(order_id)",
                  "CREATE FUNCTION is_mine(int) RETURNS boolean LANGUAGE sql AS"
                  " 'SELECT EXISTS (SELECT FROM Orders WHERE id = $1)';");
    CHECK(family.changes_with(kOpened));
  }
  SECTION("a policy of the parent that looks further") {
    Family family(kThroughOrders,
                  "CREATE POLICY more ON orders"
                  "  USING (EXISTS (SELECT FROM others x WHERE x.id = orders.id));");
    CHECK(family.changes_with("ALTER POLICY own ON others USING (true)"));
  }
}

TEST_CASE("what binds a table changes with functions that its policies and triggers run") {
  const std::string weaker =
      "CREATE OR REPLACE FUNCTION tenant() RETURNS int LANGUAGE sql AS"
      " 'SELECT NULL::int'";
  const std::string functions =
      "CREATE FUNCTION tenant() RETURNS int LANGUAGE sql AS 'SELECT 1';"
      "CREATE FUNCTION is_mine(int) RETURNS boolean LANGUAGE plpgsql AS"
      " 'BEGIN RETURN $1 = tenant(); END';"
      "CREATE FUNCTION unasked() RETURNS int LANGUAGE sql AS 'SELECT 1';";
  SECTION("asked by the policy's function") {
    Family family("is_mine(order_id)", functions);
    CHECK(family.changes_with(weaker));
    CHECK_FALSE(family.changes_with("DROP FUNCTION unasked()"));
  }
  SECTION("run by a trigger") {
    Family family(kThroughOrders, functions);
    CHECK_FALSE(family.changes_with(weaker));
    family.session.query_all(
        "CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';"
        "CREATE TRIGGER note BEFORE INSERT ON order_lines FOR EACH ROW EXECUTE FUNCTION note()");
    CHECK(family.changes_with("ALTER FUNCTION note() SECURITY DEFINER"));
  }
}

TEST_CASE("policies that look into each other come to an end") {
  Family family(kThroughOrders,
                "CREATE POLICY more ON orders"
                "  USING (EXISTS (SELECT FROM order_lines l WHERE l.order_id = orders.id));");
  CHECK_FALSE(family.print().empty());
  CHECK_FALSE(family.print("public.orders").empty());
}

}  // namespace
}  // namespace drydock
