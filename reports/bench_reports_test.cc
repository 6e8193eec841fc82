// What the reports of `drydock bench` say of a sample in which everything occurs.
#include "reports/bench_reports.h"

#include <unistd.h>

#include <filesystem>
#include <pugixml.hpp>
#include <sstream>

#include "harness/base/files.h"
#include "harness/base/subprocess.h"
#include "harness/base/text.h"
#include "harness/testing/catch.h"
#include "harness/testing/error_of.h"
#include "harness/testing/golden.h"
#include "harness/testing/sample_bench.h"
#include "reports/bench_totals.h"
#include "reports_embedded.h"

namespace drydock {
namespace {

using testing::calm_bench;
using testing::has;
using testing::sample_bench;
using testing::sample_bench_history;

std::string golden(const std::string& name) {
  return DRYDOCK_SOURCE_DIR "/reports/golden/bench-" + name;
}

std::size_t lines_with(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (const std::string_view line : split_lines(text)) count += has(std::string(line), part);
  return count;
}

TEST_CASE("what console and JUnit and Markdown say of a benchmark is the approved text") {
  const BenchResult bench = sample_bench();
  CHECK(testing::compare_with_golden(golden("console.txt"), render_bench_console(bench, {})) == "");
  CHECK(testing::compare_with_golden(golden("trend.txt"),
                                     render_bench_trend(sample_bench_history(), {})) == "");
  CHECK(testing::compare_with_golden(golden("junit.xml"), render_bench_junit(bench)) == "");
  CHECK(testing::compare_with_golden(golden("summary.md"), render_bench_markdown(bench)) == "");
}

TEST_CASE("no report of a benchmark holds a control character or a byte that is no UTF-8") {
  const BenchResult bench = sample_bench();
  for (const std::string& text :
       {render_bench_console(bench, {}), render_bench_trend(sample_bench_history(), {}),
        render_bench_junit(bench), render_bench_markdown(bench),
        render_bench_html(bench, sample_bench_history())}) {
    CHECK(valid_utf8(text) == text);
    CHECK(std::none_of(text.begin(), text.end(), [](char c) {
      return static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t';
    }));
  }
}

TEST_CASE("the console gives the recommended variant first and at most twelve of all") {
  const std::string text = render_bench_console(sample_bench(), {});
  CHECK(has(text, "  recommended: keyset, 1,000 rows a batch, 2 workers\n"));
  CHECK(
      has(text, "WAL/row growth\n  ★ keyset          1,000       2           92,500   8 %   94 %"));
  CHECK(has(text, "… and 8 more variants\n"));
  CHECK(lines_with(text, "1.75 ×") == 12);
  CHECK(has(text, "last tenth of the rows took 6.2 × as long as the first"));
  CHECK(has(text, "\n  HOT: Written anew with fillfactor 50"));
}

TEST_CASE("a quiet console tells only what fails, what could not be told, and the verdict") {
  ConsoleStyle quiet;
  quiet.quiet = true;
  const std::string text = render_bench_console(sample_bench(), quiet);
  CHECK_FALSE(has(text, "recommended"));
  CHECK(has(text, "error backfill-regression\n"));
  CHECK(has(text, "could not be measured: drydock.json:22"));
  CHECK(text.ends_with("(2 min 34 s)\n"));
  CHECK(render_bench_console(calm_bench(), quiet) == "passed: 1 backfill measured (2 min 34 s)\n");
}

TEST_CASE("a backfill that could not be measured outweighs one that got worse") {
  BenchResult bench = sample_bench();
  CHECK(verdict_of(bench) == Outcome::kErrored);
  bench.backfills.pop_back();
  CHECK(verdict_of(bench) == Outcome::kFailed);
  bench.findings[0].severity = Severity::kWarning;
  CHECK(verdict_of(bench) == Outcome::kPassed);
  bench.gate = Severity::kWarning;
  CHECK(verdict_of(bench) == Outcome::kFailed);
  CHECK(verdict_of(BenchResult{}) == Outcome::kErrored);
}

TEST_CASE("a backfill of which every repetition has a problem is errored with the first of them") {
  BenchResult bench = calm_bench();
  BackfillResult& backfill = bench.backfills[0];
  backfill.points.erase(backfill.points.begin(), backfill.points.end() - 1);
  backfill.recommended.reset();
  backfill.knee.reset();
  CHECK(verdict_of(bench) == Outcome::kErrored);
  CHECK(unmeasured_reason(bench, backfill) ==
        "no variant could be measured: ctid, 10,000 rows a batch, 2 workers: 12 rows were left");
}

TEST_CASE("of a run that was stopped the last backfill is errored, not judged on what is there") {
  BenchResult bench = calm_bench();
  bench.cancelled = true;
  for (const BenchCase& each : cases_of(bench, bench.backfills[0])) {
    CHECK(each.outcome == Outcome::kErrored);
    CHECK(has(each.reason, "stopped"));
  }
  CHECK(has(render_bench_console(bench, {}), "stopped early (2 min 34 s)\n"));
}

class JunitReport {
 public:
  explicit JunitReport(const BenchResult& bench) {
    REQUIRE(document_.load_string(render_bench_junit(bench).c_str()));
  }
  pugi::xml_document& document() { return document_; }
  pugi::xml_node test_case(const std::string& name) const {
    return document_.select_node(("//testcase[@name='" + name + "']").c_str()).node();
  }
  std::string message(const std::string& name, const std::string& outcome) const {
    return test_case(name).child(outcome.c_str()).attribute("message").value();
  }

