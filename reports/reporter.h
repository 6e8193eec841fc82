// The formats a run is written in. A reporter is a pure function from a finished RunResult to
// bytes: it never sees a server, a clock or a file, so `drydock report run.json` can print any of
// them again.
#pragma once

#include <string>
#include <vector>

#include "harness/model/run_result.h"

namespace drydock {

struct Reporter {
  std::string name;                         ///< what --format would take: "junit"
  std::string file;                         ///< its name in the output directory: "junit.xml"
  std::string (*render)(const RunResult&);  ///< the whole file, UTF-8
};

/// Every format that is written to the output directory, in the order it is written.
const std::vector<Reporter>& all_reporters();

std::string render_junit(const RunResult& result);     ///< junit.xml, for build servers
std::string render_html(const RunResult& result);      ///< report.html, one self-contained page
std::string render_markdown(const RunResult& result);  ///< summary.md, for a job summary

}  // namespace drydock
