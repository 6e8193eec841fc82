// The databases of a walk and how to get back to a known state.
//
// One work database is stepped forward in place. When a script leaves it in a state that cannot be
// gone on from, it is rebuilt: a twin database follows the walk with up scripts only, and lazily
// (each up is replayed at most once however often a rebuild is needed), and the new work database
// is a copy of it. Roles are not part of a database: where the migrations made or changed some,
// they are put back first and everything is replayed. What is replayed are the walk's steps: rows
// that were put in place, and ups.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "harness/base/error.h"
#include "harness/model/evidence.h"
#include "harness/model/migration.h"
#include "harness/model/scenario.h"
#include "harness/model/schema.h"
#include "harness/observe/contents.h"
#include "harness/observe/lock_ledger.h"
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

/// One thing that was done to get where the walk is. Exactly one is set.
struct Step {
  const Migration* up = nullptr;  ///< applied as the role that migrates
  std::string rows = {};          ///< run as the administrator: generated rows
  const Script* file = nullptr;   ///< run as the administrator: rows the user brings
};

class Workbench {
 public:
  /// Makes the base state: roles, extensions, prepare files. Throws Error.
  Workbench(Server& server, const WorkbenchOptions& options);

  /// Drops its databases, unless they go with the server anyway.
  ~Workbench();

  /// The session that migrations run on; fresh state (see Session::reset) at each call.
  Session& migrate();
  /// The schema as it is now. When paranoid: throws Error if the incremental observation is not the
  /// full one.
  const SchemaSnapshot& observe();

  /// For who keeps something about tables: as observe() found it, and only while that is true.
  TouchedSource touched_for_rows() { return touched_source(touched_for_rows_); }
  /// Somebody else than scripts may have changed the schema.
  void schema_may_differ() { observed_ = nullptr; }

  /// The administrator's session in the database, with its default settings: puts rows in place.
  Session& rows() { return *rows_; }
  /// The administrator's session that remembers contents; trials run in it, in transactions that
  /// are rolled back.
  Session& trials() { return *trials_; }
  /// What the database holds; starts to remember anew after each rebuild.
  ContentsObserver& contents() { return *contents_; }
  /// What watches migrate(); made when first asked for, anew after each rebuild.
  LockLedger& ledger();
  /// What scripts wrote in migrate() can be counted from now on (see ContentsObserver); observe()
  /// does that, too.
  void flush_counters_of_scripts();
  /// The same for any other session, rows() among them, that wrote.
  void flush_counters_of(Session& session);
  /// Of the session that migrate() gave, as the scripts left it.
  std::string time_zone();

  /// Back to the state after `history`, whose beginning is the one of earlier calls. Throws Error
  /// when a step does not apply again (it depends on more than the schema).
  void rebuild(const std::vector<Step>& history);

  /// From the state after the first `from` steps of `history` to that after all of them, in place;
  /// for a bench on which nothing is observed. Throws Error as rebuild() does.
  void advance(const std::vector<Step>& history, std::size_t from);

  /// Makes the present state, which is that after `history`, the one from which later rebuilds
  /// start: a copy instead of a replay. Nothing may have been observed yet.
  void checkpoint(const std::vector<Step>& history);

  /// A copy of the database as it is now, for what cannot be undone; the sessions are opened anew
  /// (see rebuild for what that means).
  std::unique_ptr<ScratchDatabase> copy();

  /// A database in the state after `history`, whose beginning is the one of earlier calls, for
  /// running what comes next in it; the work database and its sessions are not touched. Throws
  /// Error as rebuild() does, and where the migrations made roles.
  std::unique_ptr<ScratchDatabase> stage(const std::vector<Step>& history);
  /// A copy of a database of ours that nobody is connected to.
  std::unique_ptr<ScratchDatabase> copy_of(const ScratchDatabase& database);

  /// The up of `migration` tried where the ups of `history` were applied and no rows were
  /// generated: the phase. Throws Error when that state cannot be had (roles belong to the whole
  /// server, so that a migration that makes one applies only once).
  Phase try_without_rows(const std::vector<Step>& history, const Migration& migration);

  /// The administrator's session in that database, after `history` and before the try. Throws Error
  /// as try_without_rows() does.
  Session without_rows(const std::vector<Step>& history);

  /// The down of `migration`, the last of `history`, tried in the same way. `before` and `after`
  /// are the schemas around its up: the one that the down leads to is judged when the up made the
  /// same one there.
  DownWithoutRows try_down_without_rows(const std::vector<Step>& history,
                                        const Migration& migration, const SchemaSnapshot& before,
                                        const SchemaSnapshot& after);

  ConnectionInfo administrator(const std::string& database) const {
    return server_.administrator(database);
  }
  /// A session of the administrator's in the database, for one use.
  Session administer() const { return Session(server_.administrator(work_->name())); }
  /// As which role the migrations run.
  const std::string& role() const { return role_; }
  /// A session of that role in another database, ready for scripts.
  Session migrate_in(const std::string& database);

  /// The role that migrations run as, in words: "drydock_owner (no superuser)".
  const std::string& role_description() const { return role_description_; }
  const std::string& database() const { return work_->name(); }
  /// The databases stay after us.
  void keep();

 private:
  static std::string failure_words(const Phase& phase);
  void choose_role();
  void ensure_owner(const std::string& role);
  void prepare_base(const WorkbenchOptions& options);
  void run_file(const std::string& path, const std::string& database);
  void open(const std::string& database);
  void close();
  void replay(const std::string& database, const std::vector<Step>& history, std::size_t from,
              bool with_rows);
  void replay_step(const Step& step, Session& migrating, Session& rows);
  TouchedSource touched_source(Touched& pending);
  /// On a server that is not ours the role is taken on by a statement.
  void take_role(Session& session);
  void advance_bare(const std::vector<Step>& history);
  void advance_twin(const std::vector<Step>& history);
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
  std::size_t twin_steps_ = 0;             ///< of the history, applied to twin_
  std::optional<Error> twin_error_;        ///< why it cannot follow any more
  std::unique_ptr<ScratchDatabase> bare_;  ///< follows with ups only, without rows
  std::size_t bare_steps_ = 0;
  const Migration* bare_ahead_ = nullptr;  ///< applied there beyond bare_steps_, on trial
  std::vector<std::string> base_roles_;
  std::optional<Session> session_;
  Touched touched_for_rows_, touched_for_contents_;  ///< that these were not told yet
  bool scripts_flushed_ = true;  ///< nothing was run in session_ since its counters were
  std::optional<Connection> observing_;
  std::optional<SchemaObserver> observer_;
  std::optional<Session> rows_, trials_;
  std::optional<ContentsObserver> contents_;
  std::optional<LockLedger> ledger_;
  const SchemaSnapshot* observed_ = nullptr;  ///< still true: nothing was run since
};

}  // namespace drydock
