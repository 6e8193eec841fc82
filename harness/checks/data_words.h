// What the checks on data share: what is left to judge, and the words for it.
//
// A finding about a table says in its first line what happened, then each loss with its exact
// number, then a handful of rows as they were and as they are.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/model/contents.h"
#include "harness/model/evidence.h"
#include "harness/model/finding.h"
#include "harness/model/scenario.h"

namespace drydock {

/// Why nothing can be said about data; none when the contents were observed.
std::optional<std::string> why_no_data(const DataEvidence& data);

/// Whether the scenario takes the table, or every column of this name, out (preserve.may_change).
bool may_change(const Scenario& scenario, const std::string& table);
bool may_change(const Scenario& scenario, const std::string& table, const std::string& column);

/// The change without what the scenario takes out, and without columns in which nothing was lost.
/// `kept` is false when nothing is left to judge.
struct Harm {
  TableChange change;
  bool kept = false;
};
Harm harm_of(const TableChange& change, const Scenario& scenario);

/// Whether nothing happened but that NULL became a value: nothing is lost, but nobody can tell any
/// more which rows had none.
bool only_filled(const TableChange& change);

/// "'A-7'", "NULL"; on one line, shortened.
std::string quoted(const std::optional<std::string>& value);

/// "id = 7: 'A-7' → 'A'". Long values are shown around the first character that differs.
std::string describe(const ChangedValue& value);

/// Why nothing of the table was compared, and what to do; REQUIRES: it was hidden from somebody.
std::string why_hidden(const TableChange& table);
std::string remedy_for_hidden(const TableChange& table);

/// "public.lots", "public.lots (now public.batches)".
std::string name_of(const TableChange& table);

/// "  12 of 1000 rows are gone: id = 3; id = 9; …"; empty when none is.
std::string describe_lost_rows(const TableChange& table);

/// "  code has another value in 812 of 988 rows (text → integer):" and samples on further lines.
std::string describe_column(const ColumnChange& column, const TableChange& table);

/// The samples alone, one a line.
std::string describe_samples(const ColumnChange& column);

/// "sequence public.lots_id_seq goes back from 1001 to 5, and public.lots.id holds 1000 already".
std::string describe(const SequenceChange& sequence);

/// "table public.lots" (or what it is) and "column public.lots.code" of each column.
std::vector<std::string> objects_of(const TableChange& table);

/// What the server says its refusal is about: "constraint …", "column …", "table …".
std::vector<std::string> objects_of(const Failure& failure);

/// What a finding about them is known by: what happened, and the table. Which of its columns show a
/// loss, and which constraint is met first, may change with the seed and the number of rows.
std::vector<std::string> known_by(const std::string& happened, const TableChange& table);
std::vector<std::string> known_by(const std::string& happened, const Failure& failure);

/// The names by which statements may call the columns of the change, changed ones first.
std::vector<std::string> column_names(const TableChange& table);

}  // namespace drydock
