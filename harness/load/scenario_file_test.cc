#include "harness/load/scenario_file.h"

#include "harness/base/error.h"
#include "harness/testing/catch.h"

namespace drydock {
namespace {

Scenario parsed(const std::string& text) { return parse_scenario("dir/wms.json", text); }

struct Refusal {
  std::string message, remedy;
};

Refusal refusal(const std::string& text) {
  try {
    parsed(text);
  } catch (const Error& error) {
    return {error.message(), error.remedy()};
  }
  return {"no error", ""};
}

/// A scenario that is right, with one more member.
std::string with(const std::string& member) {
  return "{\"migrations\": {\"path\": \"m\"},\n" + member + "}";
}

TEST_CASE("a scenario needs nothing but where the migrations are") {
  const Scenario scenario = parsed("{\"migrations\": {\"path\": \"m\"}}");
  CHECK(scenario.name == "wms");
  CHECK(scenario.file == "dir/wms.json");
  CHECK(scenario.migrations == "dir/m");
  CHECK(scenario.layout == "auto");
  CHECK(scenario.run_as.empty());
  CHECK(scenario.rows == 1000);
  CHECK(scenario.waivers.empty());
}

TEST_CASE("every key arrives in the scenario") {
  const Scenario scenario = parsed(R"({
    "$schema": "schema.json", // for the editor
    "name": "warehouse", "why": "tenants stay apart",
    "migrations": { "path": "../sql", "layout": "sqitch", "placeholders": { "owner": "wms" } },
    "postgres": { "versions": ["15", "16"], "settings": { "work_mem": "8MB", "max_connections": 20, "jit": false },
                  "prepare": ["roles.sql", "/abs/x.sql"], "extensions": ["citext"] },
    "run_as": "wms_owner",
    "data": { "rows": 1000 },
    "cycle": { "irreversible": [ { "migration": "7", "reason": "drops a table" }, { "reason": "r", "migration": "9" } ] },
    "waivers": [ { "check": "schema-restored", "migration": "*", "reason": "known", "until": "2028-02-29" },
                 { "check": "up-applies", "migration": "3", "reason": "why not" } ]
  })");
  CHECK(scenario.name == "warehouse");
  CHECK(scenario.why == "tenants stay apart");
  CHECK(scenario.migrations == "sql");
  CHECK(scenario.layout == "sqitch");
  CHECK(scenario.placeholders == std::map<std::string, std::string>{{"owner", "wms"}});
  CHECK(scenario.postgres_versions == std::vector<std::string>{"15", "16"});
  CHECK(scenario.settings == std::map<std::string, std::string>{
                                 {"work_mem", "8MB"}, {"max_connections", "20"}, {"jit", "false"}});
  CHECK(scenario.prepare == std::vector<std::string>{"dir/roles.sql", "/abs/x.sql"});
  CHECK(scenario.extensions == std::vector<std::string>{"citext"});
  CHECK(scenario.run_as == "wms_owner");
  CHECK(scenario.rows == 1000);
  REQUIRE(scenario.irreversible.size() == 2);
  CHECK(scenario.irreversible[0].migration == "7");
  CHECK(scenario.irreversible[0].reason == "drops a table");
  CHECK(scenario.irreversible[1].migration == "9");
  REQUIRE(scenario.waivers.size() == 2);
  CHECK(scenario.waivers[0].check == "schema-restored");
  CHECK(scenario.waivers[0].until == "2028-02-29");
  CHECK(scenario.waivers[1].migration == "3");
  CHECK(scenario.waivers[1].reason == "why not");
  CHECK(scenario.waivers[1].until.empty());
}

TEST_CASE("a path is taken from the scenario file, wherever that is called from") {
  const auto migrations = [](const std::string& file, const std::string& path) {
    return parse_scenario(file, "{\"migrations\": {\"path\": \"" + path + "\"}}").migrations;
  };
  CHECK(migrations("wms.json", "m") == "m");
  CHECK(migrations("./wms.json", "m") == "m");
  CHECK(migrations("/a/b/wms.json", "../m") == "/a/m");
  CHECK(migrations("wms.json", ".") == ".");
  CHECK(migrations("d/wms.json", "m/") == "d/m");
}

TEST_CASE("an unknown key is an error with its pointer, its place and the key that was meant") {
  const Refusal slip = refusal(with("  \"waiver\": []"));
  CHECK(slip.message ==
        "dir/wms.json:2:3: unknown key /waiver\n"
        "      \"waiver\": []}\n"
        "      ^");
  CHECK(slip.remedy == "Did you mean \"waivers\"?");
}

TEST_CASE("a known key in the wrong object is sent to its place") {
  CHECK(refusal(with("\"layout\": \"goose\"")).remedy == "Did you mean /migrations/layout?");
}

TEST_CASE("an unknown key like no other is answered with the keys that there are") {
  const Refusal stranger = refusal(with("\"data\": {\"volume\": 3}"));
  CHECK_THAT(stranger.message, Catch::StartsWith("dir/wms.json:2:10: unknown key /data/volume\n"));
  CHECK(stranger.remedy == "Keys here: rows, seed, profile, load, tables.");
}

TEST_CASE("an unknown key deep in a list has the pointer of its entry") {
  const Refusal deep =
      refusal(with("\"cycle\": {\"irreversible\": [{\"migration\": \"1\", \"reason\": \"r\"},\n"
                   "{\"migration\": \"2\", \"reasons\": \"r\"}]}"));
  CHECK_THAT(deep.message,
             Catch::StartsWith("dir/wms.json:3:20: unknown key /cycle/irreversible/1/reasons\n"));
  CHECK(deep.remedy == "Did you mean \"reason\"?");
}

TEST_CASE("a value of the wrong type is an error that says what was expected and what was found") {
  const auto said = [](const std::string& member) { return refusal(with(member)).message; };
  CHECK_THAT(said("\"name\": 5"),
             Catch::StartsWith("dir/wms.json:2:9: /name: expected a text that is not empty, found "
                               "the number 5\n"));
  CHECK_THAT(said("\"why\": null"), Catch::Contains("/why: expected a text, found null\n"));
  CHECK_THAT(said("\"postgres\": []"),
             Catch::Contains("/postgres: expected an object, found a list"));
  CHECK_THAT(said("\"postgres\": {\"versions\": \"15\"}"),
             Catch::Contains("/postgres/versions: expected a list of texts, found \"15\"\n"));
  CHECK_THAT(said("\"postgres\": {\"prepare\": [\"a\", {}]}"),
             Catch::Contains("/postgres/prepare/1: expected a path, found an object\n"));
  CHECK_THAT(said("\"postgres\": {\"settings\": {\"a/b\": []}}"),
             Catch::Contains("/postgres/settings/a~1b: expected a text, a number or a boolean, "
                             "found a list\n"));
  CHECK_THAT(said("\"waivers\": [3]"),
             Catch::Contains("/waivers/0: expected an object, found the number 3\n"));
}

TEST_CASE("a number where a text belongs gets the advice to quote it") {
  const Refusal version = refusal(with("\"postgres\": {\"versions\": [15]}"));
  CHECK_THAT(version.message, Catch::Contains("/postgres/versions/0: expected a text"));
  CHECK(version.remedy == "Put it in quotes: \"15\".");
}

TEST_CASE("what must be given is missed by name") {
  CHECK_THAT(refusal("{}").message,
             Catch::StartsWith("dir/wms.json:1:1: /migrations is missing\n"));
  CHECK_THAT(refusal("{\"migrations\":\n {}}").message,
             Catch::StartsWith("dir/wms.json:2:2: /migrations/path is missing\n"));
  const Refusal waiver = refusal(with("\"waivers\": [{\"check\": \"c\", \"migration\": \"m\"}]"));
  CHECK_THAT(waiver.message, Catch::Contains("/waivers/0/reason is missing"));
  CHECK_THAT(waiver.remedy, Catch::StartsWith("Give it: a text that is not empty."));
}

TEST_CASE("a reason that says nothing is no reason") {
  CHECK_THAT(
      refusal(with("\"waivers\": [{\"check\": \"c\", \"migration\": \"m\", \"reason\": \" \"}]"))
          .message,
      Catch::Contains("/waivers/0/reason: expected a text that is not empty"));
}

TEST_CASE("a waiver ends on a day that exists") {
  const auto said = [](const std::string& day) {
    return refusal(with("\"waivers\": [{\"check\": \"c\", \"migration\": \"m\", \"reason\": \"r\", "
                        "\"until\": \"" +
                        day + "\"}]"))
        .message;
  };
  CHECK(said("2027-01-31") == "no error");
  for (const std::string wrong : {"2027-02-29", "2027-13-01", "2027-1-31", "31.01.2027", "",
                                  "-027-01-01", "2027-01-31T00:00:00Z", "soon", "2027-00-10"}) {
    INFO(wrong);
    CHECK_THAT(said(wrong), Catch::Contains("/waivers/0/until: expected a date as YYYY-MM-DD"));
  }
}

TEST_CASE("rows are a whole number of 0 or more") {
  const auto said = [](const std::string& rows) {
    return refusal(with("\"data\": {\"rows\": " + rows + "}")).message;
  };
  CHECK(said("0") == "no error");
  for (const std::string wrong : {"-1", "1.5", "1e3", "\"5\"", "18446744073709551615", "true"}) {
    INFO(wrong);
    CHECK_THAT(said(wrong), Catch::Contains("/data/rows: expected a whole number of 0 or more"));
  }
}

TEST_CASE("a scenario that is no object, or no JSON, is refused with its place") {
  CHECK_THAT(refusal("[]").message, Catch::StartsWith("dir/wms.json:1:1: a scenario is an object"));
  CHECK_THAT(refusal("{\"name\": }").message,
             Catch::StartsWith("dir/wms.json:1:10: not valid JSON"));
}

TEST_CASE("a scenario file that is not there is refused with its path") {
  CHECK_THROWS_WITH(load_scenario("/no/such/scenario.json"),
                    Catch::Contains("/no/such/scenario.json"));
}

}  // namespace
}  // namespace drydock
