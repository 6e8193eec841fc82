#include "harness/load/scenario_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <vector>

#include "harness/base/files.h"
#include "harness/base/text.h"
#include "harness/load/json_document.h"
#include "harness/load/scenario_keys.h"

namespace drydock {
namespace {

using Kind = JsonNode::Kind;
namespace fs = std::filesystem;

class ScenarioReader {
 public:
  ScenarioReader(const JsonDocument& document, const std::string& path)
      : document_(document), directory_(fs::path(path).parent_path()) {}

  Scenario read() {
    if (document_.root().kind != Kind::kObject) {
      throw document_.error_at(document_.root().offset,
                               "a scenario is an object, found " + document_.root().described());
    }
    read_object(document_.root(), "", "");
    return std::move(scenario_);
  }

 private:
  /// `pattern` is the object's path as in the table, `pointer` as in the file.
  void read_object(const JsonNode& object, const std::string& pattern, const std::string& pointer) {
    const std::vector<const ScenarioKey*> keys = keys_below(pattern);
    for (const JsonNode& member : object.children) {
      const auto key = std::find_if(keys.begin(), keys.end(), [&](const ScenarioKey* candidate) {
        return candidate->path == pattern + "/" + member.key;
      });
      const std::string where = json_pointer(pointer, member.key);
      if (key == keys.end()) refuse_unknown(member, keys, where);
      read_value(**key, member, where);
    }
    for (const ScenarioKey* key : keys)
      if (key->required && object.member(last_step(key->path)) == nullptr)
        refuse_missing(object, *key, json_pointer(pointer, last_step(key->path)));
  }

  void read_value(const ScenarioKey& key, const JsonNode& node, const std::string& pointer) {
    if (!has_type(key.type, node)) refuse_type(node, pointer, type_words(key.type));
    if (key.type == KeyType::kObject) {
      read_object(node, std::string(key.path), pointer);
      return;
    }
    for (std::size_t i = 0; i < node.children.size(); ++i) {
      const JsonNode& child = node.children[i];
      const std::string where =
          json_pointer(pointer, node.kind == Kind::kList ? std::to_string(i) : child.key);
      if (!is_element(key.type, child)) refuse_type(child, where, element_words(key.type));
      if (key.type == KeyType::kObjects) {
        key.store(scenario_, child);
        read_object(child, std::string(key.path) + "/*", where);
      }
    }
    if (key.type != KeyType::kObjects && key.store != nullptr)
      key.store(scenario_, resolved(key.type, node));
  }

  JsonNode resolved(KeyType type, JsonNode node) const {
    if (type == KeyType::kPath) node.text = resolve(node.text);
    if (type == KeyType::kPaths)
      for (JsonNode& item : node.children) item.text = resolve(item.text);
    return node;
  }

  std::string resolve(const std::string& path) const {
    const fs::path normal = (directory_ / path).lexically_normal();
    return (normal.has_filename() ? normal : normal.parent_path()).string();
  }

  [[noreturn]] void refuse_unknown(const JsonNode& member,
                                   const std::vector<const ScenarioKey*>& siblings,
                                   const std::string& pointer) const {
    throw document_.error_at(member.key_offset, "unknown key " + pointer,
                             unknown_remedy(member.key, siblings));
  }

  static std::string unknown_remedy(const std::string& word,
                                    const std::vector<const ScenarioKey*>& siblings) {
    std::vector<std::string> names;
    for (const ScenarioKey* key : siblings) names.push_back(last_step(key->path));
    if (const std::string near = nearest(word, names); !near.empty())
      return fmt::format("Did you mean \"{}\"?", near);
    for (const ScenarioKey& key : scenario_keys())
      if (last_step(key.path) == word) return fmt::format("Did you mean {}?", key.path);
    return fmt::format("Keys here: {}.", join(names, ", "));
  }

  [[noreturn]] void refuse_missing(const JsonNode& object, const ScenarioKey& key,
                                   const std::string& pointer) const {
    throw document_.error_at(object.offset, fmt::format("{} is missing", pointer),
                             fmt::format("Give it: {}. {}", type_words(key.type), key.doc));
  }

  [[noreturn]] void refuse_type(const JsonNode& node, const std::string& pointer,
                                std::string_view expected) const {
    const bool wants_quotes = node.kind == Kind::kNumber && expected.find("text") == 2;
    throw document_.error_at(
        node.offset, fmt::format("{}: expected {}, found {}", pointer, expected, found(node)),
        wants_quotes ? fmt::format("Put it in quotes: \"{}\".", node.text) : "");
  }

  static std::string found(const JsonNode& node) {
    if (node.kind != Kind::kText || node.text.empty()) return node.described();
    return fmt::format("\"{}\"", shorten(node.text, 40));
  }

  const JsonDocument& document_;
  fs::path directory_;
  Scenario scenario_;
};

}  // namespace

Scenario load_scenario(const std::string& path) { return parse_scenario(path, read_file(path)); }

Scenario parse_scenario(const std::string& path, std::string text) {
  const JsonDocument document = JsonDocument::parse(path, std::move(text));
  Scenario scenario = ScenarioReader(document, path).read();
  scenario.file = path;
  if (scenario.name.empty()) scenario.name = fs::path(path).stem().string();
  return scenario;
}

}  // namespace drydock
