// What a check is: a value with its own id and words, and a pure function from evidence to
// findings.
//
// To add one: ci/new-check ID. It is one file here, one line in all_checks.cc, one test, one page,
// one good and one bad fixture.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/model/evidence.h"
#include "harness/model/finding.h"
#include "harness/model/scenario.h"

namespace drydock {

/// Exactly one of three: not asked (with the reason), could not tell (with the reason), or judged.
struct Judgement {
  std::optional<std::string> skipped;
  std::optional<std::string> errored;
  std::vector<Finding> findings;  ///< judged: none means passed
};

struct Check {
  CheckText text;
  Judgement (*judge)(const Rehearsal&, const Scenario&);
};

/// The one list, in the order of reports.
const std::vector<const Check*>& all_checks();

/// Throws Error that names the nearest id.
const Check& find_check(const std::string& id);

inline Judgement skip(std::string reason) { return {std::move(reason), {}, {}}; }
inline Judgement could_not_tell(std::string reason) { return {{}, std::move(reason), {}}; }
inline Judgement judged(std::vector<Finding> findings) { return {{}, {}, std::move(findings)}; }

}  // namespace drydock
