// The server of a run: a disposable one of our own, or an existing one given by URL, in which we
// create and drop only databases of our own.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "harness/postgres/connection.h"
#include "harness/postgres/keeper.h"
#include "harness/postgres/server_binaries.h"
#include "harness/postgres/server_settings.h"

namespace drydock {

class Server {
 public:
  /// Starts a disposable server: fast_settings() overridden by `settings`. Throws Error, Cancelled.
  static Server start(const ServerBinaries& binaries,
                      const std::map<std::string, std::string>& settings);
  /// Several of them at the same time.
  static std::vector<Server> start_several(const ServerBinaries& binaries,
                                           const std::map<std::string, std::string>& settings,
                                           std::size_t count);
  /// Starts one for times: realistic_settings() overridden by `settings`, its data on a disk where
  /// there is room on one, and each wait for a lock in its log (see lock_log_settings). Throws
  /// Error, Cancelled.
  static Server start_realistic(const ServerBinaries& binaries,
                                const std::map<std::string, std::string>& settings);
  /// Connects to an existing server. The user of the URL must be able to create databases.
  static Server attach(const std::string& url);

  Server(Server&&) noexcept = default;

  bool disposable() const { return keeper_ != nullptr; }
  bool alive() const;
  /// After one of its processes crashed a server restarts them all and refuses connections for a
  /// moment. Throws Error when it does not come back within a minute.
  void wait_until_accepting();
  /// The programs of a disposable server.
  const ServerBinaries& binaries() const { return binaries_; }
  const std::string& version() const { return version_; }  ///< "15.20"
  int version_number() const { return version_number_; }   ///< 150020
  const std::map<std::string, std::string>& settings() const { return settings_; }
  /// Of a disposable server, where it writes what it has to say; empty for others.
  std::filesystem::path log_file() const;
  /// The last line with which a disposable server reported its own end (PANIC), without its prefix;
  /// empty when there is none.
  std::string last_words() const;
  /// Where the data live, in words, for reports: "/dev/shm (tmpfs)".
  std::string place() const;

  /// A connection as the superuser (disposable) or the URL's user.
  ConnectionInfo administrator(const std::string& database) const;
  /// A connection as `role`. On a server that is not ours the role is taken on by SET ROLE, which
  /// role_statement() gives; empty where the role logs in itself.
  ConnectionInfo as_role(const std::string& database, const std::string& role) const;
  std::string role_statement(const std::string& role) const;
  bool administrator_is_superuser() const { return superuser_; }
  const std::string& administrator_name() const { return user_; }

  /// A name for a new database of ours, unique on this server.
  std::string new_database_name();
  /// `template_name` empty: an empty database; else it must have no connections. `owner` empty: the
  /// administrator.
  void create_database(const std::string& name, const std::string& template_name,
                       const std::string& owner);
  /// Drops it, ending its sessions; nothing happens when it is not there. Never throws.
  void drop_database(const std::string& name) noexcept;
  /// Drops it when that is worth it: dropping waits for a checkpoint, and a disposable server takes
  /// what is left with it, so that only so many megabytes are let lie about. Never throws.
  void drop_database_later(const std::string& name) noexcept;
  /// Drops what was put off.
  void drop_put_off() noexcept;

  /// The administrator's connection outside every database of ours, opened when needed. It stays
  /// open until rest(): on a disposable server it sits in template1, where a second session, even
  /// one that is just going, would make CREATE DATABASE wait.
  Connection& maintenance();
  /// Closes it, so that migrations may themselves copy template1.
  void rest() { maintenance_.reset(); }

  /// Lets the server live on after us (disposable only).
  void keep();
  /// A disposable server begins to stop; the destructor waits for its end. REQUIRES: nobody uses it
  /// any more.
  void begin_stop();
  /// The command that looks inside a database.
  std::string psql_command(const std::string& database) const;

 private:
  Server() = default;
  static Server start_in(const std::filesystem::path& root, const ServerBinaries& binaries,
                         std::map<std::string, std::string> settings);
  /// Has to be followed by wait_until_started().
  static Server launch(const std::filesystem::path& root, const ServerBinaries& binaries,
                       std::map<std::string, std::string> settings);
  void wait_until_started();
  std::string maintenance_database() const;
  std::string pristine_template();
  void wait_until_left(const std::string& database);
  void read_identity();

  std::unique_ptr<Keeper> keeper_;
  std::string url_;
  ServerBinaries binaries_;
  std::map<std::string, std::string> settings_;
  std::string version_;
  int version_number_ = 0;
  std::string user_;
  bool superuser_ = false;
  int databases_made_ = 0;
  std::vector<std::string> put_off_;  ///< databases to be dropped
  std::int64_t put_off_bytes_ = 0;
  std::optional<Connection> maintenance_;
};

/// A database that is dropped at the end of scope.
class ScratchDatabase {
 public:
  ScratchDatabase(Server& server, const std::string& template_name, const std::string& owner);
  ~ScratchDatabase();
  ScratchDatabase(const ScratchDatabase&) = delete;
  ScratchDatabase& operator=(const ScratchDatabase&) = delete;
  const std::string& name() const { return name_; }
  /// It stays after us.
  void keep() { kept_ = true; }

 private:
  Server& server_;
  std::string name_;
  bool kept_ = false;
};

}  // namespace drydock
