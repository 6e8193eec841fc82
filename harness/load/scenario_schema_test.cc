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
  for (const char* inner : {"items", "additionalProperties"})
    if (const JsonNode* elements = schema.member(inner))
      collect_paths(*elements, path + "/*", paths);
  if (const JsonNode* choices = schema.member("anyOf"))
    for (const JsonNode& choice : choices->children) collect_paths(choice, path, paths);
  const JsonNode* properties = schema.member("properties");
  if (properties == nullptr) return;
  for (const JsonNode& property : properties->children) {
    paths->insert(path + "/" + property.key);
    collect_paths(property, path + "/" + property.key, paths);
  }
}

/// Whether "*" at the end of `path` stands for a name, not for a position.
bool is_in_map(const std::string& path) {
  for (const ScenarioKey& key : scenario_keys())
    if (std::string(key.path) + "/*" == path) return is_map_of_objects(key.type);
  return false;
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
  for (std::string rest = path; !rest.empty(); rest = rest.substr(0, rest.rfind('/'))) {
    const std::string name = is_in_map(rest) ? "public.t" : last_step(rest);
    wrapped = name == "*" ? "[" + wrapped + "]" : "{\"" + name + "\": " + wrapped + "}";
  }
  return "{" + migrations + "}, " + wrapped.substr(1);
}

TEST_CASE("the loader holds every key of the table to its type") {
  for (const ScenarioKey& key : scenario_keys()) {
    const std::string text = scenario_with(std::string(key.path), "null");
    INFO(text);
    CHECK_THROWS_WITH(parse_scenario("s.json", text),
                      Catch::Contains(": expected " + type_words(key.type) + ", found null"));
  }
}

/// As people write it: "/waivers/*/until" is `waivers[].until`, "/data/tables/*/rows" is
/// `data.tables.*.rows`.
std::string in_prose(std::string_view path) {
  std::string name, walked;
  for (const std::string& step : split(path.substr(1), '/')) {
    walked += "/" + step;
    if (step == "*" && !is_in_map(walked))
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
  CHECK(scenario.data_files.size() == 2);
  CHECK(scenario.tables.size() == 1);
  CHECK(scenario.transforms.size() == 1);
  CHECK(scenario.assertions.size() == 1);
}

TEST_CASE("each example of some keys in docs/scenario-format.md is accepted where it belongs") {
  const std::string page = read_file(kSource + "/docs/scenario-format.md");
  const std::string fence = "```jsonc\n";
  int examples = 0;
  for (std::size_t at = page.find(fence); at != std::string::npos; at = page.find(fence, at)) {
    at += fence.size();
    const std::string text = page.substr(at, page.find("```", at) - at);
    if (text.front() != '"') continue;
    INFO(text);
    CHECK_NOTHROW(parse_scenario("s.json", "{\"migrations\": {\"path\": \"m\"}, " + text + "}"));
    ++examples;
  }
  CHECK(examples == 13);
}

TEST_CASE("the number of rows that nobody asked for is told") {
  const std::string rows = std::to_string(kDefaultRows);
  CHECK_THAT(read_file(kSource + "/docs/scenario-format.md"), Catch::Contains("Default " + rows));
  CHECK_THAT(scenario_schema(), Catch::Contains(rows + " when not given"));
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
