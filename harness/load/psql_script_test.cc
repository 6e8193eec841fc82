#include "harness/load/psql_script.h"

#include "harness/testing/catch.h"
#include "harness/testing/layout_test_directory.h"

namespace drydock {
namespace {

using Catch::Contains;
using Strings = std::vector<std::string>;

Script psql(const std::string& text, std::map<std::string, std::string> variables = {}) {
  TestDirectory directory;
  directory.write("a.sql", text);
  return psql_script(directory.path() / "a.sql", "shown/a.sql",
                     {std::move(variables), directory.path()});
}

std::string refusal(const std::string& text) {
  const Script script = psql(text);
  return script.refusal ? std::to_string(script.refusal_line) + ": " + *script.refusal : "nothing";
}

TEST_CASE("psql: each statement is a message of its own, with its line in the file") {
  const Script script = psql("-- first\nselect 1;\n\n/* second */ select\n  2; select 3");
  CHECK(script.path == "shown/a.sql");
  CHECK_FALSE(script.in_transaction);
  CHECK(texts(script) == Strings{"select 1", "select\n  2", "select 3"});
  CHECK(lines(script) == std::vector<int>{2, 4, 5});
}

TEST_CASE("psql: blanks, comments and lone semicolons send nothing") {
  CHECK(psql(" \n-- a\n/* b */ ;;\n").queries.empty());
}

TEST_CASE("psql: semicolons in quotes, comments, parentheses and bodies do not end a statement") {
  const Strings statements = {
      "select 'a;b''c;' || e'\\';'",
      "select \"a;b\" from t",
      "do $x$ begin perform 1; end; $x$",
      "create rule r as on insert to t do (select 1; select 2)",
      "select 1 /* ; /* ; */ ; */ + 2 -- ;\n",
      "create or replace function f() returns int begin atomic select 1; select case when true "
      "then 2 end; end",
      "create table \"begin\" (a int)"};
  for (const std::string& statement : statements) {
    INFO(statement);
    CHECK(texts(psql(statement + ";\nselect 9;")).at(1) == "select 9");
  }
}

TEST_CASE("psql: BEGIN of a transaction is a statement, not a body") {
  CHECK(texts(psql("begin; select 1; end;")) == Strings{"begin", "select 1", "end"});
}

TEST_CASE("psql: dollar signs in names and parameters open no quote") {
  CHECK(texts(psql("select a$b$c; select $1$2;")).size() == 2);
}

TEST_CASE("psql: an unterminated quote goes to the server as it is") {
  CHECK(texts(psql("select 'oops;\nselect 2;")) == Strings{"select 'oops;\nselect 2;"});
}

TEST_CASE("psql: a byte order mark is dropped, other bytes stay") {
  CHECK(texts(psql("\xEF\xBB\xBFselect '\xE9\r\n';\r\n")) == Strings{"select '\xE9\r\n'"});
}

TEST_CASE("psql: COPY from stdin takes the rows below it, up to the end mark") {
  const Script script = psql("copy t (a) from stdin; -- rows\n1\ta;'\r\n\\N\tb\n\\.\nselect 1;\n");
  CHECK(texts(script) == Strings{"copy t (a) from stdin", "select 1"});
  CHECK(script.queries[0].copy_data == "1\ta;'\r\n\\N\tb\n");
  CHECK_FALSE(script.queries[1].copy_data);
  CHECK(lines(script) == std::vector<int>{1, 5});
}

TEST_CASE("psql: COPY without rows, and rows without an end mark, are taken as they are") {
  CHECK(psql("copy t from stdin;\n\\.\n").queries.at(0).copy_data == "");
  CHECK(psql("copy t from stdin;\n1\n2\n").queries.at(0).copy_data == "1\n2\n");
}

TEST_CASE("psql: other COPY statements have no rows") {
  CHECK_FALSE(psql("copy (select 'from stdin') to stdout;\n").queries.at(0).copy_data);
  CHECK_FALSE(psql("copy t from '/tmp/stdin';\n").queries.at(0).copy_data);
}

TEST_CASE("psql: more SQL on the line of a COPY from stdin is refused") {
  CHECK_THAT(refusal("copy t from stdin; select 1;\n1\n\\.\n"), Contains("1: more SQL"));
}

TEST_CASE("psql: variables are filled in plain, as literal and as identifier") {
  CHECK(texts(psql("select :'a', :\"a\", :b;", {{"a", "it's"}, {"b", "1 + 2"}})) ==
        Strings{"select 'it''s', \"it's\", 1 + 2"});
  CHECK(texts(psql("select :n + :'q', :\"q\";", {{"n", "1"}, {"q", "a\\b\"c"}})) ==
        Strings{"select 1 +  E'a\\\\b\"c', \"a\\b\"\"c\""});
}

TEST_CASE("psql: unset variables, casts, slices and quoted colons stay as they are") {
  const std::string text = "select :unset, a::int, b[1:2], ':a', $$:a$$, x := 1";
  CHECK(texts(psql(text + ";", {{"a", "9"}, {"int", "9"}})) == Strings{text});
}

TEST_CASE("psql: a variable may hold whole statements, and its line breaks do not shift lines") {
  const Script script = psql(":two\nselect 3;", {{"two", "select 1;\nselect 2;"}});
  CHECK(texts(script) == Strings{"select 1", "select 2", "select 3"});
  CHECK(script.queries[2].line == 2);
}

TEST_CASE("psql: a variable whose value names itself does not go on for ever") {
  CHECK(texts(psql("select ':a'; select :a;", {{"a", ":a"}})).at(1) == "select :a");
}

TEST_CASE("psql: \\set counts from there on, \\unset until there") {
  CHECK(texts(psql("\\set t 'my table' s\nselect :\"t\";\n\\unset t\nselect :\"t\";\n")) ==
        Strings{"select \"my tables\"", "select :\"t\""});
  CHECK(texts(psql("\\set a 1\n\\set b :a\nselect :b, :{?b}, :{?c};")) ==
        Strings{"select 1, TRUE, FALSE"});
}

TEST_CASE("psql: commands that only print are passed over") {
  CHECK(texts(psql("\\echo 'start;'\nselect 1;\n\\dt+ *.*\n\\timing on\n\\x\nselect\n\\echo in\n2;"
                   "\n\\restrict abc\n")) == Strings{"select 1", "select\n\n2"});
}

TEST_CASE("psql: SQL goes on behind a double backslash") {
  CHECK(texts(psql("\\echo a \\\\ select 1;")) == Strings{"select 1"});
}

TEST_CASE("psql: \\g sends what was read so far, \\; keeps two statements in one message") {
  CHECK(texts(psql("select 1 \\g\nselect 2\\; select 3;")) ==
        Strings{"select 1", "select 2; select 3"});
}

TEST_CASE("psql: \\r forgets what was read so far, \\q ends the file") {
  CHECK(texts(psql("select oops \\r\nselect 1;\n\\q\nselect 2;")) == Strings{"select 1"});
}

TEST_CASE("psql: \\encoding becomes the statement it stands for") {
  CHECK(texts(psql("\\encoding LATIN1\n")) == Strings{"SET client_encoding TO 'LATIN1'"});
}

TEST_CASE("psql: what cannot be followed is refused with its line, never skipped") {
  CHECK_THAT(refusal("select 1;\n\\copy t from 'f.csv'\n"), Contains("2: ") && Contains("\\copy"));
  CHECK_THAT(refusal("\\connect other\n"), Contains("\\connect"));
  CHECK_THAT(refusal("\\if :x\n"), Contains("\\if"));
  CHECK_THAT(refusal("\\! rm -r x\n"), Contains("\\!"));
  CHECK_THAT(refusal("\\set now `date`\n"), Contains("shell command"));
  CHECK_THAT(refusal("select 1 \\gset\n"), Contains("\\gset"));
  CHECK_THAT(refusal("\\set AUTOCOMMIT off\n"), Contains("AUTOCOMMIT"));
  CHECK_THAT(refusal("\\set ON_ERROR_STOP 0\n"), Contains("ON_ERROR_STOP"));
  CHECK(refusal("\\set ON_ERROR_STOP on\n\\set AUTOCOMMIT on\n") == "nothing");
}

TEST_CASE("psql: a refused script sends nothing at all") {
  CHECK(psql("select 1;\n\\copy t from 'f'\n").queries.empty());
}

TEST_CASE(
    "psql: includes start at the working directory or beside their file, with their own lines") {
  TestDirectory directory;
  directory.write("sub/a.sql", "\\i common.sql\n\\ir beside.sql\nselect 3;\n")
      .write("common.sql", "\n\\set v 7\nselect 1;\n")
      .write("sub/beside.sql", "select :v;\n\\q\nselect 'never';\n");
  const Script script =
      psql_script(directory.path() / "sub/a.sql", "sub/a.sql", {{}, directory.path()});
  CHECK(texts(script) == Strings{"select 1", "select 7", "select 3"});
  CHECK(lines(script) == std::vector<int>{3, 1, 3});
  CHECK(script.queries[0].file == directory.at("common.sql"));
  CHECK(script.queries[1].file == directory.at("sub/beside.sql"));
  CHECK(script.queries[2].file.empty());
}

TEST_CASE("psql: a missing include and an include of itself are refused") {
  CHECK_THAT(refusal("select 1;\n\\i gone.sql\n"), Contains("2: ") && Contains("there is no file"));
  CHECK_THAT(refusal("\\ir a.sql\n"), Contains("include itself"));
  CHECK_THAT(refusal("\\i\n"), Contains("names no file"));
}

TEST_CASE("psql: a refusal inside an include names that file and line") {
  TestDirectory directory;
  directory.write("a.sql", "\\i b.sql\n").write("b.sql", "\n\\copy t from 'f'\n");
  const Script script = psql_script(directory.path() / "a.sql", "a.sql", {{}, directory.path()});
  CHECK_THAT(script.refusal.value_or(""), Contains("b.sql:2: "));
}

}  // namespace
}  // namespace drydock
