#include "harness/load/scenario_schema.h"

#include <nlohmann/json.hpp>

#include "harness/load/scenario_keys.h"

namespace drydock {
namespace {

using Json = nlohmann::ordered_json;

Json object_schema(const std::string& path);

Json list_of(Json items) { return {{"type", "array"}, {"items", std::move(items)}}; }

Json map_of(Json values) {
  return {{"type", "object"}, {"additionalProperties", std::move(values)}};
}

Json value_schema(const ScenarioKey& key) {
  const Json words = {{"type", "string"}, {"pattern", "\\S"}};
  switch (key.type) {
    case KeyType::kText:
      return {{"type", "string"}};
    case KeyType::kWords:
    case KeyType::kPath:
      return words;
    case KeyType::kPaths:
    case KeyType::kTexts:
      return list_of(words);
    case KeyType::kTextMap:
      return map_of({{"type", "string"}});
    case KeyType::kScalarMap:
      return map_of({{"type", {"string", "number", "boolean"}}});
    case KeyType::kCount:
      return {{"type", "integer"}, {"minimum", 0}};
    case KeyType::kDate:
      return {{"type", "string"}, {"format", "date"}, {"pattern", "^\\d{4}-\\d{2}-\\d{2}$"}};
    case KeyType::kObject:
      return object_schema(std::string(key.path));
    case KeyType::kObjects:
      return list_of(object_schema(std::string(key.path) + "/*"));
  }
  return {};
}

Json object_schema(const std::string& path) {
  Json properties = Json::object();
  Json required = Json::array();
  for (const ScenarioKey* key : keys_below(path)) {
    Json described = {{"description", std::string(key->doc)}};
    described.update(value_schema(*key));
    properties[last_step(key->path)] = std::move(described);
    if (key->required) required.push_back(last_step(key->path));
  }
  Json schema = {{"type", "object"}, {"additionalProperties", false}};
  if (!required.empty()) schema["required"] = std::move(required);
  schema["properties"] = std::move(properties);
  return schema;
}

}  // namespace

std::string scenario_schema() {
  Json schema = {{"$schema", "http://json-schema.org/draft-07/schema#"},
                 {"title", "Drydock scenario"},
                 {"description", "What is rehearsed, and what is expected of it."}};
  schema.update(object_schema(""));
  return schema.dump(2) + "\n";
}

}  // namespace drydock
