// A history of migrations to measure with, as ci/make-history writes it: no two projects' own would
// be as long as is wanted. For benchmarks only, which know where the sources are.
#pragma once

#include <fmt/format.h>
#include <stdlib.h>

#include <filesystem>
#include <string>
#include <vector>

#include "harness/base/error.h"
#include "harness/base/files.h"
#include "harness/base/subprocess.h"
#include "harness/load/layout.h"
#include "harness/postgres/session.h"

namespace drydock {

/// A directory of `count` migrations, golang-migrate pairs, gone at the end of scope. Six of them
/// make one table with what belongs to it.
class SyntheticHistory {
 public:
  explicit SyntheticHistory(int count) {
    // Not "drydock-…": what is called so and nobody holds is removed by the next run.
    std::string place =
        (std::filesystem::temp_directory_path() / "drydock_history_XXXXXX").string();
    if (::mkdtemp(place.data()) == nullptr) throw Error("cannot make a directory " + place);
    directory_ = place;
    const CommandResult made = run_command(
        {std::string(DRYDOCK_SOURCE_DIR) + "/ci/make-history", std::to_string(count), place});
    if (made.exit_code == 0) return;
    remove_tree(directory_);
    throw Error("ci/make-history failed: " + made.error);
  }
  ~SyntheticHistory() { remove_tree(directory_); }
  SyntheticHistory(const SyntheticHistory&) = delete;
  SyntheticHistory& operator=(const SyntheticHistory&) = delete;

  std::string directory() const { return directory_.string(); }
  MigrationSet load() const { return load_migrations(directory(), "auto", {}); }

 private:
  std::filesystem::path directory_;
};

/// Each script as its tool sends it, one message a file, and nothing beside. Throws Error.
inline void send_scripts(Session& session, const std::vector<Script>& scripts) {
  for (const Script& script : scripts) {
    for (const Query& query : script.queries) session.query_all(query.text);
  }
}

}  // namespace drydock
