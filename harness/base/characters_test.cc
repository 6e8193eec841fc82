#include "harness/base/characters.h"

#include "harness/testing/catch.h"

namespace drydock {
namespace {

TEST_CASE("a character's position is counted in characters and answered in bytes") {
  CHECK(byte_of_character("select x", 1) == 0);
  CHECK(byte_of_character("select x", 8) == 7);
  CHECK(byte_of_character("é x", 3) == 3);     // two bytes before the blank
  CHECK(byte_of_character("日本 x", 4) == 7);  // three bytes each
}

TEST_CASE("a position beyond the text is its end") {
  CHECK(byte_of_character("ab", 9) == 2);
  CHECK(byte_of_character("", 1) == 0);
}

}  // namespace
}  // namespace drydock
