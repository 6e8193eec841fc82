// Constraints that a script left without proof: NOT VALID ones, and foreign keys that it dropped.
//
// A constraint that nobody has held the rows to says nothing about them, and a dropped foreign key
// is how orphans come in unseen. So is one that is kept from being enforced while rows are written:
// it goes on calling itself valid. So the rows that break it are counted.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "harness/model/data_evidence.h"
#include "harness/postgres/session.h"

namespace drydock {

class ConstraintObserver {
 public:
  /// `session` is the administrator's with default settings and must outlive the observer; in its
  /// place another one may come, but it is not reset.
  explicit ConstraintObserver(Session& session) : session_(session) {}

  /// The constraints as they are before a script. `same`: they are those that unproven() saw last.
  void remember(bool same);

  /// What the script since then left without proof, with the rows that break it now. `unenforced`:
  /// it wrote rows while foreign keys were not enforced (see keeps_keys_unenforced).
  std::vector<UnprovenConstraint> unproven(bool unenforced = false);

 private:
  struct Known {
    std::string definition;
    bool foreign_key = false;
    bool validated = true;
    bool hidden = false;      ///< row security keeps rows of its tables from this session
    std::string broken_rows;  ///< SQL: the rows that break it, each as one text
    std::int64_t broken = 0;  ///< when it was NOT VALID already, or was not enforced once
  };
  using Constraints = std::map<std::pair<std::string, std::string>, Known>;  ///< by table and name

  Constraints read();
  void count(const Known& known, UnprovenConstraint& constraint);

  Session& session_;
  Constraints before_, seen_;
};

/// Whether a script may keep foreign keys from being enforced: session_replication_role, or
/// DISABLE TRIGGER.
bool keeps_keys_unenforced(std::string_view sql);

}  // namespace drydock