 private:
  pugi::xml_document document_;
};

TEST_CASE("the JUnit report of a benchmark has the published shape, file and line apart") {
  if (run_command({"xmllint", "--version"}).exit_code == 127) {
    WARN("xmllint is not installed (libxml2-utils): the shape was not validated");
    return;
  }
  BenchResult stopped = sample_bench();
  stopped.cancelled = true;
  for (const BenchResult& bench : {sample_bench(), calm_bench(), stopped, BenchResult{}}) {
    JunitReport report(bench);
    for (const pugi::xpath_node& found : report.document().select_nodes("//testcase")) {
      found.node().remove_attribute("file");
      found.node().remove_attribute("line");
    }
    std::ostringstream text;
    report.document().save(text);
    const std::filesystem::path file = std::filesystem::temp_directory_path() /
                                       ("drydock-bench-junit-" + std::to_string(getpid()) + ".xml");
    write_file(file, text.str());
    const CommandResult result =
        run_command({"xmllint", "--noout", "--schema",
                     DRYDOCK_SOURCE_DIR "/reports/testing/junit.xsd", file.string()});
    std::filesystem::remove(file);
    INFO(result.error);
    CHECK(result.exit_code == 0);
  }
}

TEST_CASE("a regression fails its own test case and leaves the budget's alone") {
  const JunitReport report(sample_bench());
  const pugi::xml_node regression = report.test_case("backfill-regression");
  CHECK(std::string(regression.attribute("classname").value()) == "drydock.bench.lot_codes");
  CHECK(std::string(regression.attribute("file").value()) == "drydock.json");
  CHECK(regression.attribute("line").as_int() == 14);
  CHECK(
      report.message("backfill-regression", "failure").starts_with("the backfill lot_codes does"));
  CHECK_FALSE(report.test_case("backfill-budget").child("failure"));
  CHECK_FALSE(report.test_case("backfill-budget").child("skipped"));
}

TEST_CASE("a finding that is about another backfill, or below the gate, fails no test case") {
  BenchResult bench = sample_bench();
  bench.findings[0].severity = Severity::kWarning;
  CHECK_FALSE(JunitReport(bench).test_case("backfill-regression").child("failure"));
  bench = sample_bench();
  bench.findings[0].objects = {"backfill lot_codes_of_others"};
  CHECK_FALSE(JunitReport(bench).test_case("backfill-regression").child("failure"));
}

TEST_CASE("without budgets and baseline the test cases are skipped and say so") {
  const JunitReport report(calm_bench());
  CHECK(report.message("backfill-budget", "skipped") ==
        "the scenario gives the backfill no budgets");
  CHECK(report.message("backfill-regression", "skipped") ==
        "no baseline was given (--baseline FILE)");
}

TEST_CASE("a baseline of another machine skips its test case with the reason") {
  BenchResult bench = sample_bench();
  bench.findings.clear();
  bench.baseline_refused = "it was measured on another machine";
  const JunitReport report(bench);
  CHECK(report.message("backfill-regression", "skipped") ==
        "the baseline is shown but does not gate: it was measured on another machine");
  CHECK(has(render_bench_console(bench, {}),
            "; shown only, because it was measured on another machine\n"));
}

TEST_CASE("the Markdown of very many backfills stays below what hosts take") {
  BenchResult bench = sample_bench();
  while (bench.backfills.size() < 200) bench.backfills.push_back(bench.backfills.front());
  const std::string text = render_bench_markdown(bench);
  CHECK(text.size() < 60'000);
  CHECK(has(text, "more backfills are in bench.html."));
}

TEST_CASE("text of a scenario can not end a script of the benchmark's page or begin an element") {
  const std::string page = render_bench_html(sample_bench(), sample_bench_history());
  CHECK(split(page, '<').size() > 10);
  std::size_t scripts = 0;
  for (std::size_t at = page.find("</script"); at != std::string::npos;
       at = page.find("</script", at + 1)) {
    ++scripts;
  }
  CHECK(scripts == 8);
  CHECK_FALSE(has(page, "<b onclick"));
  CHECK(has(page, "default-src 'none'"));
}

TEST_CASE("the parts of the benchmark's page are the files, to the byte") {
  const std::string folder = DRYDOCK_SOURCE_DIR "/reports/";
  CHECK(read_file(folder + "bench.html") == embedded::bench_html);
  CHECK(read_file(folder + "bench.css") == embedded::bench_css);
  CHECK(read_file(folder + "bench_plots.js") == embedded::bench_plots_js);
  CHECK(read_file(folder + "bench_trend.js") == embedded::bench_trend_js);
  CHECK(read_file(folder + "bench_table.js") == embedded::bench_table_js);
  CHECK(read_file(folder + "bench.js") == embedded::bench_js);
}

TEST_CASE("every report tells of a benchmark that never came to a server") {
  BenchResult nothing;
  nothing.error = "no server was found";
  nothing.error_remedy = "Install one.";
  for (const std::string& text : {render_bench_console(nothing, {}), render_bench_junit(nothing),
                                  render_bench_markdown(nothing), render_bench_html(nothing, {})}) {
    CHECK(has(text, "no server was found"));
    CHECK(has(text, "Install one."));
  }
}

}  // namespace
}  // namespace drydock
