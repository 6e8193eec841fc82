// What it costs that the lock ledger looks: the same statements with and without it, on the same
// server in one run, because only their difference says something on a shared machine.
//
// A statement is sent as it comes in a script without a transaction, the dearest case: with the
// ledger it gets a BEGIN and a COMMIT of its own.

#include <benchmark/benchmark.h>

#include <string>

#include "harness/base/clock.h"
#include "harness/postgres/server.h"
#include "harness/rehearse/ledger_observer.h"

namespace drydock {
namespace {

constexpr int kTables = 100;
constexpr int kStatements = 50;

std::string schema() {
  std::string sql;
  for (int i = 0; i < kTables; ++i) {
    const std::string name = "t" + std::to_string(i);
    sql += "CREATE TABLE " + name + " (id int PRIMARY KEY, a text, b int); CREATE INDEX ON " +
           name + " (a);";
  }
  return sql;
}

/// Statements that are over at once, so that looking at them weighs most.
Script script(bool in_transaction) {
  Script made{"bench.sql", in_transaction, {}, {}, 0};
  for (int i = 0; i < kStatements; ++i) {
    made.queries.push_back(
        {"ALTER TABLE t" + std::to_string(i) + " ALTER COLUMN b SET DEFAULT 1", i + 1, {}});
  }
  return made;
}

double time_phase(const Script& script, Session& session, StatementObserver* observer) {
  const auto start = SteadyClock::now();
  run_scripts(PhaseName::kUp, {script}, session, std::chrono::minutes(1), observer);
  return milliseconds_since(start) / kStatements;
}

void statements(benchmark::State& state) {
  const Server server = Server::start(select_server(""), {});
  Session session(server.administrator("template1"));
  session.query(schema());
  LockLedger ledger(server.administrator("template1"));
  LedgerObserver observer(ledger);
  const Script sent = script(state.range(0) == 1);
  double plain = 0, watched = 0;
  for ([[maybe_unused]] auto _ : state) {
    plain += time_phase(sent, session, nullptr);
    const double mine = time_phase(sent, session, &observer);
    watched += mine;
    state.SetIterationTime(mine / 1000);
  }
  const auto rounds = static_cast<double>(state.iterations());
  state.counters["ledger_ms"] = (watched - plain) / rounds;  // a statement
  state.counters["times_plain"] = watched / plain;
}
BENCHMARK(statements)
    ->ArgName("in_transaction")
    ->Arg(0)
    ->Arg(1)
    ->UseManualTime()
    ->Unit(benchmark::kMillisecond)
    ->Iterations(20);

}  // namespace
}  // namespace drydock
