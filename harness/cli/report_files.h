// Writing the reports of a run into its output directory.
#pragma once

#include <filesystem>
#include <string>

#include "harness/model/run_result.h"

namespace drydock {

/// Makes `directory` and proves that it can be written, before a long run. Throws Error.
void prepare_output(const std::filesystem::path& directory);

/// Every report into `directory`. Throws Error (with what was not written) after trying them all.
void write_reports(const RunResult& result, const std::filesystem::path& directory);

/// The path to look at first.
std::string html_report(const std::filesystem::path& directory);

}  // namespace drydock
