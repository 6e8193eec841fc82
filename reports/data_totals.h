// What the summaries say of rows: how much of a scenario was rehearsed with rows in place, and what
// rolling back costs.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "harness/model/run_result.h"

namespace drydock {

/// A table that stayed emptier than asked, and the migration before which it should have had rows.
struct UnfilledTable {
  std::string table, migration;
  std::int64_t rows = 0, wanted = 0;
  std::string problem, remedy;
};

struct RowsSummary {
  std::int64_t tables = 0;  ///< that were to be filled
  std::int64_t rows = 0;    ///< in them
  std::vector<UnfilledTable> unfilled;
};

/// A table that was worked on before several migrations counts as the last of them left it.
RowsSummary summarize_rows(const ScenarioRun& run);

/// "1,000 rows in each table: 59 of 61 tables filled, 58,412 rows (typical, seed 7)"; empty when no
/// rows were asked for and no table was filled.
std::string rows_phrase(const ScenarioRun& run);

/// "2 of 61 tables could not be filled as asked"; empty when all could.
std::string unfilled_phrase(const RowsSummary& summary);

/// "58,412"
std::string grouped(std::int64_t number);

/// Whether a table that the migration itself makes, and whose rows go with it, is worth telling.
enum class OwnTables { kTold, kLeftOut };

/// What the down takes away, of rows that were there before and of rows written since:
/// "3 rows of public.lots; what is written to public.lots.lot_code; all rows of public.parcels".
/// Empty when nothing was seen to be lost.
std::string loss_statement(const DataEvidence& data, OwnTables own);

}  // namespace drydock
