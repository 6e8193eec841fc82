// The databases of a walk and how to get back to a known state.
//
// One work database is stepped forward in place. When a script leaves it in a state that cannot be
// gone on from, it is rebuilt: a twin database follows the walk with up scripts only, and lazily
// (each up is replayed at most once however often a rebuild is needed), and the new work database
// is a copy of it. Roles are not part of a database: where the migrations made or changed some,
// they are put back first and everything is replayed.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "harness/model/migration.h"
#include "harness/model/scenario.h"
#include "harness/model/schema.h"
#include "harness/observe/schema_snapshot.h"
#include "harness/postgres/server.h"
#include "harness/postgres/session.h"

namespace drydock {

struct WorkbenchOptions {
  std::string run_as;  ///< role, "superuser", or empty for an owner role of ours
  std::vector<std::string> extensions;
  std::vector<std::string> prepare;    ///< SQL files, run as the administrator
  std::chrono::milliseconds limit{0};  ///< for each phase; 0: none
  bool paranoid = false;               ///< hold each incremental observation against a full one
};

class Workbench {
 public:
  /// Makes the base state: roles, extensions, prepare files. Throws Error.
  Workbench(Server& server, const WorkbenchOptions& options);

  /// The session that migrations run on; fresh state (see Session::reset) at each call.
  Session& migrate();
  /// The schema as it is now. When paranoid: throws Error if the incremental observation is not the
  /// full one.
  const SchemaSnapshot& observe();

  /// Back to the state after the ups of `history`, in order. Throws Error when an up does not apply
  /// again (it depends on more than the schema).
  void rebuild(const std::vector<const Migration*>& history);

  /// Makes the present state, which is that after the ups of `history`, the one from which later
  /// rebuilds start: a copy instead of a replay. Nothing may have been observed yet.
  void checkpoint(const std::vector<const Migration*>& history);

  /// The role that migrations run as, in words: "drydock_owner (no superuser)".
  const std::string& role_description() const { return role_description_; }
  const std::string& database() const { return work_->name(); }
  /// The databases stay after us.
  void keep();

 private:
  void choose_role();
  void ensure_owner(const std::string& role);
  void prepare_base(const WorkbenchOptions& options);
  void run_file(const std::string& path, const std::string& database);
  void open(const std::string& database);
  void close();
  void replay(const std::string& database, const std::vector<const Migration*>& history,
              std::size_t from);
  bool roles_moved();
  void restore_roles();

  Server& server_;
  std::string run_as_;
  std::chrono::milliseconds limit_;
  bool paranoid_;
  std::string role_, role_description_;
  std::string owner_;                      ///< of the databases; empty: the administrator
  std::unique_ptr<ScratchDatabase> base_;  ///< null: an empty database is the base
  std::unique_ptr<ScratchDatabase> twin_, work_;
  std::vector<const Migration*> twin_history_;
  std::vector<std::string> base_roles_;
  std::optional<Session> session_;
  std::optional<Connection> observing_;
  std::optional<SchemaObserver> observer_;
  const SchemaSnapshot* observed_ = nullptr;  ///< still true: nothing was run since
};

}  // namespace drydock
