// --fail-on, --known, --write-known: how findings are held against the gate. verify and report
// share them.
#pragma once

#include <string>

#include <CLI/CLI.hpp>

#include "harness/checks/judge.h"
#include "harness/load/known_file.h"

namespace drydock {

struct PolicyOptions {
  std::string fail_on = "error";
  std::string known_file;  ///< must exist when given
  std::string write_known;
};

void add_policy_options(CLI::App& command, PolicyOptions& options);

/// Reads the known file. Throws Error.
Policy make_policy(const PolicyOptions& options);

/// Names the entries of the known file that matched nothing although their migration was judged (or
/// is gone).
void find_stale_known(const PolicyOptions& options, RunResult& result);

}  // namespace drydock
