// Rows that a trial wrote: found by their transaction, counted, and looked for after the down.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "harness/model/data_evidence.h"
#include "harness/model/migration.h"
#include "harness/model/schema.h"
#include "harness/postgres/session.h"

namespace drydock {

/// The present transaction, as xmin shows it (PostgreSQL docs, "System Columns").
inline constexpr const char* kPresentTransaction =
    "(select pg_catalog.txid_current() & 4294967295)";

struct WrittenColumn {
  std::string name;         ///< quoted
  std::string type;         ///< oid
  char category = 'U';      ///< of the type (pg_type.typcategory)
  bool key = false;         ///< of the primary key
  std::int64_t values = 0;  ///< of the written rows, not NULL
};

/// A table that got new rows, as it is before the down.
struct WrittenTable {
  std::string name;  ///< after the up
  std::string oid;
  bool partitioned = false;
  std::int64_t rows = 0;                 ///< written in the trial
  std::map<int, WrittenColumn> columns;  ///< by attnum
};

/// What transactions from `xid`, an SQL expression, on wrote into the tables. Their values stay in
/// settings of the session, drydock.written_0 and so on, until its transaction is rolled back.
std::vector<WrittenTable> look_at_written(Session& session, const std::set<std::string>& tables,
                                          const std::string& xid);

/// After the down `scripts`. `diff`: what it did over those rows; `anyway`: what it does without
/// them. `before`, the schema before the up, tells what the up itself made.
std::vector<NewRowsLoss> losses_of(Session& session, const std::vector<WrittenTable>& written,
                                   const std::vector<Script>& scripts, const ContentsDiff& diff,
                                   const ContentsDiff& anyway, const SchemaSnapshot& before);

/// The change of the table that has or had the name; null: none.
const TableChange* find_table(const ContentsDiff& diff, const std::string& table);

}  // namespace drydock
