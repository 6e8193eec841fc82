// drydock bench: how big a batch, at what price, and did it get worse.

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <optional>

#include "bench/backfill_checks.h"
#include "bench/bench_json.h"
#include "bench/bench_run.h"
#include "harness/base/error.h"
#include "harness/base/files.h"
#include "harness/cli/bench_progress.h"
#include "harness/cli/commands.h"
#include "harness/cli/exit_code.h"
#include "harness/cli/report_files.h"
#include "harness/cli/terminal.h"
#include "harness/load/scenario_file.h"
#include "harness/model/words.h"
#include "reports/bench_reports.h"
#include "reports/bench_totals.h"

namespace drydock {
namespace {

struct BenchOptions {
  std::vector<std::string> scenarios;
  std::vector<std::string> backfills;
  std::optional<std::int64_t> rows;
  std::optional<int> repetitions;
  std::string postgres;
  std::string baseline, save_baseline;
  std::vector<std::string> history;
  std::string fail_on = "error";
  std::string out = "drydock-out";
  bool quiet = false, no_color = false;
};

BenchResult read_bench_file(const std::string& file) {
  return read_bench_json(read_file(file), file);
}

/// The oldest first.
std::vector<BenchResult> read_history(const BenchOptions& options) {
  std::vector<BenchResult> history;
  for (const std::string& file : options.history) history.push_back(read_bench_file(file));
  std::stable_sort(history.begin(), history.end(), [](const BenchResult& a, const BenchResult& b) {
    return a.started_at < b.started_at;
  });
  return history;
}

BenchRequest request_for(const BenchOptions& options) {
  BenchRequest request;
  std::vector<std::string> paths = options.scenarios;
  if (paths.empty()) paths = {"drydock.json"};
  for (const std::string& path : paths) request.scenarios.push_back(load_scenario(path));
  request.server = options.postgres;
  request.only = options.backfills;
  request.rows = options.rows;
  request.repetitions = options.repetitions;
  return request;
}

std::string command_line(const BenchOptions& options) {
  std::string command = "drydock bench";
  for (const std::string& path : options.scenarios) command += " " + path;
  for (const std::string& name : options.backfills) command += " --backfill " + name;
  if (options.rows) command += fmt::format(" --rows {}", *options.rows);
  if (options.repetitions) command += fmt::format(" --repetitions {}", *options.repetitions);
  if (!options.postgres.empty()) command += " --postgres " + options.postgres;
  if (!options.baseline.empty()) command += " --baseline " + options.baseline;
  return command;
}

void write_bench_reports(const BenchResult& bench, const std::vector<BenchResult>& history,
                         const std::filesystem::path& out) {
  write_file(out / "bench.json", write_bench_json(bench));
  write_file(out / "bench.html", render_bench_html(bench, history));
  write_file(out / "bench-junit.xml", render_bench_junit(bench));
  write_file(out / "bench.md", render_bench_markdown(bench));
}

/// Only the trend: nothing is measured.
int show_history(const BenchOptions& options) {
  const std::vector<BenchResult> history = read_history(options);
  prepare_output(options.out);
  const std::string page = (std::filesystem::path(options.out) / "bench.html").string();
  write_file(page, render_bench_html(history.back(), history));
  fmt::print("{}{}\n", render_bench_trend(history, console_style(options.no_color, options.quiet)),
             page);
  return kExitPassed;
}

int bench(const BenchOptions& options) {
  if (options.scenarios.empty() && !options.history.empty()) return show_history(options);
  const BenchRequest request = request_for(options);
  const std::vector<BenchResult> history = read_history(options);
  std::optional<BenchResult> baseline;
  if (!options.baseline.empty()) baseline = read_bench_file(options.baseline);
  prepare_output(options.out);
  const auto progress = make_bench_progress(options.quiet);
  BenchResult result = run_bench(request, *progress);
  result.command = command_line(options);
  result.baseline = options.baseline;
  result.gate = options.fail_on == word(Severity::kWarning) ? Severity::kWarning : Severity::kError;
  judge_bench(result, baseline ? &*baseline : nullptr);
  std::vector<BenchResult> trend = history;
  trend.push_back(result);
  write_bench_reports(result, trend, options.out);
  const int code = exit_code(verdict_of(result));
  // What is broken or was cut short is nothing to compare with.
  if (!options.save_baseline.empty() && code != kExitCouldNotTell) {
    write_file(options.save_baseline, write_bench_json(result));
  }
  fmt::print("{}{}\n", render_bench_console(result, console_style(options.no_color, options.quiet)),
             (std::filesystem::path(options.out) / "bench.html").string());
  return code;
}

}  // namespace

void add_bench_command(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<BenchOptions>();
  CLI::App* command = app.add_subcommand(
      "bench", "Measure backfills: which strategy and batch size, at what price for traffic");
  command->add_option("scenario", options->scenarios,
                      "Scenario files with backfills (default: drydock.json)");
  command->add_option("--backfill", options->backfills,
                      "Measure only the backfill of this name (repeatable)");
  command->add_option("--rows", options->rows, "Rows to be done (default: what the scenario says)")
      ->check(CLI::PositiveNumber);
  command
      ->add_option("--repetitions", options->repetitions,
                   "How often each variant is measured (default: what the scenario says)")
      ->check(CLI::PositiveNumber);
  command->add_option("--postgres", options->postgres,
                      "Server: version, or directory of its programs (default: the newest found)");
  command->add_option("--baseline", options->baseline,
                      "Hold against this earlier bench.json; fails when it got worse");
  command->add_option("--save-baseline", options->save_baseline,
                      "Write what was measured there, for a later --baseline");
  command->add_option("--history", options->history,
                      "Earlier bench.json files: draw the trend; without a scenario nothing is "
                      "measured");
  command->add_option("--fail-on", options->fail_on, "Exit with 1 from this severity on")
      ->check(CLI::IsMember({"warning", "error"}))
      ->capture_default_str();
  command->add_option("--out", options->out, "Directory for the reports")->capture_default_str();
  command->add_flag("--quiet", options->quiet, "Only what fails, and the verdict");
  command->add_flag("--no-color", options->no_color, "No colours");
  command->callback([options, &exit_code] { exit_code = bench(*options); });
}

}  // namespace drydock
