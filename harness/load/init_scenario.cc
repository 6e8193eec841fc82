#include "harness/load/init_scenario.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <filesystem>
#include <vector>

#include "harness/base/text.h"

namespace drydock {
namespace {

namespace fs = std::filesystem;

/// A JSON literal. File names come in any encoding and may hold anything, even a line break.
std::string quoted(const std::string& text) {
  return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

/// A name as part of a // comment: whatever would end the comment is folded to a blank.
std::string in_comment(const std::string& text) { return valid_utf8(one_line(text)); }

/// Absolute, without dots and without a slash at the end.
fs::path full(const std::string& path) {
  const fs::path normal = fs::absolute(path).lexically_normal();
  return normal.has_filename() ? normal : normal.parent_path();
}

std::string relative_directory(const MigrationSet& set, const std::string& scenario_path) {
  return full(set.directory).lexically_relative(full(scenario_path).parent_path()).string();
}

/// The project's name when the directory is just called "migrations" or "db", as most are.
std::string project_name(const std::string& directory) {
  const std::vector<std::string> generic = {"migrations", "migration", "migrate", "db",
                                            "database",   "sql",       "schema",  "src"};
  fs::path path = full(directory);
  const std::string fallback = path.filename().string();
  while (path.has_relative_path()) {
    const std::string name = path.filename().string();
    if (std::find(generic.begin(), generic.end(), to_lower(name)) == generic.end()) return name;
    path = path.parent_path();
  }
  return fallback;
}

std::string what_was_found(const MigrationSet& set) {
  if (set.migrations.empty()) return "No migrations were found here yet.";
  return fmt::format("{}: {} … {}.", plural(set.migrations.size(), "migration"),
                     in_comment(set.migrations.front().id), in_comment(set.migrations.back().id));
}

/// Files that are no migrations, the first few by name: a gap here is a mistake seen early.
std::string what_was_ignored(const MigrationSet& set) {
  constexpr std::size_t kShown = 5;
  if (set.ignored.empty()) return "";
  std::string text = fmt::format("    // {} in it not taken for migrations:\n",
                                 plural(set.ignored.size(), "file is", "files are"));
  for (std::size_t i = 0; i < std::min(kShown, set.ignored.size()); ++i) {
    const fs::path file = set.ignored[i].path;
    text += fmt::format("    //   {}: {}\n", in_comment(file.filename().string()),
                        in_comment(set.ignored[i].reason));
  }
  if (set.ignored.size() > kShown) text += "    //   …\n";
  return text;
}

std::string irreversible_candidates(const MigrationSet& set) {
  if (!set.layout_has_downs)
    return "      // This layout has no down scripts: nothing to declare here.\n";
  std::string entries;
  std::size_t count = 0;
  for (const Migration& migration : set.migrations) {
    if (migration.has_down) continue;
    ++count;
    entries += fmt::format("      // {{ \"migration\": {}, \"reason\": \"\" }},\n",
                           in_comment(quoted(migration.id)));
  }
  if (count == 0) return "      // Every migration has a down script.\n";
  return fmt::format(
             "      // {} no down script. Write it; or, where there is no way back on purpose,\n"
             "      // uncomment the line and say why (no comma after the last one).\n",
             plural(count, "migration has", "migrations have")) +
         entries;
}

/// What can be said of rows; all of it is offered only.
constexpr const char* kRows =
    R"text(  // Rows in place while migrations run: 1000 made up for each table, unless you say otherwise here.
  // "data": {
  //   "rows": 1000,
  //   "load": [ "seed.sql" ],
  //   "tables": { "public.orders": { "rows": 20000,
  //     "columns": { "state": { "one_of": [ "open", "paid" ] } } } }
  // },
  // Values that a migration changes on purpose, and what nobody relies on:
  // "preserve": {
  //   "transforms": [ { "migration": "…", "column": "public.orders.code", "equals": "upper(code)" } ],
  //   "may_change": [ "*.updated_at" ]
  // },
  // Queries that must give these rows:
  // "assertions": [
  //   { "name": "no order without customer", "at": "after_up", "expect": [[0]],
  //     "sql": "select count(*) from orders where customer_id is null" }
  // ],

)text";

}  // namespace

std::string starting_scenario(const MigrationSet& set, const std::string& scenario_path) {
  const std::string name = project_name(set.directory);
  return fmt::format(
      R"(// What Drydock rehearses here, and what is expected of it. Every key but migrations.path may go.
{{
  "name": {name},
  // One sentence on what this scenario is for; the reports show it.
  "why": "",

  "migrations": {{
    // {found}
{ignored}    "path": {path},
    // {summary}
    "layout": {layout}
  }},

  "postgres": {{
    // The versions you run in production, such as "15"; the newest found when none is given.
    "versions": [],
    // SQL files run as superuser beforehand: roles and grants that production already has.
    "prepare": [],
    // Extensions your migrations expect to find, not those they create themselves.
    "extensions": []
  }},

  // The role that runs migrations in production. Without it: a plain role that owns the database.
  // "run_as": "owner",

{rows}  "cycle": {{
    "irreversible": [
{irreversible}    ]
  }},

  // Findings you accept, each with a reason and, better, a last day:
  // {{ "check": "schema-restored", "migration": "…", "reason": "…", "until": "2030-12-31" }}
  "waivers": []
}}
)",
      fmt::arg("name", quoted(name)), fmt::arg("found", what_was_found(set)),
      fmt::arg("ignored", what_was_ignored(set)),
      fmt::arg("path", quoted(relative_directory(set, scenario_path))),
      fmt::arg("summary", in_comment(set.layout_summary)), fmt::arg("layout", quoted(set.layout)),
      fmt::arg("rows", kRows), fmt::arg("irreversible", irreversible_candidates(set)));
}

}  // namespace drydock
