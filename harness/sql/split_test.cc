#include "harness/sql/split.h"

#include <filesystem>
#include <string>
#include <vector>

#include "harness/base/files.h"
#include "harness/testing/catch.h"

namespace drydock {
namespace {

using Texts = std::vector<std::string>;
using Lines = std::vector<int>;

Texts texts(const SplitResult& result) {
  Texts found;
  for (const Statement& statement : result.statements) found.push_back(statement.text);
  return found;
}

Lines lines(const SplitResult& result) {
  Lines found;
  for (const Statement& statement : result.statements) found.push_back(statement.line);
  return found;
}

/// Whether each statement stands in `text` where it says.
bool offsets_are_true(const std::string& text, const SplitResult& result) {
  for (const Statement& statement : result.statements) {
    if (text.substr(statement.offset, statement.text.size()) != statement.text) return false;
  }
  return true;
}

/// Splits a text that must parse whole.
SplitResult parsed(const std::string& text) {
  SplitResult result = split_statements(text);
  CAPTURE(text);
  CHECK(result.parse_error.empty());
  CHECK(result.error_line == 0);
  for (const Statement& statement : result.statements) CHECK(statement.parsed);
  CHECK(offsets_are_true(text, result));
  return result;
}

TEST_CASE("a text without a statement has none") {
  for (const char* text : {"", " \n\t\r\n", "-- only a comment", "/* only /* nested */ ones */\n",
                           ";", ";;;\n;", "-- a\n;\n/* b */;", "\f"}) {
    CHECK(parsed(text).statements.empty());
  }
}

TEST_CASE("statements come in order, without semicolons, the last one with or without") {
  CHECK(texts(parsed("select 1; select 2;")) == Texts{"select 1", "select 2"});
  CHECK(texts(parsed("select 1; select 2")) == Texts{"select 1", "select 2"});
  CHECK(texts(parsed(";;select 1;;;select 2;;")) == Texts{"select 1", "select 2"});
  CHECK(texts(parsed("select 1 \n ; ")) == Texts{"select 1"});
}

TEST_CASE("a statement starts at its first token, whatever comments stand before it") {
  const SplitResult result = parsed(
      "-- head; with a semicolon\n"
      "/* and /* a nested; */ one */\n"
      "\n"
      "CREATE TABLE a (id int); -- tail\n"
      "/* x */ /* y */ DROP TABLE a;\n");
  CHECK(texts(result) == Texts{"CREATE TABLE a (id int)", "DROP TABLE a"});
  CHECK(lines(result) == Lines{4, 5});
  CHECK(result.statements[1].offset == 106);
}

TEST_CASE("a comment behind the last token is not part of the statement") {
  CHECK(texts(parsed("select 1 -- one\n; select 2 /* two */;")) == Texts{"select 1", "select 2"});
  CHECK(texts(parsed("select 1\n-- the end")) == Texts{"select 1"});
  CHECK(texts(parsed("select '--' /* ' */ -- '\n")) == Texts{"select '--'"});
  CHECK(texts(parsed("select $a$ -- $a$ /* $a$ */")) == Texts{"select $a$ -- $a$"});
}

TEST_CASE("semicolons inside texts, names and comments end nothing") {
  CHECK(parsed("select ';', 'it''s; so', \"a;b\" from \"t;\" -- ;\n where true /* ; */")
            .statements.size() == 1);
  CHECK(parsed("select E'a\\';b', U&'\\0061;', B'01', X'1F', 'a'\n';b'").statements.size() == 1);
  CHECK(texts(parsed("select U&'\\0061;'; select 2")) == Texts{"select U&'\\0061;'", "select 2"});
}

TEST_CASE("a backslash escapes in E'' only") {
  CHECK(parsed("select E'\\'; x'; select 2").statements.size() == 2);
  CHECK(parsed("select '\\'; select 2").statements.size() == 2);
}

TEST_CASE("dollar quotes end at their own tag only") {
  const SplitResult result = parsed(
      "DO $outer$ BEGIN\n"
      "  EXECUTE $in$ select '$outer'; $in$;\n"
      "  EXECUTE $$ select 1; $$;\n"
      "END $outer$;\n"
      "select $1;");
  REQUIRE(result.statements.size() == 2);
  CHECK(lines(result) == Lines{1, 5});
  CHECK(result.statements[0].text.substr(0, 10) == "DO $outer$");
}

TEST_CASE("the body of a function in standard SQL is one statement with its semicolons") {
  const std::string body =
      "CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql\n"
      "BEGIN ATOMIC\n"
      "  SELECT 1;\n"
      "  SELECT CASE WHEN a > 0 THEN 1 ELSE 2 END;\n"
      "END";
  const SplitResult result = parsed(body + ";\nSELECT f(1);");
  CHECK(texts(result) == Texts{body, "SELECT f(1)"});
  CHECK(lines(result) == Lines{1, 6});
}

TEST_CASE("a rule with several actions in brackets is one statement") {
  const std::string rule =
      "CREATE RULE r AS ON INSERT TO v DO INSTEAD (INSERT INTO a VALUES (1); DELETE FROM b; )";
  CHECK(texts(parsed(rule + "; select 1")) == Texts{rule, "select 1"});
}

TEST_CASE("lines are counted through Windows line ends and statements of many lines") {
  const std::string text = "-- one\r\nselect 1;\r\n\r\nselect\r\n  2;\r\nselect 3;\r\n";
  const SplitResult result = parsed(text);
  CHECK(texts(result) == Texts{"select 1", "select\r\n  2", "select 3"});
  CHECK(lines(result) == Lines{2, 4, 6});
}

TEST_CASE("a comment ends at a lone carriage return, as it does for the server") {
  CHECK(texts(parsed("-- old Macintosh\rselect 1;\rselect 2")) == Texts{"select 1", "select 2"});
}

TEST_CASE("a statement that the grammar refuses is told from its neighbours, with the line") {
  const std::string text =
      "CREATE TABLE a (id int);\n"
      "CREATE TABEL b (id int);\n"
      "INSERT INTO a VALUES (';');\n";
  const SplitResult result = split_statements(text);
  CHECK(result.parse_error == "syntax error at or near \"TABEL\"");
  CHECK(result.error_line == 2);
  REQUIRE(result.statements.size() == 3);
  CHECK(result.statements[0].parsed);
  CHECK_FALSE(result.statements[1].parsed);
  CHECK(result.statements[1].text == "CREATE TABEL b (id int)");
  CHECK(result.statements[2].parsed);
  CHECK(lines(result) == Lines{1, 2, 3});
  CHECK(offsets_are_true(text, result));
}

TEST_CASE("the line of an error is true behind characters of several bytes") {
  const std::string text =
      "select 'gr\xC3\xBC\xC3\x9F \xE2\x82\xAC\xE2\x82\xAC\xE2\x82\xAC \xF0\x9F\x9A\xA2';\n"
      "select 'gr\xC3\xBC\xC3\x9F';\n"
      "selct 1;\n"
      "select 2;\n"
      "select 3;";
  const SplitResult result = split_statements(text);
  CHECK(result.error_line == 3);
  CHECK(lines(result) == Lines{1, 2, 3, 4, 5});
  CHECK(offsets_are_true(text, result));
}

TEST_CASE("a statement of a newer PostgreSQL is kept whole among known ones") {
  const std::string merge =
      "MERGE INTO t USING s ON t.id = s.id\n"
      "WHEN MATCHED THEN UPDATE SET v = s.v RETURNING t.*";
  const std::string text = "select 1;\n" + merge + ";\nselect ';';\n";
  const SplitResult result = split_statements(text);
  CHECK_FALSE(result.parse_error.empty());
  CHECK(result.error_line == 3);
  CHECK(texts(result) == Texts{"select 1", merge, "select ';'"});
  CHECK(lines(result) == Lines{1, 2, 4});
  REQUIRE(result.statements.size() == 3);
  CHECK_FALSE(result.statements[1].parsed);
  CHECK(result.statements[2].parsed);
}

TEST_CASE("beside a refused statement the body of a standard SQL function stays in one piece") {
  const std::string function =
      "CREATE FUNCTION f() RETURNS int LANGUAGE sql BEGIN ATOMIC\n  SELECT 1; SELECT 2;\nEND";
  const std::string text = "selct 0;\n" + function + ";\nselect 3;";
  const SplitResult result = split_statements(text);
  CHECK(texts(result) == Texts{"selct 0", function, "select 3"});
  CHECK(lines(result) == Lines{1, 2, 5});
  REQUIRE(result.statements.size() == 3);
  CHECK(result.statements[1].parsed);
}

TEST_CASE("beside a refused statement rules, dollar quotes and comments stay in one piece") {
  const std::string rule =
      "CREATE RULE r AS ON DELETE TO v DO INSTEAD (DELETE FROM a; DELETE FROM b)";
  const std::string block = "DO $x$ BEGIN PERFORM 1; PERFORM 2; END $x$";
  const SplitResult result =
      split_statements("selct 0;\n" + rule + ";\n-- a; b\n/* c; */" + block + ";");
  CHECK(texts(result) == Texts{"selct 0", rule, block});
  CHECK(lines(result) == Lines{1, 2, 4});
}

TEST_CASE("a misspelt first word without any key word behind it is not lost") {
  const SplitResult alone = split_statements("selct 1;");
  CHECK(alone.parse_error == "syntax error at or near \"selct\"");
  CHECK(texts(alone) == Texts{"selct 1"});
  CHECK(texts(split_statements("selct 1; slect 2; foo; select 3")) ==
        Texts{"selct 1", "slect 2", "foo", "select 3"});
}

TEST_CASE("cutting at semicolons finds the parser's statements in every fixture") {
  int compared = 0;
  const std::filesystem::path root = DRYDOCK_SOURCE_DIR "/fixtures";
  for (const auto& entry : std::filesystem::recursive_directory_iterator(root)) {
    if (entry.path().extension() != ".sql") continue;
    const std::string text = read_file(entry.path());
    const SplitResult by_parser = split_statements(text);
    if (!by_parser.parse_error.empty()) continue;
    const SplitResult by_semicolons = split_statements(text + "\n;selct 1");
    CAPTURE(entry.path());
    REQUIRE(by_semicolons.statements.size() == by_parser.statements.size() + 1);
    CHECK(by_semicolons.statements.back().text == "selct 1");
    for (std::size_t i = 0; i < by_parser.statements.size(); ++i) {
      CHECK(by_semicolons.statements[i].text == by_parser.statements[i].text);
      CHECK(by_semicolons.statements[i].line == by_parser.statements[i].line);
      CHECK(by_semicolons.statements[i].parsed);
      ++compared;
    }
  }
  CHECK(compared > 100);
}

TEST_CASE("an end that never comes makes one piece, and the error says which") {
  const auto error_of = [](const std::string& text) {
    const SplitResult result = split_statements(text);
    CHECK(result.statements.size() == 1);
    for (const Statement& statement : result.statements) CHECK_FALSE(statement.parsed);
    return std::to_string(result.error_line) + ": " + result.parse_error;
  };
  CHECK(error_of("select 1;\nselect 'abc;\nselect 2;") ==
        "2: unterminated quoted string at or near \"'abc;\nselect 2;\"");
  CHECK(error_of("select 1;\n\nselect /* 2;") == "3: unterminated /* comment at or near \"/* 2;\"");
  CHECK(error_of("select $a$ x; $b$") ==
        "1: unterminated dollar-quoted string at or near \"$a$ x; $b$\"");
  CHECK(error_of("select \"x;") == "1: unterminated quoted identifier at or near \"\"x;\"");
}

TEST_CASE("a NUL byte does not make what stands behind it vanish") {
  const std::string text = std::string("select 1;\nselect '\0';", 20) + "\ndrop table t;";
  const SplitResult result = split_statements(text);
  CHECK(result.parse_error == "the text has a NUL byte, which SQL cannot hold");
  CHECK(result.error_line == 2);
  REQUIRE(result.statements.size() == 1);
  CHECK_FALSE(result.statements[0].parsed);
  CHECK(result.statements[0].text.find("drop table t") != std::string::npos);
}

TEST_CASE("a byte order mark is the text's own and refused, as the server refuses it") {
  const SplitResult result = split_statements("\xEF\xBB\xBFselect 1;\nselect 2;");
  CHECK(result.error_line == 1);
  REQUIRE(result.statements.size() == 2);
  CHECK(result.statements[0].text == "\xEF\xBB\xBFselect 1");
  CHECK_FALSE(result.statements[0].parsed);
  CHECK(result.statements[1].parsed);
}

TEST_CASE("bytes that are no UTF-8 are carried through as they are") {
  CHECK(texts(parsed("select 'caf\xE9'; select 2")) == Texts{"select 'caf\xE9'", "select 2"});
  const SplitResult result = split_statements("select '\xE9\xE9';\nselct 1;\nselect 2;");
  CHECK(texts(result) == Texts{"select '\xE9\xE9'", "selct 1", "select 2"});
}

TEST_CASE("what psql alone understands is refused, not guessed at") {
  const SplitResult result = split_statements("\\set x 1\nselect 1;");
  CHECK_FALSE(result.parse_error.empty());
  CHECK(result.error_line == 1);
  CHECK(result.statements.size() == 1);
}

TEST_CASE("a hundred thousand statements are all found, with and without an error among them") {
  constexpr int kCount = 100'000;
  std::string text;
  for (int i = 0; i < kCount; ++i)
    text += "insert into t values (" + std::to_string(i) + ", 'x');\n";
  const SplitResult whole = split_statements(text);
  REQUIRE(whole.statements.size() == kCount);
  CHECK(whole.statements.back().line == kCount);
  text += "insrt into t values (1);\n";
  const SplitResult refused = split_statements(text);
  REQUIRE(refused.statements.size() == kCount + 1);
  CHECK(refused.error_line == kCount + 1);
  CHECK(refused.statements[kCount - 1].parsed);
  CHECK_FALSE(refused.statements[kCount].parsed);
}

}  // namespace
}  // namespace drydock
