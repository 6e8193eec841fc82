// A judgement: one check has something to say about one migration.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace drydock {

enum class Severity { kInfo, kWarning, kError };

struct Finding {
  std::string check;  ///< id of the check: "schema-restored"
  Severity severity = Severity::kError;
  std::string message;  ///< what broke and why it matters; may have several lines
  std::string remedy;   ///< what to do
  std::string file;
  int line = 0;
  std::vector<std::string> objects;  ///< "table public.t", sorted
  /// What it is known by instead of its objects, where these depend on the rows that were
  /// generated.
  std::vector<std::string> known_by;
  /// The migration that brought it about, where that is not the one it is told with: what can only
  /// be judged at the end. Waivers and fingerprints go by it. Empty: the same.
  std::string migration;
  std::optional<std::string> waived;  ///< the waiver's reason
  bool known = false;                 ///< accepted as the starting point (--known)
  /// Stable over rewording: made of check, migration and objects (or what it is known by) only.
  std::string fingerprint;
};

/// Whether a finding holds the merge back: at or above the gate, neither waived nor known.
inline bool holds_back(const Finding& finding, Severity gate) {
  return finding.severity >= gate && !finding.waived && !finding.known;
}

/// What a check is, in the words that the command line, the reports and docs/checks print alike.
struct CheckText {
  std::string id;
  std::string title;                     ///< a sentence that is true when the check passes
  std::string guards_against;            ///< what it guards against
  std::string why;                       ///< why it hurts
  std::string remedy;                    ///< what to do
  Severity severity = Severity::kError;  ///< default severity
};

}  // namespace drydock
