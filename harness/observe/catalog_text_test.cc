#include "harness/observe/catalog_text.h"

#include "harness/testing/catch.h"

namespace drydock {

using Words = std::vector<std::string>;
using Departures = std::vector<std::pair<std::string, std::string>>;

TEST_CASE("an array is taken apart at its commas, not at those inside quotes") {
  CHECK(parse_array("{}").empty());
  CHECK(parse_array("{a,b}") == Words{"a", "b"});
  CHECK(parse_array(R"({"a,b","c\"d\\e",NULL,"NULL",""})") == Words{"a,b", "c\"d\\e", "NULL", ""});
}

TEST_CASE("an option is split at its first equals sign") {
  CHECK(split_option("a=b=c") == std::pair<std::string, std::string>("a", "b=c"));
  CHECK(split_option("a") == std::pair<std::string, std::string>("a", ""));
}

TEST_CASE("privileges are read with their grantee, grantor and grant options") {
  CHECK(parse_acl(R"({reader=ar*w/owner,=U/owner,"\"a \"\"b\"=X/\"o/o\""})") ==
        std::vector<Grant>{{"reader", "owner", "INSERT, UPDATE; SELECT WITH GRANT OPTION"},
                           {"PUBLIC", "owner", "USAGE"},
                           {"a \"b", "o/o", "EXECUTE"}});
}

TEST_CASE("what the server grants by itself is no departure") {
  CHECK(departures("{o=arwd/o}", "{o=arwd/o}", "o").empty());
  CHECK(departures("{o=arwd/o,r=r/o}", "{o=arwd/o}", "o") == Departures{{"r", "SELECT"}});
  CHECK(departures("{o=X/o}", "{=X/o,o=X/o}", "o") == Departures{{"PUBLIC", "none"}});
  CHECK(departures("{o=X/o,r=X/a}", "{o=X/o}", "o") == Departures{{"r (granted by a)", "EXECUTE"}});
}

TEST_CASE("a name is quoted when SQL would read it otherwise") {
  CHECK(quoted_name("reader_1") == "reader_1");
  CHECK(quoted_name("Reader") == "\"Reader\"");
  CHECK(quoted_name("1a") == "\"1a\"");
  CHECK(quoted_name("user") == "\"user\"");
  CHECK(quoted_name("a\"b") == "\"a\"\"b\"");
}

}  // namespace drydock
