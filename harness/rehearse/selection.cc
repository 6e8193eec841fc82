#include "harness/rehearse/selection.h"

#include <fmt/format.h>

#include <filesystem>
#include <set>

#include "harness/base/error.h"
#include "harness/base/subprocess.h"
#include "harness/base/text.h"

namespace drydock {
namespace fs = std::filesystem;
namespace {

std::size_t index_of(const MigrationSet& set, const std::string& wanted) {
  std::vector<std::string> ids;
  for (std::size_t i = 0; i < set.migrations.size(); ++i) {
    const Migration& migration = set.migrations[i];
    if (migration.id == wanted || migration.version == wanted) return i;
    ids.push_back(migration.id);
  }
  const std::string near = nearest(wanted, ids);
  throw Error(fmt::format("there is no migration {} in {}", wanted, set.directory),
              near.empty() ? fmt::format("They run from {} to {}.", ids.front(), ids.back())
                           : fmt::format("Did you mean {}?", near));
}

std::string git(const std::string& directory, std::vector<std::string> words) {
  words.insert(words.begin(), {"git", "-C", directory});
  const CommandResult result = run_command(words);
  if (result.exit_code == 0) return result.output;
  if (result.exit_code == 127) {
    throw Error("--since needs git, which is not installed", "Debian: apt-get install git.");
  }
  throw Error(fmt::format("--since: git says: {}", trim(result.error)),
              "Name a revision that this repository has; in CI fetch its history first (a shallow "
              "clone has none: fetch-depth 0).");
}

/// Absolute paths of files that differ from where this branch left `since`, new ones included.
std::set<std::string> changed_files(const std::string& directory, const std::string& since) {
  const fs::path top = std::string(trim(git(directory, {"rev-parse", "--show-toplevel"})));
  const std::string base(trim(git(directory, {"merge-base", since, "HEAD"})));
  std::string names = git(directory, {"diff", "--name-only", "--no-renames", "-z", base, "--"});
  names += git(top.string(), {"ls-files", "--others", "--exclude-standard", "-z"});
  std::set<std::string> files;
  for (const std::string& name : split(names, '\0')) {
    if (!name.empty()) files.insert(fs::weakly_canonical(top / name).string());
  }
  return files;
}

bool touches(const Migration& migration, const std::set<std::string>& files) {
  for (const auto* scripts : {&migration.up, &migration.down, &migration.verify}) {
    for (const Script& script : *scripts) {
      if (files.contains(fs::weakly_canonical(script.path).string())) return true;
    }
  }
  return false;
}

}  // namespace

std::vector<bool> select_migrations(const MigrationSet& set, const Selection& selection) {
  const std::size_t count = set.migrations.size();
  std::vector<bool> selected(count, selection.only.empty());
  for (const std::string& wanted : selection.only) selected[index_of(set, wanted)] = true;
  const std::size_t from = selection.from.empty() ? 0 : index_of(set, selection.from);
  const std::size_t to = selection.to.empty() ? count : index_of(set, selection.to) + 1;
  std::set<std::string> changed;
  if (!selection.since.empty()) changed = changed_files(set.directory, selection.since);
  for (std::size_t i = 0; i < count; ++i) {
    if (i < from || i >= to) selected[i] = false;
    if (!selection.since.empty() && !touches(set.migrations[i], changed)) selected[i] = false;
  }
  return selected;
}

}  // namespace drydock
