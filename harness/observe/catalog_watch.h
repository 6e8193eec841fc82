// Which catalog rows changed since the last look, in one statement for any number of catalogs.
//
// Every version of a catalog row carries the transaction that wrote it (xmin), so a row with an
// xmin at or after the mark of the last look is new or changed. A row that vanished leaves nothing
// behind, but the count of rows tells: known and new rows together must be as many as there are.
// Where they are not, the rows are listed and the vanished ones are the rest.
//
// Only rows with an oid of 16384 or more are visited (through the catalogs' oid indexes): below are
// the server's own.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "harness/observe/catalog_query.h"
#include "harness/postgres/connection.h"

namespace drydock {

/// What has to be fetched again. `kind` is a CatalogKind's id and `oid` its unit (0 for kinds that
/// are fetched as a whole), or `kind` is "@catalog": whatever that catalog's row `oid` stands for;
/// or it is kTouchesRelation, and the row says something about the relation `oid`, or
/// kTouchesTypes.
struct CatalogTarget {
  std::string kind;
  std::uint32_t oid = 0;
  bool operator==(const CatalogTarget&) const = default;
};

inline constexpr std::string_view kTouchesRelation = "~", kTouchesTypes = "~types";

struct CatalogRow {
  std::string id;  ///< unique in its catalog, stable as long as the row lives
  std::vector<CatalogTarget> targets;
};

enum class WatchRole {
  kObject,       ///< counted; "@catalog" targets are looked up among these rows
  kDetail,       ///< counted; a row that belongs to an object of another catalog
  kUncounted,    ///< its rows vanish only together with an object's
  kAnnotation,   ///< counted; comments and security labels
  kEverything,   ///< counted; a changed row can be felt anywhere: take a full snapshot
  kRenamesOnly,  ///< counted; as kEverything when a known row changes, else as kDetail
};

struct CatalogWatch {
  std::string catalog;
  WatchRole role = WatchRole::kObject;
  std::string id;                ///< SQL: the row's id
  std::string target;            ///< SQL: "kind oid", several pairs separated by blanks
  std::string where;             ///< SQL: which rows
  std::string changed_too = {};  ///< SQL: rows that must be looked at whatever their xmin is
  bool counted() const { return role != WatchRole::kUncounted; }
};

std::vector<CatalogWatch> catalog_watches(const ServerTraits& server);

/// The mark to begin with: a transaction id that the server holds to be older than all others.
inline constexpr const char* kBeforeEverything = "2";

/// One statement for the watches numbered `which`. $1: the last mark (a transaction id). Rows:
/// (number of the watch, count or NULL, changed rows), and one row numbered -1 with the new mark in
/// the third column.
std::string changes_statement(const std::vector<CatalogWatch>& watches,
                              const std::vector<std::size_t>& which);

/// Whether nearly every change to a schema writes to the catalog: it is read at each look.
bool is_often_written(const std::string& catalog);

/// How many rows were ever inserted, updated and deleted in each of `catalogs`, as one value, in
/// their order, separated by blanks (PostgreSQL docs, "Statistics Functions": counted for catalogs
/// as for tables). A rolled-back change is counted, too.
std::string written_statement(const std::vector<std::string>& catalogs);

/// Ids of all rows of a watch as one value, separated by commas.
std::string list_statement(const CatalogWatch& watch);

/// The third column of a changes_statement row.
std::vector<CatalogRow> parse_changes(std::string_view text);

}  // namespace drydock
