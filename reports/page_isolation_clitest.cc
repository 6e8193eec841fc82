// The page's section on tenant isolation in a real browser.
#include <string>

#include "harness/model/describe_isolation.h"
#include "harness/testing/catch.h"
#include "harness/testing/page_file.h"
#include "harness/testing/sample_run.h"
#include "harness/testing/sample_tenants.h"
#include "reports/json_isolation_words.h"

namespace drydock {
namespace {

using testing::check_clean;
using testing::no_browser;
using testing::PageFile;

TEST_CASE("the page names commands, situations and ways as the findings do") {
  if (no_browser()) return;
  const PageFile file(testing::sample_run());
  testing::Chromium page(file.url());
  const auto same = [&](const std::string& words, const auto& values) {
    CHECK(page.evaluate("Object.keys(" + words + ").length") == std::to_string(values.size()));
    for (const auto value : values) {
      const std::string entry = words + "." + word(value);
      CHECK(page.evaluate(entry) == "\"" + describe(value) + "\"");
    }
  };
  same("kCommands", json_words::kIsolationCommands);
  same("kSituations", json_words::kIsolationSituations);
  same("kBypasses", json_words::kBypassKinds);
  for (const auto verdict : json_words::kIsolationVerdicts)
    CHECK(page.evaluate("kVerdicts." + std::string(word(verdict)) + ".length") == "3");
  for (const auto mutation : json_words::kMutationKinds)
    CHECK(page.evaluate("kMutations." + std::string(word(mutation)) + " !== ''") == "true");
}

TEST_CASE("a migration shows the matrix of tables and commands, and a leaky table open") {
  if (no_browser()) return;
  const PageFile file(testing::sample_run());
  testing::Chromium page(file.url("open=0%2F000012_tenants"));
  const std::string overview = "document.querySelector('.isolation .overview')";
  const std::string buttons = "[..." + overview + ".querySelectorAll('.id button')]";
  CHECK(page.evaluate(buttons + ".map(b => b.innerText + b.ariaExpanded).join()") ==
        "\"public.palletstrue,public.countriesfalse,public.lotsfalse,public.order_linesfalse,"
        "public.tenantsfalse\"");
  CHECK(page.evaluate(overview + ".querySelector('td.sign.failed').innerText.trim()") ==
        "\"SELECT, without a context: leak, 1000 of 1000 rows\"");
  CHECK(page.evaluate(overview + ".querySelectorAll('tbody svg').length >= " + overview +
                      ".querySelectorAll('td.sign').length") == "true");
  page.evaluate(buttons + "[2].click()");
  CHECK(page.evaluate("document.querySelectorAll('.table-detail').length") == "2");
  CHECK(page.evaluate("document.querySelectorAll('b[onclick]').length") == "0");
  CHECK(page.evaluate("document.documentElement.scrollWidth <= innerWidth") == "true");
  check_clean(page);
}

TEST_CASE("every try tells outcome, rows and statement, and arrow keys move among them") {
  if (no_browser()) return;
  const PageFile file(testing::sample_run());
  testing::Chromium page(file.url("open=0%2F000012_tenants"));
  const std::string told = "document.querySelector('.told').innerText";
  const std::string focused = "document.activeElement.getAttribute('aria-label')";
  const auto press = [&](const std::string& key) {
    page.evaluate("document.activeElement.dispatchEvent(new KeyboardEvent('keydown', {key: '" +
                  key + "', bubbles: true}))");
  };
  CHECK(page.evaluate(told + ".includes('id = 18, code = ]]></script><b onclick=')") == "true");
  CHECK(page.evaluate("document.querySelectorAll('.tries button[tabindex=\"0\"]').length") == "1");
  page.evaluate("document.querySelector('.tries button[tabindex=\"0\"]').focus()");
  CHECK(page.evaluate(focused) == "\"SELECT, without a context: leak, 1000 of 1000 rows\"");
  press("ArrowLeft");
  CHECK(page.evaluate(focused) == "\"SELECT, another tenant's rows: held, 0 of 500 rows\"");
  CHECK(page.evaluate(told + ".includes('SELECT * FROM public.pallets WHERE tenant_id = ')") ==
        "true");
  press("ArrowDown");
  CHECK(page.evaluate(focused + ".startsWith('COPY … TO, another')") == "true");
  press("Home");
  CHECK(page.evaluate(focused + ".startsWith('COPY … TO, its own rows: held, 500')") == "true");
  press("ArrowLeft");
  CHECK(page.evaluate(focused + ".startsWith('COPY … TO, its own rows')") == "true");
  check_clean(page);
}

TEST_CASE("a migration shows ways around, mutants, plans, hidden rows and windows") {
  if (no_browser()) return;
  const PageFile file(testing::sample_run());
  testing::Chromium page(file.url("open=0%2F000012_tenants"));
  const auto says = [&](const std::string& words) {
    return page.evaluate("document.querySelector('.isolation').innerText.includes(`" + words +
                         "`)") == "true";
  };
  CHECK(says("role wms_app → view public.lot_totals → table public.lots"));
  CHECK(says("12 rows, 7 of them of another tenant"));
  CHECK(says("2 of 3 mutants noticed"));
  CHECK(says("ALTER POLICY pallets_insert ON public.pallets WITH CHECK (true)"));
  CHECK(says("Seq Scan on pallets"));
  CHECK(says("USING (tenant_id = (SELECT current_tenant()))"));
  CHECK(says("2 statements did not see all rows"));
  CHECK(says("ALTER TABLE pallets ENABLE ROW LEVEL SECURITY"));
  CHECK(says("schema per tenant: tenant_acme"));
  CHECK_FALSE(says("lot_codes"));  // a way that led nowhere is folded away
  check_clean(page);
}

TEST_CASE("a migration after which isolation could not be judged says why, in one line") {
  if (no_browser()) return;
  RunResult result = testing::long_run(2);
  result.runs[0].migrations[0].evidence.isolation.failed = "the server ended";
  IsolationEvidence& skipped = result.runs[0].migrations[1].evidence.isolation;
  skipped.skipped = "no table has row security";
  skipped.role_faithful.skipped = "isolation is not judged";
  const PageFile file(result);
  testing::Chromium page(file.url("open=0%2F000001_step_1&open=0%2F000002_step_2"));
  CHECK(page.evaluate("[...document.querySelectorAll('.isolation .card')].map(c => "
                      "c.innerText.replace(/\\s+/g, ' ')).join('; ')") ==
        "\"Not judged could not be the server ended; Not judged skipped no table has row "
        "security\"");
  check_clean(page);
}

TEST_CASE("one table of a hundred is drawn when it is opened, and not before") {
  if (no_browser()) return;
  RunResult result = testing::long_run(1);
  result.runs[0].migrations = {testing::with_many_tenant_tables("000001_many", 100)};
  const PageFile file(result);
  testing::Chromium page(file.url("open=0%2F000001_many"));
  CHECK(page.evaluate("document.querySelectorAll('.overview .id button').length") == "100");
  CHECK(page.evaluate("document.querySelectorAll('.tries').length") == "0");
  page.evaluate("document.querySelector('.overview .id button').click()");
  CHECK(page.evaluate("document.querySelectorAll('.try').length") == "65");
  check_clean(page);
}

}  // namespace
}  // namespace drydock
