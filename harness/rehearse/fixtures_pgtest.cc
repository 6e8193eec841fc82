// Drydock's own fixtures: the realistic sets pass, each check's bad fixture fails on the lines that
// say so (`-- expect: ID`), and nothing else does.

#include <fmt/format.h>

#include <filesystem>
#include <set>

#include "harness/base/files.h"
#include "harness/base/text.h"
#include "harness/rehearse/run.h"
#include "harness/testing/catch.h"

namespace drydock {
namespace {

namespace fs = std::filesystem;
const fs::path kFixtures = fs::path(DRYDOCK_SOURCE_DIR) / "fixtures";

RunResult run(const fs::path& directory, const std::vector<std::string>& prepare = {}) {
  RunRequest request;
  Scenario scenario;
  scenario.name = directory.string();
  scenario.migrations = directory.string();
  scenario.prepare = prepare;
  request.scenarios = {scenario};
  request.paranoid = true;
  ProgressListener progress;
  return run_scenarios(request, progress);
}

/// "file.sql check-id" of every finding that gates.
std::multiset<std::string> found(const RunResult& result) {
  std::multiset<std::string> all;
  for (const MigrationResult& migration : result.runs[0].migrations) {
    for (const Finding& finding : migration.findings) {
      if (!holds_back(finding, Severity::kError)) continue;
      all.insert(fmt::format("{}:{} {}", fs::path(finding.file).filename().string(), finding.line,
                             finding.check));
    }
  }
  return all;
}

std::multiset<std::string> expected(const fs::path& directory) {
  std::multiset<std::string> all;
  for (const auto& entry : list_directory(directory)) {
    const std::string text = read_file(entry.path());
    const auto lines = split_lines(text);
    for (std::size_t i = 0; i < lines.size(); ++i) {
      const std::size_t at = lines[i].find("-- expect:");
      if (at == std::string_view::npos) continue;
      for (const std::string& id : split(lines[i].substr(at + 10), ',')) {
        all.insert(fmt::format("{}:{} {}", entry.path().filename().string(), i + 1, trim(id)));
      }
    }
  }
  return all;
}

TEST_CASE("the realistic fixtures come back up, down and up again") {
  const std::string set = GENERATE("wms", "forms", "scheduling");
  const RunResult result = run(kFixtures / set / "migrations");
  INFO(set << ": " << result.runs[0].error);
  CHECK(found(result) == std::multiset<std::string>{});
  CHECK(result.verdict == Outcome::kPassed);
  CHECK(result.runs[0].migrations.size() >= 10);
}

TEST_CASE("the warehouse also passes with its roles prepared") {
  const RunResult result =
      run(kFixtures / "wms" / "migrations", {(kFixtures / "wms" / "roles.sql").string()});
  INFO(result.runs[0].error);
  CHECK(result.verdict == Outcome::kPassed);
}

TEST_CASE("a check's good fixture is silent and its bad fixture fails where it says") {
  for (const auto& entry : list_directory(kFixtures / "checks")) {
    INFO(entry.path().string());
    const RunResult good = run(entry.path() / "good");
    INFO(good.runs[0].error);
    CHECK(good.verdict == Outcome::kPassed);
    const std::multiset<std::string> wanted = expected(entry.path() / "bad");
    CHECK_FALSE(wanted.empty());
    CHECK(found(run(entry.path() / "bad")) == wanted);
  }
}

}  // namespace
}  // namespace drydock
