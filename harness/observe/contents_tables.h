// Which tables hold rows of the user's, what their columns are, and which of them can have changed.
//
// A table is looked at in two steps. The mark of every table is read each time, in one statement
// that visits a few catalog rows a table: transaction ids of its catalog rows (they move with every
// change to table, columns or indexes), its files (replaced by TRUNCATE and rewrites) and the
// number of rows ever written (counters of the statistics). Columns and keys are read only for
// tables whose mark moved. Where somebody follows the catalogs anyway and tells which tables were
// touched, the mark does without their transaction ids, which are most of its cost.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "harness/model/contents.h"
#include "harness/model/touched.h"
#include "harness/observe/contents_transaction.h"
#include "harness/observe/digest.h"

namespace drydock {

using Oid = std::uint32_t;

/// Types whose values can be the same in another type although they print differently.
enum class ValueFamily { kExactNumber, kText, kPaddedText, kJson, kMoment, kUuid, kOther };

struct WatchedColumn {
  int number = 0;    ///< attnum
  std::string name;  ///< as it is, not quoted
  std::string type;  ///< as format_type() prints it, fit for a cast
  Oid type_oid = 0;
  int type_modifier = -1;
  ValueFamily family = ValueFamily::kOther;
  bool required = false;  ///< NOT NULL
  DigestColumn digest;    ///< its quoted name, and how it is hashed and printed
  bool operator==(const WatchedColumn&) const = default;
};

struct WatchedTable {
  Oid oid = 0;
  ContentsKind kind = ContentsKind::kTable;
  std::string name;    ///< qualified, quoted where needed
  std::string source;  ///< for FROM: with ONLY, unless it is the root of partitions
  std::vector<WatchedColumn> columns;
  std::vector<int> key;  ///< attnums; empty: none
  bool operator==(const WatchedTable&) const = default;

  /// Whether a change to a type of the user's can change how its rows print.
  bool uses_own_types() const;
  const WatchedColumn* column(int number) const;
  const WatchedColumn* column(const std::string& name) const;
};

/// What tells that a table can have changed.
struct TableMark {
  Oid oid = 0;
  std::string name;
  char relkind = 'r';    ///< 'u': a materialized view that is not populated
  Oid root = 0;          ///< of the partition tree it is a part of; 0: it is a table of its own
  std::string versions;  ///< of its catalog rows; empty: those of when its shape was last read
  std::string types;     ///< version of all types of the user's
  std::vector<std::pair<Oid, Oid>> files;  ///< (table or partition, file)
  std::int64_t written = 0;
  std::string hidden_from;  ///< the role that looks, where row security keeps rows from it
};

/// A table of its own, whose rows are there to be read by the session that looked.
bool can_be_read(const TableMark& mark);

/// Rows ever written to each table, partition and materialized view, as the counters have it.
/// REQUIRES: no transaction is open in `session`, which would remember older counters.
std::map<Oid, std::int64_t> written_rows(Session& session);

/// Number of rows and digest of tables, by name and with their columns in the order of their names:
/// equal prints are equal contents, whatever was dropped and made again in between.
using ContentsPrints = std::map<std::string, std::string>;

class ContentsTables {
 public:
  /// `touched`: may be empty.
  explicit ContentsTables(TouchedSource touched);

  /// The marks of all tables as they are now, partitions among them, by oid. Counters include what
  /// this session's open transaction wrote. Prepares statements named drydock_… in the session,
  /// which has to be the same at each call.
  std::map<Oid, TableMark> look(ContentsTransaction& transaction);

  /// The shapes of `marks`' tables; reads those that are not known under this mark.
  std::map<Oid, std::shared_ptr<const WatchedTable>> shapes(
      ContentsTransaction& transaction, const std::vector<const TableMark*>& marks);

 private:
  struct Known {
    std::string versions, types;
    std::shared_ptr<const WatchedTable> shape;
  };
  static bool is_good(const Known& known, const TableMark& mark);
  /// Fills in columns and keys of the tables in `read`, whose oids are listed in `oids`.
  void read_shapes(ContentsTransaction& transaction, const std::string& oids,
                   std::map<Oid, std::shared_ptr<WatchedTable>>& read);

  using KnownTables = std::map<Oid, Known>;
  enum class Look { kInside, kAlone, kTold };
  Look kind_of_look(const ContentsTransaction& transaction);

  TouchedSource touched_;
  KnownTables known_, known_inside_;  ///< what a transaction under way sees may be taken back
  int types_told_ = 0;                ///< how often touched_ told of types
  int number_ = 0;                    ///< of this reader, in the names of its statements
  std::set<Look> prepared_;
  bool readings_prepared_ = false;
};

}  // namespace drydock
