// The keys about rows: what a scenario says of generated rows, of changes that are meant, and of
// queries with their results.
#include <filesystem>

#include "harness/base/error.h"
#include "harness/base/files.h"
#include "harness/load/scenario_file.h"
#include "harness/testing/catch.h"
#include "harness/testing/scratch_directory.h"

namespace drydock {
namespace {

Scenario with(const std::string& members) {
  return parse_scenario("dir/wms.json", "{\"migrations\": {\"path\": \"m\"},\n" + members + "}");
}

struct Refusal {
  std::string message, remedy;
};

Refusal refusal(const std::string& members) {
  try {
    with(members);
  } catch (const Error& error) {
    return {error.message(), error.remedy()};
  }
  return {"no error", ""};
}

std::string column(const std::string& rule) {
  return "\"data\": {\"tables\": {\"public.lots\": {\"columns\": {\"state\": " + rule + "}}}}";
}

std::string assertion(const std::string& members) {
  return "\"assertions\": [{\"name\": \"n\", \"sql\": \"select 1\", " + members + "}]";
}

TEST_CASE("every key about generated rows arrives in the scenario") {
  const Scenario scenario = with(R"("data": {
    "rows": 50, "seed": 7, "profile": "adversarial",
    "tables": {
      "public.lots": { "rows": 200000,
        "columns": { "state": { "value": "open" }, "kind": { "one_of": ["a", 2, true] },
                     "code": { "sql": "'L-' || n" } } },
      "public.\"Odd.Name\"": {}
    } })");
  CHECK(scenario.rows == 50);
  CHECK(scenario.seed == 7);
  CHECK(scenario.profile == RowProfile::kAdversarial);
  REQUIRE(scenario.tables.size() == 2);
  const TableRule& lots = scenario.tables.at("public.lots");
  CHECK(lots.rows == 200000);
  CHECK(lots.file == "dir/wms.json");
  CHECK(lots.line == 5);
  CHECK(lots.columns.at("state").value == "open");
  CHECK(lots.columns.at("kind").one_of == std::vector<std::string>{"a", "2", "true"});
  CHECK(lots.columns.at("code").sql == "'L-' || n");
  CHECK_FALSE(scenario.tables.at("public.\"Odd.Name\"").rows.has_value());
}

TEST_CASE("rows of the user's own are a path, or a file with its table and its moment") {
  const Scenario scenario = with(R"("data": { "load": [ "seed.sql",
    { "file": "../lots.csv", "table": "public.lots", "after": "0003_lots" }, "/abs/x.csv" ] })");
  REQUIRE(scenario.data_files.size() == 3);
  CHECK(scenario.data_files[0].path == "dir/seed.sql");
  CHECK(scenario.data_files[1].path == "lots.csv");
  CHECK(scenario.data_files[1].table == "public.lots");
  CHECK(scenario.data_files[1].after == "0003_lots");
  CHECK(scenario.data_files[2].path == "/abs/x.csv");
}

TEST_CASE("transforms and what may change arrive in the scenario") {
  const Scenario scenario = with(R"("preserve": {
    "transforms": [ { "migration": "7", "column": "public.lots.lot_code", "equals": "upper(a) || b" } ],
    "may_change": [ "public.lots.updated_at", "public.log", "*.updated_at" ] })");
  REQUIRE(scenario.transforms.size() == 1);
  CHECK(scenario.transforms[0].migration == "7");
  CHECK(scenario.transforms[0].column == "public.lots.lot_code");
  CHECK(scenario.transforms[0].equals == "upper(a) || b");
  CHECK(scenario.may_change ==
        std::vector<std::string>{"public.lots.updated_at", "public.log", "*.updated_at"});
}

