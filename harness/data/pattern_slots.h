// Texts that match a regular expression, from the expression: one slot a character, each with the
// characters it may be. Enough for the patterns people write into CHECK constraints; what is beyond
// it (back references, look-around) is said to be.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace drydock {

/// The characters that may stand at one place; one character: a literal.
using Slots = std::vector<std::string>;

/// Slots of one text that `pattern` (PostgreSQL's advanced regular expressions) matches. `choice`
/// varies what the pattern leaves open: which alternative, how many repetitions. Empty: the pattern
/// is beyond us.
std::optional<Slots> slots_of_pattern(std::string_view pattern, int choice = 0);

/// Number of texts that the slots allow, at most 2^40.
std::int64_t texts_of_slots(const Slots& slots);

/// SQL text by the SQL bigint `number`: injective below texts_of_slots().
std::string sql_of_slots(const Slots& slots, const std::string& number);

}  // namespace drydock
