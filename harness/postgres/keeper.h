// The process that owns a disposable server, so that nothing is left behind whatever happens to us.
//
// The keeper is a child in a session of its own. It makes the run directory, starts the postmaster
// in it and then waits on a pipe whose other end only we hold: when we go, however we go (kill -9
// included), the pipe closes, the keeper stops the server (SIGQUIT: a data directory that is thrown
// away needs no checkpoint, and unlike SIGKILL it leaves no shared memory) and removes the
// directory. Second belt, should the keeper itself be killed: the postmaster asked for SIGQUIT when
// its parent dies (PR_SET_PDEATHSIG), and the next run sweeps the directory.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "harness/postgres/run_directory.h"
#include "harness/postgres/server_binaries.h"

namespace drydock {

struct KeeperOrder {
  ServerBinaries binaries;
  std::filesystem::path root;          ///< where the run directory is made
  std::vector<std::string> arguments;  ///< further arguments of postgres: "-c", "fsync=off", …
};

/// The running keeper. The destructor lets go: server stopped, directory removed, before it
/// returns.
class Keeper {
 public:
  /// Forks the keeper and waits until the server accepts connections.
  /// Throws Error with the end of the server's log when it does not start; Cancelled.
  explicit Keeper(const KeeperOrder& order);
  /// Only forks it, so that several can start at the same time: wait_until_ready() has to follow.
  static std::unique_ptr<Keeper> launch(const KeeperOrder& order);
  void wait_until_ready();
  ~Keeper();
  Keeper(Keeper&& other) noexcept;
  Keeper& operator=(Keeper&&) = delete;

  const std::filesystem::path& directory() const { return directory_; }
  pid_t postmaster() const { return postmaster_; }
  /// False once the server or the keeper is gone. The directory, and the log in it, stay until we
  /// let go.
  bool alive() const;
  /// The server and its directory stay after us, until somebody stops the server.
  void let_live();
  /// The keeper begins to stop the server; the destructor waits until it and its directory are
  /// gone.
  void let_go() noexcept;

 private:
  Keeper() = default;
  void fork_keeper(const KeeperOrder& order);
  std::string read_line();
  void release() noexcept;

  pid_t keeper_ = -1;
  int life_ = -1;    ///< our end of the pipe whose closing is our death
  int report_ = -1;  ///< what the keeper tells: directory, postmaster's pid, errors
  std::filesystem::path directory_;
  pid_t postmaster_ = -1;
};

/// Stops the servers that let_live() left running, which removes their directories; returns them.
std::vector<LeftOver> stop_kept_servers();

}  // namespace drydock
