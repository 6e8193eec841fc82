#include "harness/checks/check.h"
#include "harness/testing/builders.h"
#include "harness/testing/catch.h"
#include "harness/testing/isolated.h"
#include "harness/testing/judgement.h"

namespace drydock {
namespace {

using testing::isolated;
using testing::kept_apart;
using testing::lying_open;
using testing::only_finding;
using testing::passed;
using testing::tenant_policy;
using Strings = std::vector<std::string>;

Judgement judged_by_coverage(const Rehearsal& rehearsal, const Scenario& scenario = {}) {
  return find_check("rls-coverage").judge(rehearsal, scenario);
}

Judgement of(const TableIsolation& table, bool at_end = false) {
  Rehearsal rehearsal = isolated({table});
  rehearsal.isolation.at_end = at_end;
  return judged_by_coverage(rehearsal);
}

TableIsolation without_privileges() {
  TableIsolation table = lying_open();
  table.privileges.clear();
  table.probes.clear();
  return table;
}

TableIsolation tenants() {
  TableIsolation table = lying_open("public.tenants");
  table.link = TenantLink::kRoot;
  table.tenant = "id";
  table.privileges = {"SELECT"};
  return table;
}

TEST_CASE("a table that is enabled, forced and has a policy for everything granted passes") {
  CHECK(passed(of(kept_apart())));
}

TEST_CASE("a granted table without row security is an error that writes the remedy out") {
  const Finding found =
      only_finding(judged_by_coverage(isolated({lying_open(), kept_apart("public.parcels")})));
  CHECK(found.severity == Severity::kError);
  CHECK(found.message ==
        "row security is not enabled on public.lots, which has rows of tenants (by tenant_id): "
        "wms_app may SELECT, INSERT, UPDATE and DELETE the rows of every tenant\n"
        "  as one tenant, of another's rows (tried with 2f6c1f0e-6b5d-4a53-9d0b-0d4b7c6f8a10 and "
        "7cb9f3a2-91f5-4a0e-8a55-5b7f2a7f3c21): SELECT sees all 40 rows, INSERT adds a row, "
        "INSERT … ON CONFLICT DO UPDATE changes a row, UPDATE without WHERE changes all 40 rows, "
        "UPDATE gives a row away, DELETE without WHERE deletes all 40 rows\n"
        "  without a context, with an empty context, with a malformed context, as a tenant that "
        "does not exist and as the table's owner: SELECT sees all 1,000 rows, INSERT adds a row, "
        "UPDATE without WHERE changes all 1,000 rows, DELETE without WHERE deletes all 1,000 rows\n"
        "  among them: id = 17, tenant_id = 7cb9f3a2-91f5-4a0e-8a55-5b7f2a7f3c21\n"
        "  to try as wms_app: SELECT * FROM public.lots");
  CHECK(
      found.remedy ==
      "ALTER TABLE public.lots ENABLE ROW LEVEL SECURITY; ALTER TABLE public.lots FORCE ROW LEVEL "
      "SECURITY; CREATE POLICY tenant_isolation ON public.lots USING (tenant_id = "
      "(current_setting('app.current_tenant_id'::text))::uuid) WITH CHECK (tenant_id = "
      "(current_setting('app.current_tenant_id'::text))::uuid); If tenants share it on purpose, "
      "say so in the scenario: isolation.exempt with table public.lots and the reason.");
  CHECK(found.file == "0002_add_lots.up.sql");
  CHECK(found.line == 3);
  CHECK(found.objects == Strings{"table public.lots"});
  CHECK(found.known_by == Strings{"not enabled", "table public.lots"});
  CHECK(found.migration.empty());
}

TEST_CASE("statements that decide nothing about access are blamed only where no other names it") {
  Rehearsal rehearsal = isolated({lying_open()});
  rehearsal.up.statements.push_back(
      testing::statement("UPDATE", "UPDATE lots SET code = 'A'", 5, "0002_add_lots.up.sql"));
  CHECK(only_finding(judged_by_coverage(rehearsal)).line == 3);
  rehearsal.up.statements.erase(rehearsal.up.statements.begin(),
                                rehearsal.up.statements.begin() + 2);
  CHECK(only_finding(judged_by_coverage(rehearsal)).line == 5);
}

TEST_CASE("policies on a table where row security was never enabled are said to do nothing") {
  TableIsolation table = lying_open();
  table.policies = {tenant_policy()};
  const Finding found = only_finding(of(table));
  CHECK_THAT(found.message,
             Catch::Contains("\n  Its policy tenant_isolation does nothing until it is enabled."));
  CHECK_THAT(found.remedy, !Catch::Contains("CREATE POLICY"));
}

TEST_CASE("a table that was told after an earlier migration is not told again") {
  TableIsolation table = lying_open();
  table.seen_after = "0001_create_lots";
  CHECK(passed(of(table)));
  CHECK(passed(of(table, true)));
}

TEST_CASE("a table that nobody has privileges on is judged at the end, whenever it was seen") {
  TableIsolation table = without_privileges();
  CHECK(passed(of(table)));
  table.seen_after = table.changed_by = "0001_create_lots";
  const Finding found = only_finding(of(table, true));
  CHECK(found.severity == Severity::kError);
  CHECK_THAT(found.message,
             Catch::Contains("nothing is granted to wms_app yet; the first GRANT would open the "
                             "rows of every tenant"));
}

TEST_CASE("privileges that are only assumed are judged at the end") {
  TableIsolation table = lying_open();
  table.privileges_assumed = true;
  CHECK(passed(of(table)));
  CHECK_THAT(only_finding(of(table, true)).message,
             Catch::Contains("the schema grants nobody anything, so whatever role the application "
                             "has, it reaches the rows of every tenant"));
}

TEST_CASE("what an earlier migration left open is that migration's when it is told at the end") {
  TableIsolation table = without_privileges();
  table.table = "public.parcels";
  table.changed_by = "0001_create_parcels";
  const Finding found = only_finding(of(table, true));
  CHECK(found.migration == "0001_create_parcels");
  CHECK(found.file == "0002_add_lots.up.sql");
  CHECK(found.line == 1);
}

TEST_CASE("the table of tenants without row security is a warning where it can be read") {
  const Finding found = only_finding(of(tenants()));
  CHECK(found.severity == Severity::kWarning);
  CHECK(found.message ==
        "row security is not enabled on public.tenants, the table of tenants: wms_app may SELECT "
        "it, so that each customer can get at the list of all others");
  TableIsolation unread = tenants();
  unread.privileges.clear();
  CHECK(passed(of(unread, true)));
}

TEST_CASE("a table of a parent's tenants has its remedy by the parent") {
  TableIsolation table = lying_open("public.order_items");
  table.link = TenantLink::kParent;
  table.tenant = "order_id → public.orders.tenant_id";
  const Finding found = only_finding(of(table));
  CHECK_THAT(found.message, Catch::Contains("(by order_id → public.orders.tenant_id)"));
  CHECK_THAT(found.remedy,
             Catch::Contains("USING (order_id IN (SELECT <key> FROM public.orders))"));
}

TEST_CASE("an exempt table is left alone") {
  TableIsolation table = lying_open();
  table.exempt = "the same for everybody";
  CHECK(passed(of(table, true)));
}

TEST_CASE("a table that the application owns must be forced") {
  TableIsolation table = kept_apart();
  table.forced = false;
  CHECK(passed(of(table)));
  table.role_is_owner = true;
  table.owner = "wms_app";
  const Finding found = only_finding(of(table));
  CHECK(found.message ==
        "row security is enabled on public.lots but does not bind wms_app, which owns it: a "
        "table's owner passes its policies unless it is forced");
  CHECK_THAT(found.remedy,
             Catch::StartsWith("ALTER TABLE public.lots FORCE ROW LEVEL SECURITY; or connect"));
  CHECK(found.known_by == Strings{"not forced", "table public.lots"});
}

TEST_CASE("a membership in the owner is left to rls-bypass where that tells of it") {
  TableIsolation table = kept_apart();
  table.forced = false;
  table.role_is_owner = true;
  Rehearsal rehearsal = isolated({table});
  CHECK_THAT(only_finding(judged_by_coverage(rehearsal)).message,
             Catch::Contains("which is a member of its owner wms_owner"));
  BypassPath membership = testing::leaking_view();
  membership.kind = BypassKind::kOwnership;
  membership.path = {"role wms_app", "role wms_owner", "table public.lots"};
  rehearsal.isolation.paths = {membership};
  CHECK(passed(judged_by_coverage(rehearsal)));
}

TEST_CASE("commands that are granted and have no policy are one error, with the policies to add") {
  TableIsolation table = kept_apart();
  table.policies = {tenant_policy("SELECT")};
  const Finding found = only_finding(of(table));
  CHECK(found.severity == Severity::kError);
  CHECK(found.message ==
        "row security is enabled on public.lots and no policy lets wms_app INSERT, UPDATE and "
        "DELETE anything, although INSERT, UPDATE and DELETE are granted: what has no policy finds "
        "no row and writes none");
  CHECK_THAT(found.remedy,
             Catch::StartsWith("CREATE POLICY tenant_isolation_insert ON public.lots FOR INSERT "
                               "WITH CHECK (tenant_id = (current_setting("));
  CHECK_THAT(found.remedy,
             Catch::EndsWith("REVOKE INSERT, UPDATE, DELETE ON public.lots FROM wms_app;"));
  CHECK(found.known_by == Strings{"no policy", "table public.lots", "INSERT", "UPDATE", "DELETE"});
}

TEST_CASE("policies for other roles, restrictive ones and ones without USING let nobody through") {
  TableIsolation table = kept_apart();
  table.privileges = {"SELECT"};
  table.policies[0].applies = false;
  CHECK(only_finding(of(table)).known_by.back() == "SELECT");
  table.policies[0].applies = true;
  table.policies[0].permissive = false;
  CHECK(only_finding(of(table)).known_by.back() == "SELECT");
  table.policies[0].permissive = true;
  table.policies[0].using_expression.clear();
  CHECK(only_finding(of(table)).known_by.back() == "SELECT");
  table.privileges = {"INSERT"};
  CHECK(passed(of(table)));
}

TEST_CASE("missing policies for assumed privileges are a warning at the end") {
  TableIsolation table = kept_apart();
  table.policies = {tenant_policy("SELECT")};
  table.privileges_assumed = true;
  CHECK(passed(of(table)));
  CHECK(only_finding(of(table, true)).severity == Severity::kWarning);
}

TEST_CASE("where nothing could be tried, a policy that says true is an error") {
  TableIsolation table = kept_apart();
  table.policies[0].using_expression = "true";
  CHECK(passed(of(table)));  // what it lets through is seen by trying
  table.problem = "it has rows of one tenant only";
  CHECK_THAT(only_finding(of(table)).message,
             Catch::StartsWith("policy tenant_isolation on public.lots lets reach every row of "
                               "every tenant: it says true"));
  Rehearsal without_context = isolated({table});
  without_context.isolation.context_problem = "told by rls-isolation";
  CHECK(passed(judged_by_coverage(without_context)));
  PolicyFact restrictive = tenant_policy();
  restrictive.permissive = false;
  table.policies.push_back(restrictive);
  CHECK(passed(of(table)));
}

TEST_CASE("a table that lies open between two commits is an error where it is opened") {
  Rehearsal rehearsal = isolated({kept_apart()});
  rehearsal.isolation.windows = {
      {false, "public.lots", "ALTER TABLE lots DISABLE ROW LEVEL SECURITY", "0002_add_lots.up.sql",
       12, "ALTER TABLE lots ENABLE ROW LEVEL SECURITY"}};
  const Finding found = only_finding(judged_by_coverage(rehearsal));
  CHECK(found.severity == Severity::kError);
  CHECK(found.message ==
        "between two commits of the up script public.lots lies open: behind this statement it has "
        "rows and privileges but no row security, and whoever asks meanwhile gets the rows of "
        "every tenant\n"
        "  ALTER TABLE lots DISABLE ROW LEVEL SECURITY\n"
        "  It is closed by: ALTER TABLE lots ENABLE ROW LEVEL SECURITY");
  CHECK(found.line == 12);
  CHECK(found.known_by == Strings{"lies open", "up", "table public.lots"});
}

TEST_CASE("windows are told even where nothing else was judged, and once a table and script") {
  Rehearsal rehearsal = isolated({});
  rehearsal.isolation.judged = false;
  rehearsal.isolation.skipped = "nothing that isolation depends on changed";
  const IsolationWindow window{true, "public.lots", "DROP POLICY p ON lots", "d.sql", 2, ""};
  rehearsal.isolation.windows = {window, window};
  const Finding found = only_finding(judged_by_coverage(rehearsal));
  CHECK_THAT(found.message, Catch::Contains("between two commits of the down script"));
  CHECK_THAT(found.message, Catch::EndsWith("\n  Nothing in the script closes it again.\n"
                                            "  The same at 1 other place."));
}

TEST_CASE("the columns of a remedy come from the scenario where no policy tells them") {
  Scenario scenario;
  scenario.isolation.settings = {{"app.tenant", "{tenant}"}};
  CHECK_THAT(only_finding(judged_by_coverage(isolated({lying_open()}), scenario)).remedy,
             Catch::Contains(
                 "USING (tenant_id = CAST(current_setting('app.tenant') AS <type of tenant_id>))"));
  CHECK_THAT(only_finding(of(lying_open())).remedy,
             Catch::Contains("USING (tenant_id = <the context's tenant>)"));
}

TEST_CASE("why isolation was not judged is told, and a mishap is no pass") {
  Rehearsal rehearsal = isolated({});
  rehearsal.isolation.judged = false;
  CHECK(judged_by_coverage(rehearsal).skipped ==
        "no table has row security, and the scenario has no isolation section");
  rehearsal.isolation.skipped = "isolation is not judged";
  CHECK(judged_by_coverage(rehearsal).skipped == "isolation is not judged");
  rehearsal.isolation.failed = "the connection was lost";
  CHECK(judged_by_coverage(rehearsal).errored == "the connection was lost");
  Rehearsal failed;
  failed.up.outcome = PhaseOutcome::kFailed;
  CHECK(judged_by_coverage(failed).skipped == "the up script did not run through");
}

}  // namespace
}  // namespace drydock
