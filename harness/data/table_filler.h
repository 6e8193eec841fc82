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

class TableFiller {
 public:
  TableFiller(Session& session, const ShapeReader& shapes, const Scenario& scenario,
              std::vector<std::string>& journal);

  /// Brings `table` to `wanted` rows as far as it goes.
  FilledTable fill(const TableShape& table, std::int64_t wanted,
                   const std::map<std::size_t, Postponed>& postponed);

  /// Sets a foreign key that was postponed, or points to the table itself; a note when it failed.
  std::string link(const TableShape& table, std::size_t key, bool all);

  /// Several tables whose foreign keys go round, in one transaction with constraints deferred.
  std::vector<FilledTable> fill_together(
      const std::vector<std::pair<const TableShape*, std::map<std::size_t, Postponed>>>& parts,
      const std::vector<std::int64_t>& wanted);

  /// Values for columns that a table with rows got: in four of five rows that have none.
  FilledTable fill_columns(const TableShape& table, const std::vector<std::string>& columns);

  /// As RowGenerator::repair.
  bool repair(const TableShape& table, const std::vector<std::string>& columns, bool unique);

  std::int64_t count(const TableShape& table);

  /// What a plan needs to know of rows in place. `first`: number of the first row planned.
  PlanInput facts(const TableShape& table, std::int64_t wanted, std::int64_t first);

  /// Runs `sql` as one message, and writes it down when it changed rows.
  Reply run(const std::string& sql);

  const TableRule* rule_of(const TableShape& table) const;

 private:
  struct Attempt;
  void look_at_rows(const TableShape& table, std::int64_t first, PlanInput& input);
  void look_at_parents(const TableShape& table, PlanInput& input);
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
