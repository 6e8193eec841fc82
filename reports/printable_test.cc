#include "reports/printable.h"

#include "harness/testing/catch.h"

namespace drydock {
namespace {

TEST_CASE("control characters are shown, newline and tab are kept") {
  CHECK(printable("a\x07\x1b[31m\x7f b\tc\nd") == "a\\x07\\x1b[31m\\x7f b\tc\nd");
}

TEST_CASE("a Windows line end becomes a newline, a lone carriage return is shown") {
  CHECK(printable("a\r\nb\rc") == "a\nb\\x0dc");
}

TEST_CASE("C1 control characters, which some terminals obey, are shown") {
  CHECK(printable("\xc2\x9b"
                  "31m") == "\\x9b31m");
}

TEST_CASE("marks that turn the reading direction are shown, right-to-left letters are kept") {
  CHECK(printable("\xe2\x80\xae\xd7\xa9") == "\\u202e\xd7\xa9");
}

TEST_CASE("bytes that are no UTF-8 become the replacement character") {
  CHECK(printable("\xff") == "\xEF\xBF\xBD");
}

TEST_CASE("noncharacters that XML forbids are shown") {
  CHECK(printable("\xef\xbf\xbf") == "\\uffff");
}

TEST_CASE("what is printable stays as it is") {
  const std::string text = "SELECT 'żółć', '🚢', '漢字';\n\t-- \\x07 was here";
  CHECK(printable(text) == text);
}

TEST_CASE("a printable line has no line breaks") { CHECK(printable_line(" a\r\n\n b ") == "a b"); }

TEST_CASE("wide characters take two columns, combining marks none") {
  CHECK(display_width("abc") == 3);
  CHECK(display_width("漢字") == 4);
  CHECK(display_width("e\xcc\x81") == 1);
  CHECK(display_width("🚢") == 2);
}

TEST_CASE("text that is cut never grows beyond the width and ends with an ellipsis") {
  CHECK(fit("abcdef", 6) == "abcdef");
  CHECK(fit("abcdefg", 6) == "abcde…");
  CHECK(fit("漢字漢字", 6) == "漢字…");
}

}  // namespace
}  // namespace drydock
