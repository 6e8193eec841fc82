#include "harness/load/layout_goose_env.h"
#include "harness/load/layout_line_statements.h"
#include "harness/testing/catch.h"
#include "harness/testing/layout_test_directory.h"

namespace drydock {
namespace {

using Catch::Contains;
using Strings = std::vector<std::string>;

Migration goose(const std::string& text, const LayoutOptions& options = {}) {
  TestDirectory directory;
  directory.write("1_a.sql", text);
  return directory.load("goose", options).migrations.at(0);
}

TEST_CASE("goose: every statement is sent alone, all in one transaction, with its line") {
  const Migration migration = goose(
      "-- +goose Up\n"
      "-- a comment before is dropped\n"
      "create table a ();\n"
      "\n"
      "insert into a\n"
      "default values; -- said\n"
      "-- +goose Down\n"
      "drop table a;\n");
  CHECK(texts(migration.up[0]) ==
        Strings{"create table a ();", "insert into a\ndefault values; -- said"});
  CHECK(lines(migration.up[0]) == std::vector<int>{3, 5});
  CHECK(migration.up[0].in_transaction);
  CHECK(texts(migration.down.at(0)) == Strings{"drop table a;"});
  CHECK(lines(migration.down[0]) == std::vector<int>{8});
}

TEST_CASE("goose: a semicolon ends a statement at the end of a line only") {
  CHECK(texts(goose("-- +goose Up\nselect 1; select 2;\nselect 3;\n").up[0]) ==
        Strings{"select 1; select 2;", "select 3;"});
}

TEST_CASE("goose: a function body is cut apart unless it stands in a statement block") {
  const std::string function =
      "create function f() returns int as $$\nbegin\n  return 1;\nend\n$$ language plpgsql;\n";
  CHECK(goose("-- +goose Up\n" + function).up[0].queries.size() == 2);
  const Migration migration =
      goose("-- +goose Up\n-- +goose StatementBegin\n" + function + "-- +goose StatementEnd\n");
  REQUIRE(migration.up[0].queries.size() == 1);
  CHECK(migration.up[0].queries[0].line == 3);
  CHECK_THAT(migration.up[0].queries[0].text, Contains("language plpgsql;"));
}

TEST_CASE("goose: NO TRANSACTION counts for both directions, wherever it stands") {
  const Migration migration =
      goose("-- +goose Up\nselect 1;\n-- +goose Down\n-- +goose NO TRANSACTION\nselect 2;\n");
  CHECK_FALSE(migration.up[0].in_transaction);
  CHECK_FALSE(migration.down[0].in_transaction);
}

TEST_CASE("goose: annotations are read in any case") {
  CHECK(texts(goose("-- +goose up\nselect 1;\n").up[0]) == Strings{"select 1;"});
}

TEST_CASE("goose: without a Down part there is no down, with an empty one there is") {
  CHECK_FALSE(goose("-- +goose Up\nselect 1;\n").has_down);
  const Migration migration = goose("-- +goose Up\nselect 1;\n-- +goose Down\n");
  CHECK(migration.has_down);
  CHECK(migration.down[0].queries.empty());
}

TEST_CASE("goose: carriage returns are taken off the lines") {
  CHECK(texts(goose("-- +goose Up\r\nselect 1,\r\n2;\r\n").up[0]) == Strings{"select 1,\n2;"});
}

TEST_CASE("goose: what its parser refuses is refused with the line") {
  const auto refused = [](const std::string& text) {
    const Script up = goose(text).up[0];
    return std::to_string(up.refusal_line) + ": " + up.refusal.value_or("nothing");
  };
  CHECK_THAT(refused("-- +goose Up\nselect 1\n"), Contains("2: ") && Contains("no semicolon"));
  CHECK_THAT(refused("select 1;\n-- +goose Up\n"), Contains("1: ") && Contains("first thing"));
  CHECK_THAT(refused("-- +goose Up\n-- +goose Up\n"), Contains("2: ") && Contains("twice"));
  CHECK_THAT(refused("-- +goose Up\n-- +goose Upp\n"), Contains("does not know"));
  CHECK_THAT(refused("-- +goose Up\n -- +goose Down\n"), Contains("white space before"));
  CHECK_THAT(refused("-- +goose Down\n"), Contains("must follow"));
  CHECK_THAT(refused("-- +goose Up\n-- +goose StatementBegin\nselect 1;\n"),
             Contains("no StatementEnd"));
  CHECK_THAT(refused("-- +goose Up\n-- +goose StatementEnd\n"), Contains("no StatementBegin"));
  CHECK_THAT(refused("\xEF\xBB\xBF-- +goose Up\nselect 1;\n"), Contains("first thing"));
  CHECK_THAT(refused("-- nothing\n"), Contains("no '-- +goose Up' line"));
}

TEST_CASE("goose: an unfinished statement in Up is refused when Down begins") {
  CHECK(goose("-- +goose Up\nselect 1\n-- +goose Down\nselect 2;\n").up[0].refusal);
}

TEST_CASE("goose: ENVSUB fills in what the scenario gives, only where it is on") {
  LayoutOptions options;
  options.placeholders["OWNER"] = "app";
  const Migration migration = goose(
      "-- +goose Up\n"
      "-- +goose ENVSUB ON\n"
      "alter table a owner to ${OWNER};\n"
      "-- +goose ENVSUB OFF\n"
      "select '${OWNER}';\n",
      options);
  CHECK(texts(migration.up[0]) == Strings{"alter table a owner to app;", "select '${OWNER}';"});
}

TEST_CASE("goose: variables have defaults, messages and an escape") {
  const std::map<std::string, std::string> values = {{"A", "1"}, {"EMPTY", ""}};
  const auto text = [&](const char* line) { return expand_environment(line, values).text; };
  CHECK(text("$A-${A}-$$A") == "1-1-$A");
  CHECK(text("${DRYDOCK_UNSET:-x}${EMPTY:-y}${EMPTY-z}${DRYDOCK_UNSET}") == "xy");
  CHECK(text("cost $ 5, $1") == "cost $ 5, $1");
  CHECK_THAT(expand_environment("${DRYDOCK_UNSET?give it}", values).error, Contains("give it"));
  CHECK_THAT(expand_environment("${A:0:1}", values).error, Contains("does not follow"));
}

TEST_CASE("goose: numbers are the order, two files of one version are an error naming both") {
  TestDirectory directory;
  const std::string text = "-- +goose Up\nselect 1;\n";
  directory.write("00010_b.sql", text).write("9_a.sql", text);
  CHECK(ids(directory.load()) == Strings{"9_a", "00010_b"});
  directory.write("10_c.sql", text);
  CHECK_THAT(directory.load_error(), Contains("00010_b.sql") && Contains("10_c.sql"));
}

TEST_CASE("goose: Go migrations and strays are ignored with the reason") {
  TestDirectory directory;
  directory.write("1_a.sql", "-- +goose Up\nselect 1;\n")
      .write("2_b.go", "package migrations")
      .write("2_b_test.go", "package migrations")
      .write("0_zero.sql", "-- +goose Up\n")
      .write("seed.sql", "select 1;");
  CHECK(ignored(directory.load()) == Strings{"0_zero.sql: goose takes versions from 1 to 64 bits",
                                             "2_b.go: Go migration: cannot be run",
                                             "2_b_test.go: a Go test",
                                             "seed.sql: goose finds no version in its name"});
}

TEST_CASE("a line ends a statement when its last word before a comment ends in a semicolon") {
  CHECK(ends_with_semicolon("select 1;"));
  CHECK(ends_with_semicolon("select 1; -- done"));
  CHECK_FALSE(ends_with_semicolon("select 1 -- done;"));
  CHECK_FALSE(ends_with_semicolon("select 1; select 2"));
  CHECK_FALSE(ends_with_semicolon(""));
}

}  // namespace
}  // namespace drydock
