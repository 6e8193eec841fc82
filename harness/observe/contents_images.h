// What is remembered of tables: a digest of each, and an image to compare rows with.
//
// An image is a temporary table of the observer's session with one text column for each column, so
// that it refers to no type and no collation of the user's: those can be dropped while it is there.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "harness/observe/contents_tables.h"

namespace drydock {

struct TableDigest {
  std::int64_t rows = 0;
  std::string sum;  ///< empty without rows
  bool operator==(const TableDigest&) const = default;
};

/// One digest to be taken: of which rows, over which columns.
struct DigestRequest {
  std::string source;
  std::vector<DigestColumn> columns;
};

/// All of them, in few round trips.
std::vector<TableDigest> take_digests(ContentsTransaction& transaction,
                                      const std::vector<DigestRequest>& requests,
                                      int server_version);

struct RememberedTable {
  TableMark mark;
  std::shared_ptr<const WatchedTable> shape;
  TableDigest digest;
  std::string image;  ///< for FROM; empty: there are no rows, or `problem` says why not
  std::vector<int> image_columns;         ///< attnums of the image's columns
  std::string problem;                    ///< the server's words
  std::map<Oid, std::int64_t> part_rows;  ///< of a partitioned table: rows in each partition
};

/// Equal prints are equal contents.
ContentsPrints take_prints(ContentsTransaction& transaction,
                           const std::vector<std::shared_ptr<const WatchedTable>>& tables,
                           int server_version);

/// Counts the rows in the partitions of those of `tables` that have any.
void count_parts(ContentsTransaction& transaction, const std::vector<RememberedTable*>& tables);

/// Whether the columns of both hold values of the same types in the same places.
bool same_columns(const WatchedTable& a, const WatchedTable& b);

/// Whether counters, files or columns moved. `now` may belong to a table made anew.
bool can_have_changed(const RememberedTable& table, const TableMark& now,
                      const WatchedTable& shape);

/// Whether an enum or composite type changed in which the table may have values: they print
/// otherwise although nobody wrote to it (RENAME VALUE, ADD ATTRIBUTE).
bool may_print_otherwise(const RememberedTable& table, const TableMark& now);

std::vector<DigestColumn> digest_columns(const WatchedTable& shape);

/// Makes the images of `tables`: fills the one that is there anew where its columns are the same
/// (that moves a few catalog rows instead of dozens), else makes one under a name that ends in the
/// next `serial`. Tables without rows get none.
void make_images(ContentsTransaction& transaction, const std::vector<RememberedTable*>& tables,
                 std::uint64_t& serial);

void drop_images(ContentsTransaction& transaction, const std::vector<std::string>& images);

}  // namespace drydock
