// Filling one table: the planned INSERT first, and when the server refuses it, what can be learnt
// from its words, until rows are in or nothing is left to try.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "harness/data/row_plan.h"
#include "harness/data/shape_reader.h"
#include "harness/model/data_evidence.h"
#include "harness/model/scenario.h"
#include "harness/postgres/session.h"

namespace drydock {

/// The server's statement_timeout is 60 s; beyond it the connection itself is in doubt.
inline constexpr auto kPatience = std::chrono::seconds(90);

/// The server's message, with what it says in detail.
std::string words_of(const ServerError& error);

/// What is in a table, and in the parents that its foreign keys point to.
struct RowsInPlace {
  std::int64_t count = 0;
  std::map<std::string, std::int64_t> largest;  ///< of its integer columns; 0 where all are NULL
  std::vector<ParentFacts> parents;             ///< one for each foreign key
};

class TableFiller {
 public:
  TableFiller(Session& session, const ShapeReader& shapes, const Scenario& scenario,
              std::vector<std::string>& journal);

  /// Brings `table` to `wanted` rows as far as it goes. `grew` is set to whether it got any.
  FilledTable fill(const TableShape& table, std::int64_t wanted,
                   const std::map<std::size_t, Postponed>& postponed, bool& grew);

  /// Sets a foreign key that was postponed, or points to the table itself; a note when it failed.
  std::string link(const TableShape& table, std::size_t key, bool all);

  /// Several tables whose foreign keys go round, in one transaction with constraints deferred.
  std::vector<FilledTable> fill_together(
      const std::vector<std::pair<const TableShape*, std::map<std::size_t, Postponed>>>& parts,
      const std::vector<std::int64_t>& wanted);

  /// Values for columns that a table got: in four of five rows that have none. `rows` of the answer
  /// is 0 where there are none.
  FilledTable fill_columns(const TableShape& table, const std::vector<std::string>& columns);

  /// As RowGenerator::repair.
  bool repair(const TableShape& table, const std::vector<std::string>& columns, bool unique);

  /// By one look at the table and one at its parents, in one round trip.
  RowsInPlace look_at_rows(const TableShape& table);

  /// For a plan over `rows`. `first`: number of the first row planned.
  PlanInput input(const TableShape& table, const RowsInPlace& rows, std::int64_t wanted,
                  std::int64_t first) const;

  /// Runs `sql` as one message, and writes it down when it changed rows.
  Reply run(const std::string& sql);

  const TableRule* rule_of(const TableShape& table) const;

 private:
  struct Attempt;
  std::int64_t count(const TableShape& table);
  std::string parents_question(const TableShape& table) const;
  void check_rule(const TableShape& table);
  void insert_rows(const TableShape& table, Attempt& attempt);
  bool guess_value(const TableShape& table, Attempt& attempt);
  bool learn(const ServerError& error, const TableShape& table, Attempt& attempt);
  bool try_harder(const TableShape& table, Attempt& attempt);
  void advance_sequences(const TableShape& table);
  void tell(const TableShape& table, const Attempt& attempt, FilledTable& filled) const;
  std::string remedy(const TableShape& table, const std::string& column) const;

  Session& session_;
  const ShapeReader& shapes_;
  const Scenario& scenario_;
  std::vector<std::string>& journal_;
};

}  // namespace drydock
