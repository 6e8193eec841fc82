#include "reports/console.h"

#include "harness/base/text.h"
#include "harness/testing/catch.h"
#include "harness/testing/golden.h"
#include "harness/testing/sample_run.h"

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
  CHECK(last_line(text).rfind("errored: 3 of 9 migrations failed", 0) == 0);
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

TEST_CASE("the layout line names the migrations, the directory and the layout") {
  CHECK(layout_line(testing::sample_run().runs[0], 7) ==
        "wms: 7 migrations in db/migrations, layout golang-migrate (NUMBER_name.up.sql and "
        ".down.sql, each file sent as one query)");
}

}  // namespace
}  // namespace drydock
