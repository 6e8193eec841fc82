// What was seen of rows as plain text, for the formats that have no layout of their own. All of it
// is printable, one line a string.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/model/data_evidence.h"

namespace drydock {

/// "'A-7'", "NULL"; on one line, shortened.
std::string value_text(const std::optional<std::string>& value);

/// What differs: each table with its rows before and after, its columns with a handful of values,
/// each sequence that was set back. Empty when nothing does.
std::vector<std::string> contents_lines(const ContentsDiff& contents);

/// One line when it passed; else the rows that were expected and those that were found.
std::vector<std::string> assertion_lines(const AssertionResult& assertion);

/// The part of the evidence that a check on rows judged; empty for other checks. Ends with a
/// newline when it is not empty.
std::string data_text(const DataEvidence& data, const std::string& check);

}  // namespace drydock
