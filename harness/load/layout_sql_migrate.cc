// sql-migrate: one file a migration with "-- +migrate Up" and "-- +migrate Down" parts.
//
// sqlparse in sql-migrate reads line by line: lines that start with "-- " are dropped (also inside
// a statement), a statement ends at a line whose last word before a comment ends in a semicolon, or
// at StatementEnd after StatementBegin. Every statement is sent alone without its semicolon, in a
// transaction unless its part says "notransaction". Everything before the first command is skipped
// without a word; so is a first command behind a byte order mark. A line dropped inside a statement
// leaves an empty one here, so that the lines below keep their numbers.
//
// Order (migrate.go): names that start with a number by that number, then by name; others last.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "harness/base/text.h"
#include "harness/load/layout.h"
#include "harness/load/layout_line_statements.h"
#include "harness/load/layout_pairs.h"
#include "harness/load/layout_script.h"

namespace drydock {
namespace {

constexpr std::string_view kCommand = "-- +migrate ";

/// Both parts of a file.
class Parser {
 public:
  Parser(Script& up, Script& down) : up_(up), down_(down) {}

  void parse(std::string_view text) {
    for (const std::string_view line : split_lines(text)) {
      ++line_;
      if (up_.refusal) return;
      take_line(line);
    }
    if (in_block_) return fail("a '-- +migrate StatementBegin' has no StatementEnd.");
    if (part_ == nullptr) return fail("it has neither '-- +migrate Up' nor '-- +migrate Down'.");
    check_nothing_left();
  }

  bool seen_down() const { return seen_down_; }

 private:
  void fail(const std::string& why) {
    refuse(up_, "sql-migrate refuses this file: " + why, line_);
    refuse(down_, "sql-migrate refuses this file: " + why, line_);
  }

  void take_line(std::string_view line) {
    const bool block_ends =
        line.starts_with(kCommand) && take_command(line.substr(kCommand.size()));
    if (part_ == nullptr || up_.refusal) return;
    if (line.starts_with("-- ")) {
      if (!statement_.empty()) statement_.add("", line_);
    } else {
      statement_.add(line, line_);
    }
    const bool ends = !in_block_ && !line.starts_with("-- ") && ends_with_semicolon(line);
    if (ends || block_ends) store();
  }

  /// True when a statement block ends here.
  bool take_command(std::string_view words_text) {
    const std::vector<std::string> words = split(one_line(words_text), ' ');
    const std::string& word = words.front();
    if (word.empty()) fail("a '-- +migrate' line has no command.");
    if (word == "Up" || word == "Down") begin_part(word == "Up" ? up_ : down_, words);
    if (word == "StatementBegin" && part_ != nullptr) in_block_ = true;
    if (word != "StatementEnd" || part_ == nullptr) return false;
    return std::exchange(in_block_, false);
  }

  void begin_part(Script& part, const std::vector<std::string>& words) {
    check_nothing_left();
    part_ = &part;
    seen_down_ = seen_down_ || part_ == &down_;
    if (std::find(words.begin(), words.end(), "notransaction") != words.end()) {
      part.in_transaction = false;
    }
  }

  void store() {
    LineStatement statement = statement_.take();
    if (statement.text.ends_with(';')) statement.text.pop_back();
    add_query(*part_, statement.text, statement.line);
  }

  void check_nothing_left() {
    if (!statement_.blank())
      fail("its last statement ends neither in a semicolon nor in StatementEnd.");
  }

  Script& up_;
  Script& down_;
  int line_ = 0;
  Script* part_ = nullptr;
  bool in_block_ = false;
  bool seen_down_ = false;
  LineCollector statement_;
};

bool runs_before(const std::string& a, const std::string& b) {
  const std::string_view first = leading_digits(a);
  const std::string_view second = leading_digits(b);
  if (first.empty() != second.empty()) return second.empty();
  const NumberLess less;
  if (!first.empty() && (less(first, second) || less(second, first))) return less(first, second);
  return a < b;
}

Migration migration_of(const MigrationDirectory& directory, const std::string& file) {
  Script up{directory.shown(file), true, {}, {}, 0};
  Script down = up;
  Parser parser(up, down);
  parser.parse(directory.text(file));
  Migration migration = migration_with(file.substr(0, file.size() - 4),
                                       std::string(leading_digits(file)), std::move(up));
  if (parser.seen_down()) add_down(migration, std::move(down));
  return migration;
}

Detection detect(const MigrationDirectory& directory) {
  for (const std::string& file : directory.files()) {
    if (file.ends_with(".sql") && has_comment(directory.text(file), "+migrate")) {
      return {Certainty::kMarker, fmt::format("{} has a '-- +migrate' line", file)};
    }
  }
  return {};
}

void load(const MigrationDirectory& directory, const LayoutOptions&, MigrationSet& set) {
  std::vector<std::string> files;
  for (const std::string& file : directory.files()) {
    if (file.ends_with(".sql")) {
      files.push_back(file);
    } else {
      ignore(set, directory, file, "not an .sql file");
    }
  }
  ignore_folders(set, directory);
  std::sort(files.begin(), files.end(), runs_before);
  for (const std::string& file : files) set.migrations.push_back(migration_of(directory, file));
}

}  // namespace

Layout sql_migrate_layout() {
  return {"sql-migrate",
          "sql-migrate: each statement alone, in a transaction unless its part says notransaction",
          true, detect, load};
}

}  // namespace drydock
