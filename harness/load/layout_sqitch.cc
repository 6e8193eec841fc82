// sqitch: sqitch.plan is the order; deploy/, revert/ and verify/ hold a script per change.
//
// sqitch runs every script with psql --file (ON_ERROR_STOP set, no transaction added), from the
// directory that holds sqitch.conf. So statements go one by one, and the scripts bring their own
// BEGIN and COMMIT. A change that appears again later in the plan was reworked: its earlier
// instance lives in NAME@TAG.sql, where TAG is one of the tags between the two (the first for which
// deploy has a file, from the latest back), and is called NAME@TAG here.
//
// The given directory is the one with sqitch.plan or the project's, whose sqitch.conf leads there.
// Keys of the engine (pg) stand before those of core; other engines' plans are refused. Variables
// come from [deploy "variables"] and [engine "pg.variables"], then from the scenario.
#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <set>

#include "harness/base/error.h"
#include "harness/base/files.h"
#include "harness/load/layout.h"
#include "harness/load/layout_script.h"
#include "harness/load/layout_sqitch_config.h"
#include "harness/load/layout_sqitch_plan.h"
#include "harness/load/psql_script.h"

namespace drydock {
namespace fs = std::filesystem;
namespace {

bool is_file(const fs::path& path) {
  std::error_code ignored;
  return fs::is_regular_file(path, ignored);
}

/// The project: where its sqitch.conf lies, and what it says. Without one, the directory itself.
struct Project {
  fs::path root;
  SqitchConfig config;

  fs::path top() const { return root / config.get("top_dir").value_or("."); }
  fs::path plan() const {
    const auto named = config.get("plan_file");
    return (named ? root / *named : top() / "sqitch.plan").lexically_normal();
  }
  /// deploy_dir, revert_dir, verify_dir; reworked_… for earlier instances of reworked changes.
  fs::path scripts(const std::string& kind, bool reworked) const {
    const std::string key = (reworked ? "reworked_" : "") + kind + "_dir";
    if (const auto named = config.get(key)) return root / *named;
    const auto reworked_top = reworked ? config.get("reworked_dir") : std::nullopt;
    return ((reworked_top ? root / *reworked_top : top()) / kind).lexically_normal();
  }
  std::string extension() const { return config.get("extension").value_or("sql"); }
};

/// The sqitch.conf whose plan is in `directory`: its own, or one of the two directories above.
Project find_project(const fs::path& directory) {
  fs::path root = directory;
  for (int up = 0; up <= 2; ++up, root = up == 1 ? directory / ".." : root / "..") {
    const fs::path file = root / "sqitch.conf";
    if (!is_file(file)) continue;
    Project project{root.lexically_normal(), parse_sqitch_config(read_file(file))};
    std::error_code ignored;
    if (up == 0 || fs::equivalent(project.plan(), directory / "sqitch.plan", ignored)) {
      return project;
    }
  }
  return {directory, {}};
}

Detection detect(const MigrationDirectory& directory) {
  if (directory.has_file("sqitch.plan")) return {Certainty::kMarker, "it has a sqitch.plan"};
  if (!directory.has_file("sqitch.conf")) return {};
  const fs::path plan = find_project(directory.path()).plan();
  if (!is_file(plan)) return {};
  return {Certainty::kMarker, fmt::format("its sqitch.conf leads to {}", plan.string())};
}

/// Builds the migrations of a project.
class Loader {
 public:
  Loader(const Project& project, const LayoutOptions& options)
      : project_(project), psql_{project.config.variables(), project.root} {
    for (const auto& [name, value] : options.placeholders) psql_.variables[name] = value;
    psql_.variables.emplace("registry", project.config.get("registry").value_or("sqitch"));
  }

  Migration load(const SqitchChange& change) {
    const bool reworked = !change.rework_tags.empty();
    const std::string name = reworked ? change.name + "@" + tag_of(change) : change.name;
    const std::string file = name + "." + project_.extension();
    const fs::path deploy = project_.scripts("deploy", reworked) / file;
    Migration migration = migration_with(name, "", deploy_script(deploy));
    if (const fs::path revert = project_.scripts("revert", reworked) / file; is_file(revert)) {
      add_down(migration, script(revert));
    }
    if (const fs::path verify = project_.scripts("verify", reworked) / file; is_file(verify)) {
      migration.verify.push_back(script(verify));
    }
    used_.insert(deploy.lexically_normal().string());
    return migration;
  }

  void ignore_unplanned(MigrationSet& set) const {
    const fs::path deploy = project_.scripts("deploy", false);
    std::error_code code;
    for (fs::recursive_directory_iterator it(deploy, code), end; !code && it != end;
         it.increment(code)) {
      const std::string file = it->path().lexically_normal().string();
      if (!it->is_directory() && !used_.contains(file)) {
        set.ignored.push_back({file, "not in sqitch.plan"});
      }
    }
    std::sort(set.ignored.begin(), set.ignored.end(),
              [](const IgnoredFile& a, const IgnoredFile& b) { return a.path < b.path; });
  }

 private:
  std::string tag_of(const SqitchChange& change) const {
    const fs::path deploy = project_.scripts("deploy", true);
    for (const std::string& tag : change.rework_tags) {
      if (is_file(deploy / (change.name + "@" + tag + "." + project_.extension()))) return tag;
    }
    return change.rework_tags.front();
  }

  Script script(const fs::path& file) const { return psql_script(file, file.string(), psql_); }

  Script deploy_script(const fs::path& file) const {
    if (is_file(file)) return script(file);
    Script missing;
    missing.path = file.string();
    refuse(missing, "the plan names this change, but the deploy script does not exist.", 0);
    return missing;
  }

  const Project& project_;
  PsqlOptions psql_;
  std::set<std::string> used_;
};

void load(const MigrationDirectory& directory, const LayoutOptions& options, MigrationSet& set) {
  const Project project = find_project(directory.path());
  if (const auto engine = project.config.engine(); engine && *engine != "pg") {
    throw Error(fmt::format("{}: the engine of this sqitch project is {}, not pg",
                            (project.root / "sqitch.conf").string(), *engine),
                "Give the directory of a PostgreSQL plan.");
  }
  const fs::path plan = project.plan();
  Loader loader(project, options);
  for (const SqitchChange& change : parse_sqitch_plan(read_file(plan), plan.string())) {
    set.migrations.push_back(loader.load(change));
  }
  loader.ignore_unplanned(set);
}

}  // namespace

Layout sqitch_layout() {
  return {"sqitch", "sqitch: each script through psql, statement by statement, in the plan's order",
          true, detect, load};
}

}  // namespace drydock
