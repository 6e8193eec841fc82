#include "harness/checks/check.h"
#include "harness/testing/catch.h"
#include "harness/testing/isolated.h"
#include "harness/testing/judgement.h"

namespace drydock {
namespace {

using testing::only_finding;
using testing::passed;
using testing::served_plan;
using Strings = std::vector<std::string>;

Judgement of(std::vector<PolicyPlan> plans) {
  Rehearsal rehearsal = testing::isolated({testing::kept_apart()});
  rehearsal.isolation.plans = std::move(plans);
  return find_check("plan").judge(rehearsal, {});
}

PolicyPlan expensive() {
  PolicyPlan plan = served_plan();
  plan.index_serves_with = false;
  plan.per_row = {"current_tenant()"};
  plan.plan_with = "Seq Scan on lots\n  Filter: (tenant_id = current_tenant())";
  plan.rewrite =
      "ALTER POLICY tenant_isolation ON public.lots USING (tenant_id = (SELECT current_tenant()));";
  return plan;
}

TEST_CASE("a policy that the index serves passes, and one where there is no index to lose") {
  PolicyPlan none = served_plan("public.parcels");
  none.index.clear();
  none.index_serves_with = none.index_serves_without = false;
  CHECK(passed(of({served_plan(), none})));
}

TEST_CASE("a policy that loses the index is a warning with both plans and the rewrite") {
  const Finding found = only_finding(of({expensive()}));
  CHECK(found.severity == Severity::kWarning);
  CHECK(found.message ==
        "policy tenant_isolation makes a tenant's queries on public.lots expensive: index "
        "lots_tenant_id_idx serves the plain condition on the tenant, but not the policy's, and "
        "current_tenant() is called for every row\n"
        "  with the policy:\n"
        "    Seq Scan on lots\n"
        "      Filter: (tenant_id = current_tenant())\n"
        "  with the plain condition:\n"
        "    Index Scan using lots_tenant_id_idx on lots\n"
        "      Index Cond: (tenant_id = $1)");
  CHECK(found.remedy == expensive().rewrite);
  CHECK(found.line == 3);
  CHECK(found.objects == Strings{"table public.lots"});
  CHECK(found.known_by == Strings{"table public.lots", "loses index", "current_tenant()"});
}

TEST_CASE("calls for every row are a warning though the index serves") {
  PolicyPlan plan = expensive();
  plan.index_serves_with = true;
  plan.per_row = {"a()", "b()"};
  CHECK_THAT(only_finding(of({plan})).message,
             Catch::Contains("expensive: a(), b() are called for every row\n"));
}

TEST_CASE("a long plan is cut") {
  PolicyPlan plan = expensive();
  for (int i = 0; i < 20; ++i) plan.plan_with += "\n  Filter: true";
  CHECK_THAT(only_finding(of({plan})).message, Catch::Contains("\n    …\n  with the plain"));
}

TEST_CASE("a plan that was told after an earlier migration is not told again") {
  PolicyPlan plan = expensive();
  plan.seen_after = "0001_create_lots";
  CHECK(passed(of({plan})));
}

TEST_CASE("without a policy there is no plan to judge") {
  CHECK(of({}).skipped == "no policy was there to look at");
}

}  // namespace
}  // namespace drydock
