// Differences in words: one line that tells what is wrong and, where there is one, the statement
// that mends it. Reports, findings and the console print the same line.
#pragma once

#include <string>

#include "harness/model/schema.h"

namespace drydock {

/// "index public.users_email_idx is missing: CREATE INDEX …". Always one line; long values and
/// statements are cut.
std::string describe(const SchemaDifference& difference);

/// "index public.users_email_idx".
std::string describe(const ObjectKey& key);

}  // namespace drydock
