#include "harness/load/psql_script.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "harness/base/error.h"
#include "harness/base/files.h"
#include "harness/base/text.h"
#include "harness/load/layout_script.h"
#include "harness/load/psql_script_lexer.h"

namespace drydock {
namespace fs = std::filesystem;
namespace {

using Kind = PsqlLexer::Kind;

// psql itself has no limit; nobody nests sixteen files, a file that includes itself does.
constexpr int kDeepestInclude = 16;
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

/// Commands that print, or change how psql prints: the database never sees them. \restrict and
/// \unrestrict guard dumps against commands; there are none of those left to guard against here.
bool only_prints(std::string_view command) {
  static constexpr std::array kNames = {
      "a",      "C",          "conninfo", "copyright", "echo", "errverbose", "f",     "h",
      "H",      "help",       "html",     "l",         "l+",   "p",          "print", "pset",
      "qecho",  "restrict",   "sf",       "sf+",       "sv",   "sv+",        "t",     "T",
      "timing", "unrestrict", "warn",     "x",         "z",    "?"};
  return std::find(kNames.begin(), kNames.end(), command) != kNames.end() ||
         command.starts_with('d');  // \d, \dt+, \df …: \d is always a description
}

bool means_off(std::string_view value) {
  const std::string lower = to_lower(value);
  return lower == "off" || lower == "0" || lower == "false" || lower == "no";
}

/// Reads a file and what it includes into one script.
class Reader {
 public:
  Reader(const PsqlOptions& options, Script& script)
      : variables_(options.variables), directory_(options.working_directory), script_(script) {}

  void read(const fs::path& file, const std::string& shown, int depth) {
    std::string text = read_file(file);
    if (std::string_view(text).starts_with(kByteOrderMark)) text.erase(0, kByteOrderMark.size());
    PsqlLexer lexer(std::move(text), Syntax::kPsql, variables_);
    Place place{file, shown, depth, lexer};
    while (!script_.refusal && !quit_) {
      const PsqlLexer::Piece piece = lexer.next();
      if (piece.kind == Kind::kEnd) return;
      if (piece.kind == Kind::kStatement) {
        send(place, piece);
      } else {
        run(place, piece);
      }
    }
    quit_ = false;  // \q ends the file it stands in
  }

 private:
  struct Place {
    const fs::path& file;
    const std::string& shown;
    int depth;
    PsqlLexer& lexer;
  };

  void fail(const Place& place, int line, const std::string& why) {
    const bool included = place.depth > 0;
    refuse(script_, included ? fmt::format("{}:{}: {}", place.shown, line, why) : why,
           included ? 0 : line);
  }

  void send(const Place& place, const PsqlLexer::Piece& piece) {
    const std::size_t before = script_.queries.size();
    add_query(script_, piece.text, piece.line);
    if (script_.queries.size() == before) return;
    if (place.depth > 0) script_.queries.back().file = place.shown;
    if (!piece.copies_from_stdin) return;
    if (place.lexer.more_on_line()) {
      return fail(place, piece.line,
                  "more SQL follows on the line of COPY … FROM stdin; put it below the data.");
    }
    script_.queries.back().copy_data = place.lexer.take_copy_data();
  }

  void run(const Place& place, const PsqlLexer::Piece& command) {
    const std::string name = command.text.substr(1);
    if (name == "\\") return;
    const PsqlLexer::Arguments arguments = place.lexer.take_arguments();
    if (arguments.has_shell) {
      return fail(place, command.line,
                  fmt::format("{} runs a shell command, which Drydock does not.", command.text));
    }
    if (name == "set") return set(place, command, arguments.words);
    if (name == "unset") return unset(arguments.words);
    if (name == "q" || name == "quit") return void(quit_ = true);
    if (name == "r" || name == "reset") return void(place.lexer.take_statement());
    if (name == "i" || name == "include")
      return include(place, command, arguments.words, directory_);
    if (name == "ir" || name == "include_relative") {
      return include(place, command, arguments.words, place.file.parent_path());
    }
    if ((name == "g" || name == "gx") && arguments.words.empty()) {
      return send(place, place.lexer.take_statement());
    }
    if (name == "encoding") return set_encoding(place, command, arguments.words);
    if (only_prints(name)) return;
    fail(place, command.line,
         fmt::format("Drydock cannot follow the psql command {}. Take it out of the migration, or "
                     "say it in SQL.",
                     command.text));
  }

  void set(const Place& place, const PsqlLexer::Piece& command,
           const std::vector<std::string>& words) {
    if (words.empty()) return;  // prints all variables
    std::string value;
    for (std::size_t i = 1; i < words.size(); ++i) value += words[i];
    const std::string& name = words.front();
    const bool risky = (name == "ON_ERROR_STOP" || name == "AUTOCOMMIT") && means_off(value);
    if (risky || (name == "ON_ERROR_ROLLBACK" && !means_off(value))) {
      return fail(place, command.line,
                  fmt::format("\\set {} {} would hide errors or change transactions; Drydock "
                              "rehearses with ON_ERROR_STOP and AUTOCOMMIT on.",
                              name, value));
    }
    variables_[name] = value;
  }

  void unset(const std::vector<std::string>& words) {
    for (const std::string& name : words) variables_.erase(name);
  }

  /// \encoding sets what libpq would set with the same statement.
  void set_encoding(const Place& place, const PsqlLexer::Piece& command,
                    const std::vector<std::string>& words) {
    if (words.empty()) return;
    const bool plain = words.front().find_first_of("'\\") == std::string::npos;
    if (!plain) return fail(place, command.line, "\\encoding: no such encoding.");
    PsqlLexer::Piece statement;
    statement.text = fmt::format("SET client_encoding TO '{}'", words.front());
    statement.line = command.line;
    send(place, statement);
  }

  void include(const Place& place, const PsqlLexer::Piece& command,
               const std::vector<std::string>& words, const fs::path& base) {
    if (words.empty()) return fail(place, command.line, command.text + " names no file.");
    if (place.depth >= kDeepestInclude) {
      return fail(place, command.line,
                  command.text + " goes deeper than 16 files; does a file include itself?");
    }
    const fs::path file = (base / words.front()).lexically_normal();
    std::error_code code;
    if (!fs::is_regular_file(file, code)) {
      return fail(
          place, command.line,
          fmt::format("{} {}: there is no file {}.", command.text, words.front(), file.string()));
    }
    read(file, file.string(), place.depth + 1);
  }

  std::map<std::string, std::string> variables_;
  const fs::path directory_;
  Script& script_;
  bool quit_ = false;
};

}  // namespace

Script psql_script(const fs::path& file, const std::string& shown, const PsqlOptions& options) {
  Script script;
  script.path = shown;
  Reader(options, script).read(file, shown, 0);
  return script;
}

}  // namespace drydock
