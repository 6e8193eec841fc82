// What two runs of the same scripts made of the rows, told apart by a number and a digest a table.
#pragma once

#include <string>

#include "harness/observe/contents.h"

namespace drydock {

/// "public.lots has 5 rows instead of 7"; empty when they are alike, or when one of both has no
/// such table: that is for the schema to tell.
std::string contents_difference(const std::string& table, const ContentsPrints& expected,
                                const ContentsPrints& found);

}  // namespace drydock
