// Rows in partitions whose bounds are made of several columns.

#include "harness/testing/generator_case.h"

namespace drydock {
namespace {

TEST_CASE("partitions by ranges of several columns all get rows") {
  GeneratorCase c(R"(
      CREATE TABLE m (year int, month int, note text) PARTITION BY RANGE (year, month);
      CREATE TABLE m1 PARTITION OF m FOR VALUES FROM (2024, 1) TO (2024, 7);
      CREATE TABLE m2 PARTITION OF m FOR VALUES FROM (2024, 7) TO (2025, 1);
      CREATE TABLE m3 PARTITION OF m FOR VALUES FROM (2025, 1) TO (2031, MINVALUE);
      CREATE TABLE k (region text, at date, id int) PARTITION BY RANGE (region, at);
      CREATE TABLE k1 PARTITION OF k FOR VALUES FROM (MINVALUE, MINVALUE) TO ('eu', '2024-01-01');
      CREATE TABLE k2 PARTITION OF k FOR VALUES FROM ('eu', '2024-01-01') TO ('eu', '2025-01-01');
      CREATE TABLE k3 PARTITION OF k FOR VALUES FROM ('eu', '2025-01-01') TO (MAXVALUE, MAXVALUE);)",
                  90);
  c.fill();
  for (const char* leaf : {"m1", "m2", "m3", "k2", "k3"}) {
    INFO(leaf);
    CHECK(c.number(std::string("SELECT count(*) FROM ") + leaf) > 10);
  }
  CHECK(c.number("SELECT count(*) FROM m") == 90);
  CHECK(c.number("SELECT count(*) FROM k") == 90);
}

}  // namespace
}  // namespace drydock
