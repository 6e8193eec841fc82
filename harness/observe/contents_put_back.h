// Rows that a down lost, put back out of their images.
//
// What a lossy down leaves is not what the next migration is to be judged on. Going back by doing
// everything again from the beginning costs as much as all migrations so far; where only rows
// differ, they can be written from what is remembered of them.
#pragma once

#include <map>
#include <memory>
#include <vector>

#include "harness/model/contents.h"
#include "harness/observe/contents_images.h"
#include "harness/observe/contents_sequences.h"
#include "harness/observe/contents_tables.h"
#include "harness/observe/contents_transaction.h"

namespace drydock {

/// Writes the tables of `changed`, found by name: the remembered rows in the order in which they
/// stood, without triggers and without foreign keys in the way. `now`: the tables as they are,
/// which must have the columns of before. False: it cannot be done in this way, and what was done
/// so far is undone with the transaction. The caller looks at what came of it, and commits.
bool put_rows_back(ContentsTransaction& transaction,
                   const std::map<Oid, RememberedTable>& remembered,
                   const std::map<Oid, std::shared_ptr<const WatchedTable>>& now,
                   const ContentsDiff& changed);

/// Behind the rows: sequences that would give numbers again stand where they stood. False as above.
bool put_sequences_back(ContentsTransaction& transaction,
                        const std::vector<SequencePosition>& remembered);

}  // namespace drydock
