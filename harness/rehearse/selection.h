// Which migrations of a set are judged: --only, --from, --to, --since. The others are only applied.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/model/migration.h"

namespace drydock {

struct Selection {
  std::vector<std::string> only;  ///< ids, or versions
  std::string from, to;           ///< ids or versions, inclusive; empty: open
  std::string since;              ///< git revision: migrations whose files differ from it
};

/// One flag a migration. Migrations after the last selected one are false and need not be applied.
/// Throws Error: an id that is not there (nearest named), not a git repository, unknown revision.
std::vector<bool> select_migrations(const MigrationSet& set, const Selection& selection);

}  // namespace drydock
