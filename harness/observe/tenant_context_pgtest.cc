// How the context of a tenant is found: by what policies read, and by trying.

#include "harness/observe/tenant_context.h"

#include "harness/testing/isolation_case.h"

namespace drydock {
namespace {

using testing::IsolationCase;
using testing::kOpenLots;
using testing::kOwnLots;
using testing::kProtect;

std::string policy(const std::string& expression) {
  return kOpenLots + kProtect + "CREATE POLICY own ON lots USING (" + expression + ");";
}

/// Both tenants are known and all tries are as they must be.
void check_works(IsolationCase& c, const std::string& words) {
  CHECK(c.context.problem.empty());
  CHECK(c.context.words == words);
  CHECK(IsolationCase::faults(c.probe()) == std::vector<std::string>{});
}

TEST_CASE("a setting that policies read is the context") {
  IsolationCase c(kOpenLots + kProtect + kOwnLots);
  check_works(c, "the setting app.tenant, found in the policies");
  CHECK(c.context.has_settings);
  REQUIRE(c.context.steps_for("1").settings.size() == 1);
  CHECK(c.context.steps_for("1").settings[0].value == "1");
  CHECK(c.context.empty_steps.settings.at(0).value.empty());
  CHECK(c.context.malformed_steps.settings.at(0).value == "not-a-tenant");
  CHECK(c.context.unknown_steps.settings.at(0).value == "-32001");
}

TEST_CASE("a setting that may be missing is the context as well") {
  IsolationCase c(policy("tenant_id::text = current_setting('app.tenant', true)"));
  check_works(c, "the setting app.tenant, found in the policies");
}

TEST_CASE("a setting that a function behind a function reads is the context") {
  IsolationCase c(
      "CREATE FUNCTION raw_tenant() RETURNS text STABLE LANGUAGE sql AS"
      " $$SELECT current_setting('app.tenant', true)$$;"
      "CREATE FUNCTION current_tenant() RETURNS int STABLE LANGUAGE sql AS"
      " $$SELECT NULLIF(raw_tenant(), '')::int$$;" +
      policy("tenant_id = current_tenant()"));
  check_works(c, "the setting app.tenant, found in the policies");
}

TEST_CASE("a claim of a document is the context, however deep it lies") {
  IsolationCase c(
      policy("tenant_id = ((current_setting('request.jwt.claims', true)::jsonb -> 'app_metadata')"
             " ->> 'tenant_id')::int"));
  check_works(c,
              "the claim app_metadata.tenant_id of the setting request.jwt.claims, found in the "
              "policies");
}

TEST_CASE("a claim that is a number or a list is found by trying") {
  {
    IsolationCase number(policy(
        "tenant_id = ((NULLIF(current_setting('jwt.claims', true), '')::jsonb) -> 'tenant')::int"));
    check_works(number, "the claim tenant of the setting jwt.claims, found in the policies");
  }
  {
    IsolationCase list(
        policy("NULLIF(current_setting('jwt.claims', true), '')::jsonb -> 'tenants' @>"
               " to_jsonb(tenant_id)"));
    check_works(list, "the claim tenants of the setting jwt.claims, found in the policies");
  }
}

TEST_CASE("a claim read through functions is the context") {
  IsolationCase c(
      "CREATE SCHEMA auth; CREATE FUNCTION auth.jwt() RETURNS jsonb STABLE LANGUAGE sql AS"
      " $$SELECT NULLIF(current_setting('request.jwt.claims', true), '')::jsonb$$;"
      "GRANT USAGE ON SCHEMA auth TO PUBLIC;" +
      policy("tenant_id = (auth.jwt() ->> 'org')::int AND auth.jwt() ->> 'role' ="
             " 'authenticated'"));
  check_works(c, "the claims org, role of the setting request.jwt.claims, found in the policies");
}

const std::string kMembers =
    "CREATE TABLE members (user_id uuid PRIMARY KEY, org int NOT NULL);"
    "INSERT INTO members SELECT md5(i::text)::uuid, i % 2 + 1 FROM generate_series(1, 6) i;"
    "CREATE FUNCTION uid() RETURNS uuid STABLE LANGUAGE sql AS"
    " $$SELECT NULLIF(current_setting('request.jwt.claim.sub', true), '')::uuid$$;";

TEST_CASE("where the policy looks the tenant up, somebody who has it is asked for") {
  IsolationCase c(kMembers +
                  policy("tenant_id IN (SELECT org FROM members WHERE user_id = uid())") +
                  "GRANT SELECT ON members TO lots_app");
  check_works(c,
              "the setting request.jwt.claim.sub with a value of public.members.user_id, found in "
              "the policies");
  CHECK(c.context.knows("1"));
  CHECK_FALSE(c.context.knows("3"));
}

TEST_CASE("somebody is looked up in the tables that a function of the policy reads") {
  IsolationCase c(
      kMembers +
      "CREATE FUNCTION member_of(int) RETURNS bool STABLE SECURITY DEFINER LANGUAGE sql"
      " AS $$SELECT EXISTS (SELECT FROM members WHERE org = $1 AND user_id = uid())$$;" +
      policy("member_of(tenant_id)"));
  check_works(c,
              "the setting request.jwt.claim.sub with a value of public.members.user_id, found in "
              "the policies");
}

TEST_CASE("a tenant in one setting and its user in another are found together") {
  IsolationCase c(kMembers +
                  policy("tenant_id = current_setting('app.org', true)::int AND tenant_id IN"
                         " (SELECT org FROM members WHERE user_id ="
                         " NULLIF(current_setting('app.user', true), '')::uuid)") +
                  "GRANT SELECT ON members TO lots_app");
  CHECK(c.context.problem.empty());
  CHECK(c.context.looked_up.size() == 2);
  CHECK(IsolationCase::faults(c.probe()) == std::vector<std::string>{});
}

TEST_CASE("settings that need not be set are left missing") {
  IsolationCase c(
      policy("tenant_id = current_setting('app.tenant', true)::int AND id ="
             " COALESCE(current_setting('app.user', true)::int, id)"));
  check_works(c, "the setting app.tenant, found in the policies");
  CHECK(c.session.query("SELECT current_setting('app.user', true) IS NULL").at(0, 0) == "t");
}

TEST_CASE("a role for each tenant is the context") {
  IsolationCase c("CREATE ROLE tenant_1; CREATE ROLE tenant_2;" +
                  policy("current_user = 'tenant_' || tenant_id") +
                  "GRANT SELECT, INSERT, UPDATE, DELETE ON lots TO tenant_1, tenant_2;");
  CHECK(c.context.words ==
        "the current role: each tenant has its own, tenant_1 is 1's, found in the policies");
  CHECK_FALSE(c.context.has_settings);
  CHECK(IsolationCase::faults(c.probe()) == std::vector<std::string>{});
}

TEST_CASE("session_user is the role's as well") {
  IsolationCase c("CREATE ROLE tenant_1; CREATE ROLE tenant_2;" +
                  policy("session_user = 'tenant_' || tenant_id") +
                  "GRANT SELECT, INSERT, UPDATE, DELETE ON lots TO tenant_1, tenant_2;");
  CHECK(IsolationCase::faults(c.probe()) == std::vector<std::string>{});
}

TEST_CASE("the scenario's context goes before what policies read") {
  IsolationRules rules;
  rules.settings = {{"app.who", "t{tenant}"}};
  IsolationCase c(policy("'t' || tenant_id = current_setting('app.who', true)"), rules);
  check_works(c, "the setting app.who, named in the scenario");
}

TEST_CASE("a statement of the scenario makes the context") {
  IsolationRules rules;
  rules.context_sql = "SELECT login('{tenant}')";
  IsolationCase c(
      "CREATE FUNCTION login(text) RETURNS void LANGUAGE sql AS"
      " $$SELECT set_config('app.tenant', $1, true)$$;" +
          policy("tenant_id::text = current_setting('app.tenant', true)"),
      rules);
  check_works(c, "the statement SELECT login('{tenant}'), named in the scenario");
}

TEST_CASE("a function that sets what the policies read is called where setting it is not enough") {
  IsolationCase c(
      "CREATE FUNCTION log_in(tenant text, password text) RETURNS void LANGUAGE sql AS"
      " $$SELECT set_config('app.signed', tenant || ':' || md5(tenant || 'secret'), true)$$;"
      "CREATE FUNCTION logged_in() RETURNS int STABLE LANGUAGE plpgsql AS $$"
      " DECLARE parts text[] := string_to_array(current_setting('app.signed', true), ':');"
      " BEGIN IF md5(parts[1] || 'secret') = parts[2] THEN RETURN parts[1]; END IF;"
      " RAISE EXCEPTION 'not logged in'; END$$;" +
      policy("tenant_id = logged_in()"));
  check_works(c, "the function log_in, which sets what the policies read");
  CHECK(c.context.steps_for("1").sql == "SELECT public.log_in('1', '1')");
}

TEST_CASE("a policy that reads nothing has no context, and that is a problem") {
  IsolationCase c(policy("true"));
  CHECK(c.context.problem.find("read no setting") != std::string::npos);
  CHECK(c.context.problem.find("public.lots shows rows of 2 tenants") != std::string::npos);
  CHECK(c.context.problem.find("isolation.context") != std::string::npos);
  CHECK_FALSE(c.context.knows("1"));
}

TEST_CASE("a setting that changes nothing is a problem that names it") {
  IsolationCase c(policy("current_setting('app.tenant', true) IS NOT NULL"));
  CHECK(c.context.problem.find("the setting app.tenant was set") == 0);
  CHECK(c.context.problem.find("rows of 2 tenants to tenant 1 and the same to tenant 2") !=
        std::string::npos);
}

TEST_CASE("a scenario's context that changes nothing is a problem") {
  IsolationRules rules;
  rules.settings = {{"app.wrong", "{tenant}"}};
  IsolationCase c(kOpenLots + kProtect + kOwnLots, rules);
  CHECK(c.context.problem.find("the setting app.wrong was set") == 0);
  CHECK(c.context.problem.find("no row") != std::string::npos);
}

TEST_CASE("a context that shows more than one tenant is taken when there is no better one") {
  IsolationCase c("CREATE TABLE friends (a int, b int); INSERT INTO friends VALUES (1, 3);" +
                  kOpenLots + "UPDATE lots SET tenant_id = 3 WHERE id > 15;" + kProtect +
                  "CREATE POLICY own ON lots USING (tenant_id = 3 OR tenant_id ="
                  " current_setting('app.tenant', true)::int);");
  CHECK(c.context.problem.empty());
  CHECK(c.context.words == "the setting app.tenant, found in the policies");
}

TEST_CASE("what ALTER ROLE sets is there when the role has been taken on") {
  IsolationCase c(
      "CREATE SCHEMA app; CREATE FUNCTION app.tenant() RETURNS int STABLE LANGUAGE sql"
      " AS $$SELECT current_setting('app.tenant')::int$$;"
      "GRANT USAGE ON SCHEMA app TO PUBLIC;" +
      kOpenLots +
      "ALTER ROLE lots_app SET search_path = app, public;"
      "ALTER ROLE lots_app SET statement_timeout = '5min';"
      "ALTER ROLE lots_app SET app.greeting = 'hello';");
  c.session.query("SAVEPOINT before");
  c.session.query(enter_statements(c.session, "lots_app", {}));
  const Rows in = c.session.query(
      "SELECT current_user, session_user, current_setting('search_path'),"
      " current_setting('statement_timeout'), current_setting('app.greeting')");
  CHECK(in.at(0, 0) == "lots_app");
  CHECK(in.at(0, 1) == "lots_app");
  CHECK(in.at(0, 2) == "app, public");
  CHECK(in.at(0, 3) == "5min");
  CHECK(in.at(0, 4) == "hello");
  c.session.query(leave_statements(c.session));
  CHECK(c.session.query("SELECT current_user = session_user AND current_user <> 'lots_app'")
            .at(0, 0) == "t");
}

TEST_CASE("finding the context leaves no role, no setting and no table behind") {
  IsolationCase c(kOpenLots + kProtect + kOwnLots);
  const Rows rows = c.session.query(
      "SELECT current_setting('app.tenant', true), to_regclass('pg_temp.drydock_mark')");
  CHECK(rows.at(0, 0).empty());
}

}  // namespace
}  // namespace drydock
