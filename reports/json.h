// run.json: the whole evidence of a run, so that it can be judged and printed again without a
// server. docs/report-format.md tells every field; schema_version grows only when one is renamed.
#pragma once

#include <string>

#include "harness/model/run_result.h"

namespace drydock {

/// Indented, UTF-8, ends with a newline. Bytes that are no UTF-8 become U+FFFD; durations are
/// rounded to a microsecond. render_json(parse_json(x)) == x for every x that it wrote.
std::string render_json(const RunResult& result);

/// The same without white space and with packed ledgers (json_packed.h), for embedding in the page.
std::string render_json_packed(const RunResult& result);

/// Throws Error with the JSON pointer and what was expected there. Fields it does not know are left
/// out; fields that are absent keep their defaults, but for those a verdict hangs on.
RunResult parse_json(const std::string& text);

}  // namespace drydock
