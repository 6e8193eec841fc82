// Rows of tables whose conditions compute a column from others.

#include "harness/testing/generator_case.h"

namespace drydock {
namespace {

TEST_CASE("columns that a condition computes get all the rows that were asked for") {
  GeneratorCase c(R"(
      CREATE TABLE items (id serial PRIMARY KEY, price numeric(10,2) NOT NULL, qty int, discount int,
        total numeric(14,2) NOT NULL CHECK (total = price * qty),
        net numeric(14,2) CHECK (total - coalesce(discount, 0) = net),
        copy text, note text CHECK (copy = upper(note)), a int, b int UNIQUE, CHECK (a = b));)",
                  300);
  c.fill();
  CHECK(c.number("SELECT count(*) FROM items") == 300);
  CHECK(c.number("SELECT count(DISTINCT total) FROM items") > 200);
  CHECK(c.number("SELECT count(*) FROM items WHERE net = total - coalesce(discount, 0)") == 300);
  CHECK(c.number("SELECT count(*) FROM items WHERE copy = upper(note)") > 200);
  CHECK(c.number("SELECT count(*) FROM items WHERE a = b") > 200);
}

TEST_CASE("a circle of computed columns does not stop the generator") {
  GeneratorCase c(
      "CREATE TABLE t (a int CHECK (a = b), b int CHECK (b = a), c int CHECK (c = d),"
      "d int CHECK (d = e), e int CHECK (e = c));");
  c.generator().grow();
  CHECK(c.number("SELECT count(*) FROM t") > 0);
}

}  // namespace
}  // namespace drydock
