// How fast a million rows are made: the generator beside the INSERT that a person would write for
// the same table by hand, in turn, so that both meet the same machine.

#include <benchmark/benchmark.h>

#include <chrono>
#include <string>

#include "harness/data/row_generator.h"
#include "harness/postgres/server.h"

namespace drydock {
namespace {

constexpr std::int64_t kRows = 1'000'000;

constexpr const char* kSchema = R"(
    CREATE TABLE customers (id serial PRIMARY KEY, name text NOT NULL);
    CREATE TABLE orders (id bigserial PRIMARY KEY, customer_id int NOT NULL REFERENCES customers,
        code text NOT NULL, status varchar(20) NOT NULL, amount numeric(10,2) NOT NULL,
        quantity int NOT NULL, paid boolean NOT NULL, note text, created_at timestamptz NOT NULL,
        updated_at timestamptz NOT NULL);)";

constexpr const char* kByHand = R"(
    INSERT INTO orders (id, customer_id, code, status, amount, quantity, paid, note, created_at,
                        updated_at)
    SELECT g, 1 + floor(random() * 1000), 'A-' || g,
           (ARRAY['open', 'paid', 'sent'])[1 + floor(random() * 3)],
           round((random() * 1000)::numeric, 2), 1 + floor(random() * 100), random() < 0.5,
           'Order number ' || g, now() - random() * interval '700 days', now()
    FROM generate_series(1, 1000000) AS g)";

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

/// A new database with customers in it; the time that `fill` takes for the orders.
template <typename Fill>
double time_orders(Server& server, Fill fill) {
  const ScratchDatabase database(server, "", "");
  Session session(server.administrator(database.name()));
  session.query(kSchema);
  session.query("INSERT INTO customers (name) SELECT 'c' || g FROM generate_series(1, 1000) g");
  const auto start = std::chrono::steady_clock::now();
  fill(session);
  return seconds_since(start);
}

double by_hand(Server& server) {
  return time_orders(server, [](Session& session) { session.query(kByHand); });
}

double by_generator(Server& server) {
  return time_orders(server, [](Session& session) {
    Scenario scenario;
    scenario.rows = kRows;
    scenario.tables["public.customers"].rows = 1000;
    RowGenerator(session, scenario).grow();
  });
}

void million_rows(benchmark::State& state) {
  Server server = Server::start(select_server(""), {});
  double hand = 0, generated = 0;
  for ([[maybe_unused]] auto _ : state) {
    hand += by_hand(server);
    const double mine = by_generator(server);
    generated += mine;
    state.SetIterationTime(mine);
  }
  const auto rounds = static_cast<double>(state.iterations());
  state.SetItemsProcessed(static_cast<std::int64_t>(rounds) * kRows);
  state.counters["by_hand_s"] = hand / rounds;
  state.counters["times_by_hand"] = generated / hand;
}
BENCHMARK(million_rows)->UseManualTime()->Unit(benchmark::kMillisecond)->Iterations(3);

}  // namespace
}  // namespace drydock
