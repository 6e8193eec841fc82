// The keys about isolation: what tells tenants apart, who asks, and which tables are shared.
#include "harness/base/error.h"
#include "harness/load/scenario_file.h"
#include "harness/testing/catch.h"

namespace drydock {
namespace {

IsolationRules rules(const std::string& members) {
  return parse_scenario("dir/wms.json",
                        R"({"migrations": {"path": "m"}, "isolation": {)" + members + "}}")
      .isolation;
}

std::string refusal(const std::string& members) {
  try {
    rules(members);
  } catch (const Error& error) {
    return error.message() + " " + error.remedy();
  }
  return "no error";
}

TEST_CASE("without a word about isolation it is judged where tables have row security") {
  const IsolationRules none =
      parse_scenario("s.json", R"({"migrations": {"path": "m"}})").isolation;
  CHECK(none.judged);
  CHECK_FALSE(none.given);
}

TEST_CASE("a section about isolation is noticed even when it is empty") {
  const IsolationRules empty = rules("");
  CHECK(empty.given);
  CHECK(empty.judged);
  CHECK(empty.tenant_columns.empty());
  CHECK(empty.settings.empty());
  CHECK(empty.tenants.empty());
}

TEST_CASE("every key about isolation arrives in the scenario") {
  const IsolationRules all = rules(R"(
    "judge": false,
    "tenant_column": ["tenant_id", "public.invoices.customer", "\"Odd.Name\""],
    "context": { "setting": "app.current_tenant_id" },
    "as_role": "wms_app",
    "tenants": ["2f", 7],
    "exempt": [{ "table": "public.units", "reason": "the same for everybody" }] )");
  CHECK_FALSE(all.judged);
  CHECK(all.tenant_columns ==
        std::vector<std::string>{"tenant_id", "public.invoices.customer", "\"Odd.Name\""});
  CHECK(all.settings == std::map<std::string, std::string>{{"app.current_tenant_id", "{tenant}"}});
  CHECK(all.as_role == "wms_app");
  CHECK(all.tenants == std::vector<std::string>{"2f", "7"});
  REQUIRE(all.exempt.size() == 1);
  CHECK(all.exempt[0].table == "public.units");
  CHECK(all.exempt[0].reason == "the same for everybody");
}

TEST_CASE("a single tenant column needs no list") {
  CHECK(rules(R"("tenant_column": "org_id")").tenant_columns == std::vector<std::string>{"org_id"});
}

TEST_CASE("a context is settings, statements, or a role for each tenant") {
  const IsolationRules claims = rules(
      R"("context": {"settings": {"jwt.claims": "{\"tenant\": \"{tenant}\"}", "app.locale": "en"}})");
  CHECK(claims.settings.at("jwt.claims") == "{\"tenant\": \"{tenant}\"}");
  CHECK(claims.settings.at("app.locale") == "en");
  CHECK(rules(R"j("context": {"sql": "SELECT login('{tenant}')"})j").context_sql ==
        "SELECT login('{tenant}')");
  CHECK(rules(R"("context": {"role": "tenant_{tenant}"})").context_role == "tenant_{tenant}");
}

TEST_CASE("a context is said in exactly one way") {
  CHECK_THAT(refusal(R"("context": {})"),
             Catch::Contains("/isolation/context: expected exactly one of setting, settings, sql "
                             "and role, found none"));
  CHECK_THAT(refusal(R"("context": {"setting": "app.tenant", "role": "t_{tenant}"})"),
             Catch::Contains("expected exactly one of setting, settings, sql and role, found 2") &&
                 Catch::Contains("Give setting (it holds the tenant)"));
}

TEST_CASE("a context that is the same for every tenant is refused") {
  for (const std::string same : {R"("settings": {"app.tenant": "1"})", R"("settings": {})",
                                 R"j("sql": "SELECT login(1)")j", R"("role": "tenant")"}) {
    INFO(same);
    CHECK_THAT(refusal("\"context\": {" + same + "}"),
               Catch::Contains(" is the same for every tenant") &&
                   Catch::Contains("Write {tenant} where the tenant's value belongs."));
  }
}

TEST_CASE("a tenant column is a column's name, alone or with its table") {
  for (const std::string wrong :
       {R"("")", R"("lots.tenant_id")", R"("*")", R"("*.a.b")", "[]", "7"}) {
    INFO(wrong);
    CHECK_THAT(refusal("\"tenant_column\": " + wrong),
               Catch::Contains("/isolation/tenant_column: expected a column, schema.table.column, "
                               "or a list of such, found"));
  }
  CHECK_THAT(refusal(R"("tenant_column": ["tenant_id", "a.b"])"),
             Catch::Contains("/isolation/tenant_column/1: expected a column, or one of a table as "
                             "schema.table.column, found \"a.b\""));
}

TEST_CASE("tenants are at least two, and not the same") {
  CHECK_THAT(refusal(R"("tenants": ["2f"])"),
             Catch::Contains("/isolation/tenants: expected a list of at least two texts or "
                             "numbers, found a list"));
  CHECK_THAT(refusal(R"("tenants": ["2f", true])"),
             Catch::Contains("/isolation/tenants/1: expected a text that is not empty, or a "
                             "number, found true"));
  CHECK_THAT(refusal(R"("tenants": ["2f", "7c", "2f"])"),
             Catch::Contains("the tenant 2f stands there twice"));
}

TEST_CASE("a table is shared once, by its full name and with a reason") {
  CHECK_THAT(refusal(R"("exempt": [{"table": "public.units"}])"),
             Catch::Contains("/isolation/exempt/0/reason is missing"));
  CHECK_THAT(refusal(R"("exempt": [{"table": "public.units", "reason": " "}])"),
             Catch::Contains("/isolation/exempt/0/reason: expected a text that is not empty"));
  CHECK_THAT(refusal(R"("exempt": [{"table": "units", "reason": "shared"}])"),
             Catch::Contains("/isolation/exempt/0/table: expected a table as schema.table"));
  CHECK_THAT(refusal(R"("exempt": [{"table": "public.units", "reason": "shared"},
                                   {"table": "public.units", "reason": "really"}])"),
             Catch::Contains("public.units is exempt already"));
}

TEST_CASE("a slip in a key about isolation is told") {
  CHECK_THAT(refusal(R"("as_rol": "app")"), Catch::Contains("Did you mean \"as_role\"?"));
}

}  // namespace
}  // namespace drydock
