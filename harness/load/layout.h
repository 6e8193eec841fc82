// From a directory of files to the migrations that the tool which owns it would run.
//
// Every migration tool has its own answer to four questions: which files belong together, in which
// order they run, in how many messages a file reaches the server, and whether a transaction is open
// around them. A layout is one tool's four answers, in one file, layout_<id>.cc, and a line in
// all_layouts.cc. docs/layouts.md has them side by side.
#pragma once

#include <map>
#include <string>

#include "harness/load/layout_directory.h"
#include "harness/model/migration.h"

namespace drydock {

/// What the files themselves do not tell.
struct LayoutOptions {
  /// Values for Flyway's ${name}, goose's ${NAME} and psql's :name (sqitch, plain files).
  std::map<std::string, std::string> placeholders;
};

/// How sure a layout is that a directory is its own, from "not at all" to "it says so itself".
enum class Certainty { kNone, kPossible, kNaming, kMarker };

struct Detection {
  Certainty certainty = Certainty::kNone;
  std::string reason;  ///< "0001_a.sql has a '-- +goose' line"
};

struct Layout {
  std::string id;       ///< as --layout takes it
  std::string summary;  ///< one line: the tool, and how it sends a file
  bool has_downs;       ///< the tool knows down scripts at all
  Detection (*detect)(const MigrationDirectory&);
  /// Fills migrations and ignored, in the tool's order. Throws Error when the tool itself would
  /// refuse the directory as a whole; what it would refuse in one file is that script's refusal.
  void (*load)(const MigrationDirectory&, const LayoutOptions&, MigrationSet&);
};

/// The migrations of `directory` by the rules of `layout` ("auto": of the layout that is surest,
/// the earlier one in all_layouts() when two are equally sure). Throws Error, with a remedy.
MigrationSet load_migrations(const std::string& directory, const std::string& layout,
                             const LayoutOptions& options);

}  // namespace drydock
