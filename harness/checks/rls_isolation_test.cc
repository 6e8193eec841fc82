#include "harness/checks/check.h"
#include "harness/testing/builders.h"
#include "harness/testing/catch.h"
#include "harness/testing/isolated.h"
#include "harness/testing/judgement.h"

namespace drydock {
namespace {

using testing::isolated;
using testing::kept_apart;
using testing::only_finding;
using testing::passed;
using testing::probe;
using testing::replace;
using Strings = std::vector<std::string>;
using enum IsolationCommand;
using enum IsolationSituation;
using enum IsolationVerdict;

Judgement judged_by_isolation(const Rehearsal& rehearsal) {
  return find_check("rls-isolation").judge(rehearsal, {});
}

Judgement of(const TableIsolation& table) { return judged_by_isolation(isolated({table})); }

TEST_CASE("a table on which every try held passes") { CHECK(passed(of(kept_apart()))); }

TEST_CASE("an INSERT for another tenant is one error with the policy, the row and the remedy") {
  TableIsolation table = kept_apart();
  table.policies[0].check_expression = "true";
  IsolationProbe insert = probe(kInsert, kOther, kLeak, 1, 1);
  insert.sql = "INSERT INTO public.lots SELECT …";
  replace(table, insert);
  replace(table, probe(kMove, kOther, kLeak, 1, 1));
  const Finding found = only_finding(of(table));
  CHECK(found.severity == Severity::kError);
  CHECK(found.message ==
        "wms_app gets at rows of other tenants in public.lots:\n"
        "  as one tenant, of another's rows (tried with 2f6c1f0e-6b5d-4a53-9d0b-0d4b7c6f8a10 and "
        "7cb9f3a2-91f5-4a0e-8a55-5b7f2a7f3c21): INSERT adds a row, UPDATE gives a row away\n"
        "  among them: id = 17, tenant_id = 7cb9f3a2-91f5-4a0e-8a55-5b7f2a7f3c21\n"
        "  to try as wms_app: INSERT INTO public.lots SELECT …\n"
        "  let through by: policy tenant_isolation FOR ALL USING ((tenant_id = "
        "(current_setting('app.current_tenant_id'::text))::uuid)) WITH CHECK (true)");
  CHECK(found.remedy ==
        "ALTER POLICY tenant_isolation ON public.lots WITH CHECK (tenant_id = "
        "(current_setting('app.current_tenant_id'::text))::uuid);");
  CHECK(found.file == "0002_add_lots.up.sql");
  CHECK(found.line == 3);
  CHECK(found.objects == Strings{"table public.lots"});
  CHECK(found.known_by == Strings{"INSERT for another tenant",
                                  "UPDATE that gives a row to another tenant", "leaks",
                                  "table public.lots"});
}

TEST_CASE("a policy that falls back to the row's own tenant is not held up as the remedy") {
  TableIsolation table = kept_apart();
  table.policies[0].using_expression =
      "(tenant_id = COALESCE((current_setting('app.current_tenant_id'::text, true))::uuid, "
      "tenant_id))";
  table.policies[0].check_expression.clear();
  replace(table, probe(kSelect, kNoContext, kLeak, 1000, 1000));
  const std::string remedy = only_finding(of(table)).remedy;
  CHECK_THAT(remedy, Catch::Contains("tenant_id = CAST(current_setting('app.current_tenant_id') AS "
                                     "<type of tenant_id>)"));
  CHECK_THAT(remedy, !Catch::Contains("COALESCE"));
}

TEST_CASE("a finding is known by what leaks, not by how many rows there are") {
  TableIsolation few = kept_apart(), many = kept_apart();
  replace(few, probe(kSelect, kOther, kLeak, 1, 2));
  replace(many, probe(kSelect, kOther, kLeak, 500, 1000));
  CHECK(only_finding(of(few)).known_by == only_finding(of(many)).known_by);
  CHECK_THAT(only_finding(of(few)).message, Catch::Contains("SELECT sees 1 of 2 rows"));
}

TEST_CASE("what follows from another leak is not told beside it") {
  TableIsolation table = kept_apart();
  for (const IsolationCommand command : {kSelect, kCopy, kLockRows})
    replace(table, probe(command, kOther, kLeak, 12, 40));
  const Finding found = only_finding(of(table));
  CHECK_THAT(found.message, Catch::Contains("): SELECT sees 12 of 40 rows\n"));
  CHECK(found.known_by.size() == 5);
}

TEST_CASE("rows that are there without a context have a remedy of their own") {
  TableIsolation table = kept_apart();
  const std::string own = table.policies[0].using_expression;
  table.policies[0].using_expression = "(" + own + " OR (current_setting('t', true) IS NULL))";
  replace(table, probe(kSelect, kNoContext, kLeak, 1000, 1000));
  const Finding found = only_finding(of(table));
  CHECK_THAT(found.message, Catch::Contains("\n  without a context: SELECT sees all 1,000 rows"));
  CHECK_THAT(found.remedy,
             Catch::StartsWith("ALTER POLICY tenant_isolation ON public.lots USING (tenant_id = "));
  CHECK_THAT(found.remedy, Catch::Contains("Without a context nothing may match"));
}

TEST_CASE("of several policies the one that asks for no tenant is blamed") {
  TableIsolation table = kept_apart();
  PolicyFact reports = testing::tenant_policy("SELECT");
  reports.name = "reports";
  reports.using_expression = "true";
  table.policies.push_back(reports);
  replace(table, probe(kSelect, kOther, kLeak, 40, 40));
  const Finding found = only_finding(of(table));
  CHECK_THAT(found.message,
             Catch::Contains("\n  let through by: policy reports FOR SELECT USING (true)") &&
                 !Catch::Contains("policy tenant_isolation"));
  CHECK_THAT(found.remedy,
             Catch::StartsWith("ALTER POLICY reports ON public.lots USING (tenant_id = "));
}

TEST_CASE("what the server answered is told where it was no number of rows") {
  TableIsolation table = kept_apart();
  IsolationProbe insert = probe(kInsert, kOther, kLeak, 1, 1);
  insert.outcome = "the policy let it pass, only a key refused it: duplicate key (23505)";
  replace(table, insert);
  CHECK_THAT(only_finding(of(table)).message,
             Catch::Contains("\n  answer: the policy let it pass, only a key refused it: duplicate "
                             "key (23505)"));
}

TEST_CASE("TRUNCATE that empties the table for all is an error, and the privilege is to go") {
  TableIsolation table = kept_apart();
  replace(table, probe(kTruncate, kOther, kLeak, 40, 40));
  const Finding found = only_finding(of(table));
  CHECK(found.severity == Severity::kError);
  CHECK_THAT(found.message, Catch::StartsWith("wms_app may TRUNCATE public.lots, which row "
                                              "security does not bind"));
  CHECK(found.remedy == "REVOKE TRUNCATE ON public.lots FROM wms_app;");
}

TEST_CASE("a reference into another tenant is a warning") {
  TableIsolation table = kept_apart();
  replace(table, probe(kForeignKey, kOther, kLeak, 1, 1));
  const Finding found = only_finding(of(table));
  CHECK(found.severity == Severity::kWarning);
  CHECK_THAT(found.message, Catch::StartsWith("a tenant's row in public.lots can refer to another "
                                              "tenant's: foreign keys are checked past row "
                                              "security"));
}

TEST_CASE("an answer that a key is taken is information") {
  TableIsolation table = kept_apart();
  replace(table, probe(kUniqueKey, kOther, kTold));
  const Finding found = only_finding(of(table));
  CHECK(found.severity == Severity::kInfo);
  CHECK_THAT(found.message, Catch::Contains("INSERT is told that a key is taken"));
}

TEST_CASE("own rows that are not to be had are an error, a part of them a warning") {
  TableIsolation table = kept_apart();
  replace(table, probe(kSelect, kOwn, kDenied, 0, 40));
  Finding found = only_finding(of(table));
  CHECK(found.severity == Severity::kError);
  CHECK(found.message ==
        "in a tenant's context wms_app gets at none of the tenant's own rows in public.lots:\n"
        "  SELECT: 0 of 40 rows\n"
        "  to try as wms_app: SELECT * FROM public.lots");
  IsolationProbe select = probe(kSelect, kOwn, kDenied, 39, 40);
  select.outcome = "permission denied for function current_tenant (42501)";
  replace(table, select);
  found = only_finding(of(table));
  CHECK(found.severity == Severity::kWarning);
  CHECK_THAT(found.message,
             Catch::Contains("gets at only a part of the tenant's own rows") &&
                 Catch::Contains("SELECT: 39 of 40 rows; the server said: permission denied for "
                                 "function current_tenant (42501)"));
}

TEST_CASE("own rows that no policy allows are left to rls-coverage") {
  TableIsolation table = kept_apart();
  table.policies = {testing::tenant_policy("SELECT")};
  replace(table, probe(kInsert, kOwn, kDenied, 0, 1));
  CHECK(passed(of(table)));
}

TEST_CASE("what notices and errors tell about another tenant's row is information with the query") {
  TableIsolation table = kept_apart();
  IsolationProbe select = probe(kSelect, kOther, kTold);
  select.sql = "SELECT count(*) FROM public.lots t WHERE public.peek(t.code) IS NOT NULL";
  select.outcome = "public.peek(text) is LEAKPROOF: NOTICE: seen P-17";
  replace(table, select);
  const Finding found = only_finding(of(table));
  CHECK(found.severity == Severity::kInfo);
  CHECK_THAT(found.message,
             Catch::StartsWith("what the server says to one tenant about public.lots "
                               "is about another's row, without showing it:\n"));
  CHECK_THAT(found.message, Catch::Contains("SELECT is told something by a notice or an error"));
  CHECK_THAT(found.message, Catch::Contains("to try as wms_app: " + select.sql));
  CHECK_THAT(found.message, Catch::Contains("answer: " + select.outcome));
  CHECK_THAT(found.remedy, Catch::Contains("NOT LEAKPROOF"));
}

TEST_CASE(
    "what a function tells points at the statement that makes it where none names the table") {
  TableIsolation table = kept_apart();
  IsolationProbe select = probe(kSelect, kOther, kTold);
  select.outcome = "public.peek(text) is LEAKPROOF: NOTICE: seen P-17";
  replace(table, select);
  Rehearsal rehearsal = isolated({table});
  rehearsal.up.statements = {
      testing::statement("CREATE FUNCTION", "CREATE FUNCTION peek(text) RETURNS int …", 5)};
  CHECK(only_finding(judged_by_isolation(rehearsal)).line == 5);
}

TEST_CASE("a table that could not be tried is told with what to do") {
  TableIsolation table = kept_apart();
  table.probes.clear();
  table.problem = "it has rows of one tenant only";
  const Finding found = only_finding(of(table));
  CHECK(found.severity == Severity::kInfo);
  CHECK(found.message ==
        "nobody knows how public.lots keeps tenants apart: it has rows of one tenant only");
  CHECK_THAT(found.remedy, Catch::Contains("isolation.tenants"));
  table.privileges.clear();
  CHECK(passed(of(table)));
}

TEST_CASE("tables without row security, exempt ones and those told before are left alone") {
  TableIsolation leaky = kept_apart();
  replace(leaky, probe(kSelect, kOther, kLeak, 40, 40));
  TableIsolation exempt = leaky, before = leaky;
  exempt.exempt = "the same for everybody";
  before.seen_after = "0001_create_lots";
  CHECK(passed(judged_by_isolation(isolated({testing::lying_open(), exempt, before}))));
}

TEST_CASE("leaks to a role that row security does not bind are told as what they come from") {
  TableIsolation leaky = kept_apart();
  replace(leaky, probe(kSelect, kOther, kLeak, 40, 40));
  Rehearsal rehearsal = isolated({leaky});
  BypassPath attribute = testing::leaking_view();
  attribute.kind = BypassKind::kRoleAttribute;
  attribute.path = {"role wms_app", "role support", "table public.lots"};
  rehearsal.isolation.paths = {attribute};
  CHECK(judged_by_isolation(rehearsal).findings.size() == 1);  // only after SET ROLE support
  rehearsal.isolation.paths[0].path = {"role wms_app", "table public.lots"};
  CHECK(passed(judged_by_isolation(rehearsal)));
}

TEST_CASE("a context that changes nothing is an error, not a pass") {
  TableIsolation table = kept_apart();
  table.probes.clear();
  table.problem = "no context is known";
  Rehearsal rehearsal = isolated({table});
  rehearsal.isolation.context_problem =
      "with app.current_tenant_id set to either tenant the same rows are visible";
  const Finding found = only_finding(judged_by_isolation(rehearsal));
  CHECK(found.severity == Severity::kError);
  CHECK(found.message ==
        "isolation could not be proved, because no context makes a tenant: with "
        "app.current_tenant_id set to either tenant the same rows are visible\n"
        "  Tried: the setting app.current_tenant_id, found in the policies\n"
        "  tables: public.lots");
  CHECK_THAT(found.remedy, Catch::Contains("isolation.context"));
  CHECK(found.known_by == Strings{"context"});
}

TEST_CASE("a policy that says true is named where no context was found because of it") {
  TableIsolation table = kept_apart();
  table.policies[0].using_expression = "true";
  Rehearsal rehearsal = isolated({table});
  rehearsal.isolation.context_problem = "public.lots shows rows of 25 tenants";
  const Finding found = only_finding(judged_by_isolation(rehearsal));
  CHECK_THAT(found.message, Catch::Contains("\n  policy tenant_isolation on public.lots FOR ALL "
                                            "says true: every row passes\n  tables: "));
  CHECK_THAT(found.remedy, Catch::StartsWith("Drop the policies that say true"));
}

TEST_CASE("tables that row security does not bind need no context") {
  TableIsolation owned = kept_apart();
  owned.forced = false;
  owned.role_is_owner = true;
  Rehearsal rehearsal = isolated({owned});
  rehearsal.isolation.context_problem = "public.lots shows rows of 25 tenants";
  CHECK(passed(judged_by_isolation(rehearsal)));
}

TEST_CASE("rows that others than the application reach are told apart, and on purpose they may") {
  TableIsolation table = kept_apart();
  replace(table, probe(kSelect, kOwner, kLeak, 40, 40));
  Finding found = only_finding(of(table));
  CHECK(found.severity == Severity::kError);
  CHECK_THAT(found.message,
             Catch::StartsWith("others than wms_app get at rows of all tenants in public.lots, in "
                               "one tenant's context:\n  as the table's owner: SELECT sees all 40 "
                               "rows"));
  PolicyFact reports = testing::tenant_policy("SELECT");
  reports.name = "reports";
  reports.roles = {"wms_report"};
  reports.applies = false;
  table.policies.push_back(reports);
  found = only_finding(of(table));
  CHECK(found.severity == Severity::kInfo);
  CHECK_THAT(found.message,
             Catch::EndsWith("Policies for other roles are there: reports TO wms_report."));
  replace(table, probe(kSelect, kOther, kLeak, 40, 40));
  CHECK_THAT(only_finding(of(table)).message,
             Catch::StartsWith("wms_app gets at rows of other tenants in public.lots:"));
}

TEST_CASE("names that need quotes have them in remedies") {
  TableIsolation table = kept_apart();
  table.policies[0].name = "Tenants only";
  table.policies[0].check_expression = "true";
  replace(table, probe(kInsert, kOther, kLeak, 1, 1));
  CHECK_THAT(only_finding(of(table)).remedy,
             Catch::StartsWith("ALTER POLICY \"Tenants only\" ON public.lots WITH CHECK ("));
}

TEST_CASE("a context that was told of with all its tables is not told again") {
  TableIsolation table = kept_apart();
  table.seen_after = "0001_create_lots";
  Rehearsal rehearsal = isolated({table});
  rehearsal.isolation.context_problem = "no setting was found in the policies";
  CHECK(passed(judged_by_isolation(rehearsal)));
}

TEST_CASE("why isolation was not judged is told") {
  Rehearsal rehearsal = isolated({});
  rehearsal.isolation.judged = false;
  rehearsal.isolation.skipped = "isolation is not judged";
  CHECK(judged_by_isolation(rehearsal).skipped == "isolation is not judged");
  rehearsal.isolation.failed = "the connection was lost";
  CHECK(judged_by_isolation(rehearsal).errored == "as rls-coverage: isolation was not judged");
}

}  // namespace
}  // namespace drydock
