// The list of formats, one line each. A new format is a new file and a line here.
#include "reports/json.h"
#include "reports/reporter.h"

namespace drydock {

const std::vector<Reporter>& all_reporters() {
  static const std::vector<Reporter> reporters = {
      {"json", "run.json", render_json},
      {"junit", "junit.xml", render_junit},
      {"html", "report.html", render_html},
      {"markdown", "summary.md", render_markdown},
  };
  return reporters;
}

}  // namespace drydock
