#include "harness/load/layout_flyway_script.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "harness/base/text.h"
#include "harness/load/layout_script.h"
#include "harness/load/psql_script_lexer.h"

namespace drydock {
namespace {

using Values = std::map<std::string, std::string>;

/// FILE.sql.conf: key=value lines.
Values read_configuration(const MigrationDirectory& directory, const std::string& file) {
  Values values;
  const std::string name = file + ".conf";
  if (!directory.has_file(name)) return values;
  for (const std::string_view raw : split_lines(directory.text(name))) {
    const std::string_view line = trim(raw);
    const std::size_t equals = line.find('=');
    if (line.starts_with('#') || equals == std::string_view::npos) continue;
    values[std::string(trim(line.substr(0, equals)))] = to_lower(trim(line.substr(equals + 1)));
  }
  return values;
}

bool says(const Values& configuration, const std::string& key, const std::string& value) {
  const auto entry = configuration.find(key);
  return entry != configuration.end() && entry->second == value;
}

/// Names are compared without regard to case, as Flyway does.
Values all_values(const std::string& file, const Values& given) {
  Values values = {{"flyway:defaultschema", "public"},
                   {"flyway:table", "flyway_schema_history"},
                   {"flyway:filename", file.substr(file.rfind('/') + 1)}};
  for (const auto& [name, value] : given) values[to_lower(name)] = value;
  return values;
}

std::string fill_in(std::string_view text, const Values& values, Script& script) {
  std::string filled;
  for (std::size_t at = 0;;) {
    const std::size_t open = text.find("${", at);
    const std::size_t close = text.find('}', std::min(open, text.size()));
    filled += text.substr(at, open == std::string_view::npos ? open : open - at);
    if (open == std::string_view::npos) return filled;
    const std::string name(text.substr(open + 2, close - open - 2));
    const auto value = values.find(to_lower(name));
    if (close == std::string_view::npos || value == values.end()) {
      refuse(script,
             fmt::format("Flyway has no value for the placeholder ${{{}}}. Give it one under "
                         "placeholders in the scenario.",
                         shorten(name, 60)),
             line_column(text, open).line);
      return {};
    }
    filled += value->second;
    at = close + 1;
  }
}

bool starts(const std::vector<std::string>& words, const std::vector<std::string>& pattern) {
  return words.size() >= pattern.size() &&
         std::equal(pattern.begin(), pattern.end(), words.begin());
}

bool outside_transactions_only(const std::vector<std::string>& words) {
  static const std::vector<std::vector<std::string>> kPatterns = {
      {"ALTER", "SYSTEM"},
      {"VACUUM"},
      {"DISCARD", "ALL"},
      {"CREATE", "INDEX", "CONCURRENTLY"},
      {"CREATE", "UNIQUE", "INDEX", "CONCURRENTLY"},
      {"DROP", "INDEX", "CONCURRENTLY"},
      {"CREATE", "DATABASE"},
      {"CREATE", "TABLESPACE"},
      {"CREATE", "SUBSCRIPTION"},
      {"DROP", "DATABASE"},
      {"DROP", "TABLESPACE"},
      {"DROP", "SUBSCRIPTION"},
      {"REINDEX", "SCHEMA"},
      {"REINDEX", "DATABASE"},
      {"REINDEX", "SYSTEM"}};
  return std::any_of(kPatterns.begin(), kPatterns.end(),
                     [&](const auto& pattern) { return starts(words, pattern); });
}

/// Cuts the statements; refuses a mixture unless `mixture_allowed`.
void add_statements(Script& script, std::string text, bool mixture_allowed) {
  static const Values kNoVariables;
  PsqlLexer lexer(std::move(text), Syntax::kSql, kNoVariables);
  bool inside = false;
  bool outside = false;
  while (!script.refusal) {
    const PsqlLexer::Piece piece = lexer.next();
    if (piece.kind == PsqlLexer::Kind::kEnd) break;
    add_query(script, piece.text, piece.line);
    if (piece.copies_from_stdin && !script.queries.empty()) {
      script.queries.back().copy_data = lexer.take_copy_data();
    }
    (outside_transactions_only(piece.words) ? outside : inside) = true;
    if (inside && outside && !mixture_allowed) {
      refuse(script,
             "Flyway refuses a file with both transactional and non-transactional statements. "
             "Split it, or decide with executeInTransaction in its .conf file.",
             piece.line);
    }
  }
  script.in_transaction = !outside;
}

}  // namespace

std::optional<Script> flyway_script(const MigrationDirectory& directory, const std::string& file,
                                    const Values& placeholders) {
  const Values configuration = read_configuration(directory, file);
  if (says(configuration, "shouldExecute", "false")) return std::nullopt;
  Script script{directory.shown(file), true, {}, {}, 0};
  std::string text = directory.text(file);
  if (!require_utf8(script, text, "Flyway")) return script;
  if (text.starts_with("\xEF\xBB\xBF")) text.erase(0, 3);
  if (!says(configuration, "placeholderReplacement", "false")) {
    text = fill_in(text, all_values(file, placeholders), script);
  }
  const bool decided = configuration.contains("executeInTransaction");
  add_statements(script, std::move(text), decided);
  if (decided) script.in_transaction = says(configuration, "executeInTransaction", "true");
  return script;
}

}  // namespace drydock
