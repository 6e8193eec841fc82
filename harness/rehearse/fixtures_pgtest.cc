// Drydock's own fixtures: the realistic sets pass, each check's bad fixture fails on the lines that
// say so (`-- expect: ID`), and nothing else does. Naive and safe twins of changes to live tables
// are held to the same.

#include <fmt/format.h>

#include <filesystem>
#include <set>

#include "harness/base/files.h"
#include "harness/base/text.h"
#include "harness/load/scenario_file.h"
#include "harness/rehearse/run.h"
#include "harness/testing/catch.h"

namespace drydock {
namespace {

namespace fs = std::filesystem;
const fs::path kFixtures = fs::path(DRYDOCK_SOURCE_DIR) / "fixtures";

/// With the scenario that lies beside the directory, where there is one.
Scenario scenario_of(const fs::path& directory) {
  const fs::path file = directory.string() + ".json";
  if (fs::exists(file)) return load_scenario(file.string());
  Scenario scenario;
  scenario.name = directory.string();
  scenario.migrations = directory.string();
  return scenario;
}

RunResult run(const fs::path& directory) {
  RunRequest request;
  request.scenarios = {scenario_of(directory)};
  request.paranoid = true;
  ProgressListener progress;
  return run_scenarios(request, progress);
}

const std::set<std::string> kLockChecks = {"lock-budget", "traffic-stall",       "lock-timeout",
                                           "lock-queue",  "concurrent-leftover", "table-rewrite",
                                           "table-scan",  "duration-budget",     "rerunnable"};

/// Fixtures about schema and rows change tables in the plain way, so that they stay short; what
/// that means for live traffic has fixtures of its own.
enum class Judged { kEverything, kAllButLocks };

/// "file.sql:line check-id" of every warning and error.
std::multiset<std::string> found(const RunResult& result, Judged judged = Judged::kEverything) {
  std::multiset<std::string> all;
  for (const MigrationResult& migration : result.runs[0].migrations) {
    for (const Finding& finding : migration.findings) {
      if (!holds_back(finding, Severity::kWarning)) continue;
      if (judged == Judged::kAllButLocks && kLockChecks.contains(finding.check)) continue;
      all.insert(fmt::format("{}:{} {}", fs::path(finding.file).filename().string(), finding.line,
                             finding.check));
    }
  }
  return all;
}

void add_expected(const fs::path& file, std::multiset<std::string>& all) {
  static constexpr std::string_view kMark = "-- expect:";
  const std::string text = read_file(file);
  const auto lines = split_lines(text);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const std::size_t at = lines[i].find(kMark);
    if (at == std::string_view::npos) continue;
    for (const std::string& id : split(lines[i].substr(at + kMark.size()), ',')) {
      all.insert(fmt::format("{}:{} {}", file.filename().string(), i + 1, trim(id)));
    }
  }
}

/// What the comments in the files, and in the scenario beside them, say must be found.
std::multiset<std::string> expected(const fs::path& directory) {
  std::multiset<std::string> all;
  for (const auto& entry : list_directory(directory)) {
    add_expected(entry.path(), all);
  }
  const fs::path scenario = directory.string() + ".json";
  if (fs::exists(scenario)) add_expected(scenario, all);
  return all;
}

TEST_CASE("the realistic fixtures come back up, down and up again, with rows and without") {
  const std::string set = GENERATE("wms", "forms", "scheduling");
  const std::int64_t rows = GENERATE(0, kDefaultRows);
  RunRequest request;
  request.scenarios = {
      load_scenario((fs::path(DRYDOCK_SOURCE_DIR) / "scenarios" / (set + ".json")).string())};
  request.scenarios[0].rows = rows;
  request.paranoid = true;
  ProgressListener progress;
  const RunResult result = run_scenarios(request, progress);
  INFO(set << " with " << rows << " rows: " << result.runs[0].error);
  CHECK(found(result) == std::multiset<std::string>{});
  CHECK(result.verdict == Outcome::kPassed);
  CHECK(result.runs[0].migrations.size() >= 10);
}

void hold_pair(const fs::path& good_one, const fs::path& bad_one, Judged judged) {
  INFO(good_one.parent_path().string());
  const RunResult good = run(good_one);
  INFO(good.runs[0].error);
  CHECK(found(good, judged) == std::multiset<std::string>{});
  CHECK(good.verdict == Outcome::kPassed);
  const RunResult bad = run(bad_one);
  INFO(bad.runs[0].error);
  const std::multiset<std::string> wanted = expected(bad_one);
  CHECK_FALSE(wanted.empty());
  CHECK(found(bad, judged) == wanted);
}

/// Every `parts`th pair in the folder, from number `part` on. Returns how many pairs there are.
int hold_pairs(const fs::path& folder, int part, int parts) {
  int pairs = 0;
  for (const auto& entry : list_directory(folder)) {
    if (!fs::is_directory(entry.path() / "good") || pairs++ % parts != part) continue;
    hold_pair(entry.path() / "good", entry.path() / "bad", Judged::kAllButLocks);
  }
  return pairs;
}

/// Returns how many checks are, or are not, about locks.
int hold_checks(bool about_locks) {
  int checks = 0;
  for (const Check* check : all_checks()) {
    if (kLockChecks.contains(check->text.id) != about_locks) continue;
    const fs::path folder = kFixtures / "checks" / check->text.id;
    hold_pair(folder / "good", folder / "bad",
              about_locks ? Judged::kEverything : Judged::kAllButLocks);
    ++checks;
  }
  return checks;
}

TEST_CASE("a check's good fixture is silent and its bad fixture fails where it says") {
  CHECK(hold_checks(false) == static_cast<int>(all_checks().size() - kLockChecks.size()));
}

TEST_CASE("a lock check's good fixture is silent and its bad fixture fails where it says") {
  CHECK(hold_checks(true) == static_cast<int>(kLockChecks.size()));
}

TEST_CASE("what is done the naive way is caught at its locks, and done the safe way it is silent") {
  int pairs = 0;
  for (const auto& entry : list_directory(kFixtures / "locks-patterns")) {
    if (!entry.is_directory()) continue;
    hold_pair(entry.path() / "safe", entry.path() / "naive", Judged::kEverything);
    ++pairs;
  }
  CHECK(pairs >= 10);
}

// In parts, which run at the same time.
TEST_CASE("every hole in tenant isolation is caught, and its good twin is silent: first third") {
  CHECK(hold_pairs(kFixtures / "isolation", 0, 3) >= 28);
}

TEST_CASE("every hole in tenant isolation is caught, and its good twin is silent: second third") {
  CHECK(hold_pairs(kFixtures / "isolation", 1, 3) >= 28);
}

TEST_CASE("every hole in tenant isolation is caught, and its good twin is silent: last third") {
  CHECK(hold_pairs(kFixtures / "isolation", 2, 3) >= 28);
}

TEST_CASE("well-made tenancy of every kind is silent") {
  int examples = 0;
  for (const auto& entry : list_directory(kFixtures / "isolation" / "examples")) {
    if (entry.path().extension() != ".json") continue;
    RunRequest request;
    request.scenarios = {load_scenario(entry.path().string())};
    request.paranoid = true;
    ProgressListener progress;
    const RunResult result = run_scenarios(request, progress);
    INFO(entry.path().string() << ": " << result.runs[0].error);
    CHECK(found(result, Judged::kAllButLocks) == std::multiset<std::string>{});
    CHECK(result.runs[0].error.empty());
    ++examples;
  }
  CHECK(examples >= 6);
}

TEST_CASE("every defect of the catalogue is caught, and its good twin is silent: first third") {
  CHECK(hold_pairs(kFixtures / "defects", 0, 3) >= 25);
}

TEST_CASE("every defect of the catalogue is caught, and its good twin is silent: second third") {
  CHECK(hold_pairs(kFixtures / "defects", 1, 3) >= 25);
}

TEST_CASE("every defect of the catalogue is caught, and its good twin is silent: last third") {
  CHECK(hold_pairs(kFixtures / "defects", 2, 3) >= 25);
}

}  // namespace
}  // namespace drydock
