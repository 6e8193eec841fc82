// Which relation an oid is, kept by somebody who remembers.
//
// pg_locks names what is locked by oid. Whoever looks the name up then finds nothing of a table
// that the statement has just dropped, and the new name of one that it has renamed. So the names
// are taken before, and what was once known stays known.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "harness/model/lock_evidence.h"
#include "harness/postgres/connection.h"

namespace drydock {

using Oid = std::uint32_t;

struct KnownRelation {
  std::string name;      ///< qualified, quoted where needed
  char relkind = 'r';    ///< as in pg_class
  Oid table = 0;         ///< of an index, or of a TOAST table
  Oid parent = 0;        ///< of a partition
  Oid file = 0;          ///< relfilenode; 0: none of its own
  bool nobodys = false;  ///< of the system or temporary: nobody else can be waiting for it

  LockedKind kind() const;
  bool has_rows() const { return relkind == 'r' || relkind == 'm'; }
  bool is_index() const { return relkind == 'i' || relkind == 'I'; }
};

class RelationMap {
 public:
  /// `connection` is the administrator's and must outlive the map.
  explicit RelationMap(Connection& connection) : connection_(connection) {}

  /// What is known now was there before the phase; what comes to be known was made by it.
  void phase_begins() { new_.clear(); }

  /// Reads what is new or changed in the catalogs; names of dropped relations are kept.
  void refresh();
  /// The same in a round trip with other queries: what to ask, and its answers in the same order.
  std::vector<PreparedQuery> questions() const;
  void take(const std::vector<Rows>& answers);

  /// The same, but only of schemas, of the relations `changed`, and of their indexes and TOAST
  /// tables: does not grow with the number of relations that there are.
  std::vector<PreparedQuery> questions_about(const std::set<Oid>& changed) const;
  void take_some(const std::vector<Rows>& answers);

  /// Null: not known, or a TOAST table whose owner is not.
  const KnownRelation* find(Oid oid) const;
  /// A TOAST table or its index: whoever locks or rewrites it does so to its table as well.
  bool is_toast(const KnownRelation& relation) const;
  /// It came during this phase.
  bool is_new(Oid oid) const { return new_.count(oid) != 0; }
  const std::set<Oid>& new_relations() const { return new_; }
  const std::map<Oid, KnownRelation>& all() const { return relations_; }
  /// Leaf partitions below `root`; a table that is none has none.
  std::vector<Oid> leaves(Oid root) const;

 private:
  struct Row {
    std::string name;
    Oid schema = 0;
  };
  void take_schemas(const Rows& rows);
  void take_relations(const Rows& rows);

  Connection& connection_;
  std::string seen_until_;  ///< transaction id below which everything was seen; empty: nothing was
  std::map<Oid, std::string> schemas_;
  std::map<Oid, Row> names_;
  std::map<Oid, KnownRelation> relations_;
  std::set<Oid> new_;
};

}  // namespace drydock
