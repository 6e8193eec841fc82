// What policies, and the functions and views behind them, read to learn who is asking: settings,
// claims in settings that hold JSON, the current role. Read from their text, because a function's
// body is text to the catalogs too. Pure.
#pragma once

#include <string>
#include <vector>

namespace drydock {

/// Keys from the outside in: {"app_metadata", "tenant_id"}.
using ClaimPath = std::vector<std::string>;

struct ContextReads {
  std::vector<std::string> settings;   ///< names, plain ones
  std::vector<std::string> documents;  ///< names of those that hold JSON
  std::vector<ClaimPath> claims;       ///< what is read from them
  bool role = false;                   ///< current_user, session_user, pg_has_role
};

/// `texts`: policy expressions, function and view definitions. Each name once, as first met.
ContextReads context_reads(const std::vector<std::string>& texts);

/// The document that holds `value` at each of `paths`; `value` is JSON: "\"a\"", "17", "[17]". What
/// says which kind of caller it is (role, aud) says that it is one who signed in.
std::string claims_document(const std::vector<ClaimPath>& paths, const std::string& value);

}  // namespace drydock
