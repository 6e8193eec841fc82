// The shapes of tables and types, out of the catalogs, a few set-based queries for any number of
// tables. What changed since the last look is known by a fingerprint a table: transaction ids and
// numbers of its rows in the catalogs, which one cheap query gives.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "harness/data/table_shape.h"
#include "harness/postgres/session.h"

namespace drydock {

class ShapeReader {
 public:
  explicit ShapeReader(Session& session);

  /// Reads again what changed. Returns whether anything did.
  bool refresh();

  /// Tables that rows can be written to: ordinary and partitioned ones, without partitions (their
  /// root stands for them), without those of extensions, temporary and foreign ones.
  const std::map<Oid, TableShape>& tables() const { return tables_; }
  const TypeMap& types() const { return types_; }

  /// Materialized views that hold rows, in the order they were made.
  std::vector<std::string> populated_views();

 private:
  std::map<Oid, std::string> look();
  /// A reading of the tables (or types) numbered `oids`, which `sql` calls $1; planned once a
  /// session under `name`, because planning these costs more than running them.
  Rows read(const std::string& name, const std::string& sql, const std::string& oids);
  void read_tables(const std::string& oids);
  void read_columns(const std::string& oids);
  void read_constraints(const std::string& oids);
  void read_uniques(const std::string& oids);
  void read_exclusion_parts(const std::string& oids);
  void read_partitions(const std::string& oids);
  void read_types(const std::string& oids);
  void read_type_details(const std::string& oids);

  Session& session_;
  int version_ = 0;
  std::set<std::string> prepared_;
  std::map<Oid, std::string> fingerprints_;
  std::string types_fingerprint_;
  std::map<Oid, TableShape> tables_;
  TypeMap types_;
};

}  // namespace drydock
