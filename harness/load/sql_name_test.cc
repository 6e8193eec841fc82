#include "harness/load/sql_name.h"

#include "harness/testing/catch.h"

namespace drydock {
namespace {

TEST_CASE("a star stands for a table only, and only before a column") {
  CHECK(is_any_tables_column_name("*.updated_at"));
  for (const std::string wrong : {"*", "*.*", "a.*", "*.a.b", "public.lots"}) {
    INFO(wrong);
    CHECK_FALSE(is_any_tables_column_name(wrong));
  }
  CHECK_FALSE(is_table_name("*.a"));
  CHECK_FALSE(is_column_name("*.a.b"));
  CHECK(is_table_name("\"*\".a"));
}

}  // namespace
}  // namespace drydock
