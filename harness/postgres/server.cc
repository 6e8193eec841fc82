#include "harness/postgres/server.h"

#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>

#include <random>
#include <thread>

#include "harness/base/clock.h"
#include "harness/base/error.h"
#include "harness/base/files.h"
#include "harness/base/text.h"
#include "harness/postgres/run_directory.h"

namespace drydock {
namespace {

/// Room that a disposable server needs at least: an empty one has 10 MB, migrations without
/// generated rows stay far below this, and WAL is bounded by max_wal_size.
constexpr std::uintmax_t kNeededBytes = std::uintmax_t{192} << 20;

/// A realistic one keeps a gigabyte of WAL, and rewrites tables beside themselves.
constexpr std::uintmax_t kNeededRealistically = std::uintmax_t{2} << 30;

/// Databases that nobody needs any more may take so much of the place where the server lives.
constexpr std::int64_t kMostPutOff = std::int64_t{128} << 20;

/// A client sees its backend die a moment before the postmaster does, and may be let in once more
/// just to be thrown out. A connection that lives so long was made after the restart.
constexpr const char* kOutliveCrash = "select pg_sleep(0.1)";

/// A conninfo value between quotes.
std::string conninfo_value(const std::string& value) {
  std::string quoted = "'";
  for (const char c : value) {
    if (c == '\'' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + "'";
}

}  // namespace

Server Server::start(const ServerBinaries& binaries,
                     const std::map<std::string, std::string>& settings) {
  std::map<std::string, std::string> all = settings;
  all.merge(fast_settings());
  return start_in(choose_run_root(kNeededBytes), binaries, std::move(all));
}

Server Server::start_realistic(const ServerBinaries& binaries,
                               const std::map<std::string, std::string>& settings) {
  std::map<std::string, std::string> all = lock_log_settings();
  all.merge(std::map(settings));
  all.merge(realistic_settings());
  return start_in(choose_durable_root(kNeededRealistically), binaries, std::move(all));
}

Server Server::start_in(const std::filesystem::path& root, const ServerBinaries& binaries,
                        std::map<std::string, std::string> settings) {
  sweep_run_directories();
  Server server = launch(root, binaries, std::move(settings));
  server.wait_until_started();
  return server;
}

std::vector<Server> Server::start_several(const ServerBinaries& binaries,
                                          const std::map<std::string, std::string>& settings,
                                          std::size_t count) {
  sweep_run_directories();
  std::vector<Server> servers;
  for (std::size_t i = 0; i < count; ++i) {
    std::map<std::string, std::string> all = settings;
    all.merge(fast_settings());
    servers.push_back(launch(choose_run_root(kNeededBytes), binaries, std::move(all)));
  }
  for (Server& server : servers) server.wait_until_started();
  return servers;
}

Server Server::launch(const std::filesystem::path& root, const ServerBinaries& binaries,
                      std::map<std::string, std::string> settings) {
  Server server;
  server.settings_ = std::move(settings);
  KeeperOrder order{binaries, root, {}};
  for (const auto& [name, value] : server.settings_) {
    order.arguments.insert(order.arguments.end(), {"-c", name + "=" + value});
  }
  server.keeper_ = Keeper::launch(order);
  server.binaries_ = binaries;
  server.user_ = "postgres";
  server.superuser_ = true;
  server.version_ = binaries.version;
  return server;
}

void Server::wait_until_started() {
  keeper_->wait_until_ready();
  read_identity();
}

void Server::begin_stop() {
  maintenance_.reset();
  if (keeper_) keeper_->let_go();
}

Server Server::attach(const std::string& url) {
  Server server;
  server.url_ = url;
  try {
    server.read_identity();
  } catch (const Error& error) {
    throw Error(fmt::format("the server given by --postgres: {}", error.message()),
                "Check the URL: postgresql://user:password@host:port/database. The user must be "
                "allowed to create databases.");
  }
  return server;
}

void Server::read_identity() {
  Connection connection(administrator(maintenance_database()));
  const Rows rows = connection.query(
      "select current_setting('server_version_num'), current_setting('server_version'), "
      "current_user, (select rolsuper from pg_roles where rolname = current_user)");
  version_number_ = std::stoi(std::string(rows.at(0, 0)));
  const std::string version(rows.at(0, 1));
  version_ = version.substr(0, version.find(' '));
  user_ = rows.at(0, 2);
  superuser_ = rows.at(0, 3) == "t";
}

bool Server::alive() const {
  if (keeper_) return keeper_->alive();
  try {
    Connection probe(administrator(maintenance_database()));
    return true;
  } catch (const Error&) {
    return false;
  }
}

void Server::wait_until_accepting() {
  maintenance_.reset();  // it ended with the other processes
  const auto deadline = SteadyClock::now() + std::chrono::seconds(60);
  for (;;) {
    try {
      Connection probe(administrator(maintenance_database()));
      probe.execute(kOutliveCrash);
      return;
    } catch (const Error&) {
      // Whether a server that is not ours lives can only be seen by connecting.
      if (SteadyClock::now() > deadline || (keeper_ && !keeper_->alive())) throw;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
}

std::filesystem::path Server::log_file() const {
  return keeper_ ? keeper_->directory() / "server.log" : std::filesystem::path{};
}

std::string Server::last_words() const {
  if (!keeper_) return {};
  try {
    const std::string log = read_file(log_file());
    const std::size_t at = log.rfind("PANIC:");
    if (at == std::string::npos) return {};
    return std::string(trim(log.substr(at, log.find('\n', at) - at)));
  } catch (const Error&) {
    return {};
  }
}

std::string Server::place() const {
  if (!keeper_) return "existing server";
  const auto root = keeper_->directory().parent_path();
  return fmt::format("{} ({})", root.string(), on_tmpfs(root) ? "tmpfs" : "disk");
}

/// template1 is the disposable server's only database. Elsewhere the one of the URL.
std::string Server::maintenance_database() const { return keeper_ ? "template1" : ""; }

ConnectionInfo Server::administrator(const std::string& database) const {
  return as_role(database, user_.empty() ? "postgres" : user_);
}

ConnectionInfo Server::as_role(const std::string& database, const std::string& role) const {
  if (keeper_) {
    return {fmt::format("host={} dbname={} user={} application_name=drydock",
                        conninfo_value(keeper_->directory().string()), conninfo_value(database),
                        conninfo_value(role))};
  }
  if (database.empty()) return {url_};
  // A URL cannot be overridden by key words in the same string, but by a further query parameter.
  const char* separator = url_.find('?') == std::string::npos ? "?" : "&";
  return {fmt::format("{}{}dbname={}", url_, separator, database)};
}

std::string Server::role_statement(const std::string& role) const {
  if (keeper_ || role.empty() || role == user_) return {};
  std::string quoted = "set role \"";
  for (const char c : role) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + "\"";
}

std::string Server::new_database_name() {
  if (keeper_) return fmt::format("drydock_{}", ++databases_made_);
  std::random_device random;
  return fmt::format("drydock_{}_{:08x}", ::getpid(), random());
}

Connection& Server::maintenance() {
  if (!maintenance_) maintenance_.emplace(administrator(maintenance_database()));
  return *maintenance_;
}

/// CREATE DATABASE sleeps 100 ms whenever its template still has a session, and a closed session's
/// process takes a moment to go: wait for that moment only.
void Server::wait_until_left(const std::string& database) {
  if (!keeper_) return;
  Connection& connection = maintenance();
  const Rows rows = connection.query("select pid from pg_stat_activity where datname = " +
                                     connection.quote(database) + " and pid <> pg_backend_pid()");
  const auto deadline = SteadyClock::now() + std::chrono::milliseconds(100);
  for (int row = 0; row < rows.size(); ++row) {
    const pid_t pid = std::atoi(std::string(rows.at(row, 0)).c_str());
    while ((::kill(pid, 0) == 0 || errno == EPERM) && SteadyClock::now() < deadline) {
      std::this_thread::sleep_for(std::chrono::microseconds(200));
    }
  }
}

/// template0 has nothing that anybody added, but a disposable server goes without it.
std::string Server::pristine_template() {
  const Rows rows = maintenance().query("select from pg_database where datname = 'template0'");
  return rows.size() > 0 ? "template0" : "template1";
}

void Server::create_database(const std::string& name, const std::string& template_name,
                             const std::string& owner) {
  Connection& connection = maintenance();
  wait_until_left(template_name.empty() ? maintenance_database() : template_name);
  std::string sql = fmt::format(
      "create database {} template {}", connection.quote_name(name),
      template_name.empty() ? pristine_template() : connection.quote_name(template_name));
  if (!owner.empty()) sql += " owner " + connection.quote_name(owner);
  // Files are copied faster than WAL is written for them, as nothing is synced (measured: 88
  // against 133 ms for 300 tables). The strategy is new in 15; before, copying was the only way.
  // Where files are synced it is the other way round: 1100 against 130 ms for an empty database.
  const auto fsync = settings_.find("fsync");
  const bool synced = fsync != settings_.end() && fsync->second == "on";
  if (version_number_ >= 150000 && !synced) sql += " strategy file_copy";
  connection.execute(sql);
}

void Server::drop_database(const std::string& name) noexcept {
  // Twice: the first connection may be one that a crash or an administrator ended meanwhile.
  for (int attempt = 0; attempt < 2; ++attempt) {
    try {
      Connection& connection = maintenance();
      connection.execute("drop database if exists " + connection.quote_name(name) +
                         " with (force)");
      return;
    } catch (const std::exception&) {
      maintenance_.reset();
    }
  }
}

void Server::drop_database_later(const std::string& name) noexcept {
  if (!keeper_) return drop_database(name);
  try {
    Connection& connection = maintenance();
    put_off_.push_back(name);
    const Rows size =
        connection.query("select pg_database_size(" + connection.quote(name) + "::name)");
    put_off_bytes_ += std::stoll(std::string(size.at(0, 0)));
  } catch (const std::exception&) {
    maintenance_.reset();  // a server that cannot even tell that is gone, or will be
  }
  if (put_off_bytes_ > kMostPutOff) drop_put_off();
}

void Server::drop_put_off() noexcept {
  for (const std::string& name : put_off_) drop_database(name);
  put_off_.clear();
  put_off_bytes_ = 0;
}

void Server::keep() {
  drop_put_off();
  if (keeper_) keeper_->let_live();
}

std::string Server::psql_command(const std::string& database) const {
  // The URL may hold a password, and this goes into reports.
  if (!keeper_) return fmt::format("psql -d {} (with your own connection options)", database);
  return fmt::format("psql -h {} -U postgres {}", keeper_->directory().string(), database);
}

ScratchDatabase::ScratchDatabase(Server& server, const std::string& template_name,
                                 const std::string& owner)
    : server_(server), name_(server.new_database_name()) {
  server_.create_database(name_, template_name, owner);
}

ScratchDatabase::~ScratchDatabase() {
  if (!kept_) server_.drop_database_later(name_);
}

}  // namespace drydock
