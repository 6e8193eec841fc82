// Writing another tenant's rows through a view.
//
// A view that runs as somebody whom row security does not bind passes on what is written through
// it, whether it shows the row or not: one that may only be written, and one whose condition is
// held against no new row (WITH CHECK OPTION is what does that).
#pragma once

#include <vector>

#include "harness/observe/bypass_calls.h"
#include "harness/observe/bypass_objects.h"

namespace drydock {

/// DELETE, UPDATE and INSERT as far as the role may, aimed at the tenant whose rows `rows` are.
/// Empty: it may not, or nothing that could be written is known.
std::vector<BypassCall> writes_through(const BypassObject& view, const std::vector<KnownRow>& rows);

}  // namespace drydock
