// Which columns a policy compares with the context that its application sets.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>

#include "harness/observe/tenancy_catalog.h"

namespace drydock {

/// What the policies of one table read.
struct PolicyColumns {
  std::set<int> compared;  ///< with a setting or the current role, in the same condition
  std::set<int> read;      ///< elsewhere in a policy that reads the context: in a subquery
};

/// By table; tables whose policies read no context are not in it.
std::map<std::uint32_t, PolicyColumns> policy_columns(const TenancyCatalog& catalog);

/// `text` holds `word` and neither a letter, a digit nor _ stands next to it.
bool holds_word(std::string_view text, std::string_view word);

}  // namespace drydock
