// The backfills that a migration does itself: which table, what, for which rows, so that they can
// be measured as they stand and compared with other ways of doing the same.
//
// Recognised is an UPDATE of one table, and a DO block or a procedure with one such UPDATE in its
// loop: by a subquery or a WITH with LIMIT, or by ranges in variables of the loop, which say how
// the loop goes and not which rows it is for.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "harness/model/migration.h"

namespace drydock {

struct MigrationBackfill {
  std::string table, set, where;    ///< as in a scenario's rule; see BackfillRule
  std::string statement;            ///< as written; statements with semicolons between: procedures
  std::vector<std::string> before;  ///< statements of the up that stand before it
  std::int64_t batch_size = 0;      ///< LIMIT of its loop; 0: everything at once, or not a number
  std::string file;
  int line = 0;  ///< of the statement
};

struct MigrationBackfills {
  std::vector<MigrationBackfill> found;
  /// UPDATEs and loops that were not understood: "m/7.up.sql:12: the UPDATE takes rows from other
  /// tables (FROM): …".
  std::vector<std::string> passed_over;
};

/// Where there is no condition, or none that the UPDATE could make false, the rows to be done are
/// those in which SET would change something: "lot_code IS DISTINCT FROM (upper(lot_number))".
MigrationBackfills backfills_of(const Migration& migration);

}  // namespace drydock
