#include "harness/testing/sample_tenants.h"

#include <fmt/format.h>

#include "harness/testing/sample_run.h"
#include "harness/testing/sample_tenant_tables.h"

namespace drydock::testing {
namespace {

std::vector<BypassPath> paths() {
  BypassPath view{BypassKind::kView,
                  {"role wms_app", "view public.lot_totals", "table public.lots"},
                  "public.lots",
                  "it runs as wms_owner, whom row security does not bind",
                  true,
                  true,
                  "12 rows, 7 of them of another tenant",
                  "SELECT * FROM public.lot_totals",
                  "Set security_invoker on it: ALTER VIEW public.lot_totals SET "
                  "(security_invoker = true).",
                  "000012_tenants",
                  ""};
  BypassPath function{BypassKind::kSearchPath,
                      {"role wms_app", "function public.count_lots()", "table public.lots"},
                      "public.lots",
                      "it is SECURITY DEFINER and has no search_path of its own",
                      false,
                      false,
                      "",
                      "",
                      "ALTER FUNCTION public.count_lots() SET search_path = pg_catalog, public.",
                      "000003_tenant_policies",
                      "000003_tenant_policies"};
  BypassPath calm = view;
  calm.kind = BypassKind::kMaterializedView;
  calm.path[1] = "materialized view public.lot_codes";
  calm.leaks = false;
  calm.outcome = "500 rows, none of them of another tenant";
  return {view, function, calm};
}

std::vector<PolicyMutant> mutants() {
  PolicyMutant dropped{MutationKind::kDropPolicy,
                       "public.lots",
                       "tenant_isolation",
                       "DROP POLICY tenant_isolation ON public.lots",
                       true,
                       "select one's own",
                       "",
                       1.25};
  PolicyMutant survivor{MutationKind::kDropCheck,
                        "public.pallets",
                        "pallets_insert",
                        "ALTER POLICY pallets_insert ON public.pallets WITH CHECK (true)",
                        false,
                        "",
                        "",
                        2.5};
  PolicyMutant untried{MutationKind::kBypassRls,       "public.lots", "",
                       "ALTER ROLE wms_app BYPASSRLS", false,         "",
                       "must be superuser (42501)",    0.75};
  PolicyMutant forced{MutationKind::kNoForce,
                      "public.lots",
                      "",
                      "ALTER TABLE public.lots NO FORCE ROW LEVEL SECURITY",
                      true,
                      "select as the table's owner",
                      "",
                      1.5};
  return {dropped, survivor, untried, forced};
}

std::vector<PolicyPlan> plans() {
  PolicyPlan dear;
  dear.table = "public.pallets";
  dear.index = "pallets_tenant_idx";
  dear.index_serves_without = true;
  dear.per_row = {"current_tenant()"};
  dear.plan_with =
      "Seq Scan on pallets  (cost=0.00..270.00 rows=5 width=48)\n"
      "  Filter: (tenant_id = current_tenant())";
  dear.plan_without =
      "Index Scan using pallets_tenant_idx on pallets  (cost=0.28..8.29 rows=1 width=48)\n"
      "  Index Cond: (tenant_id = '5f0c7a52-8f6e-4b7e-9a51-5c5a9c1f0001'::uuid)";
  dear.policy = "pallets_read";
  dear.rewrite =
      "ALTER POLICY pallets_read ON pallets USING (tenant_id = (SELECT current_tenant()));";
  dear.changed_by = "000012_tenants";
  PolicyPlan cheap;
  cheap.table = "public.lots";
  cheap.index = "lots_tenant_idx";
  cheap.index_serves_without = cheap.index_serves_with = true;
  cheap.policy = "tenant_isolation";
  cheap.plan_with = cheap.plan_without = "Index Scan using lots_tenant_idx on lots";
  cheap.seen_after = "000003_tenant_policies";
  return {dear, cheap};
}

IsolationEvidence evidence(const std::string& file) {
  IsolationEvidence isolation;
  isolation.judged = true;
  isolation.at_end = true;
  isolation.role = "wms_app";
  isolation.role_words = "named by the policies";
  isolation.context_words = "the setting app.current_tenant_id, found in the policies";
  isolation.notes = {
      "schema per tenant: tenant_acme, tenant_globex are out of row security's reach"};
  isolation.tables = tenant_tables();
  isolation.paths = paths();
  isolation.mutants = mutants();
  isolation.plans = plans();
  isolation.role_faithful.ran = true;
  isolation.role_faithful.role = "wms_owner";
  isolation.role_faithful.hidden = {
      {"UPDATE pallets SET code = upper(code)", file, 9, 0, 1000, ""},
      {"SELECT count_lots()", file, 11, 1, 1, "public.totals: 1 value differs"}};
  isolation.windows = {
      {false, "public.pallets", "CREATE TABLE pallets AS SELECT * FROM old_pallets", file, 3,
       "ALTER TABLE pallets ENABLE ROW LEVEL SECURITY"},
      {true, "public.pallets", "ALTER TABLE pallets DISABLE ROW LEVEL SECURITY", file, 1, ""}};
  return isolation;
}

}  // namespace

const std::vector<std::string>& isolation_checks() {
  static const std::vector<std::string> checks = {"rls-coverage", "rls-isolation", "rls-bypass",
                                                  "rls-proof", "silent-zero-rows"};
  return checks;
}

MigrationResult with_isolation() {
  MigrationResult result = passed("000012_tenants", "pallets");
  const std::string& file = result.evidence.up_files[0];
  result.evidence.isolation = evidence(file);
  for (const std::string& check : isolation_checks())
    result.checks.push_back({check, Outcome::kPassed, ""});
  Finding leak = finding("rls-isolation", Severity::kError,
                         "wms_app reads public.pallets without a context: 1,000 of 1,000 rows",
                         file, 0, "ccd0c0deccd0c0de");
  leak.objects = {"table public.pallets"};
  Finding way = finding("rls-bypass", Severity::kError,
                        "role wms_app → view public.lot_totals → table public.lots", file, 0,
                        "ddd0c0deddd0c0de");
  way.objects = {"table public.lots", "view public.lot_totals"};
  Finding uncovered =
      finding("rls-coverage", Severity::kWarning, "public.tenants can be listed by every tenant",
              file, 0, "eed0c0deeed0c0de");
  uncovered.objects = {"table public.tenants"};
  uncovered.migration = "000001_create_lots";
  result.findings = {leak, way, uncovered};
  set_outcome(result, "rls-isolation", Outcome::kFailed);
  set_outcome(result, "rls-bypass", Outcome::kFailed);
  result.outcome = Outcome::kFailed;
  return result;
}

MigrationResult with_many_tenant_tables(const std::string& id, int tables) {
  MigrationResult result = passed(id, "t");
  IsolationEvidence& isolation = result.evidence.isolation;
  isolation.judged = true;
  isolation.role = "wms_app";
  for (int i = 0; i < tables; ++i) {
    isolation.tables.push_back(held_table(fmt::format("application.table_number_{}", i)));
    PolicyMutant mutant = mutants().front();
    mutant.table = isolation.tables.back().table;
    isolation.mutants.insert(isolation.mutants.end(), 4, mutant);
  }
  return result;
}

}  // namespace drydock::testing
