// What a rehearsal costs for each migration: the walk over a synthetic history in one job, beside
// the scripts alone (up, down and up through one connection, nothing looked at, no rows).
//
// schema: no generated rows, no locks, no isolation; with_rows: 1,000 rows a table and data
// checks; everything: what `drydock verify` does unless told otherwise.
#include <benchmark/benchmark.h>

#include <string>

#include "bench/synthetic_history.h"
#include "harness/base/clock.h"
#include "harness/base/error.h"
#include "harness/postgres/server.h"
#include "harness/rehearse/run.h"

namespace drydock {
namespace {

constexpr int kMigrations = 60;

enum class Look { kSchema, kWithRows, kEverything };

const SyntheticHistory& history() {
  static const SyntheticHistory once(kMigrations);
  return once;
}

/// Milliseconds from the first migration's beginning to the last one's end: no start of a server.
class WalkClock : public ProgressListener {
 public:
  void migration_started(const std::string&, std::size_t) override {
    if (ended_++ == 0) began_ = SteadyClock::now();
  }
  void migration_ended(const MigrationResult&) override { took_ = milliseconds_since(began_); }
  double took() const { return took_; }

 private:
  std::size_t ended_ = 0;
  SteadyClock::time_point began_;
  double took_ = 0;
};

double walk_through(Look look) {
  Scenario scenario;
  scenario.name = "walk";
  scenario.migrations = history().directory();
  if (look == Look::kSchema) scenario.rows = 0;
  scenario.locks.ledger = look == Look::kEverything;
  scenario.isolation.judged = look == Look::kEverything;
  RunRequest request;
  request.scenarios = {scenario};
  request.jobs = 1;
  WalkClock clock;
  const RunResult result = run_scenarios(request, clock);
  if (!result.runs.at(0).error.empty()) throw Error(result.runs[0].error);
  return clock.took();
}

double scripts_alone(Server& server, const MigrationSet& set) {
  const ScratchDatabase database(server, "", "");
  Session session(server.administrator(database.name()));
  session.query("SET client_min_messages = error");
  const auto began = SteadyClock::now();
  for (const Migration& migration : set.migrations) {
    send_scripts(session, migration.up);
    send_scripts(session, migration.down);
    send_scripts(session, migration.up);
  }
  return milliseconds_since(began);
}

void walk_history(benchmark::State& state, Look look) {
  Server server = Server::start(select_server(""), {});
  const MigrationSet set = history().load();
  double walked = 0, alone = 0;
  for ([[maybe_unused]] const auto iteration : state) {
    alone += scripts_alone(server, set);
    const double mine = walk_through(look);
    walked += mine;
    state.SetIterationTime(mine / 1000);
  }
  const auto rounds = static_cast<double>(state.iterations());
  state.counters["ms_a_migration"] = walked / rounds / kMigrations;
  state.counters["alone_ms_a_migration"] = alone / rounds / kMigrations;
  state.counters["times_alone"] = walked / alone;
}

void add(benchmark::internal::Benchmark* benchmark) {
  benchmark->UseManualTime()->Unit(benchmark::kMillisecond)->Iterations(3);
}

BENCHMARK_CAPTURE(walk_history, schema, Look::kSchema)->Apply(add);
BENCHMARK_CAPTURE(walk_history, with_rows, Look::kWithRows)->Apply(add);
BENCHMARK_CAPTURE(walk_history, everything, Look::kEverything)->Apply(add);

}  // namespace
}  // namespace drydock
