// Migrations made by hand, one for each thing that a report has to show.
#pragma once

#include <string>

#include "harness/model/run_result.h"

namespace drydock::testing {

MigrationResult with_down_that_fails();
/// The down leaves another schema: differences of every class.
MigrationResult with_another_schema();
/// A waived and a known finding.
MigrationResult with_accepted_findings();
/// Text that breaks careless writers, wherever text can be.
MigrationResult with_hostile_text();
MigrationResult that_ran_out_of_time();
/// Not selected: no check was asked.
MigrationResult that_was_only_applied();
MigrationResult with_a_warning(const std::string& id);

/// Rows and values lost in every way that can be seen, trials that failed, broken constraints and
/// assertions.
MigrationResult with_lost_data();
/// Two tables that could not be filled, and a down that loses what is written to a new column.
MigrationResult with_unfilled_tables();

/// Ids of the checks that with_lost_data() was judged by, besides the ordinary ones.
const std::vector<std::string>& data_checks();

}  // namespace drydock::testing
