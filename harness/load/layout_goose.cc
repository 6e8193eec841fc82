// goose: one file a migration, VERSION_TITLE.sql, with "-- +goose Up" and "-- +goose Down" parts.
//
// internal/sqlparser in goose reads line by line. A statement ends at a line whose last word before
// a comment ends in a semicolon, or at StatementEnd when it began with StatementBegin. Comments and
// blank lines before a statement are dropped, later ones are kept. "-- +goose NO TRANSACTION"
// anywhere in the file turns the transaction off in both directions. Every statement is sent alone.
// Text left over without a semicolon is an error, and so are unknown annotations. Lines lose their
// carriage return, because Go's line scanner takes it off. A byte order mark hides the first
// annotation, which goose answers with an error. Versions are numbers from 1; .go migrations are
// programs and cannot be rehearsed.
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "harness/base/text.h"
#include "harness/load/layout.h"
#include "harness/load/layout_goose_env.h"
#include "harness/load/layout_line_statements.h"
#include "harness/load/layout_pairs.h"
#include "harness/load/layout_script.h"

namespace drydock {
namespace {

constexpr const char* kLargestVersion = "9223372036854775807";  // Go's int64

/// The part of one direction, as goose's own parser walks the file.
class Parser {
 public:
  Parser(const LayoutOptions& options, Direction direction, Script& script)
      : options_(options), direction_(direction), script_(script) {}

  void parse(std::string_view text) {
    for (const std::string_view line : split_lines(text)) {
      ++line_;
      if (script_.refusal) return;
      take_line(line);
    }
    finish();
  }

  bool seen_down() const { return seen_down_; }

 private:
  enum class State { kStart, kUp, kDown };

  void fail(const std::string& why) { refuse(script_, "goose refuses this file: " + why, line_); }

  void take_line(std::string_view line) {
    if (state_ == State::kStart && trim(line).empty()) return;
    const bool comment = trim(line).starts_with("--");
    if (comment && line.find("+goose") != std::string_view::npos) return take_annotation(line);
    if (statement_.empty() && (comment || line.empty())) return;
    if (state_ == State::kStart) {
      return fail("the first thing in it must be the line '-- +goose Up'.");
    }
    if (!active()) return;
    statement_.add(expanded(line), line_);
    if (!in_block_ && ends_with_semicolon(line)) store();
  }

  void take_annotation(std::string_view line) {
    if (!line.starts_with("--")) return fail("there is white space before a '-- +goose' line.");
    const std::string word = to_lower(trim(line.substr(line.find("+goose") + 6)));
    if (word == "up") return begin_up();
    if (word == "down") return begin_down();
    if (word == "statementbegin") return begin_block();
    if (word == "statementend") return end_block();
    if (word == "no transaction") {
      script_.in_transaction = false;
    } else if (word == "envsub on" || word == "envsub off") {
      substitute_ = word == "envsub on";
    } else {
      return fail(fmt::format("it does not know '{}'.", trim(line)));
    }
    if (!statement_.empty()) statement_.add("", line_);  // keeps the lines below where they are
  }

  void begin_up() {
    if (state_ != State::kStart) return fail("'-- +goose Up' stands in it twice.");
    state_ = State::kUp;
  }

  void begin_down() {
    if (state_ != State::kUp || in_block_) {
      return fail("'-- +goose Down' must follow '-- +goose Up', outside any statement block.");
    }
    check_nothing_left();
    state_ = State::kDown;
    seen_down_ = true;
  }

  void begin_block() {
    if (state_ == State::kStart || in_block_) {
      return fail("'-- +goose StatementBegin' must stand after Up or Down, and never twice.");
    }
    in_block_ = true;
  }

  void end_block() {
    if (!in_block_) return fail("'-- +goose StatementEnd' has no StatementBegin before it.");
    in_block_ = false;
    if (active()) store();
  }

  void store() {
    const LineStatement statement = statement_.take();
    add_query(script_, statement.text, statement.line);
  }

  void check_nothing_left() {
    if (statement_.empty() || statement_.blank()) return;
    refuse(script_, "goose refuses this file: the statement that starts here has no semicolon.",
           statement_.line());
  }

  void finish() {
    if (state_ == State::kStart) return fail("it has no '-- +goose Up' line.");
    if (in_block_) return fail("a '-- +goose StatementBegin' has no StatementEnd.");
    check_nothing_left();
  }

  bool active() const { return (state_ == State::kUp) == (direction_ == Direction::kUp); }

  std::string expanded(std::string_view line) {
    if (!substitute_) return std::string(line);
    EnvironmentExpansion result = expand_environment(line, options_.placeholders);
    if (!result.error.empty()) fail(result.error);
    return result.text;
  }

  const LayoutOptions& options_;
  const Direction direction_;
  Script& script_;
  int line_ = 0;
  State state_ = State::kStart;
  bool in_block_ = false;
  bool substitute_ = false;
  bool seen_down_ = false;
  LineCollector statement_;
};

Detection detect(const MigrationDirectory& directory) {
  for (const std::string& file : directory.files()) {
    if (file.ends_with(".sql") && has_comment(directory.text(file), "+goose")) {
      return {Certainty::kMarker, fmt::format("{} has a '-- +goose' line", file)};
    }
  }
  return {};
}

std::string why_not(const std::string& file) {
  if (file.ends_with("_test.go")) return "a Go test";
  if (file.ends_with(".go")) return "Go migration: cannot be run";
  if (!file.ends_with(".sql")) return "not an .sql file";
  const std::string_view digits = leading_digits(file);
  if (digits.empty() || file[digits.size()] != '_') return "goose finds no version in its name";
  if (!at_most("1", digits) || !at_most(digits, kLargestVersion)) {
    return "goose takes versions from 1 to 64 bits";
  }
  return {};
}

Migration migration_of(const MigrationDirectory& directory, const LayoutOptions& options,
                       const Pair& pair) {
  const std::string& text = directory.text(pair.up);
  Script up{directory.shown(pair.up), true, {}, {}, 0};
  Script down = up;
  Parser(options, Direction::kUp, up).parse(text);
  Parser down_parser(options, Direction::kDown, down);
  down_parser.parse(text);
  Migration migration = migration_with(pair.id, pair.version, std::move(up));
  if (down_parser.seen_down()) add_down(migration, std::move(down));
  return migration;
}

void load(const MigrationDirectory& directory, const LayoutOptions& options, MigrationSet& set) {
  Pairs files;
  for (const std::string& file : directory.files()) {
    const std::string reason = why_not(file);
    if (reason.empty()) {
      files.add(Direction::kUp, std::string(leading_digits(file)), file.substr(0, file.size() - 4),
                file);
    } else {
      ignore(set, directory, file, reason);
    }
  }
  ignore_folders(set, directory);
  for (const Pair& pair : files.take(directory)) {
    set.migrations.push_back(migration_of(directory, options, pair));
  }
}

}  // namespace

Layout goose_layout() {
  return {"goose",
          "goose: each statement alone, in one transaction a file unless it says NO TRANSACTION",
          true, detect, load};
}

}  // namespace drydock
