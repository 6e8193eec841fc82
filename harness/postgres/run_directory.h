// Where a disposable server lives: a private directory on the fastest file system that has room.
//
// Measured: copying a prepared data directory takes 16–35 ms on a tmpfs and 10 times that on ext4.
// In containers /dev/shm is often only 64 MB, so the free room is looked at first.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "harness/base/subprocess.h"

namespace drydock {

/// The account that runs servers: ourselves, or, for root, whom initdb refuses, an unprivileged
/// one (postgres, else nobody). Throws Error when root and neither exists.
Account server_account();

/// Directories in which run directories may be made, best first: DRYDOCK_RUN_ROOT when set,
/// XDG_RUNTIME_DIR, /dev/shm, the temporary directory.
std::vector<std::filesystem::path> run_roots();

/// The first of run_roots() that is a writable tmpfs with `needed_bytes` free, else the first that
/// is writable and has the room. Throws Error when none.
std::filesystem::path choose_run_root(std::uintmax_t needed_bytes);

/// The first of run_roots() with the room that is a disk and no tmpfs, where syncing costs what it
/// costs in production; else as choose_run_root(). Throws Error when none.
std::filesystem::path choose_durable_root(std::uintmax_t needed_bytes);

/// A new directory drydock-XXXXXX under `root`, mode 0700, owned by server_account(), with a lock
/// file held by the caller: `lock_fd` must stay open as long as the directory is in use.
struct RunDirectory {
  std::filesystem::path path;
  int lock_fd = -1;
};
RunDirectory make_run_directory(const std::filesystem::path& root);

struct LeftOver {
  std::filesystem::path path;
  bool in_use = false;       ///< a live process holds its lock
  bool kept = false;         ///< left running on purpose (--keep)
  std::uintmax_t bytes = 0;  ///< what it held; known only of what was removed
};
/// Run directories of ours under run_roots(), for prune and doctor.
std::vector<LeftOver> list_run_directories();

/// The file that marks a directory as kept on purpose.
std::filesystem::path kept_mark(const std::filesystem::path& directory);

/// Removes run directories that nobody holds (both ways of cleaning up failed, for example because
/// the machine lost power). Returns what was removed.
std::vector<LeftOver> sweep_run_directories();

/// Size of all files below `path`; 0 when it cannot be read.
std::uintmax_t tree_bytes(const std::filesystem::path& path);

}  // namespace drydock
