// A small history of migrations, written by a test and rehearsed as a whole.
#pragma once

#include <string>

#include "harness/rehearse/run.h"
#include "harness/testing/scratch_directory.h"

namespace drydock::testing {

struct MigrationDirectory {
  ScratchDirectory files;
  int count = 0;

  /// One golang-migrate pair: 1_m1, 2_m2 …
  MigrationDirectory& add(const std::string& up, const std::string& down);

  /// Rehearses them, observing everything each time. Without rows unless the scenario says so.
  RunResult run(RunRequest request = {}, Scenario scenario = without_rows());
  /// With so many generated rows in each table.
  RunResult run_with_rows(std::int64_t rows, Scenario scenario = {});

  static Scenario without_rows();
};

/// The outcome of a check on the migration with that index, as a word; "none" when it was not
/// asked.
std::string outcome(const RunResult& result, std::size_t index, const std::string& check);

const Rehearsal& evidence(const RunResult& result, std::size_t index);

/// The first finding of a check on the migration with that index; fails the test without one.
const Finding& finding_of(const RunResult& result, std::size_t index, const std::string& check);

}  // namespace drydock::testing
