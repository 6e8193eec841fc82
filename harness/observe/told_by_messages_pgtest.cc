// What the server's messages tell about another tenant's row, and what they do not.

#include "harness/observe/told_by_messages.h"

#include "harness/testing/isolation_case.h"

namespace drydock {
namespace {

using testing::IsolationCase;
using testing::kOpenLots;
using testing::kOwnLots;
using testing::kProtect;

const std::string kLots = kOpenLots + kProtect;

std::string raising(const std::string& marks) {
  return "CREATE FUNCTION peek(value text) RETURNS boolean LANGUAGE plpgsql " + marks +
         " AS $$BEGIN RAISE NOTICE 'seen %', value; RETURN true; END$$;";
}

std::string policy(const std::string& condition) {
  return "CREATE POLICY own ON lots USING (" + condition + ");";
}

const std::string kTenant = "tenant_id = current_setting('app.tenant')::int";

IsolationProbe select_of(const std::string& sql) {
  IsolationCase c(kLots + sql);
  return IsolationCase::probe_of(c.probe(), IsolationCommand::kSelect, IsolationSituation::kOther);
}

void check_silent(const std::string& sql) {
  const IsolationProbe probe = select_of(sql);
  INFO(probe.outcome);
  CHECK(probe.verdict == IsolationVerdict::kHeld);
}

TEST_CASE("a function that is LEAKPROOF and talks tells another tenant's value") {
  const IsolationProbe probe = select_of(kOwnLots + raising("LEAKPROOF COST 1"));
  REQUIRE(probe.verdict == IsolationVerdict::kTold);
  CHECK(probe.outcome ==
        "public.peek(text) is LEAKPROOF and need not wait for the policies: NOTICE: seen c1");
  CHECK(probe.sql ==
        "SET enable_indexscan = off; SET enable_bitmapscan = off; "
        "SELECT count(*) FROM public.lots t WHERE public.peek(t.code) IS NOT NULL");
  CHECK(probe.rows == 0);
}

TEST_CASE("a function that is LEAKPROOF and fails tells another tenant's value") {
  const IsolationProbe probe = select_of(
      kOwnLots +
      "CREATE FUNCTION number_of(value text) RETURNS int LANGUAGE plpgsql LEAKPROOF COST 1"
      " AS 'BEGIN RETURN value::int; END';");
  REQUIRE(probe.verdict == IsolationVerdict::kTold);
  CHECK(probe.outcome.ends_with("invalid input syntax for type integer: \"c1\" (22P02)"));
}

TEST_CASE("what waits for the policies tells nothing") {
  SECTION("not LEAKPROOF, and cheap") { check_silent(kOwnLots + raising("COST 0.001")); }
  SECTION("LEAKPROOF, and dearer than the planner asks first") {
    check_silent(kOwnLots + raising("LEAKPROOF"));
  }
  SECTION("LEAKPROOF, and not for the application") {
    check_silent(kOwnLots + raising("LEAKPROOF COST 1") +
                 "REVOKE EXECUTE ON FUNCTION peek FROM PUBLIC;");
  }
  SECTION("LEAKPROOF and silent") {
    check_silent(kOwnLots +
                 "CREATE FUNCTION short(value text) RETURNS boolean LANGUAGE sql LEAKPROOF"
                 " AS 'SELECT length(value) < 9';");
  }
}

TEST_CASE("a policy that casts another column shows its value in the error") {
  const IsolationProbe probe =
      select_of("UPDATE lots SET note = '7';" + policy(kTenant + " AND note::int < 10"));
  REQUIRE(probe.verdict == IsolationVerdict::kTold);
  CHECK(probe.outcome ==
        "policy own fails on a row of another tenant's with note = 'drydock': invalid input syntax "
        "for type integer: \"drydock\" (22P02)");
}

TEST_CASE("a policy that casts what it finds in JSON shows it in the error") {
  const IsolationProbe probe =
      select_of("ALTER TABLE lots ADD facts jsonb NOT NULL DEFAULT '{\"grade\": 1}';" +
                policy(kTenant + " AND (facts ->> 'grade')::int < 10"));
  REQUIRE(probe.verdict == IsolationVerdict::kTold);
}

TEST_CASE("values that the schema does not admit show nothing") {
  check_silent("UPDATE lots SET note = '7'; ALTER TABLE lots ADD CHECK (note ~ '^[0-9]+$');" +
               policy(kTenant + " AND note::int < 10"));
}

TEST_CASE("a policy that compares other columns without casting tells nothing") {
  check_silent(policy(kTenant + " AND note <> 'gone'"));
}

TEST_CASE("a function or an operator of a policy that talks about the row tells its value") {
  const std::string may_see =
      "CREATE FUNCTION may_see(tenant int, code text) RETURNS boolean LANGUAGE plpgsql AS $$BEGIN"
      "  IF tenant <> current_setting('app.tenant')::int THEN RAISE NOTICE 'not yours: %', code;"
      "  RETURN false; END IF; RETURN true; END$$;";
  SECTION("a function") {
    const IsolationProbe probe = select_of(may_see + policy("may_see(tenant_id, code)"));
    REQUIRE(probe.verdict == IsolationVerdict::kTold);
    CHECK(probe.outcome ==
          "what the policies call speaks about another tenant's row: NOTICE: not yours: c1");
  }
  SECTION("an operator") {
    IsolationRules rules;
    rules.settings = {{"app.tenant", "{tenant}"}};
    IsolationCase c(
        kLots + may_see +
            "CREATE OPERATOR ~~> (LEFTARG = int, RIGHTARG = text, FUNCTION = may_see);" +
            policy("tenant_id ~~> code"),
        rules);
    CHECK(IsolationCase::probe_of(c.probe(), IsolationCommand::kSelect, IsolationSituation::kOther)
              .verdict == IsolationVerdict::kTold);
  }
  SECTION("a function that is asked behind the tenant") {
    check_silent(may_see + policy(kTenant + " AND may_see(tenant_id, code)"));
  }
}

TEST_CASE("a function of the context that says the same of every row tells nothing") {
  check_silent(
      "CREATE FUNCTION tenant_of(value int) RETURNS boolean LANGUAGE plpgsql AS $$BEGIN"
      "  RAISE NOTICE 'asked'; RETURN value = current_setting('app.tenant')::int; END$$;" +
      policy("tenant_of(tenant_id)"));
}

}  // namespace
}  // namespace drydock
