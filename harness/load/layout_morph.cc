// morph: golang-migrate's file names with a transaction around each file.
//
// Its PostgreSQL driver (drivers/postgres, Apply) begins a transaction, sends the whole file as one
// query and commits. Files that must run outside say so in a comment, "-- morph:nontransactional"
// at the top; newer versions know it, and its users' migration guide asks for exactly one statement
// in such a file. Files without that comment look like golang-migrate's, so a directory without any
// is taken for golang-migrate unless morph is asked for by name.
#include <fmt/format.h>

#include "harness/base/text.h"
#include "harness/load/layout.h"
#include "harness/load/layout_pairs.h"
#include "harness/load/layout_script.h"

namespace drydock {
namespace {

constexpr const char* kLargestVersion = "4294967295";  // Go's uint32

/// The directive counts in the comments above the first statement.
bool nontransactional(std::string_view text) {
  for (const std::string_view line : split_lines(text)) {
    const std::string_view content = trim(line);
    if (content.empty()) continue;
    if (!content.starts_with("--")) return false;
    if (trim(content.substr(2)) == "morph:nontransactional") return true;
  }
  return false;
}

Detection detect(const MigrationDirectory& directory) {
  for (const std::string& file : directory.files()) {
    const auto name = parse_pair_name(file);
    if (name && name->extension == "sql" && has_comment(directory.text(file), "morph:")) {
      return {Certainty::kMarker, fmt::format("{} has a '-- morph:' comment", file)};
    }
  }
  return {};
}

Script script(const MigrationDirectory& directory, const std::string& file) {
  return whole_file(directory, file, !nontransactional(directory.text(file)));
}

void load(const MigrationDirectory& directory, const LayoutOptions&, MigrationSet& set) {
  Pairs pairs;
  for (const std::string& file : directory.files()) {
    const auto name = parse_pair_name(file);
    if (!name) {
      ignore(set, directory, file, "not named VERSION_TITLE.up.sql or VERSION_TITLE.down.sql");
    } else if (!at_most(name->version, kLargestVersion)) {
      ignore(set, directory, file, "its version is larger than morph's 32 bits");
    } else {
      pairs.add(name->direction, name->version, name->version + "_" + name->title, file);
    }
  }
  ignore_folders(set, directory);
  for (const Pair& pair : pairs.take(directory)) {
    Migration migration = migration_with(pair.id, pair.version, script(directory, pair.up));
    if (!pair.down.empty()) add_down(migration, script(directory, pair.down));
    set.migrations.push_back(std::move(migration));
  }
}

}  // namespace

Layout morph_layout() {
  return {"morph",
          "morph: each file is one query in a transaction, unless it says morph:nontransactional",
          true, detect, load};
}

}  // namespace drydock
