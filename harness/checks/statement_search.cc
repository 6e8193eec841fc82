#include "harness/checks/statement_search.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <string_view>

#include "harness/base/text.h"

namespace drydock {
namespace {

bool is_name_character(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || (c & 0x80) != 0;
}

template <std::size_t size>
bool starts_with_one_of(std::string_view text, const std::array<std::string_view, size>& heads) {
  return std::any_of(heads.begin(), heads.end(),
                     [text](std::string_view head) { return text.starts_with(head); });
}

constexpr std::array<std::string_view, 9> kTouchNoRow = {
    "CREATE INDEX", "CREATE TRIGGER", "CREATE VIEW", "CREATE POLICY", "COMMENT",
    "GRANT",        "REVOKE",         "ANALYZE",     "LOCK"};
constexpr std::array<std::string_view, 3> kTakeRows = {"DELETE", "TRUNCATE", "MERGE"};
constexpr std::array<std::string_view, 2> kMake = {"ALTER", "CREATE"};
constexpr std::array<std::string_view, 3> kCallCode = {"DO", "CALL", "SELECT"};

/// A copy that forgets rows, and the drop of what it was made from.
bool may_replace_table(const StatementRun& statement) {
  return statement.kind.starts_with("DROP TABLE") ||
         (statement.kind == "INSERT" && mentions(statement.text, "select"));
}

int aptness_for_values(const StatementRun& statement) {
  const std::string& kind = statement.kind;
  if (kind == "UPDATE" || kind == "MERGE") return 3;
  if (kind == "INSERT" && mentions(statement.text, "conflict")) return 3;
  return kind == "ALTER TABLE" ? 2 : 0;
}

/// Whether a statement of this kind does such a thing at all: the more it is made for it, the more.
int aptness(const StatementRun& statement, Effect effect) {
  if (starts_with_one_of(statement.kind, kCallCode)) return 1;
  switch (effect) {
    case Effect::kRowsLost:
      if (starts_with_one_of(statement.kind, kTakeRows)) return 2;
      return may_replace_table(statement) ? 1 : 0;
    case Effect::kValuesChanged:
      return aptness_for_values(statement);
    case Effect::kMade:
      return starts_with_one_of(statement.kind, kMake) ? 2 : 0;
    case Effect::kDropped:
      if (statement.kind.starts_with("DROP")) return 3;
      return statement.kind.starts_with("ALTER") ? 2 : 0;
  }
  return 0;
}

bool mentions_any(const std::string& sql, const std::vector<std::string>& names) {
  return std::any_of(names.begin(), names.end(), [&sql](const std::string& name) {
    return !name.empty() && mentions(sql, bare_name(name));
  });
}

/// Naming the object weighs more than all else; then the first detail, another one, the kind.
int likelihood(const StatementRun& statement, Effect effect, const std::vector<std::string>& names,
               const std::vector<std::string>& details) {
  const bool wrote_nothing = statement.rows == 0 && statement.kind != "SELECT";
  if (wrote_nothing || starts_with_one_of(statement.kind, kTouchNoRow)) return 0;
  int score = aptness(statement, effect);
  if (mentions_any(statement.text, names)) score += 16;
  if (!details.empty() && mentions_any(statement.text, {details.front()})) {
    score += 8;
  } else if (mentions_any(statement.text, details)) {
    score += 4;
  }
  return score;
}

}  // namespace

bool mentions(const std::string& sql, const std::string& name) {
  const std::string text = to_lower(sql), word = to_lower(name);
  if (word.empty()) return false;
  for (std::size_t at = text.find(word); at != std::string::npos; at = text.find(word, at + 1)) {
    const std::size_t end = at + word.size();
    if ((at == 0 || !is_name_character(text[at - 1])) &&
        (end == text.size() || !is_name_character(text[end]))) {
      return true;
    }
  }
  return false;
}

std::string bare_name(const std::string& qualified) {
  std::string name = qualified.substr(0, qualified.find('('));
  name = name.substr(name.rfind('.') + 1);
  std::erase(name, '"');
  return name;
}

const StatementRun* statement_naming(const std::string& qualified,
                                     const std::vector<const Phase*>& phases) {
  const std::string name = bare_name(qualified);
  for (const Phase* phase : phases) {
    for (const StatementRun& statement : phase->statements) {
      if (mentions(statement.text, name)) return &statement;
    }
  }
  return nullptr;
}

Place place_of(const Phase& phase, Effect effect, const std::vector<std::string>& names,
               const std::vector<std::string>& details, const std::string& file) {
  const StatementRun* best = nullptr;
  int best_score = 0;
  for (const StatementRun& statement : phase.statements) {
    const int score = likelihood(statement, effect, names, details);
    if (score > best_score) best = &statement;
    best_score = std::max(score, best_score);
  }
  if (best == nullptr && !phase.statements.empty()) best = &phase.statements.front();
  return best != nullptr ? Place{best->file, best->line} : Place{file, 1};
}

std::string short_place(const Place& place) {
  return fmt::format("{}:{}", place.file.substr(place.file.rfind('/') + 1), place.line);
}

}  // namespace drydock
