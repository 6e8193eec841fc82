#include "harness/load/scenario_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <optional>
#include <system_error>
#include <utility>
#include <vector>

#include "harness/base/files.h"
#include "harness/base/sql_text.h"
#include "harness/base/text.h"
#include "harness/load/json_document.h"
#include "harness/load/scenario_keys.h"
#include "harness/load/scenario_rules.h"
#include "harness/load/sql_name.h"

namespace drydock {
namespace {

using Kind = JsonNode::Kind;
namespace fs = std::filesystem;

class ScenarioReader {
 public:
  ScenarioReader(const JsonDocument& document, const std::string& path)
      : document_(document), directory_(fs::path(path).parent_path()) {
    draft_.file = path;
  }

  Scenario read() {
    if (document_.root().kind != Kind::kObject) {
      throw document_.error_at(document_.root().offset,
                               "a scenario is an object, found " + document_.root().described());
    }
    read_object(document_.root(), "", "");
    return std::move(draft_.scenario);
  }

  /// Found missing only in the middle of a walk, a data file would cost the minutes until there.
  void refuse_missing_data_files() const {
    for (const auto& [offset, path] : data_files_) {
      std::error_code unreadable;
      if (fs::is_regular_file(path, unreadable)) continue;
      throw document_.error_at(offset, "there is no file " + path,
                               "Paths are relative to the scenario file.");
    }
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
    if (const std::optional<BrokenRule> broken = broken_rule(pattern, object))
      throw document_.error_at(broken->offset, pointer + ": " + broken->message, broken->remedy);
  }

  void read_value(const ScenarioKey& key, const JsonNode& node, const std::string& pointer) {
    if (!has_type(key.type, node)) refuse_type(node, pointer, type_words(key.type));
    if (key.type == KeyType::kObject) {
      store(key, node);
      read_object(node, std::string(key.path), pointer);
      return;
    }
    for (std::size_t i = 0; i < node.children.size(); ++i) {
      const JsonNode& child = node.children[i];
      const std::string where =
          json_pointer(pointer, node.kind == Kind::kList ? std::to_string(i) : child.key);
      read_element(key, child, where);
    }
    if (!holds_objects(key.type)) store(key, node);
  }

  void read_element(const ScenarioKey& key, const JsonNode& element, const std::string& pointer) {
    if (key.type == KeyType::kTableMap && !is_table_name(element.key))
      refuse_name(element, pointer);
    if (!is_element(key.type, element)) refuse_type(element, pointer, element_words(key.type));
    if (key.type == KeyType::kRows) read_row(element, pointer);
    if (!holds_objects(key.type)) return;
    store(key, element);
    if (element.kind == Kind::kObject) read_object(element, std::string(key.path) + "/*", pointer);
  }

  void read_row(const JsonNode& row, const std::string& pointer) const {
    for (std::size_t i = 0; i < row.children.size(); ++i)
      if (!is_row_value(row.children[i]))
        refuse_type(row.children[i], json_pointer(pointer, std::to_string(i)),
                    "a text, a number, a boolean or null");
  }

  void store(const ScenarioKey& key, const JsonNode& node) {
    if (key.store == nullptr) return;
    draft_.line = document_.line_of(node.key.empty() ? node.offset : node.key_offset);
    key.store(draft_, resolved(key.type, node));
  }

  JsonNode resolved(KeyType type, JsonNode node) {
    const bool data = type == KeyType::kDataFiles || type == KeyType::kDataPath;
    if ((type == KeyType::kPath || data) && node.kind == Kind::kText)
      node.text = resolve(node.text);
    if (data && node.kind == Kind::kText) data_files_.emplace_back(node.offset, node.text);
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

  [[noreturn]] void refuse_name(const JsonNode& member, const std::string& pointer) const {
    const bool one_part = name_parts(member.key).size() == 1;
    throw document_.error_at(
        member.key_offset, pointer + ": a table is named as schema.table",
        one_part ? fmt::format("Write \"public.{}\", or the schema it is in.", member.key)
                 : "Write it as the reports do: public.lots, public.\"Odd.Name\".");
  }

  static std::string found(const JsonNode& node) {
    if (node.kind != Kind::kText || node.text.empty()) return node.described();
    return fmt::format("\"{}\"", shorten(node.text, 40));
  }

  const JsonDocument& document_;
  fs::path directory_;
  ScenarioDraft draft_;
  std::vector<std::pair<std::size_t, std::string>> data_files_;  ///< where named, resolved
};

enum class DataFiles { kMustExist, kAreNotLookedFor };

Scenario read_scenario(const std::string& path, std::string text, DataFiles data_files) {
  const JsonDocument document = JsonDocument::parse(path, std::move(text));
  ScenarioReader reader(document, path);
  Scenario scenario = reader.read();
  if (data_files == DataFiles::kMustExist) reader.refuse_missing_data_files();
  scenario.file = path;
  if (scenario.name.empty()) scenario.name = fs::path(path).stem().string();
  return scenario;
}

}  // namespace

Scenario load_scenario(const std::string& path) {
  return read_scenario(path, read_file(path), DataFiles::kMustExist);
}

Scenario parse_scenario(const std::string& path, std::string text) {
  return read_scenario(path, std::move(text), DataFiles::kAreNotLookedFor);
}

}  // namespace drydock
