// Approved outputs: a test compares the whole text with a file under version control. With
// DRYDOCK_APPROVE=1 in the environment the file is rewritten instead, for a person to read the
// diff.
#pragma once

#include <string>

namespace drydock::testing {

/// Empty when `text` is what the file `path` holds; else the first line that differs and what to
/// do.
std::string compare_with_golden(const std::string& path, const std::string& text);

}  // namespace drydock::testing
