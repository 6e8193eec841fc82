// One table against its image, row by row, on the server.
//
// The image holds every value of before as text. Where there is a key, rows are matched by it in
// one FULL JOIN that counts lost and added rows and the changed values of each column; a second
// query fetches a handful of examples, only for columns that have any. Without a key, or when it no
// longer tells rows apart, rows are multisets: grouped by all their values and counted.
#pragma once

#include "harness/model/contents.h"
#include "harness/observe/contents_row_statements.h"
#include "harness/observe/contents_transaction.h"

namespace drydock {

/// What differs; rows_before and rows_after are the caller's. Throws Error when a transform does
/// not run.
TableChange compare_rows(ContentsTransaction& transaction, const TablePair& tables);

/// Whether the pair's transforms can be run over rows of before; throws Error when one cannot.
/// `image` may be empty: then only names and types are looked at.
void check_transforms(ContentsTransaction& transaction, const TablePair& tables);

}  // namespace drydock
