// What a statement wrote anew and read from end to end, in its footprint.
//
// In a transaction the watched session is asked (table_work); for a statement that commits by
// itself what the server counts for everybody is compared before and after, which is as exact,
// because nobody else uses the database.
#pragma once

#include <map>
#include <set>
#include <vector>

#include "harness/model/evidence.h"
#include "harness/observe/catalog_marks.h"
#include "harness/observe/implied_locks.h"
#include "harness/observe/relation_map.h"
#include "harness/observe/row_estimates.h"
#include "harness/observe/statement_words.h"
#include "harness/observe/table_work.h"

namespace drydock {

class WorkLedger {
 public:
  /// All must outlive the ledger.
  WorkLedger(Connection& connection, RelationMap& map, RowEstimates& rows);

  /// The session is outside a transaction; it has counted nothing from here on.
  void phase_begins(Session& watched);

  /// `relations`: tables, materialized views and indexes that were there before the phase and that
  /// the transaction has locked. `live`: rows of tables, by the statistics. Gives the lock_timeout
  /// in force.
  double after_in_block(Session& watched, const StatementWords& words,
                        const std::vector<Oid>& relations, const std::map<Oid, std::int64_t>& live,
                        Footprint& footprint);
  void transaction_ended(Session& watched);

  void before_alone(Session& watched, const StatementWords& words);
  /// Refreshes the map. Gives the locks that what was done proves.
  std::vector<SeenLock> after_alone(Session& watched, const StatementWords& words,
                                    Footprint& footprint);

 private:
  struct Change {
    ScanCounters scans;
    bool new_file = false;
  };

  std::map<Oid, SharedWork> shared_work();
  void add(const std::map<Oid, Change>& changes, const std::map<Oid, std::int64_t>& live,
           const StatementWords& words, Footprint& footprint);
  void add_rebuilt_index(Oid oid, const StatementWords& words, Footprint& footprint);

  Connection& connection_;
  RelationMap& map_;
  RowEstimates& rows_;
  int server_version_;
  bool counted_ = false;              ///< something, in this transaction
  std::map<Oid, RelationWork> seen_;  ///< in this transaction
  std::map<Oid, SharedWork> before_;  ///< the statement that is alone
  CatalogMarks marks_;                ///< the same, of one in which anything can stand
};

/// For an index that a statement made: the rewrite that it was, if the index stands for one of the
/// same name and table that the statement took away.
Rewrite rewrite_of(const KnownRelation& relation, const RelationMap& map, const std::string& reason,
                   std::int64_t rows);

}  // namespace drydock
