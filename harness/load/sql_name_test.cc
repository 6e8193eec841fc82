#include "harness/load/sql_name.h"

#include "harness/testing/catch.h"

namespace drydock {
namespace {

using Parts = std::vector<std::string>;

TEST_CASE("a name is cut at its dots, but for those in quotes") {
  CHECK(name_parts("public.lots.id") == Parts{"public", "lots", "id"});
  CHECK(name_parts("\"Odd.Name\".\"a\"\"b.\"") == Parts{"\"Odd.Name\"", "\"a\"\"b.\""});
  CHECK(name_parts("straße.日本") == Parts{"straße", "日本"});
}

TEST_CASE("what is no name has no parts") {
  for (const std::string wrong :
       {"", ".", "a.", ".a", "a..b", "a b", "a.\"b", "\"\"", "\"a\"b", "a\"b\"", "\"a\"\"", " a"}) {
    INFO(wrong);
    CHECK(name_parts(wrong).empty());
  }
}

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
