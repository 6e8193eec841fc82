// A data directory that initdb made once, slimmed, kept in the user's cache and copied for each
// run: initdb costs 600–1400 ms, the copy 16–35 ms on a tmpfs.
//
// Slim: one database (template1, so that CREATE DATABASE works as everywhere), WAL segments of
// 1 MB, nothing else. 373 files instead of 974.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "harness/base/subprocess.h"
#include "harness/postgres/server_binaries.h"

namespace drydock {

/// The cache's entry for this server; its files may not exist yet.
std::filesystem::path prepared_directory_path(const ServerBinaries& binaries);

/// Fills `data` (must not exist) with a ready data directory owned by `account`: a copy of the
/// cached one, or, the first time, made by initdb in `data` and then put into the cache.
/// A cache that cannot be written costs time, nothing else. Throws Error.
void provide_data_directory(const ServerBinaries& binaries, const std::filesystem::path& data,
                            const Account& account);

struct CacheEntry {
  std::filesystem::path path;
  std::uintmax_t bytes = 0;
  double age_days = 0;  ///< since it was last used
};
std::vector<CacheEntry> list_prepared_directories();

/// Copies a tree of directories and regular files, clones where the file system can (FICLONE),
/// gives everything to `account`. Throws Error.
void copy_tree(const std::filesystem::path& from, const std::filesystem::path& to,
               const Account& account);

}  // namespace drydock
