#include <nlohmann/json.hpp>

#include "harness/base/files.h"
#include "harness/model/lock_mode.h"
#include "harness/testing/catch.h"
#include "harness/testing/sample_locks.h"
#include "harness/testing/sample_run.h"
#include "reports/json.h"
#include "reports/reporter.h"
#include "reports_embedded.h"

namespace drydock {
namespace {

std::size_t occurrences(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) {
    ++count;
  }
  return count;
}

TEST_CASE("the embedded parts are the files, to the byte") {
  const std::string folder = DRYDOCK_SOURCE_DIR "/reports/";
  CHECK(read_file(folder + "page.html") == embedded::page_html);
  CHECK(read_file(folder + "style.css") == embedded::style_css);
  CHECK(read_file(folder + "theme.js") == embedded::theme_js);
  CHECK(read_file(folder + "detail.js") == embedded::detail_js);
  CHECK(read_file(folder + "data.js") == embedded::data_js);
  CHECK(read_file(folder + "locks.css") == embedded::locks_css);
  CHECK(read_file(folder + "locks.js") == embedded::locks_js);
  CHECK(read_file(folder + "trials.js") == embedded::trials_js);
  CHECK(read_file(folder + "isolation.css") == embedded::isolation_css);
  CHECK(read_file(folder + "isolation.js") == embedded::isolation_js);
  CHECK(read_file(folder + "ways.js") == embedded::ways_js);
  CHECK(read_file(folder + "script.js") == embedded::script_js);
}

using Json = nlohmann::json;

Json run_in(const std::string& page) {
  const std::string open = "<script type=\"application/json\" id=\"run\">";
  const std::size_t start = page.find(open) + open.size();
  return Json::parse(page.substr(start, page.find("</script>", start) - start));
}

/// A lock as run.json has it, from the page's row of numbers.
Json unpacked(const Json& row, const Json& relations) {
  Json lock = relations.at(row.at(0).get<std::size_t>());
  lock["mode"] = catalog_word(static_cast<LockMode>(row.at(1).get<int>()));
  lock["acquired_ms"] = row.at(2);
  lock["held_ms"] = row.at(3);
  if (row.size() > 4) lock["waited_ms"] = row.at(4);
  if (row.size() > 5) lock["exact"] = row.at(5) == 0;
  return lock;
}

void unpack_ledgers(Json& run) {
  for (Json& scenario : run.at("runs"))
    for (Json& migration : scenario.at("migrations"))
      for (Json& phase : migration.at("phases"))
        for (Json& statement : phase.at("statements"))
          if (statement.contains("locks"))
            for (Json& row : statement.at("locks")) row = unpacked(row, run.at("relations"));
}

TEST_CASE("the page holds the whole run as JSON, its ledgers packed") {
  Json run = run_in(render_html(testing::sample_run()));
  unpack_ledgers(run);
  CHECK(render_json(parse_json(run.dump())) == render_json(testing::sample_run()));
}

TEST_CASE("a relation's properties stand once in the page, however often it is locked") {
  RunResult result = testing::long_run(1);
  result.runs[0].migrations = {testing::with_crowded_ledger("000001_crowd", 200, 30)};
  const std::string page = render_html(result);
  CHECK(occurrences(page, "application.table_number_7\"") == 1);
  CHECK(run_in(page).at("relations").size() == 30);
}

TEST_CASE("the page of a long history that locks much stays below 3 MB") {
  CHECK(render_html(testing::long_run_with_locks(158)).size() < 3'000'000);
}

TEST_CASE("text of a migration can not end a script or begin an element") {
  const std::string page = render_html(testing::sample_run());
  CHECK(occurrences(page, "</script") == 9);
  CHECK(occurrences(page, "<b onclick") == 0);
}

TEST_CASE("the page names no address but the one that names SVG") {
  const std::string page = render_html(testing::long_run(1));
  CHECK(occurrences(page, "http") ==
        occurrences(page, "http://www.w3.org/2000/svg") + occurrences(page, "http-equiv"));
  CHECK(page.find("default-src 'none'") != std::string::npos);
}

TEST_CASE("a scenario's name is escaped in the title") {
  RunResult result = testing::long_run(1);
  result.runs[0].scenario = "<a> & {{run}}";
  CHECK(render_html(result).find("<title>passed · &lt;a&gt; &amp; {{run}} · Drydock</title>") !=
        std::string::npos);
}

}  // namespace
}  // namespace drydock
