#include "reports/excerpt.h"

#include "harness/base/text.h"
#include "harness/testing/catch.h"
#include "reports/printable.h"

namespace drydock {
namespace {

Failure at_column(const std::string& source, int column) {
  Failure failure;
  failure.line = 12;
  failure.column = column;
  failure.source_line = source;
  return failure;
}

/// The character of the source line above the caret.
std::string above_caret(const std::vector<std::string>& lines) {
  const int column = display_width(lines.at(1)) - 1;
  std::string_view rest = lines.at(0);
  while (!rest.empty()) {
    const std::string_view whole = lines.at(0);
    if (display_width(whole.substr(0, whole.size() - rest.size())) == column) break;
    do rest.remove_prefix(1);
    while (!rest.empty() && (static_cast<unsigned char>(rest[0]) & 0xC0) == 0x80);
  }
  return std::string(rest.substr(0, 1));
}

TEST_CASE("the caret stands below the column") {
  CHECK(source_lines(at_column("drop colum x;", 6), 80) ==
        std::vector<std::string>{"  12 | drop colum x;", "     |      ^"});
}

TEST_CASE(
    "the caret stands below the column after tabs, wide letters and shown control characters") {
  CHECK(above_caret(source_lines(at_column("\t\tab", 4), 80)) == "b");
  CHECK(above_caret(source_lines(at_column("'漢字' b", 6), 80)) == "b");
  CHECK(above_caret(source_lines(at_column("\x01\xff"
                                           "b",
                                           3),
                                 80)) == "b");
}

TEST_CASE("a long line is cut so that the caret stays in sight") {
  const std::string source = std::string(300, 'a') + "b" + std::string(300, 'c');
  const std::vector<std::string> lines = source_lines(at_column(source, 301), 80);
  CHECK(above_caret(lines) == "b");
  CHECK(display_width(lines[0]) <= 80);
}

TEST_CASE("a column that is not known gives the line without a caret, no line gives nothing") {
  CHECK(source_lines(at_column("select 1", 0), 80).size() == 1);
  CHECK(source_lines(at_column("", 3), 80).empty());
}

TEST_CASE("a column beyond the end of the line puts the caret at its end") {
  CHECK(source_lines(at_column("ab", 99), 80).at(1) == "     |   ^");
}

TEST_CASE("differences come with the worst first and the number of those left out") {
  SchemaDifference cosmetic, security;
  cosmetic.change = ChangeKind::kExtra;
  cosmetic.object = {"comment", "public.t"};
  cosmetic.weight = DifferenceClass::kCosmetic;
  security.change = ChangeKind::kMissing;
  security.object = {"policy", "public.t.p"};
  security.ddl = "CREATE POLICY p\n  ON t;";
  security.weight = DifferenceClass::kSecurity;
  CHECK(diff_lines({cosmetic, security}, 1) ==
        std::vector<std::string>{"- missing policy public.t.p [security]",
                                 "    to mend: ", "      CREATE POLICY p", "        ON t;",
                                 "… and 1 more difference"});
}

TEST_CASE("a changed property shows both values, an absent one as such") {
  SchemaDifference changed;
  changed.object = {"column", "public.t.a"};
  changed.property = "default";
  changed.found = "now()";
  CHECK(difference_lines(changed) ==
        std::vector<std::string>{"! changed column public.t.a: default [behaviour]",
                                 "    expected: (none)", "    found:    now()"});
}

TEST_CASE("a headline is the first line, and the first item of a list that it introduces") {
  CHECK(headline("it failed\n  detail: x") == "it failed");
  CHECK(headline("it differs:\n  index a\n  index b\n  index c") ==
        "it differs: index a … and 2 more");
  CHECK(headline("it differs:") == "it differs:");
  CHECK(headline("").empty());
}

TEST_CASE("a location leaves out what is not known") {
  CHECK(location("a.sql", 3, 7) == "a.sql:3:7");
  CHECK(location("a.sql", 3) == "a.sql:3");
  CHECK(location("a.sql", 0, 7) == "a.sql");
  CHECK(location("", 3, 7) == "line 3");
  CHECK(location("", 0).empty());
}

}  // namespace
}  // namespace drydock