TEST_CASE("an assertion arrives with its rows as PostgreSQL prints them, and with its place") {
  const Scenario scenario = with(R"("assertions": [
    { "name": "no orphans", "sql": "select 0", "expect": [[0]] },
    { "name": "states", "migration": "7", "at": "after_down", "severity": "warning",
      "sql": "select …", "expect": [["open", true, null, 1.50], ["", false, "null", -2e3]] },
    { "name": "empty", "at": "end", "sql": "select 1 where false", "expect": [] } ])");
  REQUIRE(scenario.assertions.size() == 3);
  const Assertion& first = scenario.assertions[0];
  CHECK(first.name == "no orphans");
  CHECK(first.migration == "*");
  CHECK(first.at == AssertionMoment::kAfterUp);
  CHECK(first.blocking);
  CHECK(first.expect == ResultRows{{"0"}});
  CHECK(first.file == "dir/wms.json");
  CHECK(first.line == 3);
  const Assertion& second = scenario.assertions[1];
  CHECK(second.migration == "7");
  CHECK(second.at == AssertionMoment::kAfterDown);
  CHECK_FALSE(second.blocking);
  CHECK(second.line == 4);
  CHECK(second.expect ==
        ResultRows{{"open", "t", std::nullopt, "1.50"}, {"", "f", "null", "-2e3"}});
  CHECK(scenario.assertions[2].at == AssertionMoment::kEnd);
  CHECK(scenario.assertions[2].expect.empty());
}

TEST_CASE("a column has exactly one way to its values") {
  CHECK_THAT(
      refusal(column("{}")).message,
      Catch::StartsWith("dir/wms.json:2:58: /data/tables/public.lots/columns/state: expected "
                        "exactly one of value, one_of and sql, found none\n"));
  const Refusal two = refusal(column("{\"sql\": \"n\", \"value\": 1}"));
  CHECK_THAT(two.message, Catch::StartsWith("dir/wms.json:2:71: "));
  CHECK_THAT(two.message, Catch::Contains("found 2\n"));
  CHECK(two.remedy ==
        "Give value (the same for every row), one_of (in turn) or sql (an expression).");
}

TEST_CASE("a column's values are texts, numbers or booleans") {
  CHECK_THAT(refusal(column("{\"value\": {}}")).message,
             Catch::Contains("/value: expected a text, a number or a boolean, found an object\n"));
  CHECK_THAT(refusal(column("{\"one_of\": []}")).message,
             Catch::Contains("/one_of: expected a list of at least one text, number or boolean"));
  CHECK_THAT(refusal(column("{\"one_of\": [null]}")).message,
             Catch::Contains("/one_of/0: expected a text, a number or a boolean, found null\n"));
  CHECK(refusal(column("{\"vale\": 1}")).remedy == "Did you mean \"value\"?");
}

TEST_CASE("a table is named with its schema") {
  const Refusal bare = refusal("\"data\": {\"tables\": {\n  \"lots\": {}}}");
  CHECK_THAT(bare.message, Catch::StartsWith("dir/wms.json:3:3: /data/tables/lots: a table is "
                                             "named as schema.table\n"));
  CHECK(bare.remedy == "Write \"public.lots\", or the schema it is in.");
  for (const std::string wrong : {"a.b.c", "public.", ".lots", "public.my table", "public.*", ""}) {
    INFO(wrong);
    CHECK_THAT(refusal("\"data\": {\"tables\": {\"" + wrong + "\": {}}}").message,
               Catch::Contains("a table is named as schema.table"));
  }
}

TEST_CASE("a transform's column is named with schema and table") {
  for (const std::string wrong : {"lots.code", "*.code", "public.lots.\\\"open", "a.b.c.d", ""}) {
    INFO(wrong);
    CHECK_THAT(refusal("\"preserve\": {\"transforms\": [{\"column\": \"" + wrong + "\"}]}").message,
               Catch::Contains("/column: expected a column as schema.table.column, found "));
  }
}

TEST_CASE("what may change is a column, a table, or a column of any table") {
  for (const std::string wrong : {"lots", "*.*", "*", "public.lots.*", "a.b.c.d", " "}) {
    INFO(wrong);
    CHECK_THAT(refusal("\"preserve\": {\"may_change\": [\"" + wrong + "\"]}").message,
               Catch::Contains("/preserve/may_change/0: expected schema.table.column, "
                               "schema.table or *.column, found "));
  }
}

