// Small pieces of SQL text from which the statements of the generator are put together.
//
// Everything a statement chooses it chooses by arithmetic over the row's number, a column of type
// bigint called n, and a salt: no random(), no now(), so that equal input gives equal rows.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/sql_text.h"

namespace drydock {

/// A number made of the seed and words that differ by purpose; positive, below 2^31.
std::uint64_t make_salt(std::uint64_t seed, const std::vector<std::string_view>& words);

/// An SQL bigint in 0 … count - 1 that looks random: a hash of `number` (an SQL bigint) and `salt`.
std::string sql_pick(const std::string& number, std::uint64_t salt, std::int64_t count);

/// One of `texts` (not empty), by the SQL index `index` in 0 … texts.size() - 1.
std::string sql_one_of(const std::vector<std::string>& texts, const std::string& index);

}  // namespace drydock
