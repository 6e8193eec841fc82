// A page written to a file of its own and opened in a real browser: what tests of the page begin
// and end with.
#pragma once

#include <unistd.h>

#include <filesystem>
#include <string>
#include <vector>

#include "harness/base/files.h"
#include "harness/testing/catch.h"
#include "harness/testing/chromium.h"
#include "reports/reporter.h"

namespace drydock::testing {

/// The page of a run, removed at the end.
class PageFile {
 public:
  explicit PageFile(const RunResult& result)
      : path_(std::filesystem::temp_directory_path() /
              ("drydock-page-" + std::to_string(getpid()) + ".html")) {
    write_file(path_, render_html(result));
  }
  ~PageFile() { std::filesystem::remove(path_); }
  std::string url(const std::string& fragment = "") const {
    return "file://" + path_.string() + (fragment.empty() ? "" : "#" + fragment);
  }

 private:
  std::filesystem::path path_;
};

/// Whether there is no browser to try the page in; says so.
inline bool no_browser() {
  if (Chromium::installed()) return false;
  WARN("Chromium is not installed: the page was not tried in a browser");
  return true;
}

/// The page complained of nothing and asked the network for nothing.
inline void check_clean(const Chromium& page) {
  CHECK(page.complaints() == std::vector<std::string>{});
  CHECK(page.requests() == std::vector<std::string>{});
}

}  // namespace drydock::testing
