// What a person reads in the terminal after a run: a table, the first failures with the place to
// look at, the verdict last, where the eye and `tail` are.
#pragma once

#include <cstddef>
#include <string>

#include "harness/model/run_result.h"

namespace drydock {

struct ConsoleStyle {
  bool color = false;
  int width = 100;     ///< columns of the terminal
  bool quiet = false;  ///< only what fails, and the verdict
};

/// The line that `verify` prints first for each run: which migrations, read as which layout.
std::string layout_line(const ScenarioRun& run, std::size_t migrations);

/// Ends with a newline. `report_path`: where the page was written; empty when it was not.
std::string render_console(const RunResult& result, const ConsoleStyle& style,
                           const std::string& report_path = {});

}  // namespace drydock
