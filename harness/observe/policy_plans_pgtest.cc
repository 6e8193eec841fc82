// What a policy costs, asked of a real planner.

#include "harness/observe/policy_plans.h"

#include "harness/testing/isolation_case.h"

namespace drydock {
namespace {

using testing::IsolationCase;
using testing::kOpenLots;
using testing::kProtect;

PolicyPlan plan_of(const std::string& before, const std::string& expression,
                   const std::string& after = {}) {
  IsolationCase c(before + kOpenLots + kProtect + "CREATE POLICY own ON lots USING (" + expression +
                  ");" + after);
  c.probe();
  const std::optional<PolicyPlan> plan =
      explain_policy(c.session, c.tenancy, c.context, c.table("public.lots"));
  REQUIRE(plan);
  return *plan;
}

std::string tenant_function(const std::string& volatility) {
  return "CREATE FUNCTION current_tenant() RETURNS int LANGUAGE plpgsql " + volatility +
         " AS $$BEGIN RETURN current_setting('app.tenant', true)::int; END$$;";
}

TEST_CASE("a setting compared with the tenant column is served by its index") {
  const PolicyPlan plan = plan_of("", "tenant_id = current_setting('app.tenant')::int");
  CHECK(plan.index == "lots_tenant_id_code_key");
  CHECK(plan.index_serves_with);
  CHECK(plan.index_serves_without);
  CHECK(plan.per_row.empty());
  CHECK(plan.rewrite.empty());
  CHECK(plan.plan_with.find("Index Cond") != std::string::npos);
}

TEST_CASE("a stable function is served by the index as well") {
  const PolicyPlan plan = plan_of(tenant_function("STABLE"), "tenant_id = current_tenant()");
  CHECK(plan.index_serves_with);
  CHECK(plan.per_row.empty());
  CHECK(plan.rewrite.empty());
}

TEST_CASE("a volatile function is called for every row, and a subquery mends it") {
  const PolicyPlan plan = plan_of(tenant_function(""), "tenant_id = current_tenant()");
  CHECK_FALSE(plan.index_serves_with);
  CHECK(plan.index_serves_without);
  CHECK(plan.per_row == std::vector<std::string>{"current_tenant()"});
  CHECK(plan.policy == "own");
  CHECK(plan.rewrite ==
        "ALTER POLICY \"own\" ON public.lots USING ((tenant_id = (SELECT current_tenant())))");
}

TEST_CASE("a cast of the column takes the index from the policy, and no subquery mends it") {
  const PolicyPlan plan = plan_of("", "tenant_id::text = current_setting('app.tenant')");
  CHECK_FALSE(plan.index_serves_with);
  CHECK(plan.index_serves_without);
  CHECK(plan.per_row.empty());
  CHECK(plan.policy == "own");
  CHECK(plan.rewrite.empty());
}

const std::string kMembers =
    "CREATE TABLE members (user_id int PRIMARY KEY, org int NOT NULL);"
    "INSERT INTO members SELECT i, i % 2 + 1 FROM generate_series(1, 6) i;";

TEST_CASE("a membership that is looked up as a set is mended as an array") {
  const PolicyPlan plan = plan_of(
      kMembers,
      "tenant_id IN (SELECT org FROM members WHERE user_id = current_setting('app.user')::int)",
      "GRANT SELECT ON members TO lots_app");
  CHECK_FALSE(plan.index_serves_with);
  CHECK(plan.rewrite.find("= ANY (ARRAY( SELECT members.org") != std::string::npos);
}

TEST_CASE("a function that needs the row is not told as one that could be called once") {
  const PolicyPlan plan = plan_of(
      "CREATE FUNCTION is_mine(int) RETURNS bool STABLE LANGUAGE plpgsql AS"
      " $$BEGIN RETURN $1 = current_setting('app.tenant', true)::int; END$$;",
      "is_mine(tenant_id)");
  CHECK(plan.per_row.empty());
  CHECK_FALSE(plan.index_serves_with);
}

TEST_CASE("a table without row security has no policy to explain") {
  IsolationCase c(kOpenLots +
                  "CREATE TABLE bins (id int PRIMARY KEY, tenant_id int NOT NULL);"
                  "INSERT INTO bins SELECT i, i % 2 + 1 FROM generate_series(1, 4) i;"
                  "GRANT SELECT ON bins TO lots_app; ALTER TABLE bins ENABLE ROW LEVEL SECURITY;"
                  "CREATE POLICY own ON bins USING (tenant_id = "
                  "current_setting('app.tenant')::int);");
  c.probe();
  CHECK_FALSE(explain_policy(c.session, c.tenancy, c.context, c.table("public.lots")));
}

}  // namespace
}  // namespace drydock
