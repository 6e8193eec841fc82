#include "harness/load/scenario_schema.h"

#include <filesystem>
#include <set>
#include <string>

#include "harness/base/error.h"
#include "harness/base/files.h"
#include "harness/base/text.h"
#include "harness/load/scenario_file.h"
#include "harness/load/scenario_keys.h"
#include "harness/testing/catch.h"
#include "harness/testing/golden.h"

namespace drydock {
namespace {

const std::string kSource = DRYDOCK_SOURCE_DIR;

/// Every key's path as the schema in the tree has it, written the way the table writes it.
void collect_paths(const JsonNode& schema, const std::string& path, std::set<std::string>* paths) {
  if (const JsonNode* items = schema.member("items")) collect_paths(*items, path + "/*", paths);
  const JsonNode* properties = schema.member("properties");
  if (properties == nullptr) return;
  for (const JsonNode& property : properties->children) {
    paths->insert(path + "/" + property.key);
    collect_paths(property, path + "/" + property.key, paths);
  }
}

TEST_CASE("scenarios/schema.json is what the loader's table says") {
  CHECK(testing::compare_with_golden(kSource + "/scenarios/schema.json", scenario_schema()) == "");
}

TEST_CASE("the schema has every key the loader reads, and no other") {
  const JsonDocument schema = JsonDocument::read(kSource + "/scenarios/schema.json");
  std::set<std::string> in_schema, in_table;
  collect_paths(schema.root(), "", &in_schema);
  for (const ScenarioKey& key : scenario_keys()) in_table.insert(std::string(key.path));
  CHECK(in_schema == in_table);
}

TEST_CASE("no key of a scenario is given twice in the table") {
  std::set<std::string_view> paths;
  for (const ScenarioKey& key : scenario_keys()) {
    INFO(key.path);
    CHECK(paths.insert(key.path).second);
    CHECK_FALSE(key.doc.empty());
  }
}

/// A scenario whose `path` has that value, and around it what else is required.
std::string scenario_with(const std::string& path, const std::string& value) {
  const std::string migrations = "\"migrations\": {\"path\": \"m\"";
  if (path == "/migrations" || path == "/migrations/path") {
    const std::string inner = "{\"path\": " + value + "}";
    return "{\"migrations\": " + (path == "/migrations" ? value : inner) + "}";
  }
  if (path.rfind("/migrations/", 0) == 0)
    return "{" + migrations + ", \"" + last_step(path) + "\": " + value + "}}";
  std::string wrapped = value;
  const std::vector<std::string> steps = split(path.substr(1), '/');
  for (auto step = steps.rbegin(); step != steps.rend(); ++step)
    wrapped = *step == "*" ? "[" + wrapped + "]" : "{\"" + *step + "\": " + wrapped + "}";
  return "{" + migrations + "}, " + wrapped.substr(1);
}

TEST_CASE("the loader holds every key of the table to its type") {
  for (const ScenarioKey& key : scenario_keys()) {
    const std::string text = scenario_with(std::string(key.path), "null");
    INFO(text);
    CHECK_THROWS_WITH(
        parse_scenario("s.json", text),
        Catch::Contains(": expected " + std::string(type_words(key.type)) + ", found null"));
  }
}

/// As people write it: "/waivers/*/until" is `waivers[].until`.
std::string in_prose(std::string_view path) {
  std::string name;
  for (const std::string& step : split(path.substr(1), '/')) {
    if (step == "*")
      name += "[]";
    else
      name += (name.empty() ? "" : ".") + step;
  }
  return "`" + name + "`";
}

TEST_CASE("docs/scenario-format.md has a line for every key, and tells which are required") {
  const std::string page = read_file(kSource + "/docs/scenario-format.md");
  for (const ScenarioKey& key : scenario_keys()) {
    const std::string row = "\n| " + in_prose(key.path) + " | ";
    INFO(row);
    const std::size_t at = page.find(row);
    REQUIRE(at != std::string::npos);
    const std::string type =
        page.substr(at + row.size(), page.find('|', at + row.size()) - at - row.size());
    CHECK((type.find("required") != std::string::npos) == key.required);
  }
}

TEST_CASE("the example in docs/scenario-format.md is a scenario") {
  const std::string page = read_file(kSource + "/docs/scenario-format.md");
  const std::string fence = "```jsonc\n";
  const std::size_t start = page.find(fence) + fence.size();
  const Scenario scenario =
      parse_scenario("scenarios/wms.json", page.substr(start, page.find("```", start) - start));
  CHECK(scenario.migrations == "fixtures/wms/migrations");
  CHECK(scenario.waivers.size() == 1);
}

TEST_CASE("every scenario in scenarios/ is accepted, and its migrations are there") {
  for (const auto& entry : list_directory(kSource + "/scenarios")) {
    const std::string path = entry.path().string();
    if (entry.path().filename() == "schema.json") continue;
    INFO(path);
    CHECK(std::filesystem::is_directory(load_scenario(path).migrations));
  }
}

}  // namespace
}  // namespace drydock
