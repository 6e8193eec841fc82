#include "harness/testing/sample_run.h"

#include <fmt/format.h>

#include "harness/testing/sample_locks.h"
#include "harness/testing/sample_migrations.h"
#include "harness/testing/sample_tenants.h"

namespace drydock::testing {
namespace {

ScenarioRun scenario(const std::string& name) {
  ScenarioRun run;
  run.scenario = name;
  run.why = "The warehouse of several tenants: nobody may see another's lots.";
  run.directory = "db/migrations";
  run.postgres = "15.20";
  run.layout = "golang-migrate";
  run.layout_summary = "NUMBER_name.up.sql and .down.sql, each file sent as one query";
  run.run_as = "wms_owner";
  run.profile = "fast";
  run.settings = {{"fsync", "off"}, {"timezone", "UTC"}};
  run.duration_ms = 61234.5;
  return run;
}

RunResult empty_run() {
  RunResult result;
  result.version = "0.1.0";
  result.started_at = "2026-11-21T08:00:00Z";
  result.duration_ms = 61876.25;
  result.seed = 18446744073709551615U;
  result.command = "drydock verify db/migrations --seed 18446744073709551615";
  result.machine = {{"cores", "8"}, {"kernel", "6.1"}, {"memory", "16 GB"}};
  for (const std::string& check : cycle_checks()) result.checks.push_back(check_text(check));
  return result;
}

}  // namespace

RunResult sample_run() {
  RunResult result = empty_run();
  for (const auto& checks : {data_checks(), lock_checks(), isolation_checks()})
    for (const std::string& check : checks) result.checks.push_back(check_text(check));
  ScenarioRun wms = scenario("wms");
  wms.settings["work_mem"] = "64MB";
  wms.notes = {"data directory on tmpfs", "roles are shared with nobody"};
  wms.ignored = {{"db/migrations/README.md", "no migration by this layout's naming rules"}};
  wms.migrations = {passed("000001_create_lots", "lots"),
                    with_down_that_fails(),
                    with_another_schema(),
                    with_accepted_findings(),
                    with_hostile_text(),
                    that_ran_out_of_time(),
                    that_was_only_applied(),
                    with_a_warning("000008_comment_materials"),
                    with_unfilled_tables(),
                    with_lost_data(),
                    with_locks(),
                    with_isolation()};
  wms.rows = 1000;
  wms.seed = 7;
  wms.row_profile = "typical";
  ScenarioRun forms = scenario("forms");
  forms.why.clear();
  forms.duration_ms = 641.75;
  forms.migrations = {passed("20260101000000_forms", "forms")};
  forms.error = "the server ended while 20260102000000_fields was rehearsed: out of memory";
  forms.error_remedy = "Read the server's log, then give it more memory.";
  result.runs = {wms, forms};
  result.stale_known = {{"77d0c0de77d0c0de", "down-exists", "000001_create_lots"}};
  result.verdict = Outcome::kErrored;
  return result;
}

RunResult long_run(int count) {
  RunResult result = empty_run();
  ScenarioRun run = scenario("wms");
  run.rows = 1000;
  run.row_profile = "typical";
  result.verdict = Outcome::kPassed;
  for (int i = 1; i <= count; ++i) {
    const std::string id = fmt::format("{:06}_step_{}", i, i);
    MigrationResult migration =
        i % 25 == 0 ? with_a_warning(id) : passed(id, fmt::format("t{}", i));
    if (i % 40 == 0) {
      migration = i % 80 == 0 ? with_down_that_fails() : with_another_schema();
      migration.evidence.migration = id;
      result.verdict = Outcome::kFailed;
    }
    migration.evidence.data.rows = run.rows;
    migration.evidence.data.filled = {
        {fmt::format("public.t{}", i), run.rows, run.rows, "", "", ""}};
    run.migrations.push_back(migration);
  }
  result.runs = {run};
  return result;
}

}  // namespace drydock::testing
