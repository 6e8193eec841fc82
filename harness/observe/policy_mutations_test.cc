// What is weakened, as text.

#include "harness/observe/policy_mutations.h"

#include "harness/testing/catch.h"

namespace drydock {
namespace {

TEST_CASE("another column takes the place of the table's own only") {
  CHECK(with_other_column("(tenant_id = current_setting('x'::text))", "lots", "tenant_id", "id") ==
        "(id = current_setting('x'::text))");
  CHECK(with_other_column("(lots.tenant_id = m.tenant_id)", "lots", "tenant_id", "id") ==
        "(lots.id = m.tenant_id)");
  CHECK(with_other_column("(my_tenant_id = 1)", "lots", "tenant_id", "id") == "(my_tenant_id = 1)");
}

TEST_CASE("names that need quotes keep them") {
  TenantTable table;
  table.sql = "\"My Schema\".lots";
  table.tenant_column = "tenant_id";
  table.facts.row_security = true;
  table.facts.privileges = {"SELECT"};
  PolicyFact policy;
  policy.name = "only \"own\" rows";
  policy.command = "SELECT";
  policy.roles = {"public"};
  policy.applies = true;
  policy.using_expression = "(tenant_id = 1)";
  table.facts.policies = {policy};
  const std::vector<PolicyMutation> all = policy_mutations(table, true);
  REQUIRE(all.size() == 3);
  CHECK(all[0].sql == "DROP POLICY \"only \"\"own\"\" rows\" ON \"My Schema\".lots");
  CHECK(all[1].kind == MutationKind::kUsingTrue);
  CHECK(all[2].kind == MutationKind::kDisable);
}

TEST_CASE("a table without row security has nothing to weaken") {
  TenantTable table;
  table.facts.forced = true;
  table.facts.privileges = {"SELECT"};
  CHECK(policy_mutations(table, true).empty());
}

}  // namespace
}  // namespace drydock
