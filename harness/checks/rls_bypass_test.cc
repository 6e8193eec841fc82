#include "harness/checks/check.h"
#include "harness/testing/builders.h"
#include "harness/testing/catch.h"
#include "harness/testing/isolated.h"
#include "harness/testing/judgement.h"

namespace drydock {
namespace {

using testing::isolated;
using testing::leaking_view;
using testing::only_finding;
using testing::passed;
using Strings = std::vector<std::string>;

Judgement of(std::vector<BypassPath> paths, std::vector<StatementRun> further = {}) {
  Rehearsal rehearsal = isolated({testing::kept_apart()});
  rehearsal.isolation.paths = std::move(paths);
  for (StatementRun& run : further) rehearsal.up.statements.push_back(std::move(run));
  return find_check("rls-bypass").judge(rehearsal, {});
}

BypassPath untried(BypassKind kind, Strings way = {"role wms_app", "function public.f()"}) {
  BypassPath path = leaking_view();
  path.kind = kind;
  path.path = std::move(way);
  path.path.push_back("table public.lots");
  path.tried = path.leaks = false;
  path.outcome.clear();
  path.sql.clear();
  return path;
}

TEST_CASE("without a way around, and where a way led nowhere, it passes") {
  BypassPath held = leaking_view();
  held.leaks = false;
  CHECK(passed(of({})));
  CHECK(passed(of({held})));
}

TEST_CASE("a way that leads to another tenant's rows is an error that shows it step by step") {
  const Finding found = only_finding(of(
      {leaking_view()}, {testing::statement("CREATE VIEW", "CREATE VIEW lot_totals AS SELECT …", 7),
                         testing::statement("CREATE INDEX", "CREATE INDEX ON lots (code)", 9)}));
  CHECK(found.severity == Severity::kError);
  CHECK(found.message ==
        "view leads around row security: role wms_app → view public.lot_totals → table "
        "public.lots: it reads with the rights of wms_owner, whom row security does not bind\n"
        "  seen on this way: 12 rows, 7 of them of another tenant\n"
        "  to try as wms_app: SELECT * FROM public.lot_totals");
  CHECK(found.remedy == "ALTER VIEW public.lot_totals SET (security_invoker = true);");
  CHECK(found.line == 7);
  CHECK(found.objects == Strings{"table public.lots", "view public.lot_totals"});
  CHECK(found.known_by == Strings{"role wms_app", "view public.lot_totals", "view"});
}

TEST_CASE("a way to several tables is one finding") {
  BypassPath other = leaking_view();
  other.table = "public.parcels";
  other.path.back() = "table public.parcels";
  const Finding found = only_finding(of({leaking_view(), other}));
  CHECK_THAT(found.message,
             Catch::EndsWith("\n  It leads to 2 tables: table public.lots, table public.parcels"));
}

TEST_CASE("what stands in the catalogs only is as bad as what it can do") {
  using enum BypassKind;
  const std::vector<std::pair<BypassKind, Severity>> expected = {
      {kPartition, Severity::kError},     {kRoleAttribute, Severity::kError},
      {kOwnership, Severity::kError},     {kSearchPath, Severity::kWarning},
      {kPublicGrant, Severity::kWarning}, {kPrivilege, Severity::kWarning},
      {kPublication, Severity::kWarning}, {kDefaultPrivileges, Severity::kInfo},
      {kView, Severity::kInfo},           {kMaterializedView, Severity::kInfo},
      {kFunction, Severity::kInfo}};
  for (const auto& [kind, severity] : expected) {
    INFO(static_cast<int>(kind));
    const Finding found = only_finding(of({untried(kind)}));
    CHECK(found.severity == severity);
    CHECK_THAT(found.message, Catch::Contains(" may lead around row security: "));
  }
  CHECK(only_finding(of({untried(kDefaultPrivileges, {"PUBLIC", "default privileges of app"})}))
            .severity == Severity::kWarning);
}

TEST_CASE("a partition that lies open is told although no row of another's was in it today") {
  BypassPath partition = untried(BypassKind::kPartition, {"role wms_app", "partition public.p"});
  partition.tried = true;
  CHECK(only_finding(of({partition})).severity == Severity::kError);
}

TEST_CASE("a way that was told after an earlier migration is not told again") {
  BypassPath known = leaking_view();
  known.seen_after = "0001_create_lots";
  CHECK(passed(of({known})));
}

TEST_CASE("a finding points at what opened the way") {
  const auto line_of = [](const BypassPath& path, const std::string& kind, const std::string& sql) {
    return only_finding(
               of({path}, {testing::statement(kind, sql, 20),
                           testing::statement("CREATE POLICY",
                                              "CREATE POLICY p ON lots USING (true)", 21)}))
        .line;
  };
  CHECK(line_of(untried(BypassKind::kDefaultPrivileges, {"PUBLIC", "default privileges of app"}),
                "ALTER DEFAULT PRIVILEGES",
                "ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO x") == 20);
  CHECK(line_of(untried(BypassKind::kFunction, {"role wms_app", "function public.f(a integer)"}),
                "CREATE FUNCTION", "CREATE FUNCTION f(a integer) …") == 20);
  CHECK(line_of(untried(BypassKind::kRoleAttribute, {"role wms_app"}), "ALTER ROLE",
                "ALTER ROLE wms_app BYPASSRLS") == 20);
  CHECK(line_of(untried(BypassKind::kPublicGrant, {"PUBLIC"}), "GRANT",
                "GRANT SELECT ON public.parcels TO reports") == 21);
}

TEST_CASE("a way that an earlier migration opened is that migration's at the end") {
  Rehearsal rehearsal = isolated({testing::kept_apart()});
  rehearsal.isolation.at_end = true;
  rehearsal.up.statements.clear();
  BypassPath path = leaking_view();
  path.changed_by = "0001_create_lots";
  rehearsal.isolation.paths = {path};
  CHECK(only_finding(find_check("rls-bypass").judge(rehearsal, {})).migration ==
        "0001_create_lots");
}

TEST_CASE("ways around are not asked for where isolation was not judged") {
  Rehearsal rehearsal = isolated({});
  rehearsal.isolation.judged = false;
  CHECK(find_check("rls-bypass").judge(rehearsal, {}).skipped.has_value());
}

}  // namespace
}  // namespace drydock
