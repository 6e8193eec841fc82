// Files and directories, with the path in every error.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace drydock {

/// The whole file, byte for byte. Throws Error (no such file, not readable, a directory).
std::string read_file(const std::filesystem::path& path);

/// Replaces `path` as one step (written beside it, then renamed), so that a full disk or a kill
/// leaves either the old or the new file. Parent directories are created. Throws Error.
void write_file(const std::filesystem::path& path, std::string_view content);

/// The entries of a directory, sorted bytewise. Throws Error.
std::vector<std::filesystem::directory_entry> list_directory(const std::filesystem::path& path);

/// Removes a tree; never throws. For clean-up on the way out.
void remove_tree(const std::filesystem::path& path) noexcept;

/// Bytes free for an ordinary user on the file system of `path`; 0 when it cannot be told.
std::uintmax_t free_bytes(const std::filesystem::path& path) noexcept;

/// Whether `path` lies on a tmpfs (or ramfs).
bool on_tmpfs(const std::filesystem::path& path) noexcept;

/// $XDG_CACHE_HOME/drydock (when absolute, as its specification wants) or ~/.cache/drydock (or
/// /tmp/drydock-cache-UID without a home).
std::filesystem::path cache_directory();

}  // namespace drydock
