// The one UPDATE in the body of a DO block or procedure, and the names that are variables there.
#pragma once

#include <set>
#include <string>
#include <string_view>

#include "bench/update_parts.h"

namespace drydock {

struct LoopBody {
  bool updates = false;  ///< an UPDATE is in it, or may be in what it puts together
  UpdateParts parts;     ///< REQUIRES: updates
};

/// `arguments`: a procedure's, as they stand between its brackets.
LoopBody read_loop_body(std::string_view body, std::string_view arguments = {});

/// What is between the dollars of "$tag$…$tag$"; empty when the word is no such text.
std::string_view dollar_text(std::string_view word);

}  // namespace drydock
