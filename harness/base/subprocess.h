// Helper programs (git, initdb, postgres --version): run to the end, output taken, never a shell.
#pragma once

#include <sys/types.h>
#include <string>
#include <vector>

namespace drydock {

struct CommandResult {
  int exit_code = -1;  ///< 128 + signal when killed; 127 when it could not be started
  std::string output;  ///< stdout
  std::string error;   ///< stderr
};

/// An account to drop to before exec; kept as is when `uid` is (uid_t)-1.
struct Account {
  uid_t uid = static_cast<uid_t>(-1);
  gid_t gid = static_cast<gid_t>(-1);
};

struct CommandOptions {
  Account account;
  std::string working_directory;  ///< empty: ours
  std::string input;              ///< standard input; at most 60 kB (a pipe's room)
};

/// Runs argv[0] (looked up in PATH) and waits. The child dies with us (PR_SET_PDEATHSIG) and gets
/// LC_ALL=C so that its words can be read.
CommandResult run_command(const std::vector<std::string>& argv, const CommandOptions& options = {});

/// In a freshly forked child: gives up root for `account`, supplementary groups included.
/// Returns false (errno set) when refused.
bool drop_to(const Account& account);

}  // namespace drydock
