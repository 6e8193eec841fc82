#include "bench/bench_run.h"

#include <fmt/format.h>

#include <algorithm>

#include "bench/backfill_analysis.h"
#include "bench/backfill_measure.h"
#include "harness/base/cancellation.h"
#include "harness/base/clock.h"
#include "harness/base/error.h"
#include "harness/base/median.h"
#include "harness/base/text.h"
#include "harness/load/layout.h"
#include "harness/postgres/server_binaries.h"
#include "harness/rehearse/machine.h"

namespace drydock {
namespace {

/// With half of each page free there is room for a second version of every row.
constexpr int kRoomyFillfactor = 50;
/// Less is noise.
constexpr double kWorthIt = 1.1;

bool wanted(const BackfillRule& rule, const BenchRequest& request) {
  return request.only.empty() ||
         std::find(request.only.begin(), request.only.end(), rule.name) != request.only.end();
}

void check_names(const BenchRequest& request) {
  std::vector<std::string> names;
  for (const Scenario& scenario : request.scenarios) {
    for (const BackfillRule& rule : scenario.backfills) names.push_back(rule.name);
  }
  if (names.empty()) {
    throw Error("no scenario has a backfill to measure",
                "Write one: \"backfills\": [ { \"name\": …, \"table\": …, \"set\": …, \"where\": … "
                "} ]; see docs/backfills.md.");
  }
  for (const std::string& name : request.only) {
    if (std::find(names.begin(), names.end(), name) != names.end()) continue;
    const std::string near = nearest(name, names);
    throw Error("there is no backfill " + name, near.empty()
                                                    ? "There are: " + join(names, ", ") + "."
                                                    : "Did you mean " + near + "?");
  }
}

BackfillResult empty_result(const BackfillRule& rule) {
  BackfillResult result;
  result.name = rule.name;
  result.table = rule.table;
  result.set = rule.set;
  result.where = rule.where;
  result.budgets = rule.budgets;
  result.file = rule.file;
  result.line = rule.line;
  return result;
}

double speed(const BackfillRun& run) {
  return run.problem.empty() && run.seconds > 0 ? static_cast<double>(run.rows) / run.seconds : 0;
}

/// Both without traffic and in turn, as often as the variant was measured.
void measure_room(BackfillStage& stage, const BackfillPoint& chosen, HotAdvice& hot) {
  std::vector<double> full, roomy;
  for (std::size_t i = 0; i < chosen.runs.size(); ++i) {
    full.push_back(speed(measure_with_fillfactor(stage, chosen.variant, hot.fillfactor)));
    roomy.push_back(speed(measure_with_fillfactor(stage, chosen.variant, kRoomyFillfactor)));
  }
  const double before = median(full), after = median(roomy);
  if (before <= 0 || after < before * kWorthIt) return;
  hot.advised_fillfactor = kRoomyFillfactor;
  hot.rows_per_second_with = after;
  hot.advice = fmt::format(
      "No index has a column that is set, so updates can be HOT (PostgreSQL docs, \"Heap-Only "
      "Tuples\") where a page has room. Without traffic, {} does {:.0f} rows/s; written anew with "
      "fillfactor {}, the table takes {:.0f} ({:.1f} ×).",
      describe(chosen.variant), before, kRoomyFillfactor, after, after / before);
}

/// What room on the pages would buy the recommended way, where updates could use it.
void measure_hot(BackfillStage& stage, BackfillResult& result) {
  result.hot = read_hot(stage);
  if (!result.recommended) return;
  const BackfillPoint& chosen = result.points[*result.recommended];
  if (!chosen.runs.empty() && chosen.runs.front().rows > 0) {
    result.hot.hot_share = static_cast<double>(chosen.runs.front().hot_updates) /
                           static_cast<double>(chosen.runs.front().rows);
  }
  if (!result.hot.eligible) {
    result.hot.advice = fmt::format(
        "Each update writes to every index of the table, because {} {} a column that "
        "is set: where it can be made after the backfill, that is cheaper.",
        result.hot.indexes, result.hot.indexes.find(',') == std::string::npos ? "has" : "have");
    return;
  }
  if (result.hot.fillfactor > kRoomyFillfactor) measure_room(stage, chosen, result.hot);
}

void measure_rule(Server& server, const Scenario& scenario, const MigrationSet& set,
                  BackfillRule rule, Calibration& calibration, BenchProgress& progress,
                  BackfillResult& result) {
  progress.preparing(rule.name);
  BackfillStage stage(server, scenario, set, rule);
  result.table = stage.rule().table;
  result.set = stage.target().set;
  result.where = stage.target().where;
  result.statement = stage.target().statement;
  result.rows = stage.rows();
  result.key = join(stage.target().key, ", ");
  result.notes = stage.notes();
  const auto conclude = [&] {
    analyse(result);
    if (!result.recommended) return;
    result.sql = loop_to_paste(stage.target(), result.points[*result.recommended].variant);
  };
  try {
    sweep(stage, calibration, progress, result);
  } catch (const Cancelled&) {
    conclude();
    throw;
  }
  conclude();
  measure_hot(stage, result);
}

void measure_scenario(const BenchRequest& request, const Scenario& scenario, BenchResult& bench,
                      BenchProgress& progress) {
  const MigrationSet set =
      load_migrations(scenario.migrations, scenario.layout, LayoutOptions{scenario.placeholders});
  Server server = Server::start_realistic(select_server(request.server), scenario.settings);
  bench.postgres = server.version();
  bench.settings = server.settings();
  bench.machine["data"] = server.place();
  Calibration calibration(server);
  for (BackfillRule rule : scenario.backfills) {
    if (!wanted(rule, request)) continue;
    if (request.rows) rule.rows = *request.rows;
    if (request.repetitions) rule.repetitions = *request.repetitions;
    BackfillResult result = empty_result(rule);
    try {
      measure_rule(server, scenario, set, rule, calibration, progress, result);
    } catch (const Cancelled&) {
      bench.cancelled = true;
    } catch (const Error& error) {
      result.error = error.message();
      result.error_remedy = error.remedy();
    }
    bench.backfills.push_back(std::move(result));
    bench.calibration = calibration.rows_per_second();
    if (bench.cancelled) return;
  }
}

}  // namespace

BenchResult run_bench(const BenchRequest& request, BenchProgress& progress) {
  check_names(request);
  BenchResult bench;
  const auto start = SteadyClock::now();
  bench.version = DRYDOCK_VERSION;
  bench.started_at = utc_timestamp(std::chrono::system_clock::now());
  bench.machine = describe_machine();
  for (const Scenario& scenario : request.scenarios) {
    if (cancelled()) bench.cancelled = true;
    if (bench.cancelled) break;
    try {
      measure_scenario(request, scenario, bench, progress);
    } catch (const Cancelled&) {
      bench.cancelled = true;
    } catch (const Error& error) {
      bench.error = error.message();
      bench.error_remedy = error.remedy();
    }
  }
  bench.duration_ms = milliseconds_since(start);
  return bench;
}

}  // namespace drydock
