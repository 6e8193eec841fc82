// Evidence made by hand, for tests of what is judged from it: each builder makes the ordinary case,
// the test changes the one thing it is about.
#pragma once

#include <string>

#include "harness/model/run_result.h"

namespace drydock::testing {

/// Migration 0002_add_lots in a layout with downs: up, down and up again ran, nothing differs.
Rehearsal clean_rehearsal();

Phase ok_phase(PhaseName name);
/// "0002_add_lots.up.sql:3: relation "lots" does not exist", SQLSTATE 42P01.
Phase failed_phase(PhaseName name);
/// The time limit was reached at line 3.
Phase errored_phase(PhaseName name);
Phase skipped_phase(PhaseName name, const std::string& note);

/// As a script of that migration sent it.
StatementRun statement(const std::string& kind, const std::string& text, int line,
                       const std::string& file = "db/0002_add_lots.up.sql");

/// "index public.lots_code_idx is missing: CREATE INDEX …", of the class given.
SchemaDifference missing_index(const std::string& name, DifferenceClass weight);

Finding finding(const std::string& check, Severity severity, const std::string& object);

}  // namespace drydock::testing
