// What the server says to whoever asks, besides rows: its notices and its error.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/postgres/session.h"

namespace drydock {

struct ServerWords {
  std::vector<std::string> notices;  ///< "NOTICE: seen P-1"
  std::optional<ServerError> error;

  /// All of it as a reader sees it: "NOTICE: seen P-1", "invalid input syntax … (22P02)".
  std::vector<std::string> lines() const;
};

/// Sends `sql` after the statements of `enter`, in a subtransaction that is rolled back. REQUIRES:
/// an open transaction. No index is used, as everybody may have it who asks (enable_indexscan), so
/// that conditions meet every row. A query that waits is given up after a second and has no words;
/// nor has one that cannot be entered.
ServerWords words_of_server(Session& session, const std::string& enter, const std::string& sql);

/// The same for a person to send: with the settings in front of it.
std::string without_indexes(const std::string& sql);

}  // namespace drydock
