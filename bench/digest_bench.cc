// Is every row preserved? The observer's digest beside what one would write by hand, over one
// million rows of (bigint, uuid, text, timestamptz, jsonb, numeric), in one process and in
// parallel.
//
// The limit is the best digest by hand that sees values swapped between rows and values that are
// equal but not identical: "by_hand". "everything_as_text" and "row_as_text" are what is usually
// written; "count" only reads the pages.
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <memory>

#include "harness/observe/contents.h"
#include "harness/postgres/server.h"
#include "harness/postgres/server_binaries.h"

namespace drydock {
namespace {

constexpr int kRows = 1'000'000;

class Filled {
 public:
  Filled() : database_(server_, "", "") {
    Session writer(info());
    writer.query(fmt::format(
        "CREATE TABLE t (id bigint PRIMARY KEY, u uuid, name text, at timestamptz, doc jsonb,"
        " amount numeric); INSERT INTO t SELECT i, md5(i::text)::uuid, 'customer number ' || i,"
        " '2024-01-01'::timestamptz + i * interval '1 second',"
        " jsonb_build_object('n', i, 'tags', ARRAY['a', 'b']), i / 7.0"
        " FROM generate_series(1, {}) i",
        kRows));
    writer.query("VACUUM ANALYZE t");
  }
  ConnectionInfo info() const { return server_.administrator(database_.name()); }

 private:
  Server server_ = Server::start(select_server(""), {});
  ScratchDatabase database_;
};

ConnectionInfo filled() {
  static Filled once;
  return once.info();
}

/// With as many processes as the server thinks right, or with one.
void choose_workers(Session& session, const benchmark::State& state) {
  session.query(fmt::format("SET max_parallel_workers_per_gather = {}", state.range(0)));
}

void by_hand(benchmark::State& state, const std::string& digest) {
  Session session(filled());
  choose_workers(session, state);
  session.query("SET jit = off; SET TimeZone = UTC");
  for ([[maybe_unused]] const auto iteration : state) {
    benchmark::DoNotOptimize(session.query(fmt::format("SELECT {} FROM t", digest)));
  }
  state.SetItemsProcessed(state.iterations() * kRows);
}

/// A whole look at a table of which the counters moved although its rows are what they were.
void observer(benchmark::State& state) {
  Session session(filled());
  choose_workers(session, state);
  ContentsObserver observer(session, false);
  observer.remember();
  Session writer(filled());
  writer.query("UPDATE t SET amount = amount WHERE id = 1");
  writer.query(flush_counters_statement(150000));
  for ([[maybe_unused]] const auto iteration : state) {
    if (observer.compare(ContentsMatch::kByName).rows_compared != kRows) {
      state.SkipWithError("the table was not looked at");
    }
  }
  state.SetItemsProcessed(state.iterations() * kRows);
}

void add(benchmark::internal::Benchmark* benchmark) {
  benchmark->ArgName("workers")->Arg(0)->Arg(2)->Unit(benchmark::kMillisecond)->UseRealTime();
}

BENCHMARK_CAPTURE(by_hand, count, "count(*)")->Apply(add);
BENCHMARK_CAPTURE(by_hand, by_hand,
                  "count(*), sum(hashint8extended(hash_record_extended(ROW(id, u, name, at,"
                  " doc::text, amount::text), 0), 0))")
    ->Apply(add);
BENCHMARK(observer)->Apply(add);
BENCHMARK_CAPTURE(by_hand, everything_as_text,
                  "count(*), sum(hashint8extended(hash_record_extended(ROW(id::text, u::text, name,"
                  " at::text, doc::text, amount::text), 0), 0))")
    ->Apply(add);
BENCHMARK_CAPTURE(by_hand, row_as_text, "count(*), sum(hashtextextended(t::text, 0))")->Apply(add);

}  // namespace
}  // namespace drydock
