#include "harness/base/text.h"
#include "harness/testing/catch.h"
#include "harness/testing/sample_run.h"
#include "reports/reporter.h"

namespace drydock {
namespace {

RunResult with_message(const std::string& message, std::size_t times = 1) {
  RunResult result = testing::long_run(1);
  Finding finding;
  finding.check = "up-applies";
  finding.message = message;
  result.runs[0].migrations[0].findings.assign(times, finding);
  result.runs[0].migrations[0].outcome = Outcome::kFailed;
  return result;
}

bool holds(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST_CASE("the verdict is the first line") {
  CHECK(render_markdown(testing::sample_run()).rfind("## ❓ Drydock: errored\n", 0) == 0);
}

TEST_CASE("the summary stays below 60 kB and tells what it left out") {
  const std::string many = render_markdown(with_message(std::string(3000, 'x'), 300));
  CHECK(many.size() <= 60'000);
  CHECK(holds(many, "This summary is cut to fit: 0 runs and 2"));
  const std::string history = render_markdown(testing::long_run(5000));
  CHECK(history.size() <= 60'000);
  CHECK(holds(history, "are not shown. The whole is in report.html and run.json."));
}

TEST_CASE("one enormous message does not push out everything else") {
  const std::string text = render_markdown(with_message(std::string(200'000, 'x')));
  CHECK(text.size() < 10'000);
  CHECK(holds(text, "xxx…"));
}

TEST_CASE("nothing in a message is markup, a mention or a reference") {
  const std::string text = render_markdown(with_message("<img src=x> *a* [b](c) @team #12 | `d`"));
  CHECK(
      holds(text, "&lt;img src=x\\> \\*a\\* \\[b\\]\\(c\\) @<!-- -->team #<!-- -->12 \\| \\`d\\`"));
}

TEST_CASE("a code block has a fence that its text can not close") {
  const std::string text = render_markdown(with_message("first\nsecond ```` third"));
  CHECK(holds(text, "`````text\nsecond ```` third\n`````\n"));
}

TEST_CASE("a pipe in a migration's name does not end the table's cell") {
  RunResult result = testing::long_run(1);
  result.runs[0].migrations[0].evidence.migration = "a|b";
  CHECK(holds(render_markdown(result), "| `a\\|b` |"));
}

TEST_CASE("the summary tells tables without rows and what rolling back loses, folded") {
  const std::string text = render_markdown(testing::sample_run());
  CHECK(holds(text, "1,000 rows in each table: 2 of 4 tables filled, 2,026 rows"));
  CHECK(holds(text,
              "<details><summary>⚠️ 2 of 4 tables could not be filled as asked</summary>\n\n"
              "- `public.shelves` (0 of 1000 rows, before `000009_shelves`): no row passed"));
  CHECK(holds(text,
              "<details><summary>What rolling back loses</summary>\n\n"
              "- `000009_shelves`: what is written to public.lots.shelf\\_id\n"));
}

TEST_CASE("the summary tells the strongest lock of migrations with findings, folded") {
  CHECK(holds(render_markdown(testing::sample_run()),
              "<details><summary>The strongest lock of each migration with findings</summary>\n\n"
              "- `000011_widen_order_totals`: ACCESS EXCLUSIVE on public.orders \\(12,000 rows\\) "
              "for 78 ms"));
  CHECK_FALSE(holds(render_markdown(testing::long_run(50)), "strongest lock"));
}

TEST_CASE("a long list of tables without rows does not push out the findings") {
  RunResult result = testing::long_run(2000);
  for (MigrationResult& migration : result.runs[0].migrations) {
    migration.evidence.data.filled[0].problem = std::string(5000, 'x');
  }
  const std::string text = render_markdown(result);
  CHECK(text.size() <= 60'000);
  CHECK(holds(text, "more\n\n</details>"));
  CHECK(holds(text, "#### ❌"));
}

TEST_CASE("what holds the merge back comes before warnings") {
  const std::string text = render_markdown(testing::long_run(100));
  CHECK(text.find("#### ❌") < text.find("#### ⚠️"));
}

TEST_CASE("the summary tells how isolation was judged, folded") {
  const std::string text = render_markdown(testing::sample_run());
  CHECK(text.find("<summary>Tenant isolation") != std::string::npos);
  CHECK(text.find("`000012_tenants`: 5 tables as wms\\_app, 1 exempt, ") != std::string::npos);
}

}  // namespace
}  // namespace drydock
