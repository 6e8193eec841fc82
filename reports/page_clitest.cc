// The page in a real browser: it draws, filters, opens and remembers, and it complains of nothing.
#include <string>

#include "harness/model/lock_mode.h"
#include "harness/testing/catch.h"
#include "harness/testing/page_file.h"
#include "harness/testing/sample_locks.h"
#include "harness/testing/sample_run.h"

namespace drydock {
namespace {

using testing::check_clean;
using testing::no_browser;
using testing::PageFile;

const std::string kShownRows = "document.querySelectorAll('tr.row:not([hidden])').length";
const std::string kSearch =
    "(text => { const q = document.getElementById('q'); q.value = text;"
    " q.dispatchEvent(new Event('input', {bubbles: true})); })";

TEST_CASE("the page draws every migration and check, and asks the network for nothing") {
  if (no_browser()) return;
  const PageFile file(testing::sample_run());
  testing::Chromium page(file.url());
  CHECK(page.evaluate(kShownRows) == "13");
  CHECK(page.evaluate("document.querySelector('h1').textContent") == "\"Could not be judged\"");
  CHECK(page.evaluate("document.querySelectorAll('.attention li').length") == "8");
  CHECK(page.evaluate("[...document.querySelectorAll('tr.row')][1].cells[5].innerText.trim()") ==
        "\"down-applies:\\n1 error\"");
  CHECK(page.evaluate("getComputedStyle(document.querySelector('.scroller')).overflowX") ==
        "\"auto\"");  // the style's hash was accepted
  CHECK(page.evaluate("document.querySelectorAll('b[onclick]').length") == "0");
  CHECK(page.evaluate("document.documentElement.scrollWidth <= innerWidth") == "true");
  check_clean(page);
}

TEST_CASE("the page filters by text, outcome, check and severity, and says how many are left") {
  if (no_browser()) return;
  const PageFile file(testing::sample_run());
  testing::Chromium page(file.url());
  page.evaluate(kSearch + "('LOT_kode')");
  CHECK(page.evaluate(kShownRows) == "1");
  CHECK(page.evaluate("document.getElementById('shown').textContent") ==
        "\"1 of 13 migrations shown\"");
  page.evaluate(kSearch + "('no such thing')");
  CHECK(page.evaluate(kShownRows) == "0");
  CHECK(page.evaluate("document.getElementById('none').hidden") == "false");
  page.evaluate("document.getElementById('reset').click()");
  CHECK(page.evaluate(kShownRows) == "13");
  page.evaluate("document.querySelector('.chip.failed').click()");
  CHECK(page.evaluate(kShownRows) == "6");
  page.evaluate("document.querySelector('.chip.errored').click()");
  CHECK(page.evaluate(kShownRows) == "7");
  page.evaluate("clearFilters(); filter.check = 'schema-restored'; applyFilters()");
  CHECK(page.evaluate(kShownRows) == "1");
  page.evaluate("clearFilters(); filter.severity = 'warning'; applyFilters()");
  CHECK(page.evaluate(kShownRows) == "5");
  check_clean(page);
}

TEST_CASE("a migration opens with the keyboard and shows phases, differences and the caret") {
  if (no_browser()) return;
  const PageFile file(testing::sample_run());
  testing::Chromium page(file.url());
  CHECK(page.evaluate("document.querySelectorAll('.panel').length") == "0");
  page.evaluate("for (const i of [1, 2, 4]) document.querySelectorAll('.id button')[i].click()");
  CHECK(page.evaluate("document.querySelectorAll('.panel').length") == "3");
  CHECK(page.evaluate("document.querySelectorAll('.id button')[1].getAttribute('aria-expanded')") ==
        "\"true\"");
  const std::string lines =
      "document.querySelector('.source pre').innerText.split('\\n').map(l => l.split('│ ')[1])";
  CHECK(page.evaluate(lines + "[0][" + lines + "[1].indexOf('^')]") == "\"l\"");
  CHECK(page.evaluate("document.querySelectorAll('.panel')[1].querySelectorAll('.difference')"
                      ".length") == "4");
  CHECK(page.evaluate("document.querySelectorAll('.panel')[1].querySelector('.difference .badge')"
                      ".textContent") == "\"security\"");
  CHECK(page.evaluate(
            "document.querySelectorAll('.panel')[2].innerText.includes("
            "']]></script><b onclick=\\'x()\\'>\"q\"&amp;`|` \\\\x01\\\\x1b[31m\\\\x7f')") ==
        "true");
  check_clean(page);
}

TEST_CASE("a migration shows what became of rows, and values that could be markup stay text") {
  if (no_browser()) return;
  const PageFile file(testing::sample_run());
  testing::Chromium page(file.url("open=0%2F000010_shorten_lot_codes"));
  const std::string text = "document.querySelector('.panel .data').innerText";
  const auto says = [&](const std::string& words) {
    return page.evaluate(text + ".includes(`" + words + "`)") == "true";
  };
  CHECK(says("Rolling back loses: 12 of the 1,000 rows of public.lots; 640 values of"));
  CHECK(says("lot_code: 812 values differ (character varying(40) → character varying(8))"));
  CHECK(says("It fails as soon as two rows share a lot_code."));
  CHECK(says("would give 1,001 before, 5 after, while public.lots.id has 1,000"));
  CHECK(says("not valid: FOREIGN KEY (customer_id) REFERENCES customers(id) NOT VALID"));
  CHECK(says("Found: 120 rows"));
  CHECK(says("zzz1"));  // two long values, at the end of which they differ
  CHECK(says("zzz2"));
  CHECK(says("]]></script><b onclick='x()'>"));
  CHECK(page.evaluate("document.querySelectorAll('b[onclick]').length") == "0");
  CHECK(page.evaluate("document.querySelectorAll('.data .null').length > 2") == "true");
  CHECK(page.evaluate("Math.max(...[...document.querySelectorAll('.value')]"
                      ".map(v => v.textContent.length)) < 400") == "true");
  CHECK(page.evaluate("document.documentElement.scrollWidth <= innerWidth") == "true");
  check_clean(page);
}

TEST_CASE("a migration shows its locks as a timeline with words for every bar") {
  if (no_browser()) return;
  const PageFile file(testing::sample_run());
  testing::Chromium page(file.url("open=0%2F000011_widen_order_totals"));
  const std::string timeline = "document.querySelector('.locks .timeline')";
  const std::string lanes = "[..." + timeline + ".querySelectorAll('.lanes .lane')]";
  CHECK(page.evaluate(lanes + ".map(l => l.querySelector('code').innerText).slice(0, 4).join()") ==
        "\"public.orders,public.orders_customer_idx,public.orders_pkey,public.sites\"");
  CHECK(
      page.evaluate(lanes + "[0].querySelector('svg').getAttribute('aria-label')") ==
      "\"public.orders (12,000 rows): ACCESS EXCLUSIVE from 13 ms for 78 ms, after waiting 13 ms, "
      "keeps out reads and writes (000011_widen_order_totals.up.sql:3); SHARE ROW EXCLUSIVE from "
      "62 ms for 17 ms, keeps out writes (000011_widen_order_totals.up.sql:5); SHARE UPDATE "
      "EXCLUSIVE from 79 ms for about 31 ms (000011_widen_order_totals.up.sql:12, sampled)\"");
  CHECK(page.evaluate(timeline + ".querySelectorAll('.waited').length") == "1");
  CHECK(page.evaluate("getComputedStyle(" + timeline +
                      ".querySelector('.sampled .held')).strokeDasharray") == "\"4px, 3px\"");
  CHECK(page.evaluate(timeline + ".querySelector('.statements-lane').textContent.includes("
                                 "'ALTER TABLE orders ALTER COLUMN total TYPE bigint')") == "true");
  CHECK(page.evaluate(lanes + ".length") == "6");  // the two of its own are folded away
  page.evaluate("document.querySelector('.locks .lane-controls button').click()");
  CHECK(page.evaluate(lanes + ".length") == "8");
  CHECK(page.evaluate("document.querySelectorAll('b[onclick]').length") == "0");
  CHECK(page.evaluate("document.documentElement.scrollWidth <= innerWidth") == "true");
  check_clean(page);
}

TEST_CASE("the page's lock modes are the server's, with what they keep out") {
  if (no_browser()) return;
  const PageFile file(testing::sample_run());
  testing::Chromium page(file.url());
  for (int i = 0; i < kLockModes; ++i) {
    const auto mode = static_cast<LockMode>(i);
    const std::string row = "kModes[" + std::to_string(i) + "]";
    const auto quoted = [](std::string_view text) { return "\"" + std::string(text) + "\""; };
    CHECK(page.evaluate(row + "[0]") == quoted(catalog_word(mode)));
    CHECK(page.evaluate(row + "[1]") == quoted(manual_word(mode)));
    CHECK(page.evaluate(row + "[3]") == quoted(blocked_traffic(mode)));
  }
}

TEST_CASE("a migration shows what its trials under traffic, queues and interruptions saw") {
  if (no_browser()) return;
  const PageFile file(testing::sample_run());
  testing::Chromium page(file.url("open=0%2F000011_widen_order_totals"));
  const auto says = [&](const std::string& words) {
    return page.evaluate("document.querySelector('.locks').innerText.includes(`" + words + "`)") ==
           "true";
  };
  CHECK(page.evaluate("document.querySelectorAll('.stall-plot').length") == "7");
  CHECK(
      page.evaluate("document.querySelector('.stall-plot').getAttribute('aria-label')") ==
      "\"SELECT on public.orders: calm half below 0.2 ms, longest 1.4 ms; while the migration ran "
      "half below 0.2 ms, longest 89 ms\"");
  CHECK(says("ACCESS EXCLUSIVE on public.orders, line 3"));
  CHECK(says("not tried: no row passed the check sites_code: ]]></script><b onclick='x()'>"));
  CHECK(says("Process 21 waits for RowExclusiveLock"));
  CHECK(says("after 2.0 s (55P03)"));
  CHECK(says("2 of 3 interruptions do harm"));
  CHECK(says("index public.orders_old_idx"));
  CHECK(says("4 min 28 s ± 31.0 s"));
  CHECK(page.evaluate("document.querySelectorAll('.forecast-plot .measured').length") == "5");
  check_clean(page);
}

TEST_CASE("thousands of locks are drawn when they are asked for, and not before") {
  if (no_browser()) return;
  RunResult result = testing::long_run(1);
  result.runs[0].migrations = {testing::with_crowded_ledger("000001_crowd", 200, 30)};
  const PageFile file(result);
  testing::Chromium page(file.url("open=0%2F000001_crowd"));
  const std::string lanes = "document.querySelectorAll('.lanes .lane').length";
  CHECK(page.evaluate(lanes) == "14");
  CHECK(page.evaluate("document.querySelectorAll('.locks .grid').length") == "0");
  page.evaluate("document.querySelector('.lane-controls button').click()");
  CHECK(page.evaluate(lanes) == "27");
  const std::string rows = "document.querySelectorAll('.locks .grid tbody tr').length";
  page.evaluate("document.querySelector('.locks details').open = true");
  CHECK(page.evaluate("new Promise(done => requestAnimationFrame(() => setTimeout(done)))"
                      ".then(() => " +
                      rows + ")") == "300");
  page.evaluate("[...document.querySelectorAll('.locks button')].at(-1).click()");
  CHECK(page.evaluate(rows) == "6000");
  check_clean(page);
}

TEST_CASE("a card tells how many tables have rows, and which have not, with why and remedy") {
  if (no_browser()) return;
  const PageFile file(testing::sample_run());
  testing::Chromium page(file.url());
  CHECK(page.evaluate("document.querySelectorAll('.rows-card').length") == "1");
  const std::string card = "document.querySelector('.rows-card')";
  CHECK(page.evaluate("[..." + card + ".querySelectorAll('dd')].map(d => d.innerText).join()") ==
        "\"1,000,2 of 4,2,026,typical,7\"");
  CHECK(page.evaluate(card + ".querySelector('summary').innerText") ==
        "\"2 of 4 tables could not be filled as asked\"");
  CHECK(page.evaluate(card + ".innerText.includes('only 26 values are possible')") == "true");
  check_clean(page);
}

TEST_CASE("filters and opened migrations are in the address and come back from it") {
  if (no_browser()) return;
  const PageFile file(testing::sample_run());
  testing::Chromium page(file.url("outcome=failed&q=policy&open=0%2F000003_tenant_policies"));
  CHECK(page.evaluate(kShownRows) == "1");
  CHECK(page.evaluate("document.querySelectorAll('.panel').length") == "1");
  CHECK(page.evaluate("document.getElementById('q').value") == "\"policy\"");
  page.evaluate("document.querySelector('.chip.failed').click()");
  CHECK(page.evaluate("location.hash") == "\"#q=policy&open=0%2F000003_tenant_policies\"");
  page.evaluate("document.querySelector('.attention button').click()");
  CHECK(page.evaluate("document.activeElement.textContent") == "\"000002_add_lot_code\"");
  CHECK(page.evaluate("document.getElementById('q').value") == "\"\"");
  check_clean(page);
}

TEST_CASE("the theme follows the choice") {
  if (no_browser()) return;
  const PageFile file(testing::sample_run());
  testing::Chromium page(file.url());
  const std::string background = "getComputedStyle(document.body).backgroundColor";
  page.evaluate("localStorage.removeItem('drydock-theme')");
  page.evaluate("document.getElementById('theme').click()");
  CHECK(page.evaluate(background) == "\"rgb(245, 246, 248)\"");
  page.evaluate("document.getElementById('theme').click()");
  CHECK(page.evaluate(background) == "\"rgb(15, 19, 23)\"");
  check_clean(page);
}

TEST_CASE("every text reaches the contrast of WCAG AA in light and dark") {
  if (no_browser()) return;
  const PageFile file(testing::sample_run());
  testing::Chromium page(file.url());
  page.evaluate("for (const b of document.querySelectorAll('.id button')) b.click()");
  page.evaluate(
      "for (const b of document.querySelectorAll('[aria-expanded=false], details')) "
      "b.open === false ? b.open = true : b.click()");
  page.evaluate(R"JS(globalThis.lowContrast = () => {
    const channels = color => color.match(/[\d.]+/g).map(Number);
    const luminance = ([r, g, b]) => [r, g, b].map(v => v / 255)
      .map(v => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
      .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
    const ground = node => {
      for (; node; node = node.parentElement) {
        const color = channels(getComputedStyle(node).backgroundColor);
        if (color.length < 4 || color[3] > 0) return color;
      }
    };
    const bad = new Set();
    for (const node of document.querySelectorAll('body *')) {
      const own = [...node.childNodes].some(n => n.nodeType === 3 && n.data.trim());
      if (!own || !node.getClientRects().length || node.closest('svg, script, style')) continue;
      const pair = [luminance(channels(getComputedStyle(node).color)), luminance(ground(node))];
      const ratio = (Math.max(...pair) + 0.05) / (Math.min(...pair) + 0.05);
      if (ratio < 4.5) bad.add(`${node.tagName}.${node.className} ${ratio.toFixed(2)}`);
    }
    return [...bad];
  })JS");
  for (const std::string theme : {"light", "dark"}) {
    page.evaluate("document.documentElement.dataset.theme = '" + theme + "'");
    CHECK(page.evaluate("lowContrast()") == "[]");
  }
}

TEST_CASE("a history of 400 migrations opens as quickly as a page should, details unbuilt") {
  if (no_browser()) return;
  const PageFile file(testing::long_run(400));
  testing::Chromium page(file.url());
  CHECK(page.evaluate(kShownRows) == "400");
  CHECK(page.evaluate("document.querySelectorAll('.panel').length") == "0");
  page.evaluate(kSearch + "('step_399')");
  CHECK(page.evaluate(kShownRows) == "1");
  check_clean(page);
}

}  // namespace
}  // namespace drydock
