// The page of `drydock bench` in a real browser: it answers, draws, sorts, and complains of
// nothing.
#include <unistd.h>

#include <filesystem>
#include <string>

#include "harness/base/files.h"
#include "harness/testing/catch.h"
#include "harness/testing/page_file.h"
#include "harness/testing/sample_bench.h"
#include "reports/bench_reports.h"

namespace drydock {
namespace {

using testing::check_clean;
using testing::no_browser;

class BenchPage {
 public:
  explicit BenchPage(const BenchResult& bench, const std::vector<BenchResult>& history = {})
      : path_(std::filesystem::temp_directory_path() /
              ("drydock-bench-" + std::to_string(getpid()) + ".html")) {
    write_file(path_, render_bench_html(bench, history));
  }
  ~BenchPage() { std::filesystem::remove(path_); }
  BenchPage(const BenchPage&) = delete;
  BenchPage& operator=(const BenchPage&) = delete;
  std::string url() const { return "file://" + path_.string(); }

 private:
  std::filesystem::path path_;
};

/// Plots are drawn when their width is known, which is after the page has loaded.
void wait_for_plots(testing::Chromium& page) {
  for (int i = 0; i < 500; ++i) {
    if (page.evaluate("document.querySelectorAll('.bench-plot').length > 0") == "true") return;
  }
  FAIL("no plot was drawn");
}

const std::string kText = "document.getElementById('backfills').innerText";

TEST_CASE("the benchmark's page answers first, and asks the network for nothing") {
  if (no_browser()) return;
  const BenchPage file(testing::sample_bench(), testing::sample_bench_history());
  testing::Chromium page(file.url());
  CHECK(page.evaluate("document.querySelector('h1').textContent") == "\"Could not be judged\"");
  CHECK(page.evaluate("document.querySelector('.answer-name').textContent") ==
        "\"keyset, 1,000 rows a batch, 2 workers\"");
  CHECK(page.evaluate("document.querySelector('.sql').textContent.startsWith('DO $backfill$')") ==
        "true");
  CHECK(page.evaluate("document.querySelectorAll('.attention li').length") == "2");
  CHECK(page.evaluate(kText + ".includes('the backfill does not converge')") == "true");
  CHECK(page.evaluate(kText + ".includes('6.2 × as long as the first')") == "true");
  CHECK(page.evaluate(kText + ".includes('12 rows were left')") == "true");
  CHECK(page.evaluate("document.querySelectorAll('b[onclick]').length") == "0");
  CHECK(page.evaluate("document.documentElement.scrollWidth <= innerWidth") == "true");
  check_clean(page);
}

TEST_CASE("both plots have a line for each strategy, workers and pause, and mark the same points") {
  if (no_browser()) return;
  const BenchPage file(testing::sample_bench());
  testing::Chromium page(file.url());
  wait_for_plots(page);
  CHECK(page.evaluate("document.querySelectorAll('.bench-plot').length") == "2");
  const std::string each = "[...document.querySelectorAll('.bench-plot')].map(plot => ";
  CHECK(page.evaluate(each + "plot.querySelectorAll('polyline').length).join()") == "\"8,8\"");
  CHECK(page.evaluate(each + "plot.querySelectorAll('.plot-point').length).join()") == "\"17,17\"");
  CHECK(page.evaluate(each + "plot.querySelectorAll('.frontier').length).join()") == "\"9,9\"");
  CHECK(page.evaluate(each + "plot.querySelectorAll('.recommended').length).join()") == "\"1,1\"");
  CHECK(page.evaluate(each + "plot.querySelectorAll('.knee').length).join()") == "\"1,1\"");
  CHECK(page.evaluate(each + "plot.querySelectorAll('.level.budget').length).join()") == "\"1,1\"");
  CHECK(page.evaluate(each +
                      "[...plot.querySelectorAll('.plot-point')].map(node => "
                      "placeOf(node)[0]).sort().join()).every((x, i, all) => x === all[0])") ==
        "true");  // aligned
  check_clean(page);
}

TEST_CASE("arrow keys move among the points of a plot, and each tells what it is") {
  if (no_browser()) return;
  const BenchPage file(testing::sample_bench());
  testing::Chromium page(file.url());
  wait_for_plots(page);
  CHECK(page.evaluate("document.querySelectorAll('.bench-plot [tabindex=\"0\"]').length") == "2");
  // A window that is not in front gets the focus, but not the event.
  const auto tell = [&](const std::string& event) {
    page.evaluate("document.activeElement.dispatchEvent(new FocusEvent('" + event +
                  "', {bubbles: true}))");
  };
  page.evaluate("document.querySelector('.bench-plot [tabindex=\"0\"]').focus()");
  tell("focusin");
  const std::string focused = "document.activeElement.getAttribute('aria-label')";
  CHECK(page.evaluate(focused + ".startsWith('keyset, 1,000 rows a batch, 2 workers; 92,500 "
                                "rows/s')") == "true");
  CHECK(page.evaluate("document.querySelector('.tip').hidden") == "false");
  CHECK(page.evaluate("document.querySelectorAll('.plot-point.same').length") == "2");
  page.evaluate(
      "document.activeElement.dispatchEvent(new KeyboardEvent('keydown', {key: 'ArrowRight', "
      "bubbles: true}))");
  tell("focusin");
  CHECK(page.evaluate(focused + ".startsWith('keyset, 10,000 rows a batch, 2 workers')") == "true");
  CHECK(page.evaluate("document.querySelector('.tip').innerText.includes('47 ms')") == "true");
  tell("focusout");
  CHECK(page.evaluate("document.querySelector('.tip').hidden") == "true");
  check_clean(page);
}

TEST_CASE("a line of the plots goes and comes back by its entry in the legend") {
  if (no_browser()) return;
  const BenchPage file(testing::sample_bench());
  testing::Chromium page(file.url());
  wait_for_plots(page);
  const std::string lines = "document.querySelectorAll('.bench-plot polyline').length";
  const std::string entry = "document.querySelector('.legend-entry')";
  page.evaluate(entry + ".click()");
  CHECK(page.evaluate(lines) == "14");
  CHECK(page.evaluate(entry + ".ariaPressed") == "\"false\"");
  page.evaluate(entry + ".click()");
  CHECK(page.evaluate(lines) == "16");
  check_clean(page);
}

TEST_CASE("the table of variants sorts by any column, what was not measured always last") {
  if (no_browser()) return;
  const BenchPage file(testing::sample_bench());
  testing::Chromium page(file.url());
  const std::string first = "document.querySelector('.variants tbody th span').textContent";
  const std::string last =
      "[...document.querySelectorAll('.variants tbody tr')].at(-1).innerText.includes('12 rows "
      "were left')";
  const auto sort_by = [&](const std::string& head) {
    page.evaluate(
        "[...document.querySelectorAll('.variants thead button')].find(b => "
        "b.textContent === '" +
        head + "').click()");
  };
  CHECK(page.evaluate("document.querySelectorAll('.variants tbody tr').length") == "20");
  CHECK(page.evaluate(first) == "\"single\"");
  CHECK(page.evaluate(last) == "true");
  sort_by("rows/s");
  CHECK(page.evaluate(first) == "\"skip-locked, 1,000 rows a batch, 1 worker\"");
  CHECK(page.evaluate(last) == "true");
  sort_by("ratio");
  CHECK(page.evaluate(first) == "\"skip-locked, 1,000 rows a batch, 1 worker\"");
  CHECK(page.evaluate("document.querySelectorAll('.variants [aria-sort]').length") == "1");
  sort_by("Variant");
  CHECK(page.evaluate(first) == "\"as-written\"");
  check_clean(page);
}

TEST_CASE("the benchmark's page holds each variant against the baseline") {
  if (no_browser()) return;
  BenchResult bench = testing::sample_bench();
  bench.baseline_refused = "it was measured on another machine";
  const BenchPage file(bench);
  testing::Chromium page(file.url());
  CHECK(page.evaluate(kText + ".includes('does not gate: it was measured on another machine')") ==
        "true");
  CHECK(page.evaluate(kText + ".includes('Over 19 variants: 0.73 × the rows/s')") == "true");
  CHECK(page.evaluate("[...document.querySelectorAll('.badge.failed')].filter(b => b.textContent "
                      "=== 'slower').length") == "19");
  check_clean(page);
}

TEST_CASE("the trend is drawn from two runs on, and names what each recommended") {
  if (no_browser()) return;
  const std::string trend = "document.getElementById('trends')";
  {
    const BenchPage file(testing::sample_bench(), {testing::sample_bench()});
    testing::Chromium page(file.url());
    CHECK(page.evaluate(trend + ".childElementCount") == "0");
  }
  const BenchPage file(testing::sample_bench(), testing::sample_bench_history());
  testing::Chromium page(file.url());
  CHECK(page.evaluate(trend + ".querySelectorAll('.trend-plot').length") == "3");
  CHECK(page.evaluate(trend + ".querySelectorAll('.trend-point').length") == "12");
  CHECK(page.evaluate(trend + ".querySelector('.trend-point').getAttribute('aria-label')") ==
        "\"2026-11-01 06:07 UTC, Drydock 0.1.0, PostgreSQL 15.20: keyset, 100 rows a batch, 2 "
        "workers, 72,500 rows/s, p99 stall 2.8 ms\"");
  check_clean(page);
}

TEST_CASE("a backfill measured in one batch size, and one without batches, draw without a flaw") {
  if (no_browser()) return;
  BenchResult bench = testing::calm_bench();
  BackfillResult one = bench.backfills[0];
  one.points = {one.points[8]};
  one.recommended = one.knee = 0;
  BackfillResult none = bench.backfills[0];
  none.points = {none.points[0]};
  none.recommended.reset();
  none.knee.reset();
  bench.backfills = {one, none};
  const BenchPage file(bench);
  testing::Chromium page(file.url());
  wait_for_plots(page);
  CHECK(page.evaluate("document.querySelectorAll('.bench-plot').length") == "2");
  CHECK(page.evaluate("document.querySelector('.bench-plot').outerHTML.includes('NaN')") ==
        "false");
  CHECK(page.evaluate(kText + ".includes('there is nothing to draw')") == "true");
  check_clean(page);
}

TEST_CASE("the benchmark's page says what stopped a run that measured nothing") {
  if (no_browser()) return;
  BenchResult bench;
  bench.error = "no server was found";
  const BenchPage file(bench);
  testing::Chromium page(file.url());
  CHECK(page.evaluate("document.getElementById('stopped').innerText.trim()") ==
        "\"no server was found\"");
  check_clean(page);
}

}  // namespace
}  // namespace drydock
