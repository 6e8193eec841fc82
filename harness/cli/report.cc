// drydock report: print a run again, in any format, under another policy if wanted; no server
// needed.

#include <fmt/format.h>

#include <memory>

#include "harness/base/error.h"
#include "harness/base/files.h"
#include "harness/cli/commands.h"
#include "harness/cli/exit_code.h"
#include "harness/cli/policy.h"
#include "harness/cli/report_files.h"
#include "harness/cli/terminal.h"
#include "harness/load/scenario_file.h"
#include "reports/json.h"
#include "reports/reporter.h"

namespace drydock {
namespace {

struct ReportOptions {
  std::string run_file;
  std::string format = "console";
  std::string out;
  std::string scenario;
  bool no_color = false, quiet = false;
  PolicyOptions policy;
  bool judge_again = false;
};

/// The saved evidence under the policy and scenario of now.
void judge_again(const ReportOptions& options, RunResult& result) {
  const Policy policy = make_policy(options.policy);
  const Scenario scenario = options.scenario.empty() ? Scenario{} : load_scenario(options.scenario);
  for (ScenarioRun& run : result.runs) {
    for (MigrationResult& migration : run.migrations) {
      migration = judge(std::move(migration.evidence), scenario, policy);
    }
  }
  result.gate = policy.gate;
  result.stale_known.clear();
  result.verdict = overall(result);
  find_stale_known(options.policy, result);
}

std::string render(const ReportOptions& options, const RunResult& result) {
  if (options.format == "console") {
    return render_console(result, console_style(options.no_color, options.quiet));
  }
  for (const Reporter& reporter : all_reporters()) {
    if (reporter.name == options.format) return reporter.render(result);
  }
  throw Error(fmt::format("there is no report format {}", options.format));
}

int report(const ReportOptions& options) {
  RunResult result;
  try {
    result = parse_json(read_file(options.run_file));
  } catch (const Error& error) {
    throw error.with_context("reading " + options.run_file);
  }
  if (options.judge_again) judge_again(options, result);
  if (!options.policy.write_known.empty()) {
    write_file(options.policy.write_known, write_known(result));
  }
  if (options.out.empty()) {
    fmt::print("{}", render(options, result));
  } else {
    prepare_output(options.out);
    write_reports(result, options.out);
    fmt::print("{}\n", html_report(options.out));
  }
  return exit_code(result.verdict);
}

std::vector<std::string> format_names() {
  std::vector<std::string> names = {"console"};
  for (const Reporter& reporter : all_reporters()) names.push_back(reporter.name);
  return names;
}

}  // namespace

void add_report_command(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<ReportOptions>();
  CLI::App* command = app.add_subcommand(
      "report",
      "Print a run again from its run.json; with a gate, known file or scenario, judge it again");
  command->add_option("run.json", options->run_file, "A run's run.json")->required();
  command->add_option("--format", options->format, "What to print on standard output")
      ->check(CLI::IsMember(format_names()))
      ->capture_default_str();
  command->add_option("--out", options->out, "Write every format into this directory instead");
  command->add_option("--scenario", options->scenario, "Judge again with this scenario's waivers");
  add_policy_options(*command, options->policy);
  command->add_flag("--quiet", options->quiet, "Only what fails, and the verdict");
  command->add_flag("--no-color", options->no_color, "No colours");
  command->callback([options, command, &exit_code] {
    for (const char* name : {"--fail-on", "--known", "--scenario"}) {
      if (command->count(name) > 0) options->judge_again = true;
    }
    exit_code = report(*options);
  });
}

}  // namespace drydock
