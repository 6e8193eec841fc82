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

Json matching(const char* pattern) { return {{"type", "string"}, {"pattern", pattern}}; }

Json any_of(Json first, Json second) {
  return {{"anyOf", Json::array({std::move(first), std::move(second)})}};
}

constexpr const char* kDataFilePattern = "\\S.*\\.(sql|csv)$";

Json value_schema(const ScenarioKey& key) {
  const Json words = matching("\\S");
  const Json scalar = {{"type", {"string", "number", "boolean"}}};
  const std::string objects = std::string(key.path) + "/*";
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
      return map_of(scalar);
    case KeyType::kScalar:
      return scalar;
    case KeyType::kScalars: {
      Json list = list_of(scalar);
      list["minItems"] = 1;
      return list;
    }
    case KeyType::kRows: {
      Json row = list_of({{"type", {"string", "number", "boolean", "null"}}});
      row["minItems"] = 1;
      return list_of(std::move(row));
    }
    case KeyType::kDataPath:
      return matching(kDataFilePattern);
    case KeyType::kDataFiles:
      return list_of(any_of(matching(kDataFilePattern), object_schema(objects)));
    case KeyType::kTableName:
    case KeyType::kColumnName:
    case KeyType::kTablePattern:
      return words;
    case KeyType::kTableNames:
      return list_of(words);
    case KeyType::kMayChange:
      return list_of(words);
    case KeyType::kProfile:
    case KeyType::kMoment:
    case KeyType::kSeverity:
    case KeyType::kLockMode:
      return {{"enum", choices(key.type)}};
    case KeyType::kFillfactor:
      return {{"type", "integer"}, {"minimum", 10}, {"maximum", 100}};
    case KeyType::kPositives:
    case KeyType::kCounts: {
      Json list =
          list_of({{"type", "integer"}, {"minimum", key.type == KeyType::kPositives ? 1 : 0}});
      list["minItems"] = 1;
      return list;
    }
    case KeyType::kStrategies:
    case KeyType::kHolders: {
      Json list = list_of({{"enum", choices(key.type)}});
      list["minItems"] = 1;
      return list;
    }
    case KeyType::kTenantColumns: {
      Json list = list_of(words);
      list["minItems"] = 1;
      return any_of(words, std::move(list));
    }
    case KeyType::kTenants: {
      Json list = list_of({{"type", {"string", "number"}}});
      list["minItems"] = 2;
      return list;
    }
    case KeyType::kCount:
      return {{"type", "integer"}, {"minimum", 0}};
    case KeyType::kPositive:
      return {{"type", "integer"}, {"minimum", 1}};
    case KeyType::kBoolean:
      return {{"type", "boolean"}};
    case KeyType::kDate:
      return {{"type", "string"}, {"format", "date"}, {"pattern", "^\\d{4}-\\d{2}-\\d{2}$"}};
    case KeyType::kObject:
      return object_schema(std::string(key.path));
    case KeyType::kObjects:
      return list_of(object_schema(objects));
    case KeyType::kTableMap:
    case KeyType::kNamedObjects:
      return map_of(object_schema(objects));
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