TEST_CASE("a word that is none of the choices is answered with them") {
  CHECK_THAT(refusal("\"data\": {\"profile\": \"hostile\"}").message,
             Catch::Contains("/data/profile: expected one of typical, adversarial, found \"hostile"
                             "\"\n"));
  CHECK_THAT(refusal(assertion("\"at\": \"after\"")).message,
             Catch::Contains("/at: expected one of before, after_up, after_down, after_up_again, "
                             "end, found \"after\"\n"));
  CHECK_THAT(refusal(assertion("\"severity\": \"info\"")).message,
             Catch::Contains("/severity: expected one of error, warning, found \"info\"\n"));
}

TEST_CASE("expected rows are lists of plain values, all of the same length") {
  const auto said = [](const std::string& rows) {
    return refusal(assertion("\"expect\": " + rows)).message;
  };
  CHECK(said("[[1, null], [\"a\", true]]") == "no error");
  CHECK_THAT(said("[0]"), Catch::Contains("/assertions/0/expect/0: expected a row: a list of at "
                                          "least one text, number, boolean or null, found the "
                                          "number 0\n"));
  CHECK_THAT(said("[[]]"), Catch::Contains("/assertions/0/expect/0: expected a row"));
  CHECK_THAT(said("[[1, {}]]"), Catch::Contains("/assertions/0/expect/0/1: expected a text, a "
                                                "number, a boolean or null, found an object\n"));
  CHECK_THAT(said("[[1, 2],\n[3]]"),
             Catch::StartsWith("dir/wms.json:3:1: /assertions/0: a row of 1 value, after one of "
                               "2\n"));
  CHECK_THAT(refusal(assertion("\"at\": \"end\"")).message,
             Catch::Contains("/assertions/0/expect is missing"));
}

TEST_CASE("the end of the walk belongs to no migration") {
  const std::string end = "\"expect\": [], \"at\": \"end\", \"migration\": ";
  CHECK(refusal(assertion(end + "\"*\"")).message == "no error");
  CHECK_THAT(refusal(assertion(end + "\"7\"")).message,
             Catch::Contains("/assertions/0: the end is that of the whole walk"));
}

TEST_CASE("a data file is SQL or CSV") {
  CHECK_THAT(
      refusal("\"data\": {\"load\": [\"seed.json\"]}").message,
      Catch::Contains("/data/load/0: expected a path that ends in .sql or .csv, or an object "
                      "with such a file, found \"seed.json\"\n"));
  CHECK_THAT(refusal("\"data\": {\"load\": [{\"file\": \"seed\"}]}").message,
             Catch::Contains("/data/load/0/file: expected a path that ends in .sql or .csv, found "
                             "\"seed\"\n"));
  CHECK_THAT(refusal("\"data\": {\"load\": [{\"table\": \"a.b\"}]}").message,
             Catch::Contains("/data/load/0/file is missing"));
  CHECK_THAT(refusal("\"data\": {\"load\": [{\"file\": \"a.sql\", \"table\": \"a.b\"}]}").message,
             Catch::Contains("/data/load/0: a .sql file says itself where its rows go"));
}

TEST_CASE("a data file that is not there is refused with its place, one that is there is not") {
  const testing::ScratchDirectory files;
  const std::string path = (files.path() / "s.json").string();
  write_file(path, "{\"migrations\": {\"path\": \"m\"},\n\"data\": {\"load\": [\"a.sql\"]}}");
  CHECK_THROWS_WITH(load_scenario(path),
                    Catch::StartsWith(path + ":2:19: there is no file " + files.path().string()));
  write_file(files.path() / "a.sql", "select 1;");
  CHECK(load_scenario(path).data_files.size() == 1);
}

}  // namespace
}  // namespace drydock
