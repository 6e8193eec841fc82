// Folders NUMBER_name with up.sql, down.sql and metadata.yaml, as Sourcegraph's migrator reads
// them.
//
// The order comes from the metadata: each migration names its parents, and together they form a
// graph with one root. The migrator walks it depth first so that parents come before children and
// unrelated migrations by number (internal/database/migration/definition, read.go). Each script is
// one query in a transaction; an outer BEGIN; … COMMIT; in the file is taken off first. With
// createIndexConcurrently: true the up, which may hold that one statement only, runs outside a
// transaction; CREATE INDEX CONCURRENTLY without that key, or in a down, is refused. Folders where
// no metadata names a parent run by number.
#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <map>
#include <set>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/load/layout.h"
#include "harness/load/layout_pairs.h"
#include "harness/load/layout_script.h"
#include "harness/sql/split.h"

namespace drydock {
namespace {

struct Metadata {
  std::vector<std::string> parents;
  bool create_index_concurrently = false;
};

/// Numbers in what follows "parents:", be it [1, 2], one number, or "- 1" lines below it.
void add_numbers(std::string_view text, std::vector<std::string>& numbers) {
  while (!text.empty()) {
    const std::string_view digits = leading_digits(text);
    if (!digits.empty() && digits != "0") numbers.emplace_back(digits);
    text.remove_prefix(std::max<std::size_t>(digits.size(), 1));
  }
}

Metadata read_metadata(std::string_view yaml) {
  Metadata metadata;
  bool in_parents = false;
  for (const std::string_view raw : split_lines(yaml)) {
    const std::string_view line = trim(raw.substr(0, raw.find('#')));
    const bool item = line.starts_with('-') && !line.starts_with("---");
    if (line.empty()) continue;
    if (!item) in_parents = line.starts_with("parent:") || line.starts_with("parents:");
    if (in_parents) add_numbers(line, metadata.parents);
    const std::size_t colon = line.find(':');
    if (line.substr(0, colon) == "createIndexConcurrently" && colon != std::string_view::npos) {
      metadata.create_index_concurrently = trim(line.substr(colon + 1)) == "true";
    }
  }
  return metadata;
}

struct Node {
  std::string folder;
  Metadata metadata;
};
using Nodes = std::map<std::string, Node, NumberLess>;

Error bad_graph(const std::string& what) {
  return Error(what, "Mend the parents in metadata.yaml: one root, no circle, no unknown number.");
}

void check_parents(const Nodes& nodes) {
  for (const auto& [number, node] : nodes) {
    for (const std::string& parent : node.metadata.parents) {
      if (!nodes.contains(parent)) {
        throw bad_graph(
            fmt::format("{} names the parent {}, which is not there", node.folder, parent));
      }
    }
  }
}

const std::string& single_root(const Nodes& nodes) {
  const std::string* root = nullptr;
  for (const auto& [number, node] : nodes) {
    if (!node.metadata.parents.empty()) continue;
    if (root != nullptr) {
      throw bad_graph(fmt::format("two migrations without a parent: {} and {}",
                                  nodes.at(*root).folder, node.folder));
    }
    root = &number;
  }
  if (root == nullptr) throw bad_graph("every migration names a parent: they go round in a circle");
  return *root;
}

/// Parents first: the reverse of a depth-first walk's leaving order, larger numbers walked first.
std::vector<std::string> graph_order(const Nodes& nodes) {
  std::map<std::string, std::vector<std::string>, NumberLess> children;
  for (auto node = nodes.rbegin(); node != nodes.rend(); ++node) {
    for (const std::string& parent : node->second.metadata.parents) {
      children[parent].push_back(node->first);
    }
  }
  std::vector<std::string> left;
  std::set<std::string, NumberLess> entered, done;
  const std::function<void(const std::string&)> walk = [&](const std::string& number) {
    if (done.contains(number)) return;
    if (!entered.insert(number).second) {
      throw bad_graph(fmt::format("{} is its own ancestor", nodes.at(number).folder));
    }
    for (const std::string& child : children[number]) walk(child);
    done.insert(number);
    left.push_back(number);
  };
  walk(single_root(nodes));
  if (left.size() != nodes.size()) throw bad_graph("some migrations go round in a circle");
  std::reverse(left.begin(), left.end());
  return left;
}

std::vector<std::string> order_of(const Nodes& nodes) {
  check_parents(nodes);
  const bool any_parents = std::any_of(nodes.begin(), nodes.end(), [](const auto& entry) {
    return !entry.second.metadata.parents.empty();
  });
  if (any_parents) return graph_order(nodes);
  std::vector<std::string> numbers;
  for (const auto& [number, node] : nodes) numbers.push_back(number);
  return numbers;
}

/// Whether the words stand one after another in the text, white space between. Upper case only:
/// the migrator looks for them as they are.
bool has_words(std::string_view text, const std::vector<std::string>& words) {
  for (std::size_t at = text.find(words.front()); at != std::string_view::npos;
       at = text.find(words.front(), at + 1)) {
    std::string_view rest = text.substr(at);
    const bool all = std::all_of(words.begin(), words.end(), [&](const std::string& word) {
      if (!rest.starts_with(word)) return false;
      const std::string_view behind = rest.substr(word.size());
      rest = trim(behind);
      return rest.size() < behind.size();
    });
    if (all) return true;
  }
  return false;
}

bool creates_index_concurrently(std::string_view sql) {
  return has_words(sql, {"CREATE", "INDEX", "CONCURRENTLY"}) ||
         has_words(sql, {"CREATE", "UNIQUE", "INDEX", "CONCURRENTLY"});
}

/// The script without the outer BEGIN; and COMMIT; that older files still bring.
void add_canonical(Script& script, std::string_view text) {
  std::string_view body = trim(text);
  if (body.starts_with("BEGIN;")) body.remove_prefix(6);
  if (body.ends_with("COMMIT;")) body.remove_suffix(7);
  body = trim(body);
  const auto offset = static_cast<std::size_t>(body.data() - text.data());
  add_query(script, std::string(body), line_column(text, offset).line);
}

Script up_script(const MigrationDirectory& directory, const Node& node) {
  const std::string file = node.folder + "/up.sql";
  const std::string& text = directory.text(file);
  const bool declared = node.metadata.create_index_concurrently;
  Script script{directory.shown(file), !declared, {}, {}, 0};
  if (creates_index_concurrently(text) != declared) {
    refuse(script,
           declared ? "metadata.yaml says createIndexConcurrently, but this file does not."
                    : "CREATE INDEX CONCURRENTLY needs createIndexConcurrently: true in "
                      "metadata.yaml.",
           1);
  }
  add_canonical(script, text);
  if (!script.queries.empty() && declared &&
      split_statements(script.queries.front().text).statements.size() > 1) {
    refuse(script, "CREATE INDEX CONCURRENTLY must be the only statement of its migration.", 1);
  }
  return script;
}

Script down_script(const MigrationDirectory& directory, const std::string& file) {
  const std::string& text = directory.text(file);
  Script script{directory.shown(file), true, {}, {}, 0};
  if (creates_index_concurrently(text)) {
    refuse(script, "a down must not create an index concurrently: it runs in a transaction.", 1);
  }
  add_canonical(script, text);
  return script;
}

Detection detect(const MigrationDirectory& directory) {
  for (const std::string& folder : directory.folders()) {
    if (directory.has_file(folder + "/up.sql") && directory.has_file(folder + "/metadata.yaml")) {
      return {Certainty::kMarker, fmt::format("{} has up.sql and metadata.yaml", folder)};
    }
  }
  return {};
}

/// Puts the folder among the nodes, or says why it is none of them.
std::string take_folder(const MigrationDirectory& directory, const std::string& folder,
                        Nodes& nodes) {
  const std::string number(leading_digits(folder));
  if (number.empty()) return "its name does not start with a number";
  if (!directory.has_file(folder + "/up.sql")) {
    if (!directory.has_file(folder + "/down.sql")) return "a folder without up.sql";
    throw Error(fmt::format("{} has no up.sql beside it", directory.shown(folder + "/down.sql")),
                "Add the up script, or remove this down: nothing ever needs it.");
  }
  const std::string metadata = folder + "/metadata.yaml";
  Node node{folder,
            directory.has_file(metadata) ? read_metadata(directory.text(metadata)) : Metadata{}};
  const auto [known, first] = nodes.emplace(number, std::move(node));
  if (!first) {
    throw Error(fmt::format("two migrations have number {}: {} and {}", number,
                            known->second.folder, folder),
                "Give one of them a number of its own.");
  }
  return {};
}

void load(const MigrationDirectory& directory, const LayoutOptions&, MigrationSet& set) {
  for (const std::string& file : directory.files()) {
    ignore(set, directory, file, "a file: the migrations of this layout are folders");
  }
  Nodes nodes;
  for (const std::string& folder : directory.folders()) {
    const std::string reason = take_folder(directory, folder, nodes);
    if (!reason.empty()) ignore(set, directory, folder, reason);
  }
  if (nodes.empty()) return;
  for (const std::string& number : order_of(nodes)) {
    const Node& node = nodes.at(number);
    Migration migration = migration_with(node.folder, number, up_script(directory, node));
    const std::string down = node.folder + "/down.sql";
    if (directory.has_file(down)) add_down(migration, down_script(directory, down));
    set.migrations.push_back(std::move(migration));
  }
}

}  // namespace

Layout up_down_folders_layout() {
  return {"up-down-folders",
          "up/down folders with metadata.yaml: each file is one query in a transaction, unless "
          "createIndexConcurrently",
          true, detect, load};
}

}  // namespace drydock
