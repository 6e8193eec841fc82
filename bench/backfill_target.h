// The table of a backfill as the strategies see it, and the statements that they have in common.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "harness/model/backfill.h"
#include "harness/postgres/session.h"

namespace drydock {

struct BackfillTarget {
  std::string table;                   ///< qualified, as SQL calls it
  std::string set;                     ///< "lot_code = upper(lot_number)"
  std::string where;                   ///< true as long as a row is to be done
  std::vector<std::string> assigned;   ///< columns that `set` assigns, plain
  std::vector<std::string> key;        ///< of the primary key (else a unique NOT NULL one), quoted
  std::vector<std::string> key_types;  ///< "bigint", "uuid", "character varying(40)"
  std::string statement;               ///< kAsWritten: what the migration sends
  bool ctid_ranges = true;  ///< the server has TID range scans (14), the table is no parent
};

/// `rule` has table, set and where (a migration's is taken apart before). Throws InputError: no
/// such table or column, a condition or expression that the server refuses (its words), with the
/// scenario's place.
BackfillTarget read_target(Session& session, const BackfillRule& rule);

/// UPDATE of those among `rows`, a condition, that are to be done; empty: of all.
std::string update_statement(const BackfillTarget& target, const std::string& rows);

}  // namespace drydock
