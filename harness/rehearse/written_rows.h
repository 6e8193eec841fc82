// Rows that a trial wrote: found by their transaction, counted, and looked for after the down.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "harness/model/data_evidence.h"
#include "harness/model/schema.h"
#include "harness/postgres/session.h"

namespace drydock {

/// The present transaction, as xmin shows it (PostgreSQL docs, "System Columns").
inline constexpr const char* kPresentTransaction =
    "(select pg_catalog.txid_current() & 4294967295)";

/// A table that got new rows, as it is before the down.
struct WrittenTable {
  std::string name;  ///< after the up
  std::string oid;
  bool partitioned = false;
  std::int64_t rows = 0;               ///< written in the trial
  std::map<int, std::string> columns;  ///< quoted names by attnum
  std::map<int, std::int64_t> values;  ///< of the written rows, not NULL, by attnum
};

/// What transactions from `xid`, an SQL expression, on wrote into the tables.
std::vector<WrittenTable> look_at_written(Session& session, const std::set<std::string>& tables,
                                          const std::string& xid);

/// After the down. `diff`: what it did over those rows; `anyway`: what it does without them.
/// `before`, the schema before the up, tells what the up itself made.
std::vector<NewRowsLoss> losses_of(Session& session, const std::vector<WrittenTable>& written,
                                   const ContentsDiff& diff, const ContentsDiff& anyway,
                                   const SchemaSnapshot& before);

/// The change of the table that has or had the name; null: none.
const TableChange* find_table(const ContentsDiff& diff, const std::string& table);

}  // namespace drydock
