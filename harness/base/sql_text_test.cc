#include "harness/base/sql_text.h"

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

TEST_CASE("a name without its quotes is the name itself") {
  CHECK(plain_name_parts("public.\"Odd.Name\".\"a\"\"b\"") == Parts{"public", "Odd.Name", "a\"b"});
  CHECK(plain_name_parts("a b").empty());
}

TEST_CASE("a quoted text or name is read by the server as what it was") {
  CHECK(sql_text("it's \\ \"so\"") == "'it''s \\ \"so\"'");
  CHECK(sql_name("a\"b'c") == "\"a\"\"b'c\"");
}

}  // namespace
}  // namespace drydock
