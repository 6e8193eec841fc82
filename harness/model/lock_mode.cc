#include "harness/model/lock_mode.h"

#include <array>
#include <cctype>

namespace drydock {
namespace {

struct Words {
  std::string_view catalog, manual;
};

constexpr std::array<Words, kLockModes> kWords = {{
    {"AccessShareLock", "ACCESS SHARE"},
    {"RowShareLock", "ROW SHARE"},
    {"RowExclusiveLock", "ROW EXCLUSIVE"},
    {"ShareUpdateExclusiveLock", "SHARE UPDATE EXCLUSIVE"},
    {"ShareLock", "SHARE"},
    {"ShareRowExclusiveLock", "SHARE ROW EXCLUSIVE"},
    {"ExclusiveLock", "EXCLUSIVE"},
    {"AccessExclusiveLock", "ACCESS EXCLUSIVE"},
}};

/// Bit i of a row: the row's mode conflicts with mode i.
constexpr std::array<unsigned, kLockModes> kConflicts = {
    0b10000000,  // ACCESS SHARE
    0b11000000,  // ROW SHARE
    0b11110000,  // ROW EXCLUSIVE
    0b11111000,  // SHARE UPDATE EXCLUSIVE
    0b11101100,  // SHARE
    0b11111100,  // SHARE ROW EXCLUSIVE
    0b11111110,  // EXCLUSIVE
    0b11111111,  // ACCESS EXCLUSIVE
};

std::size_t index(LockMode mode) { return static_cast<std::size_t>(mode); }

/// Letters in lower case; everything else is left out, and "lock" at the end.
std::string letters(std::string_view word) {
  std::string result;
  for (const char c : word) {
    const auto byte = static_cast<unsigned char>(c);
    if (std::isalpha(byte)) result += static_cast<char>(std::tolower(byte));
  }
  if (result.ends_with("lock")) result.resize(result.size() - 4);
  return result;
}

}  // namespace

bool conflict(LockMode held, LockMode wanted) {
  return (kConflicts.at(index(held)) >> index(wanted) & 1U) != 0;
}

std::string_view catalog_word(LockMode mode) { return kWords.at(index(mode)).catalog; }

std::string_view manual_word(LockMode mode) { return kWords.at(index(mode)).manual; }

std::optional<LockMode> lock_mode(std::string_view word) {
  for (std::size_t i = 0; i < kWords.size(); ++i) {
    if (kWords.at(i).catalog == word) return static_cast<LockMode>(i);  // as the server writes it
  }
  const std::string wanted = letters(word);
  for (std::size_t i = 0; i < kWords.size(); ++i) {
    if (letters(kWords.at(i).catalog) == wanted) return static_cast<LockMode>(i);
  }
  return std::nullopt;
}

std::string_view blocked_traffic(LockMode held) {
  if (conflict(held, LockMode::kAccessShare)) return "reads and writes";
  if (conflict(held, LockMode::kRowExclusive)) return "writes";
  return "";
}

}  // namespace drydock
