#include "harness/load/layout_script.h"

#include "harness/load/layout_pairs.h"
#include "harness/testing/catch.h"
#include "harness/testing/layout_test_directory.h"

namespace drydock {
namespace {

using Catch::Contains;

TEST_CASE("blanks, semicolons and comments, nested ones too, send nothing") {
  CHECK(sends_nothing(""));
  CHECK(sends_nothing(" \r\n;; -- a\n/* b /* c */ d */\n"));
  CHECK_FALSE(sends_nothing("-- a\nselect 1"));
}

TEST_CASE("an unterminated comment is sent, because the server refuses it") {
  CHECK_FALSE(sends_nothing("/* a /* b */"));
}

TEST_CASE("a byte order mark is sent, because the server refuses it") {
  CHECK_FALSE(sends_nothing("\xEF\xBB\xBF-- a"));
}

TEST_CASE("UTF-16 is refused with the line of its first NUL byte, as it cannot be sent") {
  TestDirectory directory;
  directory.write("1_a.up.sql", std::string("\xFF\xFEs\0e\0", 6));
  const Script script = directory.load().migrations[0].up[0];
  REQUIRE(script.refusal);
  CHECK_THAT(*script.refusal, Contains("UTF-16"));
  CHECK(script.refusal_line == 1);
  CHECK(script.queries.empty());
}

TEST_CASE("bytes that are not UTF-8 are kept by tools that do not look at them") {
  TestDirectory directory;
  directory.write("1_a.up.sql", "select 'caf\xE9';\r\n");
  CHECK(texts(directory.load("golang-migrate").migrations[0].up[0]) ==
        std::vector<std::string>{"select 'caf\xE9';\r\n"});
}

TEST_CASE("bytes that are not UTF-8 stop tools that read text, with byte and line") {
  TestDirectory directory;
  directory.write("1_a.up.sql", "select 1;\nselect 'caf\xE9';\n");
  const Script script = directory.load("sqlx").migrations[0].up[0];
  REQUIRE(script.refusal);
  CHECK_THAT(*script.refusal, Contains("sqlx") && Contains("0xE9"));
  CHECK(script.refusal_line == 2);
}

TEST_CASE("numbers of any length compare by value") {
  const NumberLess less;
  CHECK(less("9", "10"));
  CHECK(less("007", "8"));
  CHECK_FALSE(less("007", "7"));
  CHECK_FALSE(less("7", "007"));
  CHECK(less("18446744073709551615", "18446744073709551616"));
}

TEST_CASE("a pair's name is cut at the last direction in it") {
  const auto name = parse_pair_name("0012_drop.up.down.sql");
  REQUIRE(name);
  CHECK(name->version == "0012");
  CHECK(name->title == "drop.up");
  CHECK(name->direction == Direction::kDown);
  CHECK_FALSE(parse_pair_name("a_b.up.sql"));
  CHECK_FALSE(parse_pair_name("1.up.sql"));
  CHECK_FALSE(parse_pair_name("1_a.sql"));
}

}  // namespace
}  // namespace drydock
