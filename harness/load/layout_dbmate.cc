// dbmate: one file a migration, a "-- migrate:up" block and below it a "-- migrate:down" block.
//
// pkg/dbmate takes names that start with digits and end in .sql and orders them as text. A block
// reaches from its directive to the next one or to the end, the directive itself included, and is
// sent as one query: in a transaction, or with "transaction:false" beside the directive without
// one, when a block of several statements still gets the server's implicit transaction. The
// directive must be at the very start of its line, so a byte order mark hides the first one. A file
// without the up or the down block, with down above up, or with statements above up is refused.
#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/load/layout.h"
#include "harness/load/layout_pairs.h"
#include "harness/load/layout_script.h"

namespace drydock {
namespace {

struct Directive {
  std::size_t offset = 0;
  int line = 0;
  bool in_transaction = true;
};

/// Whether the line is "--", white space, then `directive` as a whole word.
bool is_directive(std::string_view line, std::string_view directive) {
  if (!line.starts_with("--")) return false;
  const std::string_view rest = trim(line.substr(2));
  return rest.starts_with(directive) &&
         (rest.size() == directive.size() || trim(rest.substr(directive.size(), 1)).empty());
}

bool says_no_transaction(std::string_view line) {
  const std::vector<std::string> words = split(one_line(line), ' ');
  return std::find(words.begin(), words.end(), "transaction:false") != words.end();
}

std::optional<Directive> find_directive(std::string_view text, std::string_view directive) {
  int number = 0;
  for (const std::string_view line : split_lines(text)) {
    ++number;
    if (!is_directive(line, directive)) continue;
    return Directive{static_cast<std::size_t>(line.data() - text.data()), number,
                     !says_no_transaction(line)};
  }
  return std::nullopt;
}

/// What dbmate would say against the file; empty when nothing.
std::string objection(std::string_view text, const std::optional<Directive>& up,
                      const std::optional<Directive>& down) {
  if (!up) return "it has no line that starts with '-- migrate:up'.";
  if (!down) return "it has no line that starts with '-- migrate:down'; an empty block will do.";
  if (down->offset < up->offset) return "'-- migrate:down' stands above '-- migrate:up'.";
  for (const std::string_view line : split_lines(text.substr(0, up->offset))) {
    const std::string_view content = trim(line);
    if (!content.empty() && !content.starts_with("--")) {
      return "there are statements above '-- migrate:up'.";
    }
  }
  return {};
}

Script block(const MigrationDirectory& directory, const std::string& file,
             const Directive& directive, std::size_t end) {
  Script script{directory.shown(file), directive.in_transaction, {}, {}, 0};
  add_query(script, directory.text(file).substr(directive.offset, end - directive.offset),
            directive.line);
  return script;
}

Migration migration_of(const MigrationDirectory& directory, const std::string& file) {
  const std::string& text = directory.text(file);
  const auto up = find_directive(text, "migrate:up");
  const auto down = find_directive(text, "migrate:down");
  const std::string id = file.substr(0, file.size() - 4);
  const std::string version(leading_digits(file));
  if (const std::string why = objection(text, up, down); !why.empty()) {
    Script refused{directory.shown(file), true, {}, {}, 0};
    refuse(refused, "dbmate refuses this file: " + why, up ? up->line : 1);
    Migration migration = migration_with(id, version, refused);
    if (down) add_down(migration, refused);
    return migration;
  }
  Migration migration = migration_with(id, version, block(directory, file, *up, down->offset));
  add_down(migration, block(directory, file, *down, text.size()));
  return migration;
}

Detection detect(const MigrationDirectory& directory) {
  for (const std::string& file : directory.files()) {
    if (file.ends_with(".sql") && has_comment(directory.text(file), "migrate:up")) {
      return {Certainty::kMarker, fmt::format("{} has a '-- migrate:up' line", file)};
    }
  }
  return {};
}

void load(const MigrationDirectory& directory, const LayoutOptions&, MigrationSet& set) {
  std::map<std::string, std::string> versions;
  for (const std::string& file : directory.files()) {
    const std::string version(leading_digits(file));
    if (version.empty() || !file.ends_with(".sql")) {
      ignore(set, directory, file, "dbmate takes names that start with digits and end in .sql");
      continue;
    }
    const auto [known, first] = versions.emplace(version, file);
    if (!first) {
      throw Error(
          fmt::format("two migrations have version {}: {} and {}", version, known->second, file),
          "Give one of them a version of its own; dbmate would take the second for done.");
    }
    set.migrations.push_back(migration_of(directory, file));
  }
  ignore_folders(set, directory);
}

}  // namespace

Layout dbmate_layout() {
  return {"dbmate",
          "dbmate: each block is one query in a transaction, unless it says transaction:false",
          true, detect, load};
}

}  // namespace drydock
