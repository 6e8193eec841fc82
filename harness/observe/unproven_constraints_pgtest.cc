#include "harness/observe/unproven_constraints.h"

#include "harness/testing/catch.h"
#include "harness/testing/shared_server.h"

namespace drydock {
namespace {

struct Orders {
  testing::FreshDatabase database;
  Session session{database.info()};
  ConstraintObserver observer{session};

  Orders() {
    session.query(
        "CREATE TABLE customers (id int PRIMARY KEY); INSERT INTO customers VALUES (1), (2);"
        "CREATE TABLE orders (id int, customer int REFERENCES customers);"
        "INSERT INTO orders VALUES (1, 1), (2, 2)");
  }

  std::vector<UnprovenConstraint> after(const std::string& sql, bool same = false) {
    observer.remember(same);
    session.query(sql);
    return observer.unproven(keeps_keys_unenforced(sql));
  }
};

TEST_CASE("orphans behind a validated foreign key are found when it was not enforced") {
  const std::string before = GENERATE("SET session_replication_role = replica;",
                                      "ALTER TABLE customers\n DISABLE TRIGGER ALL;");
  Orders orders;
  const auto found = orders.after(before + "DELETE FROM customers WHERE id = 2");
  REQUIRE(found.size() == 1);
  CHECK(found[0].constraint == "orders_customer_fkey");
  CHECK(found[0].unchecked);
  CHECK_FALSE(found[0].was_there);
  CHECK(found[0].broken == 1);
  CHECK(found[0].broken_before == 0);
  CHECK(found[0].examples == std::vector<std::string>{"customer = 2"});
  // The next script is not blamed for them.
  const auto again = orders.after("RESET session_replication_role", true);
  REQUIRE(again.size() == 1);
  CHECK(again[0].broken == again[0].broken_before);
}

TEST_CASE(
    "a script that leaves foreign keys alone costs no counting, and one that keeps them is fine") {
  Orders orders;
  CHECK(orders.after("DELETE FROM orders").empty());
  CHECK(orders.after("SET session_replication_role = replica; DELETE FROM orders").empty());
}

TEST_CASE("rows that row security hides are no orphans") {
  Orders orders;
  orders.session.query(
      "CREATE ROLE counter; GRANT SELECT ON orders, customers TO counter;"
      "ALTER TABLE customers ENABLE ROW LEVEL SECURITY;"
      "ALTER TABLE orders DROP CONSTRAINT orders_customer_fkey; ALTER TABLE orders ADD FOREIGN KEY "
      "(customer) REFERENCES customers NOT VALID");
  orders.session.query("SET SESSION AUTHORIZATION counter");
  const auto found = orders.after("SELECT 1");
  REQUIRE(found.size() == 1);
  CHECK(found[0].broken == 0);
  CHECK(found[0].problem == "row security keeps rows from the role that counts");
}

}  // namespace
}  // namespace drydock
