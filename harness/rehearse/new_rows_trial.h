// The down script over rows that users wrote after the up.
#pragma once

#include "harness/data/row_generator.h"
#include "harness/model/data_evidence.h"
#include "harness/model/migration.h"
#include "harness/model/schema.h"
#include "harness/rehearse/workbench.h"

namespace drydock {

/// After the up of `migration`: writes `rows`, runs the down over them, compares with what the
/// workbench remembers of before the up, and rolls everything back. `before` is the schema before
/// the up: it tells what the up itself made. Nothing: no transaction can hold the down.
///
/// NewRowsLoss::lost is the number of rows written less those that are there and were not before;
/// what that is worth, settle_losses() finds out once the real down ran.
std::optional<NewRowsTrial> try_new_rows(const std::vector<TrialRows>& rows,
                                         const Migration& migration, const SchemaSnapshot& before,
                                         Workbench& workbench, std::chrono::milliseconds limit);

/// The same in a copy of the database as it is after the up. What older rows suffer is held against
/// a second copy, in which the down runs without new rows. The workbench remembers nothing
/// afterwards.
NewRowsTrial try_new_rows_in_copy(const std::vector<TrialRows>& rows, const Migration& migration,
                                  const SchemaSnapshot& before, Workbench& workbench,
                                  std::chrono::milliseconds limit);

/// `restored`: what the real down did to what was there before the up. Harm that it does without
/// new rows as well is not theirs, and rows of the up that it leaves are not among the survivors.
void settle_losses(const ContentsDiff& restored, NewRowsTrial& trial);

}  // namespace drydock
