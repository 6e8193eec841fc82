#include "harness/base/text.h"

#include <algorithm>
#include <string>
#include <vector>

#include "harness/testing/catch.h"

namespace drydock {
namespace {

using Lines = std::vector<std::string_view>;
using Words = std::vector<std::string>;

TEST_CASE("trim takes every kind of ASCII white space from both ends and none from the middle") {
  CHECK(trim(" \t\r\n\v\f a \n b \f\v\n") == "a \n b");
  CHECK(trim("") == "");
  CHECK(trim(" \n ") == "");
  CHECK(trim("\xC2\xA0x") == "\xC2\xA0x");  // a no-break space is no ASCII white space
}

TEST_CASE("lines lose their terminators, and a last terminator makes no further line") {
  CHECK(split_lines("").empty());
  CHECK(split_lines("a") == Lines{"a"});
  CHECK(split_lines("a\n") == Lines{"a"});
  CHECK(split_lines("\n") == Lines{""});
  CHECK(split_lines("a\r\nb\n\nc\r\n") == Lines{"a", "b", "", "c"});
  CHECK(split_lines("a\rb\n") == Lines{"a\rb"});  // a lone \r ends no line
}

TEST_CASE("split keeps empty parts, so that join gives the text back") {
  CHECK(split("", ',') == Words{""});
  CHECK(split("a,,b,", ',') == Words{"a", "", "b", ""});
  CHECK(join(split(",x,,", ','), ",") == ",x,,");
  CHECK(join({}, ", ") == "");
  CHECK(join({"a", "b"}, ", ") == "a, b");
}

TEST_CASE("lower case touches ASCII letters only") {
  CHECK(to_lower("AZ az 09 _[`{@") == "az az 09 _[`{@");
  CHECK(to_lower("\xC3\x84") == "\xC3\x84");  // Ä
}

TEST_CASE("numbers inside names are ordered as numbers of any length") {
  CHECK(natural_less("2_x", "10_a"));
  CHECK_FALSE(natural_less("10_a", "2_x"));
  CHECK(natural_less("a2b10", "a2b11"));
  CHECK(natural_less("v99999999999999999999999999999998", "v99999999999999999999999999999999"));
  CHECK(natural_less("v9999999999999999999", "v10000000000000000000000000000000"));
  CHECK(natural_less("0009_z", "10_a"));
  CHECK(natural_less("000", "1"));
}

TEST_CASE("natural order puts a beginning before what goes on, and compares the rest as bytes") {
  CHECK(natural_less("", "a"));
  CHECK(natural_less("1", "1a"));
  CHECK(natural_less("a", "a0"));
  CHECK(natural_less("B", "a"));
  CHECK(natural_less("z", "\xC3\xA4"));  // bytes are unsigned
  CHECK_FALSE(natural_less("same", "same"));
}

TEST_CASE("names that differ only in leading zeros are different names in a fixed order") {
  CHECK(natural_less("007", "7") != natural_less("7", "007"));
  CHECK(natural_less("1_a", "01_b"));  // the rest decides first
  CHECK(natural_less("01_a", "1_b"));
}

TEST_CASE("natural order is a strict weak order over awkward names") {
  const Words names = {"",   "0",  "00",  "000", "1",   "01",  "001", "10", "010", "1a", "01a",
                       "a",  "a0", "a00", "a1",  "a01", "a10", "/",   ":",  "/1",  ":1", "1/",
                       "1:", "9",  "09",  "-1",  "1-1", "1.1", "01.", "1.", "é",   "é1", "É"};
  for (const std::string& a : names) {
    CHECK_FALSE(natural_less(a, a));
    for (const std::string& b : names) {
      if (a != b) CHECK(natural_less(a, b) != natural_less(b, a));
      for (const std::string& c : names) {
        if (natural_less(a, b) && natural_less(b, c)) CHECK(natural_less(a, c));
      }
    }
  }
}

TEST_CASE("the nearest word is a slip of at most a third of the word's length") {
  const Words words = {"waivers", "rows", "prepare"};
  CHECK(nearest("waiver", words) == "waivers");
  CHECK(nearest("ROWS", words) == "rows");
  CHECK(nearest("row", words) == "rows");
  CHECK(nearest("prapere", words) == "prepare");  // distance 2 of 7
  CHECK(nearest("prapera", words) == "");         // distance 3 of 7
  CHECK(nearest("abc", {}) == "");
}

TEST_CASE("of two words equally near the first is named") {
  CHECK(nearest("cat", {"bat", "car"}) == "bat");
  CHECK(nearest("car", {"bat", "car"}) == "car");
}

TEST_CASE("well-formed UTF-8 of every length and at every limit passes unchanged") {
  const std::string well_formed[] = {
      std::string("\0\x7F", 2),            // U+0000, U+007F
      "\xC2\x80\xDF\xBF",                  // U+0080, U+07FF
      "\xE0\xA0\x80\xED\x9F\xBF",          // U+0800, U+D7FF
      "\xEE\x80\x80\xEF\xBF\xBF",          // U+E000, U+FFFF
      "\xF0\x90\x80\x80\xF4\x8F\xBF\xBF",  // U+10000, U+10FFFF
      "gr\xC3\xBC\xC3\x9F \xE2\x82\xAC \xF0\x9F\x9A\xA2",
  };
  for (const std::string& text : well_formed) CHECK(valid_utf8(text) == text);
}

TEST_CASE("each byte that is no UTF-8 becomes one replacement character") {
  const std::string r = "\xEF\xBF\xBD";
  CHECK(valid_utf8("a\x80z") == "a" + r + "z");  // continuation alone
  CHECK(valid_utf8("\xC0\xAF") == r + r);        // overlong, two bytes
  CHECK(valid_utf8("\xC1\xBF") == r + r);
  CHECK(valid_utf8("\xE0\x9F\xBF") == r + r + r);          // overlong, three bytes
  CHECK(valid_utf8("\xF0\x8F\xBF\xBF") == r + r + r + r);  // overlong, four bytes
  CHECK(valid_utf8("\xED\xA0\x80") == r + r + r);          // a surrogate
  CHECK(valid_utf8("\xF4\x90\x80\x80") == r + r + r + r);  // above U+10FFFF
  CHECK(valid_utf8("\xF5\xFF\xFE") == r + r + r);          // never bytes of UTF-8
  CHECK(valid_utf8("\xE2\x82") == r + r);                  // cut off at the end
  CHECK(valid_utf8("\xE2\x82z") == r + r + "z");           // cut off by a letter
  CHECK(valid_utf8("\xC3\xC3\xBC") == r + "\xC3\xBC");     // the next one is good again
  CHECK(valid_utf8("") == "");
}

TEST_CASE("line and column count from one, columns in characters") {
  const std::string text = "gr\xC3\xBC\xC3\x9F\nzwei\n";
  const auto at = [&](std::size_t offset) {
    const LineColumn found = line_column(text, offset);
    return std::to_string(found.line) + ":" + std::to_string(found.column);
  };
  CHECK(at(0) == "1:1");
  CHECK(at(2) == "1:3");  // ü
  CHECK(at(4) == "1:4");  // ß
  CHECK(at(6) == "1:5");  // the line's end belongs to the line
  CHECK(at(7) == "2:1");
  CHECK(at(12) == "3:1");
  CHECK(at(999) == "3:1");  // behind the end: the end
}

TEST_CASE("a text within the limit is not shortened; a longer one is cut between characters") {
  CHECK(shorten("four", 4) == "four");
  CHECK(shorten("fives", 4) == "five…");
  CHECK(shorten("a\xE2\x82\xAC", 4) == "a\xE2\x82\xAC");
  CHECK(shorten("a\xE2\x82\xAC!", 4) == "a\xE2\x82\xAC…");
  CHECK(shorten("a\xE2\x82\xAC!", 3) == "a…");
  CHECK(shorten("a\xE2\x82\xAC!", 2) == "a…");
  CHECK(shorten("abc", 0) == "…");
  CHECK(shorten("", 0) == "");
}

TEST_CASE("white space of any kind and number becomes one blank, and none at the ends") {
  CHECK(one_line("\n  CREATE\tTABLE t (\r\n  id int\n);  ") == "CREATE TABLE t ( id int );");
  CHECK(one_line(" \n ") == "");
}

TEST_CASE("only one is singular") {
  CHECK(plural(0, "migration") == "0 migrations");
  CHECK(plural(1, "migration") == "1 migration");
  CHECK(plural(2, "migration") == "2 migrations");
  CHECK(plural(2, "index", "indexes") == "2 indexes");
  CHECK(plural(1, "index", "indexes") == "1 index");
}

TEST_CASE("durations are told in the unit that a person would choose") {
  CHECK(human_duration(0) == "0.0 ms");
  CHECK(human_duration(0.44) == "0.4 ms");
  CHECK(human_duration(12.3) == "12 ms");
  CHECK(human_duration(3210) == "3.2 s");
  CHECK(human_duration(125'000) == "2 min 5 s");
  CHECK(human_duration(3'600'000) == "60 min 0 s");
}

TEST_CASE("a duration that is rounded up to the next unit is told in that unit") {
  CHECK(human_duration(9.96) == "10 ms");
  CHECK(human_duration(999.6) == "1.0 s");
  CHECK(human_duration(59'960) == "1 min 0 s");
  CHECK(human_duration(119'600) == "2 min 0 s");
}

}  // namespace
}  // namespace drydock
