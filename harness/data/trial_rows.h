// Rows that try a schema out: as unpleasant as it allows, or such as it did not allow before.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "harness/data/row_generator.h"
#include "harness/data/table_filler.h"

namespace drydock {

/// Columns with SQL instead of their ordinary values; `words` say what is special about them.
struct TrialIdea {
  std::map<std::string, std::string> fixed;
  std::int64_t rows = 1;
  std::string words;      ///< "with lot_code NULL"; empty: nothing is special
  std::string condition;  ///< SQL that the rows keep besides the table's own conditions
};

/// What may be unpleasant about one column, by its type. `limits`: what its CHECKs say.
std::vector<TrialIdea> adversarial_ideas(const TableShape& table, const ColumnShape& column,
                                         const TypeMap& types);

/// Rows that are alike in all of `columns` for which there is no rule against it; nothing where
/// those are fewer than two.
std::optional<TrialIdea> rows_alike(const TableShape& table,
                                    const std::vector<const ColumnShape*>& columns,
                                    const TypeMap& types);

/// What `now` allows and `before` did not.
std::vector<TrialIdea> new_ideas(const TableShape& before, const TypeMap& types_before,
                                 const TableShape& now, const TypeMap& types_now);

/// INSERTs for the ideas, with numbers that no row in place has.
std::vector<TrialRows> trial_rows(TableFiller& filler, const TableShape& table,
                                  const std::vector<TrialIdea>& ideas);

/// As trial_rows(), and each with what insert_jointly() needs.
std::vector<TrialRows> joint_trial_rows(TableFiller& filler, const TableShape& table,
                                        const std::vector<TrialIdea>& ideas);

}  // namespace drydock
