#include "harness/checks/check.h"
#include "harness/checks/safe_way.h"
#include "harness/testing/catch.h"
#include "harness/testing/judgement.h"
#include "harness/testing/locked.h"

namespace drydock {
namespace {

using testing::held;
using testing::kUpFile;
using testing::locking;
using testing::only_finding;
using testing::passed;
using testing::watched;

const std::string kIndex = "CREATE INDEX orders_code ON orders (code)";

Judgement judged_by_traffic(const Rehearsal& rehearsal, const Scenario& scenario = {}) {
  return find_check("traffic-stall").judge(rehearsal, scenario);
}

ProbeResult probe(const std::string& table, ProbeOperation operation, double stall_ms) {
  ProbeResult result;
  result.table = table;
  result.operation = operation;
  result.calm.count = 100;
  result.calm.longest = 1.4;
  result.longest_stall_ms = stall_ms;
  if (stall_ms == 0) return result;
  result.blocked_by = LockMode::kShare;
  result.blocked_on = table;
  result.statement = kIndex;
  result.line = 3;
  return result;
}

Rehearsal with_probes(std::vector<ProbeResult> probes) {
  StatementRun index =
      locking(3, "CREATE INDEX", kIndex, {held("public.orders", LockMode::kShare)});
  index.footprint.passes = {{"public.orders", 1, 1000}};
  index.duration_ms = 340;
  Rehearsal rehearsal = watched({index});
  rehearsal.locks.traffic.ran = true;
  rehearsal.locks.traffic.probes = std::move(probes);
  return rehearsal;
}

TEST_CASE("the longest wait of a table is told with what it waited behind and the way around") {
  const Finding found = only_finding(
      judged_by_traffic(with_probes({probe("public.orders", ProbeOperation::kSelect, 0),
                                     probe("public.orders", ProbeOperation::kUpdate, 300),
                                     probe("public.orders", ProbeOperation::kInsert, 350),
                                     probe("public.orders", ProbeOperation::kDelete, 150)})));
  CHECK(found.severity == Severity::kError);
  CHECK(found.message ==
        "INSERT on public.orders waited 350 ms for the up script, longer than the 200 ms of "
        "locks.stall_ms\n"
        "  behind SHARE on public.orders:\n"
        "  CREATE INDEX orders_code ON orders (code)\n"
        "  Just so: UPDATE 300 ms.\n"
        "  With nothing else going on it took 1.4 ms at most.");
  CHECK_THAT(found.remedy, Catch::StartsWith("CREATE INDEX CONCURRENTLY"));
  CHECK(found.file == kUpFile);
  CHECK(found.line == 3);
  CHECK(found.objects == std::vector<std::string>{"table public.orders"});
}

TEST_CASE("a wait much longer than the statement is put down to what follows in its transaction") {
  Rehearsal rehearsal = with_probes({probe("public.orders", ProbeOperation::kInsert, 350)});
  rehearsal.up.statements[0].duration_ms = 20;
  CHECK(only_finding(judged_by_traffic(rehearsal)).remedy == kCommitBetween);
}

TEST_CASE("each table that stood still is a finding") {
  const auto rehearsal = with_probes({probe("public.orders", ProbeOperation::kInsert, 350),
                                      probe("public.sites", ProbeOperation::kInsert, 350)});
  CHECK(judged_by_traffic(rehearsal).findings.size() == 2);
}

TEST_CASE("what waits no longer than the scenario allows is no finding") {
  const auto rehearsal = with_probes({probe("public.orders", ProbeOperation::kInsert, 350)});
  Scenario scenario;
  scenario.locks.stall_ms = 400;
  CHECK(passed(judged_by_traffic(rehearsal, scenario)));
  CHECK(passed(
      judged_by_traffic(with_probes({probe("public.orders", ProbeOperation::kSelect, 199)}))));
}

TEST_CASE("a wait that nobody can put down to a statement points at the script") {
  ProbeResult unknown = probe("public.orders", ProbeOperation::kSelectForUpdate, 350);
  unknown.statement.clear();
  unknown.line = 0;
  unknown.blocked_on.clear();
  unknown.calm.count = 0;
  const Finding found = only_finding(judged_by_traffic(with_probes({unknown})));
  CHECK(found.message ==
        "SELECT … FOR UPDATE on public.orders waited 350 ms for the up script, longer than the 200 "
        "ms of locks.stall_ms");
  CHECK(found.remedy == find_check("traffic-stall").text.remedy);
  CHECK(found.line == 1);
}

Failure failure(const std::string& sqlstate, const std::string& message) {
  Failure failure;
  failure.sqlstate = sqlstate;
  failure.message = message;
  failure.file = kUpFile;
  failure.line = 3;
  return failure;
}

TEST_CASE("a deadlock is told once, with both sides") {
  Rehearsal rehearsal = with_probes({});
  rehearsal.locks.traffic.deadlock = "Process 17 waits for …\nProcess 21 waits for …";
  rehearsal.locks.traffic.failure = failure("40P01", "deadlock detected");
  const Finding found = only_finding(judged_by_traffic(rehearsal));
  CHECK(found.message ==
        "the up script and the application wait for each other: a deadlock\n"
        "  Process 17 waits for …\n"
        "  Process 21 waits for …");
  CHECK(found.line == 3);
  CHECK(found.known_by == std::vector<std::string>{"deadlock"});
}

TEST_CASE("a deadlock that the application loses is told as well") {
  Rehearsal rehearsal = with_probes({});
  rehearsal.locks.traffic.deadlock = "Process 17 waits for …";
  CHECK(only_finding(judged_by_traffic(rehearsal)).line == 1);
}

TEST_CASE("an up that fails only under traffic is told with the server's words") {
  Rehearsal rehearsal = with_probes({});
  rehearsal.locks.traffic.failure = failure("55P03", "canceling statement due to lock timeout");
  const Finding found = only_finding(judged_by_traffic(rehearsal));
  CHECK(found.message ==
        "the up script fails when an application uses its tables meanwhile: canceling statement "
        "due to lock timeout (SQLSTATE 55P03)");
  CHECK(found.line == 3);
  CHECK(found.known_by == std::vector<std::string>{"failure", "55P03"});
}

TEST_CASE("without traffic the reason is told") {
  Rehearsal rehearsal = watched({});
  CHECK(judged_by_traffic(rehearsal).skipped == "traffic was not asked for: --traffic");
  rehearsal.locks.traffic.skipped = "the up locks nothing that was there before";
  CHECK(judged_by_traffic(rehearsal).skipped == "the up locks nothing that was there before");
}

}  // namespace
}  // namespace drydock
