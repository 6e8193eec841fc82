// The shapes of tables and types, out of the catalogs, a few set-based queries for any number of
// tables. What changed since the last look is known by a fingerprint a table: transaction ids and
// numbers of its rows in the catalogs, which one cheap query gives; or somebody tells it.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "harness/data/table_shape.h"
#include "harness/model/touched.h"
#include "harness/postgres/session.h"

namespace drydock {

class ShapeReader {
 public:
  /// `touched`: may be empty.
  ShapeReader(Session& session, TouchedSource touched);

  /// Reads again what changed. Returns whether anything did.
  bool refresh();

  /// Tables that rows can be written to: ordinary and partitioned ones, without partitions (their
  /// root stands for them), without those of extensions, temporary and foreign ones.
  const std::map<Oid, TableShape>& tables() const { return tables_; }
  const TypeMap& types() const { return types_; }

  /// Materialized views that hold rows and can show those of `tables`, in the order they were made.
  std::vector<std::string> populated_views_over(const std::vector<Oid>& tables);

 private:
  std::map<Oid, std::string> look();
  bool can_be_told(const Touched& touched) const;
  bool read_told(const std::set<Oid>& told);
  std::set<Oid> with_children(const std::set<Oid>& changed) const;
  /// A reading of tables, whose oids `sql` calls $1, and what takes its rows.
  struct Reading {
    const char* name;
    std::string sql;
    void (ShapeReader::*take)(const Rows&);
  };
  std::vector<Reading> readings() const;
  /// All readings of `tables` anew, in one round trip. They are planned once a session, because
  /// planning them costs more than running them.
  void read(const std::set<Oid>& tables);
  void take_tables(const Rows& rows);
  void take_columns(const Rows& rows);
  void take_checks(const Rows& rows);
  void take_foreign_keys(const Rows& rows);
  void take_uniques(const Rows& rows);
  void take_exclusion_parts(const Rows& rows);
  void take_partitions(const Rows& rows);
  void take_types(const Rows& rows);
  void read_type_details(const std::string& oids);

  Session& session_;
  TouchedSource touched_;
  int version_ = 0;
  bool look_prepared_ = false, readings_prepared_ = false;
  std::map<Oid, std::string> fingerprints_;
  std::string types_fingerprint_;
  std::map<Oid, TableShape> tables_;
  TypeMap types_;
};

}  // namespace drydock
