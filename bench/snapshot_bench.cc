// What it costs to know the schema: all of it, and what one small change made of it, at a hundred
// tables with their types, views, functions, triggers and policies.
//
// What one would use otherwise is pg_dump --schema-only, which reads everything each time.
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include "bench/synthetic_history.h"
#include "harness/base/clock.h"
#include "harness/base/error.h"
#include "harness/observe/schema_snapshot.h"
#include "harness/postgres/server.h"

namespace drydock {
namespace {

/// Six of them make a table.
constexpr int kMigrations = 600;

class Migrated {
 public:
  Migrated() : database_(server_, "", "") {
    Session session(info());
    session.query("SET client_min_messages = error");
    for (const Migration& migration : SyntheticHistory(kMigrations).load().migrations) {
      send_scripts(session, migration.up);
    }
    Connection(info()).execute("VACUUM ANALYZE");
  }
  ConnectionInfo info() const { return server_.administrator(database_.name()); }

  /// Milliseconds of one pg_dump.
  double dump() const {
    const auto began = SteadyClock::now();
    const CommandResult result = run_command(
        {server_.binaries().directory + "/pg_dump", "--schema-only", "-d", info().conninfo});
    if (result.exit_code != 0) throw Error("pg_dump: " + result.error);
    return milliseconds_since(began);
  }

 private:
  Server server_ = Server::start(select_server(""), {});
  ScratchDatabase database_;
};

const Migrated& migrated() {
  static const Migrated once;
  return once;
}

/// What is there, as the observer sees it.
class Looking {
 public:
  double full() {
    const auto began = SteadyClock::now();
    objects_ = static_cast<double>(observer_.full().objects.size());
    return milliseconds_since(began);
  }
  double refresh() {
    const auto began = SteadyClock::now();
    observer_.refresh();
    return milliseconds_since(began);
  }
  void change(int round) {
    writer_.execute(round % 2 == 0 ? "ALTER TABLE t7 ADD COLUMN more int DEFAULT 1"
                                   : "ALTER TABLE t7 DROP COLUMN more");
  }
  double objects() const { return objects_; }

 private:
  Connection connection_{migrated().info()}, writer_{migrated().info()};
  SchemaObserver observer_{connection_};
  double objects_ = 0;
};

void snapshot_full(benchmark::State& state) {
  Looking looking;
  double looks = 0, dumps = 0;
  for ([[maybe_unused]] const auto iteration : state) {
    dumps += migrated().dump();
    const double mine = looking.full();
    looks += mine;
    state.SetIterationTime(mine / 1000);
  }
  state.counters["objects"] = looking.objects();
  state.counters["times_pg_dump"] = looks / dumps;
}

/// `changed`: a column came or went since the last look.
void snapshot_refreshed(benchmark::State& state, bool changed) {
  Looking looking;
  looking.refresh();
  double refreshed = 0, full = 0;
  int round = 0;
  for ([[maybe_unused]] const auto iteration : state) {
    if (changed) looking.change(round++);
    const double mine = looking.refresh();
    refreshed += mine;
    full += looking.full();
    state.SetIterationTime(mine / 1000);
  }
  state.counters["times_full"] = refreshed / full;
}

void add(benchmark::internal::Benchmark* benchmark) {
  benchmark->UseManualTime()->Unit(benchmark::kMillisecond)->Iterations(20);
}

BENCHMARK(snapshot_full)->Apply(add);
BENCHMARK_CAPTURE(snapshot_refreshed, after_a_change, true)->Apply(add);
BENCHMARK_CAPTURE(snapshot_refreshed, nothing_changed, false)->Apply(add);

}  // namespace
}  // namespace drydock
