// Does looking at tenant isolation stay cheap? A hundred tables of two tenants with a thousand rows
// each: all probes of all of them, both ways, and every mutant of ten of them.
//
// What is asked: the probes in at most 5 s, a mutant in at most 10 ms on average. The probes' time
// includes finding the context, which tries every table without one first.
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include "harness/observe/isolation_mutants.h"
#include "harness/observe/isolation_probes.h"
#include "harness/observe/tenancy.h"
#include "harness/observe/tenant_context.h"
#include "harness/postgres/server.h"
#include "harness/postgres/server_binaries.h"

namespace drydock {
namespace {

constexpr int kTables = 100;
constexpr int kRows = 1000;
constexpr std::size_t kMutated = 10;

std::string tenant_table(int number) {
  const std::string name = fmt::format("t{}", number);
  return fmt::format(
      "CREATE TABLE {0} (id bigint PRIMARY KEY, tenant_id uuid NOT NULL, code text NOT NULL,"
      " amount numeric, note text, created_at timestamptz NOT NULL DEFAULT now(),"
      " UNIQUE (tenant_id, id), UNIQUE (tenant_id, code));"
      "INSERT INTO {0} SELECT i, md5((i % 2)::text)::uuid, 'code ' || i, i / 7.0,"
      " 'a note about ' || i FROM generate_series(1, {1}) i;"
      "ALTER TABLE {0} OWNER TO owner; ALTER TABLE {0} ENABLE ROW LEVEL SECURITY;"
      "ALTER TABLE {0} FORCE ROW LEVEL SECURITY;"
      "CREATE POLICY own ON {0} USING (tenant_id = current_setting('app.tenant')::uuid)"
      " WITH CHECK (tenant_id = current_setting('app.tenant')::uuid);"
      "GRANT SELECT, INSERT, UPDATE, DELETE ON {0} TO app;",
      name, kRows);
}

class Tenants {
 public:
  Tenants() : database_(server_, "", "") {
    Session writer(info());
    writer.query("CREATE ROLE owner; CREATE ROLE app; GRANT CREATE ON SCHEMA public TO owner");
    for (int i = 0; i < kTables; ++i) writer.query(tenant_table(i));
  }
  ConnectionInfo info() const { return server_.administrator(database_.name()); }

 private:
  Server server_ = Server::start(select_server(""), {});
  ScratchDatabase database_;
};

ConnectionInfo tenants() {
  static Tenants once;
  return once.info();
}

/// In a session of its own, as a rehearsal has it.
struct Judgement {
  Session session{tenants()};
  IsolationRules rules;
  Tenancy tenancy;
  TenantContext context;

  Judgement() {
    session.query("BEGIN");
    tenancy = read_tenancy(session, rules, "owner");
    context = find_context(session, rules, tenancy);
  }
};

void find_the_context(benchmark::State& state) {
  for ([[maybe_unused]] const auto iteration : state) {
    const Judgement judgement;
    if (!judgement.context.problem.empty()) state.SkipWithError("no context was found");
  }
}

void probe_all_tables(benchmark::State& state) {
  for ([[maybe_unused]] const auto iteration : state) {
    Judgement judgement;
    IsolationProber prober(judgement.session, judgement.tenancy, judgement.context,
                           judgement.rules);
    for (TenantTable& table : judgement.tenancy.tables) prober.probe(table);
    state.counters["tables"] = static_cast<double>(judgement.tenancy.tables.size());
  }
}

void mutants_of_ten_tables(benchmark::State& state) {
  Judgement judgement;
  IsolationProber prober(judgement.session, judgement.tenancy, judgement.context, judgement.rules);
  std::vector<const TenantTable*> tables;
  for (TenantTable& table : judgement.tenancy.tables) {
    if (tables.size() == kMutated) break;
    prober.probe(table, false);
    tables.push_back(&table);
  }
  std::size_t mutants = 0, noticed = 0;
  double spent = 0;
  for ([[maybe_unused]] const auto iteration : state) {
    for (const PolicyMutant& each :
         try_mutants(judgement.session, prober, judgement.tenancy, tables)) {
      ++mutants;
      noticed += each.noticed ? 1 : 0;
      spent += each.duration_ms;
    }
  }
  state.counters["ms_a_mutant"] = spent / static_cast<double>(mutants);
  state.counters["noticed_percent"] = 100.0 * static_cast<double>(noticed) / mutants;
}

BENCHMARK(find_the_context)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(probe_all_tables)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(mutants_of_ten_tables)->Unit(benchmark::kMillisecond)->UseRealTime();

}  // namespace
}  // namespace drydock
