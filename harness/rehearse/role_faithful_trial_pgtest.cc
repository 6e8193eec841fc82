// What row security hides from the role that migrates, held against the same role with BYPASSRLS.
#include "harness/rehearse/role_faithful_trial.h"

#include "harness/testing/catch.h"
#include "harness/testing/staging_bench.h"

namespace drydock {
namespace {

using testing::StagingBench;

/// Lots of two tenants, whose policy also binds the owner.
constexpr const char* kForcedLots =
    "CREATE TABLE lots (id int PRIMARY KEY, tenant_id int NOT NULL, code text); "
    "INSERT INTO lots SELECT n, n % 2, 'c' FROM generate_series(1, 6) n; "
    "ALTER TABLE lots ENABLE ROW LEVEL SECURITY; "
    "ALTER TABLE lots FORCE ROW LEVEL SECURITY; "
    "CREATE POLICY p ON lots USING (tenant_id::text = current_setting('app.t', true))";

RoleFaithfulTrial tried(const std::vector<std::string>& up) {
  StagingBench bench(kForcedLots, up);
  return try_without_row_security(bench.ground(), bench.walked(), {"public.lots"});
}

TEST_CASE("an UPDATE from which row security hides rows is told with both counts") {
  const RoleFaithfulTrial trial = tried({"SELECT 1", "UPDATE lots SET code = 'd'"});
  REQUIRE(trial.ran);
  REQUIRE(trial.hidden.size() == 1);
  CHECK(trial.hidden[0].rows == 0);
  CHECK(trial.hidden[0].rows_unbound == 6);
  CHECK(trial.hidden[0].line == 11);
  CHECK(trial.hidden[0].statement == "UPDATE lots SET code = 'd'");
}

TEST_CASE("an up that visits each tenant is not held against one that sees all of them at once") {
  const RoleFaithfulTrial trial =
      tried({"DO $$ BEGIN FOR t IN 0..1 LOOP PERFORM set_config('app.t', t::text, true); "
             "UPDATE lots SET code = t::text; END LOOP; END $$"});
  CHECK_FALSE(trial.ran);
  CHECK(trial.skipped == "the up sets a tenant's context itself");
}

TEST_CASE("what is hidden in a DO block, which counts nothing, is told by the rows it leaves") {
  const RoleFaithfulTrial trial = tried({"DO $$ BEGIN DELETE FROM lots WHERE id < 4; END $$"});
  REQUIRE(trial.hidden.size() == 1);
  CHECK(trial.hidden[0].contents == "public.lots has 6 rows instead of 3");
}

TEST_CASE("random values are not taken for hidden rows") {
  const RoleFaithfulTrial trial =
      tried({"DO $$ BEGIN CREATE TABLE ids AS SELECT gen_random_uuid() FROM "
             "generate_series(1, 3); END $$"});
  CHECK(trial.ran);
  CHECK(trial.hidden.empty());
}

TEST_CASE("an up that writes no rows is not run again without row security") {
  const RoleFaithfulTrial trial = tried({"ALTER TABLE lots ADD COLUMN grade int"});
  CHECK_FALSE(trial.ran);
  CHECK(trial.skipped == "the up writes no rows");
}

TEST_CASE("the role is bound again behind the trial, and where nothing binds it none is made") {
  StagingBench bench(kForcedLots, {"UPDATE lots SET code = 'd'"});
  const Phase up = bench.walked();
  try_without_row_security(bench.ground(), up, {"public.lots"});
  Session session = bench.ground().workbench.administer();
  CHECK(session.query("SELECT FROM pg_roles WHERE rolbypassrls AND NOT rolsuper").size() == 0);
  const RoleFaithfulTrial trial = try_without_row_security(bench.ground(), up, {});
  CHECK_FALSE(trial.ran);
  CHECK(trial.skipped.find("binds") != std::string::npos);
}

}  // namespace
}  // namespace drydock
