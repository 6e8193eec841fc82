// Rows that the user brings along, put in place as soon as the schema is ready for them.
//
// A seed file is written for one moment of a schema's history, and nobody wants to say for which.
// So unless the scenario names the migration, a file is tried before each migration until it goes
// in: while it names a table or column that does not exist yet, it waits. Anything else that is
// wrong with it is an error.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/model/migration.h"
#include "harness/model/scenario.h"
#include "harness/postgres/session.h"

namespace drydock {

class DataFiles {
 public:
  /// Reads the files. Throws InputError for one that cannot be read or has no header line.
  explicit DataFiles(const Scenario& scenario);

  bool any_pending() const;

  /// Loads what can be loaded, each file in a transaction of its own in `session` (the
  /// administrator's, for this only: a file may leave settings behind). `last` is the migration
  /// applied last; empty: none yet. Returns the scripts that went in, in order; they live as long
  /// as this. Throws InputError for a file that the server refuses for another reason than that
  /// something of it is not there yet.
  std::vector<const Script*> load(Session& session, const std::string& last);

  /// At the end of the walk: throws InputError for a file that never went in, with the server's
  /// words.
  void require_all_loaded() const;

 private:
  struct Pending {
    Script script;
    std::string after;  ///< migration id; empty: as soon as it goes in
    bool due = false;   ///< the migration named has been applied, or none was named
    bool loaded = false;
    std::string waits_for;  ///< the server's words
  };

  bool try_to_load(Pending& file, Session& session);

  std::vector<Pending> files_;
};

}  // namespace drydock
