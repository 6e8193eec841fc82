// What the checks about phases and about schema differences share: judgement and words.
#pragma once

#include <string>

#include "harness/checks/check.h"

namespace drydock {

/// The server's words: message, SQLSTATE, and detail and hint on lines of their own.
std::string words_of(const Failure& error);

/// Judges whether a phase ran through. The finding of one that failed says what (`failed`: "the up
/// script failed"), where, the server's words, and what it left behind.
Judgement judge_phase(const CheckText& check, const std::string& failed, const Phase& phase,
                      const Rehearsal& rehearsal);

/// One finding for all `differences`, worst class first; empty when there are none. `intro` is its
/// first line. Only cosmetic differences make a warning. The finding points at the first statement
/// that names the worst difference's object: in the down script, else in the up script; else at the
/// first statement of `file`.
std::vector<Finding> difference_findings(const CheckText& check, const std::string& intro,
                                         const SchemaDiff& differences, const Rehearsal& rehearsal,
                                         const std::string& file);

}  // namespace drydock
