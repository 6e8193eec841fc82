#include "harness/load/init_scenario.h"

#include "harness/base/text.h"
#include "harness/load/scenario_file.h"
#include "harness/testing/catch.h"

namespace drydock {
namespace {

Migration migration(const std::string& id, bool has_down) {
  Migration result;
  result.id = id;
  result.has_down = has_down;
  return result;
}

MigrationSet paired(std::vector<Migration> migrations) {
  MigrationSet set;
  set.directory = "/srv/shop/db/migrations";
  set.layout = "golang-migrate";
  set.layout_summary = "golang-migrate: each file is one query";
  set.migrations = std::move(migrations);
  return set;
}

Scenario loaded(const MigrationSet& set, const std::string& path = "/srv/shop/drydock.json") {
  return parse_scenario(path, starting_scenario(set, path));
}

TEST_CASE("a starting scenario is accepted as it is") {
  const Scenario scenario = loaded(paired({migration("1_a", true), migration("2_b", false)}));
  CHECK(scenario.migrations == "/srv/shop/db/migrations");
  CHECK(scenario.layout == "golang-migrate");
  CHECK(scenario.name == "shop");
  CHECK(scenario.irreversible.empty());
  CHECK(scenario.run_as.empty());
}

TEST_CASE("a starting scenario finds the migrations from where it is written") {
  const MigrationSet set = paired({});
  for (const std::string path : {"/srv/shop/drydock.json", "/srv/shop/db/migrations/d.json",
                                 "/srv/drydock/shop.json", "/drydock.json"}) {
    INFO(path);
    CHECK(loaded(set, path).migrations == "/srv/shop/db/migrations");
  }
  MigrationSet relative = set;
  relative.directory = "db/migrations/";
  CHECK(loaded(relative, "drydock.json").migrations == "db/migrations");
  CHECK(loaded(relative, "ci/drydock.json").migrations == "db/migrations");
}

TEST_CASE("a starting scenario tells what was found") {
  MigrationSet set = paired({migration("1_a", true), migration("2_b", true)});
  set.ignored = {{"/srv/shop/db/migrations/notes.txt", "no migration by its name"}};
  const std::string text = starting_scenario(set, "/srv/shop/drydock.json");
  CHECK_THAT(text, Catch::Contains("// 2 migrations: 1_a … 2_b."));
  CHECK_THAT(text, Catch::Contains("// 1 file is in it not taken for migrations:\n"
                                   "    //   notes.txt: no migration by its name\n"));
  CHECK_THAT(text, Catch::Contains("// golang-migrate: each file is one query"));
  CHECK_THAT(text, Catch::Contains("// Every migration has a down script."));
}

TEST_CASE("migrations without a down are offered, and count when uncommented with a reason") {
  const MigrationSet set = paired({migration("1_a", false), migration("2_b", true)});
  std::string text = starting_scenario(set, "/srv/shop/drydock.json");
  const std::string offered = "// { \"migration\": \"1_a\", \"reason\": \"\" },";
  REQUIRE_THAT(text, Catch::Contains("1 migration has no down script."));
  REQUIRE_THAT(text, Catch::Contains(offered));
  CHECK_THAT(text, !Catch::Contains("\"2_b\""));
  text.replace(text.find(offered), offered.size(), R"({ "migration": "1_a", "reason": "r" })");
  CHECK(parse_scenario("/srv/shop/drydock.json", text).irreversible.size() == 1);
}

TEST_CASE("what is offered about rows counts when uncommented") {
  std::string text = starting_scenario(paired({migration("1_a", true)}), "/srv/shop/drydock.json");
  const std::size_t start = text.find("  // \"data\""), end = text.find("\n\n  \"cycle\"");
  REQUIRE(start < end);
  std::string offered;
  for (const std::string& line : split(text.substr(start, end - start), '\n'))
    offered += (line.back() == ':' ? line : line.substr(4)) + "\n";
  text.replace(start, end - start, offered);
  const Scenario scenario = parse_scenario("/srv/shop/drydock.json", text);
  CHECK(scenario.rows == 1000);
  CHECK(scenario.tables.size() == 1);
  CHECK(scenario.transforms.size() == 1);
  CHECK(scenario.assertions.size() == 1);
}

TEST_CASE("a layout that knows no downs is not blamed for having none") {
  MigrationSet set = paired({migration("V1__a", false)});
  set.layout_has_downs = false;
  const std::string text = starting_scenario(set, "/srv/shop/drydock.json");
  CHECK_THAT(text, Catch::Contains("This layout has no down scripts"));
  CHECK_THAT(text, !Catch::Contains("no down script. Write it"));
}

TEST_CASE("an empty directory gets a scenario too") {
  CHECK_THAT(starting_scenario(paired({}), "/srv/shop/drydock.json"),
             Catch::Contains("// No migrations were found here yet."));
}

TEST_CASE("no file name can break out of a comment or a text") {
  MigrationSet set = paired({migration("1\n\"x\": 1, \xff", false), migration("2\\\"", false)});
  set.directory = "/srv/a \"b\"\nc/migrations";
  set.ignored = {{"/srv/x\n}{", "why\nnot"}};
  set.layout_summary = "one\ntwo";
  CHECK(loaded(set).migrations == "/srv/a \"b\"\nc/migrations");
}

}  // namespace
}  // namespace drydock
