#include "harness/load/layout_script.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <utility>

#include "harness/base/text.h"

namespace drydock {
namespace {

/// Bytes of the comment that starts `text`, nested ones included; npos: it has no end.
std::size_t block_comment_length(std::string_view text) {
  int depth = 0;
  for (std::size_t at = 0; at + 1 < text.size();) {
    const std::string_view two = text.substr(at, 2);
    if (two != "/*" && two != "*/") {
      ++at;
      continue;
    }
    depth += two == "/*" ? 1 : -1;
    at += 2;
    if (depth == 0) return at;
  }
  return std::string_view::npos;
}

}  // namespace

bool sends_nothing(std::string_view sql) {
  while (!sql.empty()) {
    const char c = sql.front();
    if (std::isspace(static_cast<unsigned char>(c)) || c == ';') {
      sql.remove_prefix(1);
    } else if (sql.starts_with("--")) {
      sql.remove_prefix(std::min(sql.find('\n'), sql.size()));
    } else if (sql.starts_with("/*")) {
      const std::size_t length = block_comment_length(sql);
      if (length == std::string_view::npos) return false;
      sql.remove_prefix(length);
    } else {
      return false;
    }
  }
  return true;
}

void refuse(Script& script, std::string why, int line) {
  if (script.refusal) return;
  script.refusal = std::move(why);
  script.refusal_line = line;
  script.queries.clear();
}

void add_query(Script& script, std::string text, int line) {
  if (script.refusal || sends_nothing(text)) return;
  if (const std::size_t nul = text.find('\0'); nul != std::string::npos) {
    refuse(script,
           "the file has a NUL byte, which no SQL text can hold; is it UTF-16? Save it as UTF-8.",
           line + line_column(text, nul).line - 1);
    return;
  }
  script.queries.push_back({std::move(text), line, {}, {}});
}

bool require_utf8(Script& script, std::string_view text, const std::string& tool) {
  const std::string valid = valid_utf8(text);
  if (valid == text) return true;
  const auto differ = std::mismatch(text.begin(), text.end(), valid.begin(), valid.end());
  const auto offset = static_cast<std::size_t>(differ.first - text.begin());
  refuse(script,
         fmt::format("{} reads migrations as UTF-8 and stops at this file: byte 0x{:02X} is not "
                     "UTF-8. Save the file as UTF-8.",
                     tool, static_cast<unsigned char>(text[offset])),
         line_column(text, offset).line);
  return false;
}

Script whole_file(const MigrationDirectory& directory, const std::string& file,
                  bool in_transaction) {
  Script script;
  script.path = directory.shown(file);
  script.in_transaction = in_transaction;
  add_query(script, directory.text(file), 1);
  return script;
}

Script whole_utf8_file(const MigrationDirectory& directory, const std::string& file,
                       bool in_transaction, const std::string& tool) {
  Script script;
  script.path = directory.shown(file);
  script.in_transaction = in_transaction;
  const std::string& text = directory.text(file);
  if (require_utf8(script, text, tool)) add_query(script, text, 1);
  return script;
}

Migration migration_with(std::string id, std::string version, Script up) {
  Migration migration;
  migration.id = std::move(id);
  migration.version = std::move(version);
  migration.up.push_back(std::move(up));
  return migration;
}

void add_down(Migration& migration, Script down) {
  migration.has_down = true;
  migration.down.push_back(std::move(down));
}

bool has_comment(std::string_view text, std::string_view marker) {
  for (std::size_t at = text.find(marker); at != std::string_view::npos;
       at = text.find(marker, at + 1)) {
    const std::size_t line_start = at == 0 ? 0 : text.rfind('\n', at - 1) + 1;
    if (trim(text.substr(line_start, at - line_start)) == "--" &&
        text.substr(line_start).starts_with("--")) {
      return true;
    }
  }
  return false;
}

void ignore(MigrationSet& set, const MigrationDirectory& directory, const std::string& relative,
            std::string reason) {
  set.ignored.push_back({directory.shown(relative), std::move(reason)});
}

void ignore_folders(MigrationSet& set, const MigrationDirectory& directory) {
  for (const std::string& folder : directory.folders()) {
    ignore(set, directory, folder, "a folder: this layout reads files only");
  }
}

}  // namespace drydock
