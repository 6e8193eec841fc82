// Supabase: VERSION_name.sql, forward only.
//
// The CLI (pkg/migration) takes digits, an underscore, any name and .sql, in the order of names,
// and splits a file into statements which it sends as one pipelined batch together with its own
// bookkeeping. To the server that is one implicit transaction, as a single query of several
// statements is, and so it is sent here: one query a file. A very old first file named
// TIMESTAMP_init.sql (before December 2021) is skipped by the CLI.
//
// Nothing in the files is Supabase's own; the layout is detected by its place,
// supabase/migrations.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>

#include "harness/base/error.h"
#include "harness/load/layout.h"
#include "harness/load/layout_pairs.h"
#include "harness/load/layout_script.h"

namespace drydock {
namespace fs = std::filesystem;
namespace {

/// VERSION of VERSION_name.sql; empty for other names.
std::string version_of(const std::string& file) {
  const std::string_view digits = leading_digits(file);
  const bool named =
      !digits.empty() && file[digits.size()] == '_' && std::string_view(file).ends_with(".sql");
  return named ? std::string(digits) : std::string();
}

bool skipped_init(const std::string& file) {
  return file.size() == 14 + 9 && file.ends_with("_init.sql") &&
         !at_most("20211209000000", version_of(file));
}

Detection detect(const MigrationDirectory& directory) {
  std::error_code code;
  const fs::path path = fs::absolute(directory.path(), code).lexically_normal();
  const fs::path place = path.has_filename() ? path : path.parent_path();
  if (place.filename() != "migrations" || place.parent_path().filename() != "supabase") return {};
  const bool any = std::any_of(directory.files().begin(), directory.files().end(),
                               [](const std::string& file) { return !version_of(file).empty(); });
  if (!any) return {};
  return {Certainty::kMarker, "it is a supabase/migrations directory"};
}

void load(const MigrationDirectory& directory, const LayoutOptions&, MigrationSet& set) {
  std::map<std::string, std::string> versions;
  for (const std::string& file : directory.files()) {
    const std::string version = version_of(file);
    if (version.empty()) {
      ignore(set, directory, file, "not named VERSION_name.sql");
    } else if (set.migrations.empty() && skipped_init(file)) {
      ignore(set, directory, file, "the CLI skips an init file from before December 2021");
    } else if (const auto [known, first] = versions.emplace(version, file); !first) {
      throw Error(
          fmt::format("two migrations have version {}: {} and {}", version, known->second, file),
          "Give one of them a version of its own; the CLI can record only one.");
    } else {
      set.migrations.push_back(migration_with(file.substr(0, file.size() - 4), version,
                                              whole_file(directory, file, false)));
    }
  }
  ignore_folders(set, directory);
}

}  // namespace

Layout supabase_layout() {
  return {"supabase", "Supabase: each file in one implicit transaction; no downs", false, detect,
          load};
}

}  // namespace drydock
