#include "harness/testing/migration_directory.h"

#include "harness/model/words.h"
#include "harness/testing/catch.h"

namespace drydock::testing {

MigrationDirectory& MigrationDirectory::add(const std::string& up, const std::string& down) {
  ++count;
  const std::string stem = std::to_string(count) + "_m" + std::to_string(count);
  files.write(stem + ".up.sql", up);
  files.write(stem + ".down.sql", down);
  return *this;
}

Scenario MigrationDirectory::without_rows() {
  Scenario scenario;
  scenario.rows = 0;
  return scenario;
}

RunResult MigrationDirectory::run(RunRequest request, Scenario scenario) {
  scenario.name = "test";
  scenario.migrations = files.string();
  request.scenarios = {scenario};
  request.paranoid = true;
  request.limit = std::chrono::seconds(30);
  ProgressListener progress;
  return run_scenarios(request, progress);
}

RunResult MigrationDirectory::run_with_rows(std::int64_t rows, Scenario scenario) {
  scenario.rows = rows;
  return run({}, std::move(scenario));
}

std::string outcome(const RunResult& result, std::size_t index, const std::string& check) {
  INFO(result.runs[0].error);
  REQUIRE(index < result.runs[0].migrations.size());
  for (const CheckResult& verdict : result.runs[0].migrations[index].checks) {
    if (verdict.check == check) return word(verdict.outcome);
  }
  return "none";
}

const Rehearsal& evidence(const RunResult& result, std::size_t index) {
  INFO(result.runs[0].error);
  REQUIRE(index < result.runs[0].migrations.size());
  return result.runs[0].migrations[index].evidence;
}

const Finding& finding_of(const RunResult& result, std::size_t index, const std::string& check) {
  INFO(result.runs[0].error);
  REQUIRE(index < result.runs[0].migrations.size());
  for (const Finding& finding : result.runs[0].migrations[index].findings) {
    if (finding.check == check) return finding;
  }
  INFO(check << " found nothing");
  REQUIRE(false);
  return result.runs[0].migrations[index].findings.front();
}

}  // namespace drydock::testing
