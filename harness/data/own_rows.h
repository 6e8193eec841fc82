// Rows that migrations, or files of the user, put into tables that the generator fills too.
//
// When generated rows have to go, these must stay: a later migration may count on them. Who wrote a
// row cannot be seen in the row, and its values may have changed since. What tells them apart is
// a second database that went through the same migrations without generated rows: whatever is in
// it, somebody meant.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "harness/data/table_shape.h"
#include "harness/postgres/session.h"

namespace drydock {

class OwnRows {
 public:
  /// Knows of no table.
  OwnRows() = default;

  /// Reads from `untouched`, a database with the same tables and without generated rows, what is in
  /// those of `names`, in the tables that refer to them, and in those that these rows refer to.
  /// `tables` are the present ones.
  OwnRows(Session& untouched, const std::map<Oid, TableShape>& tables,
          const std::vector<std::string>& names);

  /// Whether the rows of the table can be told from generated ones.
  bool knows(const std::string& table) const { return rows_.contains(table); }
  std::int64_t count(const std::string& table) const;

  /// The INSERT that puts them into an empty table again; empty when there are none.
  std::string insert(const TableShape& table) const;

  /// A query with one value: how many of them a foreign key leads to a row that its parent, as it
  /// is in the present database, does not have. Empty when there are none.
  std::string strays(const TableShape& table, const ForeignKeyShape& key) const;

 private:
  struct Kept {
    std::int64_t count = 0;
    std::vector<std::string> values;  ///< "(1, 'a')", of the columns that take values, in order
    std::map<std::string, std::vector<std::string>> keys;  ///< by foreign key: "(1,a)"
  };
  void read_table(Session& untouched, const TableShape& table);

  std::map<std::string, Kept> rows_;  ///< by qualified name
};

/// The tables and all that refer to them, however far away.
std::set<Oid> with_referring_tables(const std::map<Oid, TableShape>& tables, std::set<Oid> some);

/// What must be emptied together with `some` in the database of `session`, so that no row refers to
/// one that is gone, the rows that stay included.
std::set<Oid> emptied_together(Session& session, const std::map<Oid, TableShape>& tables,
                               const OwnRows& own, std::set<Oid> some);

}  // namespace drydock
