#include "reports/isolation_excerpt.h"

#include "harness/base/text.h"
#include "harness/testing/catch.h"
#include "harness/testing/sample_tenants.h"

namespace drydock {
namespace {

const IsolationEvidence& sample() {
  static const MigrationResult migration = testing::with_isolation();
  return migration.evidence.isolation;
}

bool contains(const std::vector<std::string>& lines, const std::string& line) {
  return std::find(lines.begin(), lines.end(), line) != lines.end();
}

TEST_CASE("a table's lines tell what binds it and each try that did not hold") {
  const std::vector<std::string> lines = table_lines(sample().tables[3]);
  REQUIRE(lines.size() > 5);
  CHECK(lines[0] == "tenant_id; row security on; 3 policies; 1,000 rows of 2 tenants");
  CHECK(lines[1] == "tries: 61 held, 2 leaked, 1 denied, 1 told, 1 not tried");
  CHECK(contains(lines, "SELECT without a context: leaked, 1,000 of 1,000 rows"));
  CHECK(contains(lines, "INSERT for another tenant: leaked, 1 of 1 row"));
  CHECK(contains(lines, "  row: id = 17"));
}

TEST_CASE("a table that holds is two lines") {
  CHECK(table_lines(sample().tables[1]) ==
        std::vector<std::string>{
            "tenant_id; row security on and forced; 1 policy; 1,000 rows of 2 tenants",
            "tries: 64 held, 1 not tried"});
}

TEST_CASE("ways that led nowhere are not told, others with what was seen on them") {
  CHECK(way_lines(sample().paths) ==
        std::vector<std::string>{
            "role wms_app → view public.lot_totals → table public.lots: it runs as wms_owner, whom "
            "row security does not bind",
            "  12 rows, 7 of them of another tenant", "  SELECT * FROM public.lot_totals",
            "role wms_app → function public.count_lots() → table public.lots: it is SECURITY "
            "DEFINER and has no search_path of its own"});
}

TEST_CASE("mutants that nothing noticed are told with the statement that made them") {
  CHECK(mutant_lines(sample().mutants) ==
        std::vector<std::string>{
            "2 of 3 mutants noticed",
            "  nothing noticed: policy pallets_insert on public.pallets with WITH CHECK (true)",
            "    ALTER POLICY pallets_insert ON public.pallets WITH CHECK (true)"});
  CHECK(mutant_lines({}).empty());
}

TEST_CASE("each check on isolation tells the part that it judged, other checks nothing") {
  const Rehearsal evidence = testing::with_isolation().evidence;
  CHECK(isolation_text(evidence, "rls-isolation").rfind("public.pallets:\n  tenant_id; ", 0) == 0);
  CHECK(isolation_text(evidence, "rls-coverage").find("public.countries: exempt: a list that") !=
        std::string::npos);
  CHECK(isolation_text(evidence, "silent-zero-rows")
            .find("000012_tenants.up.sql:9: UPDATE pallets SET code = upper(code): 0 rows as "
                  "wms_owner, "
                  "1,000 without row security\n") != std::string::npos);
  CHECK(isolation_text(evidence, "up-applies").empty());
}

TEST_CASE("text of a table's rows and policies is printable in the excerpt") {
  const std::string text = isolation_text(testing::with_isolation().evidence, "rls-isolation");
  CHECK(valid_utf8(text) == text);
  CHECK(text.find('\x1b') == std::string::npos);
  CHECK(text.find("\\x1b") != std::string::npos);
}

}  // namespace
}  // namespace drydock
