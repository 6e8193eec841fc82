// What the reports cost: each format of one run with many migrations and findings, and run.json
// read back.
//
// run.json is held against the least that its library needs for the same text: dumping a tree that
// is already built, and parsing into a tree that nobody looks at.
#include <benchmark/benchmark.h>

#include <nlohmann/json.hpp>

#include "bench/synthetic_history.h"
#include "harness/base/clock.h"
#include "harness/base/error.h"
#include "harness/rehearse/run.h"
#include "reports/json.h"
#include "reports/reporter.h"

namespace drydock {
namespace {

constexpr int kMigrations = 180;

RunResult rehearse_history() {
  const SyntheticHistory history(kMigrations);
  RunRequest request;
  request.scenarios.resize(1);
  request.scenarios[0].name = "reports";
  request.scenarios[0].migrations = history.directory();
  request.scenarios[0].rows = 20;
  ProgressListener silent;
  RunResult result = run_scenarios(request, silent);
  if (!result.runs.at(0).error.empty()) throw Error(result.runs[0].error);
  return result;
}

const RunResult& run() {
  static const RunResult once = rehearse_history();
  return once;
}

void tell_size(benchmark::State& state, std::size_t bytes) {
  std::size_t findings = 0;
  for (const MigrationResult& each : run().runs[0].migrations) findings += each.findings.size();
  state.SetBytesProcessed(static_cast<std::int64_t>(bytes) * state.iterations());
  state.counters["kilobytes"] = static_cast<double>(bytes) / 1000;
  state.counters["findings"] = static_cast<double>(findings);
}

void write_report(benchmark::State& state, std::string (*render)(const RunResult&)) {
  std::size_t bytes = 0;
  run();
  for ([[maybe_unused]] const auto iteration : state) bytes = render(run()).size();
  tell_size(state, bytes);
}

/// Milliseconds that `work` takes.
template <typename Work>
double time_of(Work work) {
  const auto began = SteadyClock::now();
  benchmark::DoNotOptimize(work());
  return milliseconds_since(began);
}

/// `mine` and `library` in turn, so that both meet the same machine.
template <typename Mine, typename Library>
void side_by_side(benchmark::State& state, Mine mine, Library library) {
  double own = 0, least = 0;
  for ([[maybe_unused]] const auto iteration : state) {
    least += time_of(library);
    const double took = time_of(mine);
    own += took;
    state.SetIterationTime(took / 1000);
  }
  state.counters["times_library"] = own / least;
}

void write_run_json(benchmark::State& state) {
  const std::string text = render_json(run());
  const auto tree = nlohmann::ordered_json::parse(text);
  side_by_side(
      state, [] { return render_json(run()); }, [&] { return tree.dump(2); });
  tell_size(state, text.size());
}

void read_run_json(benchmark::State& state) {
  const std::string text = render_json(run());
  side_by_side(
      state, [&] { return parse_json(text); }, [&] { return nlohmann::ordered_json::parse(text); });
  tell_size(state, text.size());
}

BENCHMARK(write_run_json)->UseManualTime()->Unit(benchmark::kMillisecond);
BENCHMARK(read_run_json)->UseManualTime()->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(write_report, junit, render_junit)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(write_report, html, render_html)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(write_report, markdown, render_markdown)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace drydock
