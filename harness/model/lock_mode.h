// PostgreSQL's table-level lock modes and which of them exclude each other.
//
// The source is the table "Conflicting Lock Modes" of the PostgreSQL docs, section 13.3.1.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace drydock {

/// Weakest first.
enum class LockMode {
  kAccessShare,
  kRowShare,
  kRowExclusive,
  kShareUpdateExclusive,
  kShare,
  kShareRowExclusive,
  kExclusive,
  kAccessExclusive,
};

inline constexpr int kLockModes = 8;

/// Whether a session that wants `wanted` has to wait while another one holds `held`.
bool conflict(LockMode held, LockMode wanted);

/// As pg_locks says it: "AccessExclusiveLock".
std::string_view catalog_word(LockMode mode);
/// As LOCK TABLE and the manual say it: "ACCESS EXCLUSIVE".
std::string_view manual_word(LockMode mode);
/// Either spelling, in upper or lower case; nothing for other words.
std::optional<LockMode> lock_mode(std::string_view word);

/// What an application cannot do with a relation while the mode is held on it: "reads and writes",
/// "writes", or empty when only other schema changes wait.
std::string_view blocked_traffic(LockMode held);

}  // namespace drydock
