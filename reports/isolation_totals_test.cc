#include "reports/isolation_totals.h"

#include "harness/testing/catch.h"
#include "harness/testing/sample_run.h"
#include "harness/testing/sample_tenants.h"

namespace drydock {
namespace {

TEST_CASE("tables, tries, ways and mutants are counted, those that say nothing left out") {
  const IsolationTotals totals = count(testing::with_isolation().evidence.isolation);
  CHECK(totals.tables == 5);
  CHECK(totals.exempt == 1);
  CHECK(totals.untried == 1);
  CHECK(totals.leaks == 2);
  CHECK(totals.denied == 1);
  CHECK(totals.leaky == std::vector<std::string>{"public.pallets"});
  CHECK(totals.ways == 2);  // the third was tried and led nowhere
  CHECK(totals.mutants == 3);
  CHECK(totals.noticed == 2);
  CHECK(totals.hidden == 2);
  CHECK(totals.windows == 2);
}

TEST_CASE("where all is well one sentence tells how much was tried") {
  const MigrationResult migration = testing::with_many_tenant_tables("000001_many", 5);
  CHECK(isolation_phrase(migration.evidence.isolation) ==
        "5 tables as wms_app, 320 tries, no leak; 20 of 20 mutants noticed");
}

TEST_CASE("where something is wrong the sentence names it") {
  IsolationEvidence isolation = testing::with_isolation().evidence.isolation;
  CHECK(isolation_phrase(isolation) ==
        "5 tables as wms_app, 1 exempt, 1 not tried, 193 tries, 2 leaks (public.pallets), 1 did "
        "not reach its own rows (public.pallets); 2 of 3 mutants noticed; 2 ways around; 2 "
        "statements that row security hid rows from; 2 open windows");
  isolation.context_problem = "no setting changes what is visible";
  CHECK(isolation_phrase(isolation).find("; no context that works: no setting changes what is "
                                         "visible; ") != std::string::npos);
}

TEST_CASE("what nobody judged has no sentence") {
  CHECK(isolation_phrase(IsolationEvidence()).empty());
  CHECK(isolation_phrases(testing::long_run(3).runs[0]).empty());
}

TEST_CASE("migrations with something wrong come first, then the ends of histories") {
  RunResult result = testing::long_run(1);
  MigrationResult end = testing::with_many_tenant_tables("000002_end", 1);
  end.evidence.isolation.at_end = true;
  MigrationResult empty = testing::with_many_tenant_tables("000003_nothing", 0);
  result.runs[0].migrations = {testing::with_many_tenant_tables("000001_first", 1), end, empty,
                               testing::with_isolation()};
  std::vector<std::string> order;
  for (const auto& [migration, phrase] : isolation_phrases(result.runs[0]))
    order.push_back(migration->evidence.migration);
  CHECK(order == std::vector<std::string>{"000012_tenants", "000002_end", "000001_first"});
}

}  // namespace
}  // namespace drydock
