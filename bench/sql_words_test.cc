#include "bench/sql_words.h"

#include "harness/testing/catch.h"

namespace drydock {
namespace {

TEST_CASE("a word is found at the depth of where the search begins, and no deeper") {
  const SqlWords words("UPDATE t SET a = (SELECT 1 WHERE b) WHERE c");
  const std::size_t where = words.find({"where"}, 0, words.size());
  CHECK(words.text(where, words.size()) == "WHERE c");
  CHECK(words.find({"limit"}, 0, words.size()) == SqlWords::kNone);
}

TEST_CASE("text is as written, without comments and semicolon around it") {
  CHECK(SqlWords("/* x */ a IS NULL -- not yet").text() == "a IS NULL");
  CHECK(SqlWords("a = 'x; -- y' ;").text() == "a = 'x; -- y'");
  CHECK(SqlWords(" -- nothing\n").text().empty());
}

TEST_CASE("a bracket knows the one that closes it") {
  const SqlWords words("f ( g ( x ) , y ) z (");
  CHECK(words.closing(1) == 8);
  CHECK(words.closing(3) == 5);
  CHECK(words.closing(10) == words.size());
}

TEST_CASE("a plain name is in lower case unless it is quoted") {
  CHECK(plain_name("Lots") == "lots");
  CHECK(plain_name("\"Odd \"\"Name\"\"\"") == "Odd \"Name\"");
}

}  // namespace
}  // namespace drydock
