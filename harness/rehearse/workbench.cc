#include "harness/rehearse/workbench.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "harness/base/error.h"
#include "harness/load/psql_script.h"
#include "harness/model/describe.h"
#include "harness/observe/schema_diff.h"
#include "harness/rehearse/script_runner.h"

namespace drydock {
namespace {

/// The plain owner that migrations run as unless the user names another role.
constexpr const char* kOwnerRole = "drydock_owner";

/// Everything a role or membership is, as text; equal texts are equal roles.
constexpr const char* kRolesQuery =
    "select rolname || ' ' || row_to_json(r)::text from (select rolname, rolsuper, rolinherit, "
    "rolcreaterole, rolcreatedb, rolcanlogin, rolreplication, rolbypassrls, rolconnlimit, "
    "(select array_agg(m.rolname order by m.rolname) from pg_auth_members am join pg_roles m on "
    "m.oid = am.member where am.roleid = p.oid) as members from pg_roles p "
    "where rolname not like 'pg\\_%') r order by rolname";

std::vector<std::string> column_of(const Rows& rows) {
  std::vector<std::string> values;
  for (int row = 0; row < rows.size(); ++row) values.emplace_back(rows.at(row, 0));
  return values;
}

}  // namespace

Workbench::Workbench(Server& server, const WorkbenchOptions& options)
    : server_(server), run_as_(options.run_as), limit_(options.limit), paranoid_(options.paranoid) {
  choose_role();
  prepare_base(options);
  base_roles_ = column_of(server_.maintenance().query(kRolesQuery));
  work_ = std::make_unique<ScratchDatabase>(server_, base_ ? base_->name() : "", owner_);
  open(work_->name());
}

Workbench::~Workbench() {
  if (!server_.disposable()) return;
  for (auto* database : {&base_, &twin_, &work_, &bare_}) {
    if (*database) (*database)->keep();
  }
}

std::string Workbench::failure_words(const Phase& phase) {
  if (!phase.error) return "it failed";
  return fmt::format("{}:{}: {}", phase.error->file, phase.error->line, phase.error->message);
}

void Workbench::choose_role() {
  if (run_as_ == "superuser") {
    if (!server_.administrator_is_superuser()) {
      throw Error(fmt::format("--run-as superuser, but {} is none on this server",
                              server_.administrator_name()),
                  "Give a superuser's URL, or leave --run-as away.");
    }
    role_ = server_.administrator_name();
    role_description_ = role_ + " (superuser)";
    return;
  }
  if (run_as_.empty() && !server_.disposable()) {
    role_ = server_.administrator_name();
    role_description_ =
        role_ + (server_.administrator_is_superuser() ? " (superuser)" : " (no superuser)");
    return;
  }
  role_ = run_as_.empty() ? kOwnerRole : run_as_;
  owner_ = role_;
}

/// A role that the prepare files did not make is made here, on our own server only.
void Workbench::ensure_owner(const std::string& role) {
  if (owner_.empty()) return;
  Connection& administrator = server_.maintenance();
  const Rows found = administrator.query("select rolsuper from pg_roles where rolname = " +
                                         administrator.quote(role));
  if (found.size() == 0 && !server_.disposable()) {
    throw Error(fmt::format("there is no role {} on this server", role),
                "Create it there, or leave --run-as away to run as the URL's user. Drydock makes "
                "no roles on a server that is not its own.");
  }
  if (found.size() == 0) {
    administrator.execute("create role " + administrator.quote_name(role) + " login");
  } else if (server_.disposable()) {
    administrator.execute("alter role " + administrator.quote_name(role) + " login");
  }
  const bool superuser = found.size() > 0 && found.at(0, 0) == "t";
  role_description_ = role + (superuser ? " (superuser)" : " (no superuser)");
}

void Workbench::run_file(const std::string& path, const std::string& database) {
  Session session(server_.administrator(database));
  const Script script = psql_script(path, path, {});
  const Phase phase = run_scripts(PhaseName::kUp, {script}, session, limit_);
  if (phase.outcome != PhaseOutcome::kOk) {
    throw Error(fmt::format("preparing the database: {}", failure_words(phase)),
                "The file is run as superuser before the first migration; mend it, or name "
                "another with --prepare or postgres.prepare.");
  }
}

void Workbench::prepare_base(const WorkbenchOptions& options) {
  // PostgreSQL 15 gave schema public to the database's owner; before, it was the superuser's.
  const bool old_public = server_.version_number() < 150000;
  if (options.prepare.empty() && options.extensions.empty() && !old_public) {
    return ensure_owner(role_);
  }
  base_ = std::make_unique<ScratchDatabase>(server_, "", "");
  Connection connection(server_.administrator(base_->name()));
  for (const std::string& extension : options.extensions) {
    connection.execute("create extension if not exists " + connection.quote_name(extension) +
                       " cascade");
  }
  for (const std::string& path : options.prepare) run_file(path, base_->name());
  ensure_owner(role_);
  if (!owner_.empty() && old_public) {
    connection.execute("alter schema public owner to " + connection.quote_name(owner_));
  }
}

void Workbench::open(const std::string& database) {
  server_.rest();
  observing_.emplace(server_.administrator(database));
  observer_.emplace(*observing_, true);
  rows_.emplace(server_.administrator(database));
  trials_.emplace(server_.administrator(database));
  touched_for_rows_ = touched_for_contents_ = {};
  contents_.emplace(*trials_, paranoid_, touched_source(touched_for_contents_));
}

void Workbench::close() {
  observed_ = nullptr;
  ledger_.reset();
  session_.reset();
  contents_.reset();
  trials_.reset();
  rows_.reset();
  observer_.reset();
  observing_.reset();
}

Session& Workbench::migrate() {
  observed_ = nullptr;
  scripts_flushed_ = false;
  if (session_ && session_->connected()) {
    session_->reset();
  } else {
    session_.emplace(server_.as_role(work_->name(), role_));
  }
  take_role(*session_);
  return *session_;
}

LockLedger& Workbench::ledger() {
  if (!ledger_) ledger_.emplace(administrator(work_->name()));
  return *ledger_;
}

const SchemaSnapshot& Workbench::observe() {
  if (observed_ != nullptr) return *observed_;
  flush_counters_of_scripts();
  const SchemaSnapshot& snapshot = observer_->refresh();
  observed_ = &snapshot;
  for (Touched* pending : {&touched_for_rows_, &touched_for_contents_}) {
    pending->add(observer_->touched());
  }
  if (!paranoid_) return snapshot;
  const SchemaSnapshot full = observer_->full();
  if (snapshot == full) return snapshot;
  std::string list;
  for (const SchemaDifference& difference : compare_schemas(full, snapshot)) {
    list += "\n  " + describe(difference);
  }
  throw Error("the incremental schema snapshot is not the full one:" + list,
              "This is a fault of Drydock; please report it with these words.");
}

TouchedSource Workbench::touched_source(Touched& pending) {
  return [this, &pending]() -> std::optional<Touched> {
    if (observed_ == nullptr) return std::nullopt;
    return std::exchange(pending, {});
  };
}

void Workbench::flush_counters_of_scripts() {
  if (scripts_flushed_ || !session_ || !session_->connected()) return;
  if (session_->transaction() != TransactionState::kIdle) return;  // nobody sees what it wrote
  flush_counters_of(*session_);
  scripts_flushed_ = true;
}

std::string Workbench::time_zone() {
  if (!session_ || !session_->connected()) return "UTC";
  return std::string(session_->query("SELECT current_setting('TimeZone')").at(0, 0));
}

void Workbench::flush_counters_of(Session& session) {
  const std::string flush = flush_counters_statement(server_.version_number());
  if (!flush.empty()) session.query(flush);
}

Session Workbench::migrate_in(const std::string& database) {
  Session session(server_.as_role(database, role_));
  take_role(session);
  return session;
}

void Workbench::take_role(Session& session) {
  if (const std::string sql = server_.role_statement(role_); !sql.empty()) session.query(sql);
}

bool Workbench::roles_moved() {
  return column_of(server_.maintenance().query(kRolesQuery)) != base_roles_;
}

void Workbench::restore_roles() {
  if (!server_.disposable()) {
    throw Error(
        "rebuilding the database: the migrations changed roles, which belong to the whole "
        "server, and this server is not Drydock's own",
        "Leave --postgres URL away: on a disposable server roles can be put back.");
  }
  server_.drop_put_off();  // what roles own in them would keep the roles
  Connection& administrator = server_.maintenance();
  const auto name_of = [](const std::string& role) { return role.substr(0, role.find(' ')); };
  std::vector<std::string> base_names;
  for (const std::string& role : base_roles_) base_names.push_back(name_of(role));
  for (const std::string& role : column_of(administrator.query(kRolesQuery))) {
    const std::string name = name_of(role);
    if (std::find(base_names.begin(), base_names.end(), name) == base_names.end()) {
      administrator.execute("drop role " + administrator.quote_name(name));
    }
  }
}

void Workbench::advance(const std::vector<Step>& history, std::size_t from) {
  observed_ = nullptr;
  replay(work_->name(), history, from, true);
}

void Workbench::checkpoint(const std::vector<Step>& history) {
  close();
  twin_ = std::make_unique<ScratchDatabase>(server_, work_->name(), owner_);
  twin_steps_ = history.size();
  twin_error_.reset();
  open(work_->name());
}

std::unique_ptr<ScratchDatabase> Workbench::copy() {
  close();
  auto made = std::make_unique<ScratchDatabase>(server_, work_->name(), owner_);
  open(work_->name());
  return made;
}

void Workbench::advance_twin(const std::vector<Step>& history) {
  if (!twin_) {
    twin_ = std::make_unique<ScratchDatabase>(server_, base_ ? base_->name() : "", owner_);
    twin_steps_ = 0;
  }
  try {
    replay(twin_->name(), history, twin_steps_, true);
  } catch (const Error&) {
    twin_.reset();  // it stands in the middle of a step
    throw;
  }
  twin_steps_ = history.size();
  twin_error_.reset();
}

std::unique_ptr<ScratchDatabase> Workbench::stage(const std::vector<Step>& history) {
  if (twin_error_) throw *twin_error_;
  if (twin_ && twin_steps_ > history.size()) twin_.reset();
  try {
    advance_twin(history);
  } catch (const Cancelled&) {
    throw;
  } catch (const Error& error) {
    twin_error_ = error;  // the next call would only take its time to fail there again
    throw;
  }
  return copy_of(*twin_);
}

std::unique_ptr<ScratchDatabase> Workbench::copy_of(const ScratchDatabase& database) {
  auto made = std::make_unique<ScratchDatabase>(server_, database.name(), owner_);
  server_.rest();
  return made;
}

void Workbench::rebuild(const std::vector<Step>& history) {
  close();
  work_.reset();
  const std::string base = base_ ? base_->name() : "";
  if (roles_moved()) {
    bare_.reset();
    twin_.reset();
    restore_roles();
    work_ = std::make_unique<ScratchDatabase>(server_, base, owner_);
    replay(work_->name(), history, 0, true);
    return open(work_->name());
  }
  advance_twin(history);
  work_ = std::make_unique<ScratchDatabase>(server_, twin_->name(), owner_);
  open(work_->name());
}

void Workbench::keep() {
  close();
  work_->keep();
}

}  // namespace drydock
