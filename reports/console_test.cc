#include "reports/console.h"

#include "harness/base/text.h"
#include "harness/testing/catch.h"
#include "harness/testing/golden.h"
#include "harness/testing/sample_locks.h"
#include "harness/testing/sample_run.h"
#include "harness/testing/sample_tenants.h"

namespace drydock {
namespace {

const std::string kGolden = DRYDOCK_SOURCE_DIR "/reports/golden/";

std::string last_line(const std::string& text) { return std::string(split_lines(text).back()); }

TEST_CASE("the console output is the approved one") {
  const RunResult result = testing::sample_run();
  const std::string report = "drydock-out/report.html";
  CHECK(testing::compare_with_golden(kGolden + "console.txt",
                                     render_console(result, {false, 100, false}, report)) == "");
  CHECK(testing::compare_with_golden(kGolden + "console-color.txt",
                                     render_console(result, {true, 80, false}, report)) == "");
  CHECK(testing::compare_with_golden(kGolden + "console-quiet.txt",
                                     render_console(result, {false, 100, true})) == "");
}

TEST_CASE("without colour there is no escape sequence, whatever the migration holds") {
  const std::string text = render_console(testing::sample_run(), {false, 100, false});
  CHECK(text.find('\x1b') == std::string::npos);
}

TEST_CASE("the verdict is the last line, the report's path stands before it") {
  const std::string text = render_console(testing::sample_run(), {}, "out/report.html");
  CHECK(last_line(text).rfind("errored: 6 of 13 migrations failed", 0) == 0);
  CHECK(text.find("report: out/report.html\nerrored:") != std::string::npos);
}

TEST_CASE("a long run lists only what has findings, and tells how many it left out") {
  const std::string text = render_console(testing::long_run(400), {});
  CHECK(split_lines(text).size() < 120);
  CHECK(text.find("… and 376 without findings") != std::string::npos);
  CHECK(text.find("… and 14 more findings") != std::string::npos);
}

TEST_CASE("what holds the merge back is shown before any warning") {
  const std::string text = render_console(testing::long_run(400), {});
  CHECK(text.find("\nerror ") < text.find("\nwarning "));
  CHECK(text.find("000400_step_400\n  db") != std::string::npos);
}

TEST_CASE("a quiet run that passed is one line") {
  RunResult result = testing::long_run(3);
  result.duration_ms = 1200;
  CHECK(render_console(result, {false, 100, true}) == "passed: 3 migrations (1.2 s)\n");
}

TEST_CASE("the terminal tells which tables stayed empty and what each rollback costs") {
  const std::string text = render_console(testing::sample_run(), {});
  CHECK(text.find(
            "  1,000 rows in each table: 2 of 4 tables filled, 2,026 rows (typical, seed 7)\n") !=
        std::string::npos);
  CHECK(
      text.find("\n2 of 4 tables could not be filled as asked:\n  public.shelves (0 of 1000 rows, "
                "before 000009_shelves): no row passed") != std::string::npos);
  CHECK(text.find("\n000009_shelves: rolling back loses: what is written to "
                  "public.lots.shelf_id\n") != std::string::npos);
}

TEST_CASE("a table that the migration itself makes is no news among what a rollback loses") {
  RunResult result = testing::long_run(1);
  NewRowsLoss own;
  own.table = "public.t1";
  own.written = own.lost = 3;
  own.table_dropped = own.made_by_up = true;
  result.runs[0].migrations[0].evidence.data.new_rows.losses = {own};
  CHECK(render_console(result, {}).find("rolling back") == std::string::npos);
  result.runs[0].migrations[0].evidence.data.new_rows.losses[0].made_by_up = false;
  CHECK(render_console(result, {}).find("rolling back loses: all rows of public.t1\n") !=
        std::string::npos);
}

TEST_CASE("a long list of losses and of empty tables ends with how many were left out") {
  RunResult result = testing::long_run(40);
  for (MigrationResult& migration : result.runs[0].migrations) {
    DataEvidence& data = migration.evidence.data;
    data.filled[0].problem = "no row was accepted";
    data.new_rows.losses = {{"public.lots", 5, 2, false, false, {}}};
  }
  const std::string text = render_console(result, {});
  CHECK(text.find("40 of 40 tables could not be filled as asked:\n") != std::string::npos);
  CHECK(text.find("\n  … and 35 more in the report\n") != std::string::npos);
  CHECK(text.find("\n… and 32 such rollbacks more, in the report\n") != std::string::npos);
}

TEST_CASE("the terminal tells the strongest lock of each migration that is not all well") {
  const std::string text = render_console(testing::sample_run(), {});
  CHECK(text.find("\nThe strongest lock of each of these migrations:\n"
                  "  000011_widen_order_totals: ACCESS EXCLUSIVE on public.orders (12,000 rows) "
                  "for 78 ms, after waiting 13 ms, keeps out reads and writes (up, ") !=
        std::string::npos);
  CHECK(render_console(testing::long_run(50), {}).find("strongest lock") == std::string::npos);
}

TEST_CASE("a long list of strongest locks ends with how many were left out") {
  RunResult result = testing::long_run_with_locks(12);
  for (MigrationResult& migration : result.runs[0].migrations) {
    migration.outcome = Outcome::kFailed;
  }
  const std::string text = render_console(result, {});
  CHECK(text.find("\n  … and 4 more in the report\n") != std::string::npos);
}

TEST_CASE("the terminal tells how isolation was judged, and which migration is behind a finding") {
  const std::string text = render_console(testing::sample_run(), {});
  CHECK(text.find("\n000012_tenants: isolation: 5 tables as wms_app, 1 exempt, ") !=
        std::string::npos);
  RunResult result = testing::long_run(1);
  result.runs[0].migrations = {testing::with_isolation()};
  CHECK(render_console(result, {})
            .find("warning rls-coverage  000012_tenants, brought about by "
                  "000001_create_lots\n") != std::string::npos);
}

TEST_CASE("a long list of migrations after which isolation was judged ends with how many more") {
  RunResult result = testing::long_run(12);
  for (MigrationResult& migration : result.runs[0].migrations)
    migration = testing::with_many_tenant_tables(migration.evidence.migration, 1);
  CHECK(render_console(result, {})
            .find("\n… and isolation after 4 more migrations, in the "
                  "report\n") != std::string::npos);
}

TEST_CASE("the layout line names the migrations, the directory and the layout") {
  CHECK(layout_line(testing::sample_run().runs[0], 7) ==
        "wms: 7 migrations in db/migrations, layout golang-migrate (NUMBER_name.up.sql and "
        ".down.sql, each file sent as one query)");
}

}  // namespace
}  // namespace drydock
