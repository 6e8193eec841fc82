// An UPDATE taken apart into table, SET and condition, and a loop's UPDATE freed of its loop.
#pragma once

#include <cstdint>
#include <set>
#include <string>

#include "bench/sql_words.h"

namespace drydock {

struct UpdateParts {
  std::string table, set, where;
  std::int64_t batch_size = 0;  ///< LIMIT of the subquery that finds the rows; 0: none, no number
  std::string problem;          ///< why it is not understood; the rest is empty then
};

/// The statement [first, end) of `words`, which begins with UPDATE or WITH. `variables`: names that
/// are no columns, in lower case; conditions in which one stands are left out.
UpdateParts take_update_apart(const SqlWords& words, std::size_t first, std::size_t end,
                              const std::set<std::string>& variables);

}  // namespace drydock
