#include "harness/cli/report_files.h"

#include <fmt/format.h>

#include <system_error>

#include "harness/base/error.h"
#include "harness/base/files.h"
#include "reports/reporter.h"

namespace drydock {
namespace fs = std::filesystem;

void prepare_output(const fs::path& directory) {
  std::error_code code;
  fs::create_directories(directory, code);
  if (code) {
    throw Error(
        fmt::format("cannot make the output directory {}: {}", directory.string(), code.message()),
        "Name another with --out DIR.");
  }
  const fs::path probe = directory / ".drydock-probe";
  write_file(probe, "");
  fs::remove(probe, code);
}

void write_reports(const RunResult& result, const fs::path& directory) {
  std::string failures;
  std::string remedy;
  for (const Reporter& reporter : all_reporters()) {
    try {
      write_file(directory / reporter.file, reporter.render(result));
    } catch (const Error& error) {
      failures += (failures.empty() ? "" : "; ") + error.message();
      remedy = error.remedy();
    }
  }
  if (!failures.empty()) throw Error(failures, remedy);
}

std::string html_report(const fs::path& directory) { return (directory / "report.html").string(); }

}  // namespace drydock
