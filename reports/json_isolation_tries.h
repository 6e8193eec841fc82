// Tries in few bytes. Nearly all of them hold, or could not be made for a reason that says it all,
// and many got the same answer: such tries are one text and the commands that it was given to,
//
//   "held": {"other": {"0 of 500 rows": "select copy lock_rows update delete"}}
//
// and a statement stands only where it is another than in the situation before. Every other try is
// written whole.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "harness/model/isolation_evidence.h"
#include "reports/json_isolation_words.h"
#include "reports/json_ref.h"

namespace drydock::json_format {

using Texts = std::map<std::string, std::string>;
using TextsBySituation = std::map<IsolationSituation, Texts>;

struct PackedTries {
  std::vector<IsolationProbe> whole;
  /// By answer, the commands that got it, separated by blanks. An answer is a try's outcome, behind
  /// "R of N: " where rows are told that the outcome does not begin with.
  TextsBySituation held, not_tried;
  /// By command, the statement of a try that held.
  TextsBySituation statements;
};

PackedTries pack_tries(const std::vector<IsolationProbe>& probes);

/// Those that held, those that were not made, then the whole ones in their order: so that packing
/// it again gives the same. Commands that are not known are left out.
std::vector<IsolationProbe> unpack_tries(const PackedTries& packed);

template <class A>
void describe_by_situation(A& a, const char* name, TextsBySituation& texts) {
  if (A::kWrites && texts.empty()) return;
  a.nested(name, [&](auto& by_situation) {
    for (const IsolationSituation situation : json_words::kIsolationSituations)
      by_situation.unless(word(situation), texts[situation], Texts());
  });
}

}  // namespace drydock::json_format
