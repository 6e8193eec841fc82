#include "harness/testing/sample_traffic.h"

#include "harness/testing/sample_parts.h"

namespace drydock::testing {
namespace {

const std::string kRetype = "ALTER TABLE orders ALTER COLUMN total TYPE bigint";

Latencies calm() { return {250, 0.21, 0.35, 0.8, 1.4, {0, 3, 140, 96, 9, 2}}; }

Latencies stalled(double longest) {
  return {250, 0.24, 0.61, 0.9 * longest, longest, {0, 1, 118, 104, 12, 3, 2, 1, 2, 2, 3, 2}};
}

ProbeResult probe(const std::string& table, ProbeOperation operation, double stall_ms) {
  ProbeResult out;
  out.table = table;
  out.operation = operation;
  out.calm = calm();
  out.under = stall_ms > 0 ? stalled(stall_ms) : calm();
  out.longest_stall_ms = stall_ms;
  if (stall_ms == 0) return out;
  out.blocked_by = LockMode::kAccessExclusive;
  out.blocked_on = table;
  out.statement = kRetype;
  out.line = 3;
  return out;
}

}  // namespace

TrafficTrial sample_traffic(const std::string& file) {
  TrafficTrial trial;
  trial.ran = true;
  trial.duration_ms = 131.5;
  trial.probes = {probe("public.orders", ProbeOperation::kSelect, 88.5),
                  probe("public.orders", ProbeOperation::kInsert, 91.25),
                  probe("public.orders", ProbeOperation::kUpdate, 90),
                  probe("public.orders", ProbeOperation::kDelete, 84),
                  probe("public.orders", ProbeOperation::kSelectForUpdate, 87.75),
                  probe("public.orders", ProbeOperation::kPlan, 86),
                  probe("public.sites", ProbeOperation::kSelect, 0)};
  ProbeResult untried = probe("public.sites", ProbeOperation::kInsert, 0);
  untried.calm = untried.under = {};
  untried.problem = "no row passed the check sites_code: " + hostile_text();
  trial.probes.push_back(untried);
  trial.failure = failure("40P01", "deadlock detected", file, 5, 1,
                          "ALTER TABLE orders ADD CONSTRAINT orders_site");
  trial.deadlock =
      "Process 17 waits for ShareRowExclusiveLock on relation 16412; blocked by process 21.\n"
      "Process 21 waits for RowExclusiveLock on relation 16399; blocked by process 17.";
  return trial;
}

QueueTrial sample_queue(const std::string& file) {
  QueueAttempt gave_up;
  gave_up.relation = "public.orders";
  gave_up.gave_up = true;
  gave_up.waited_ms = 2003.5;
  gave_up.sqlstate = "55P03";
  gave_up.stalled_ms = 1998;
  gave_up.second_try_ok = true;
  gave_up.statement = kRetype;
  gave_up.file = file;
  gave_up.line = 3;
  QueueAttempt stopped = gave_up;
  stopped.holder = QueueHolder::kIdleInTransaction;
  stopped.gave_up = false;
  stopped.sqlstate.clear();
  stopped.waited_ms = 3000;
  stopped.second_try_ok = false;
  stopped.second_error = "relation \"order_notes\" already exists";
  stopped.left_behind = {difference(ChangeKind::kExtra, "table", "public.order_notes",
                                    DifferenceClass::kBehaviour, "DROP TABLE public.order_notes;")};
  QueueAttempt untouched;
  untouched.holder = QueueHolder::kOldSnapshot;
  untouched.relation = "public.sites";
  untouched.waited_it_out = untouched.second_try_ok = true;
  QueueTrial trial;
  trial.ran = true;
  trial.attempts = {gave_up, stopped, untouched};
  return trial;
}

InterruptionTrial sample_interruptions(const std::string& file) {
  InterruptedRun harmless;
  harmless.after_statement = 1;
  harmless.statement = "SET lock_timeout = '2s'";
  harmless.file = file;
  harmless.line = 1;
  harmless.killed = true;
  InterruptedRun broken = harmless;
  broken.after_statement = 2;
  broken.statement = kRetype;
  broken.line = 3;
  broken.failure = failure("42P07", "relation \"order_notes\" already exists", file, 8, 1,
                           "CREATE TABLE order_notes (id bigserial PRIMARY KEY);");
  InterruptedRun twice = harmless;
  twice.after_statement = 5;
  twice.killed = false;
  twice.statement = "CREATE INDEX CONCURRENTLY orders_site_idx ON orders (site_id)";
  twice.line = 12;
  twice.schema = {difference(ChangeKind::kChanged, "index", "public.orders_site_idx",
                             DifferenceClass::kBehaviour, "REINDEX INDEX public.orders_site_idx;")};
  twice.contents = "public.sites has 80 rows instead of 40";
  InterruptionTrial trial;
  trial.ran = true;
  trial.interruptions = {harmless, broken, twice};
  return trial;
}

std::vector<LockForecast> sample_forecasts(const std::string& file) {
  LockForecast orders;
  orders.table = "public.orders";
  orders.mode = LockMode::kAccessExclusive;
  orders.production_rows = 80'000'000;
  orders.measured = {{12'000, 78.25}, {48'000, 190}, {200'000, 690}};
  orders.held_ms = 268'000;
  orders.error_ms = 31'000;
  orders.passes = 3;
  orders.rewrite = true;
  orders.statement = kRetype;
  orders.file = file;
  orders.line = 3;
  LockForecast sites = orders;
  sites.table = "public.sites";
  sites.mode = LockMode::kShareRowExclusive;
  sites.production_rows = 900;
  sites.measured = {{40, 16.75}, {160, 16.5}};
  sites.held_ms = 16.6;
  sites.error_ms = 2.4;
  sites.passes = 0;
  sites.rewrite = false;
  sites.line = 5;
  return {orders, sites};
}

}  // namespace drydock::testing
