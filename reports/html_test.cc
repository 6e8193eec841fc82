#include "harness/base/files.h"
#include "harness/testing/catch.h"
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
  CHECK(read_file(folder + "detail.js") == embedded::detail_js);
  CHECK(read_file(folder + "data.js") == embedded::data_js);
  CHECK(read_file(folder + "script.js") == embedded::script_js);
}

TEST_CASE("the page holds the whole run as JSON") {
  const std::string page = render_html(testing::sample_run());
  const std::string open = "<script type=\"application/json\" id=\"run\">";
  const std::size_t start = page.find(open) + open.size();
  const std::string json = page.substr(start, page.find("</script>", start) - start);
  CHECK(render_json(parse_json(json)) == render_json(testing::sample_run()));
}

TEST_CASE("text of a migration can not end a script or begin an element") {
  const std::string page = render_html(testing::sample_run());
  CHECK(occurrences(page, "</script") == 4);
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
