// drydock verify: rehearse, judge, report; the gate.

#include <fmt/format.h>

#include <filesystem>
#include <memory>
#include <optional>
#include <vector>

#include "harness/base/error.h"
#include "harness/base/files.h"
#include "harness/base/text.h"
#include "harness/cli/commands.h"
#include "harness/cli/exit_code.h"
#include "harness/cli/policy.h"
#include "harness/cli/report_files.h"
#include "harness/cli/terminal.h"
#include "harness/load/scenario_file.h"
#include "harness/postgres/server.h"
#include "harness/rehearse/run.h"

namespace drydock {
namespace fs = std::filesystem;
namespace {

/// A migration that needs longer than this in an empty database does not end by itself.
constexpr int kDefaultTimeoutSeconds = 600;

struct VerifyOptions {
  std::vector<std::string> paths;
  std::string layout;
  std::vector<std::string> postgres;
  std::string run_as;
  std::vector<std::string> prepare;
  double timeout_seconds = kDefaultTimeoutSeconds;
  Selection selection;
  std::optional<std::int64_t> rows;
  std::optional<std::uint64_t> seed;
  std::string out = "drydock-out";
  std::size_t jobs = 0;
  bool keep = false, quiet = false, no_color = false, paranoid = false;
  bool traffic = false, queue = false, no_locks = false, no_isolation = false;
  PolicyOptions policy;
};

Scenario scenario_for(const std::string& path) {
  if (!fs::is_directory(path) && fs::path(path).extension() == ".json") return load_scenario(path);
  Scenario scenario;
  scenario.migrations = path;
  const fs::path absolute = fs::absolute(path).lexically_normal();
  const fs::path shown = absolute.has_filename() ? absolute : absolute.parent_path();
  scenario.name = shown.filename().string();
  // "migrations" alone names nothing: the directory above does.
  if (scenario.name == "migrations") scenario.name = shown.parent_path().filename().string();
  return scenario;
}

/// The command line wins over the scenario file.
void apply_options(const VerifyOptions& options, Scenario& scenario) {
  if (!options.layout.empty()) scenario.layout = options.layout;
  if (!options.run_as.empty()) scenario.run_as = options.run_as;
  if (!options.prepare.empty()) scenario.prepare = options.prepare;
  if (options.rows) scenario.rows = *options.rows;
  if (options.seed) scenario.seed = *options.seed;
  if (options.traffic) scenario.locks.traffic = true;
  if (options.queue) scenario.locks.queue = true;
  if (options.no_locks) scenario.locks.ledger = false;
  if (options.no_isolation) scenario.isolation.judged = false;
}

std::vector<Scenario> load_scenarios(const VerifyOptions& options) {
  std::vector<std::string> paths = options.paths;
  if (paths.empty()) {
    if (!fs::exists("drydock.json")) {
      throw Error("no migrations were named, and there is no drydock.json here",
                  "Name a directory of migrations or a scenario file: drydock verify DIR. "
                  "`drydock init DIR` writes a drydock.json.");
    }
    paths = {"drydock.json"};
  }
  std::vector<Scenario> scenarios;
  for (const std::string& path : paths) {
    scenarios.push_back(scenario_for(path));
    apply_options(options, scenarios.back());
  }
  return scenarios;
}

std::string command_line(const VerifyOptions& options) {
  std::string command = "drydock verify";
  for (const std::string& path : options.paths) command += " " + path;
  if (!options.layout.empty()) command += " --layout " + options.layout;
  for (const std::string& server : options.postgres) {
    if (server.find("://") == std::string::npos) command += " --postgres " + server;
  }
  if (!options.run_as.empty()) command += " --run-as " + options.run_as;
  for (const std::string& file : options.prepare) command += " --prepare " + file;
  for (const std::string& id : options.selection.only) command += " --only " + id;
  if (!options.selection.from.empty()) command += " --from " + options.selection.from;
  if (!options.selection.to.empty()) command += " --to " + options.selection.to;
  if (!options.selection.since.empty()) command += " --since " + options.selection.since;
  if (options.rows) command += fmt::format(" --rows {}", *options.rows);
  if (options.seed) command += fmt::format(" --seed {}", *options.seed);
  if (options.traffic) command += " --traffic";
  if (options.queue) command += " --queue";
  if (options.no_locks) command += " --no-locks";
  if (options.no_isolation) command += " --no-isolation";
  return command;
}

int verify(const VerifyOptions& options) {
  RunRequest request;
  request.scenarios = load_scenarios(options);
  request.servers = options.postgres;
  request.selection = options.selection;
  request.limit = std::chrono::milliseconds(static_cast<long>(options.timeout_seconds * 1000));
  request.policy = make_policy(options.policy);
  request.keep = options.keep;
  request.paranoid = options.paranoid;
  request.jobs = options.jobs;
  prepare_output(options.out);
  const auto progress = make_progress(options.quiet);
  std::vector<Server> leaving;  // they stop while reports are written
  RunResult result = run_scenarios(request, *progress, &leaving);
  result.command = command_line(options);
  find_stale_known(options.policy, result);
  if (!options.policy.write_known.empty() && result.verdict != Outcome::kErrored) {
    write_file(options.policy.write_known, write_known(result));
  }
  std::exception_ptr not_written;
  try {
    write_reports(result, options.out);
  } catch (const Error&) {
    not_written = std::current_exception();
  }
  fmt::print("{}", render_console(result, console_style(options.no_color, options.quiet),
                                  not_written ? "" : html_report(options.out)));
  std::fflush(stdout);
  if (not_written) std::rethrow_exception(not_written);
  return exit_code(result.verdict);
}

void add_selection_options(CLI::App& command, VerifyOptions& options) {
  command.add_option(
      "--only", options.selection.only,
      "Judge only these migrations (id or version; repeatable); the others are applied");
  command.add_option("--from", options.selection.from, "Judge from this migration on");
  command.add_option("--to", options.selection.to, "Judge up to this migration");
  command.add_option("--since", options.selection.since,
                     "Judge only what this branch adds or changes since the git revision");
}

void add_observing_options(CLI::App& command, VerifyOptions& options) {
  command.add_flag("--traffic", options.traffic,
                   "Run each up that locks tables again under traffic, on a server with "
                   "production settings, and measure what the traffic feels");
  command.add_flag("--queue", options.queue,
                   "Run each up that locks tables again behind a long report, an idle transaction "
                   "and a dump");
  command.add_flag("--no-locks", options.no_locks, "Do not observe locks");
  command.add_flag("--no-isolation", options.no_isolation,
                   "Do not try to reach another tenant's rows");
}

}  // namespace

void add_verify_command(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<VerifyOptions>();
  CLI::App* command = app.add_subcommand("verify", "Rehearse, judge, report; the gate");
  command->add_option("path", options->paths,
                      "Directories of migrations, or scenario files (default: drydock.json)");
  command->add_option("--layout", options->layout,
                      "How the migrations are laid out (default: found out; docs/layouts.md)");
  command->add_option(
      "--postgres", options->postgres,
      "Server: version, directory of its programs, or URL (repeatable; default: the "
      "newest found)");
  command->add_option("--run-as", options->run_as,
                      "Role that the migrations run as; `superuser` gives up privilege checks "
                      "(default: a plain owner of the database)");
  command->add_option("--prepare", options->prepare,
                      "SQL file run as superuser before the first migration (repeatable)");
  command
      ->add_option("--timeout", options->timeout_seconds,
                   "Seconds that one phase of one migration may take; 0: no limit")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  add_selection_options(*command, *options);
  command
      ->add_option("--rows", options->rows,
                   fmt::format("Rows to generate in each table; 0: none (default: what the "
                               "scenario says, else {})",
                               kDefaultRows))
      ->check(CLI::NonNegativeNumber);
  command->add_option("--seed", options->seed,
                      "Other rows of the same kind (default: what the scenario says, else 1)");
  add_observing_options(*command, *options);
  add_policy_options(*command, options->policy);
  command->add_option("--out", options->out, "Directory for the reports")->capture_default_str();
  command
      ->add_option("--jobs", options->jobs,
                   "Rehearse so many ranges of the migrations at the same time, each on a server "
                   "of its own (default: as many as pay off)")
      ->check(CLI::PositiveNumber);
  command->add_flag("--keep", options->keep,
                    "Leave the server running afterwards and say how to look inside");
  command->add_flag("--paranoid", options->paranoid,
                    "Observe everything each time and hold the incremental observation against it");
  command->add_flag("--quiet", options->quiet, "Only what fails, and the verdict");
  command->add_flag("--no-color", options->no_color, "No colours");
  command->callback([options, &exit_code] { exit_code = verify(*options); });
}

}  // namespace drydock
