// What holds for every format: the approved output, and nothing in it that a reader could choke on.
#include <regex>

#include "harness/base/text.h"
#include "harness/testing/catch.h"
#include "harness/testing/golden.h"
#include "harness/testing/sample_run.h"
#include "reports/reporter.h"

namespace drydock {
namespace {

/// The page without its style and scripts, which are files of their own and change for other
/// reasons.
std::string without_parts(const std::string& file, const std::string& text) {
  if (file != "report.html") return text;
  std::string out;
  std::size_t at = 0;
  for (const std::string tag : {"style", "style", "style", "script", "script", "script", "script",
                                "script", "script", "script", "script"}) {
    const std::string open = "<" + tag + ">", close = "</" + tag + ">";
    const std::size_t start = text.find(open, at), end = text.find(close, start);
    REQUIRE(end != std::string::npos);
    out += text.substr(at, start + open.size() - at) + "…";
    at = end;
  }
  return std::regex_replace(out + text.substr(at), std::regex("sha256-[A-Za-z0-9+/]{43}="),
                            "sha256-…");
}

TEST_CASE("every format's output is the approved one") {
  for (const Reporter& reporter : all_reporters()) {
    const std::string text = without_parts(reporter.file, reporter.render(testing::sample_run()));
    CHECK(testing::compare_with_golden(DRYDOCK_SOURCE_DIR "/reports/golden/" + reporter.file,
                                       text) == "");
  }
}

TEST_CASE("no format holds a control character or a byte that is no UTF-8") {
  for (const Reporter& reporter : all_reporters()) {
    CAPTURE(reporter.name);
    const std::string text = reporter.render(testing::sample_run());
    CHECK(valid_utf8(text) == text);
    CHECK(std::none_of(text.begin(), text.end(), [](char c) {
      return static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t';
    }));
  }
}

TEST_CASE("every format renders a run in which nothing happened") {
  RunResult nothing;
  nothing.error = "no server was found";
  nothing.error_remedy = "Install one.";
  for (const Reporter& reporter : all_reporters()) {
    CAPTURE(reporter.name);
    CHECK(reporter.render(nothing).find("no server was found") != std::string::npos);
  }
}

TEST_CASE("names and files of the formats are unique") {
  for (const Reporter& a : all_reporters()) {
    for (const Reporter& b : all_reporters()) {
      CHECK((&a == &b || (a.name != b.name && a.file != b.file)));
    }
  }
}

}  // namespace
}  // namespace drydock
