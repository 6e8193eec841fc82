// Which role plays the application, and with which privileges.

#include "harness/observe/tenancy.h"

#include "harness/testing/tenants.h"

namespace drydock {
namespace {

using testing::kLots;
using testing::kPolicy;
using testing::Names;
using testing::table_of;
using testing::Tenants;

TEST_CASE("the role that the schema grants to plays the application, with its privileges") {
  Tenants tenants;
  const Tenancy tenancy = tenants.after(
      std::string(kLots) + kPolicy +
      "CREATE ROLE lots_reader; CREATE ROLE lots_app LOGIN; CREATE ROLE lots_boss SUPERUSER;"
      "GRANT SELECT ON lots TO lots_reader; GRANT ALL ON lots, tenants TO lots_boss;"
      "GRANT SELECT, DELETE, UPDATE (code) ON lots TO lots_app");
  CHECK(tenancy.role.name == "lots_app");
  CHECK(tenancy.role.words == "the role that the schema grants to");
  CHECK(tenancy.any_row_security);
  const TenantTable& lots = table_of(tenancy, "public.lots");
  CHECK(lots.facts.privileges == Names{"SELECT", "UPDATE", "DELETE"});
  CHECK_FALSE(lots.facts.privileges_assumed);
  CHECK_FALSE(lots.facts.role_is_owner);
  CHECK(lots.columns[2].may_update);
  CHECK_FALSE(lots.columns[1].may_update);
  CHECK(lots.columns[1].may_select);
  CHECK(table_of(tenancy, "public.tenants").facts.privileges.empty());
  REQUIRE(tenancy.notes.size() == 1);
  CHECK(tenancy.notes[0] ==
        "tried as lots_app; lots_reader could ask as well (isolation.as_role in the scenario names "
        "another)");
}

TEST_CASE("a role that logs in plays the application for the group that has the privileges") {
  Tenants tenants;
  const Tenancy tenancy = tenants.after(
      std::string(kLots) +
      "CREATE ROLE lots_group; CREATE ROLE lots_login LOGIN IN ROLE lots_group;"
      "GRANT SELECT ON lots TO lots_group; ALTER TABLE lots ENABLE ROW LEVEL SECURITY;"
      "CREATE POLICY own ON lots TO lots_group USING (true);"
      "CREATE POLICY boss ON lots AS RESTRICTIVE FOR DELETE TO CURRENT_USER USING (false)");
  CHECK(tenancy.role.name == "lots_login");
  CHECK(tenancy.role.words == "named by the policies");
  const TenantTable& lots = table_of(tenancy, "public.lots");
  REQUIRE(lots.facts.policies.size() == 2);
  CHECK_FALSE(lots.facts.policies[0].applies);
  CHECK_FALSE(lots.facts.policies[0].permissive);
  CHECK(lots.facts.policies[0].command == "DELETE");
  CHECK(lots.facts.policies[1].applies);
  CHECK(lots.facts.policies[1].roles == Names{"lots_group"});
}

TEST_CASE(
    "a member of the owner plays the application only where nobody else was granted anything") {
  Tenants tenants;
  const Tenancy member = tenants.after(
      std::string(kLots) +
      "CREATE ROLE lots_staff; CREATE ROLE lots_user LOGIN IN ROLE lots_staff; CREATE ROLE "
      "lots_developer LOGIN IN ROLE lots_staff; GRANT SELECT ON lots TO lots_user;"
      "ALTER TABLE lots OWNER TO lots_staff");
  CHECK(member.role.name == "lots_user");
  CHECK(table_of(member, "public.lots").facts.role_is_owner);
  const Tenancy other = tenants.after("CREATE ROLE lots_app; GRANT INSERT ON lots TO lots_app");
  CHECK(other.role.name == "lots_app");
}

TEST_CASE("a schema that grants nobody anything gets a role with what an application has") {
  Tenants tenants;
  const Tenancy tenancy =
      tenants.after(std::string(kLots) + kPolicy +
                    "CREATE VIEW codes AS SELECT code FROM lots;"
                    "CREATE TABLE log (tenant_id int) PARTITION BY LIST (tenant_id);"
                    "CREATE TABLE log_1 PARTITION OF log DEFAULT");
  CHECK(tenancy.role.made_by_us);
  CHECK(tenancy.role.name.empty());
  const TenantTable& lots = table_of(tenancy, "public.lots");
  CHECK(lots.facts.privileges == Names{"SELECT", "INSERT", "UPDATE", "DELETE"});
  CHECK(lots.facts.privileges_assumed);
  CHECK(lots.facts.policies.at(0).applies);
  tenants.session.query_all(application_role_statements(tenancy, "the app"));
  const Rows may = tenants.session.query(
      "SELECT has_table_privilege('the app', 'lots', 'SELECT, DELETE'),"
      " has_table_privilege('the app', 'codes', 'SELECT'),"
      " has_table_privilege('the app', 'log_1', 'SELECT'),"
      " has_sequence_privilege('the app', 'lots_id_seq', 'USAGE'),"
      " (SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = 'the app')");
  CHECK(may.at(0, 0) == "t");
  CHECK(may.at(0, 1) == "t");
  CHECK(may.at(0, 2) == "f");
  CHECK(may.at(0, 3) == "t");
  CHECK(may.at(0, 4) == "f");
}

TEST_CASE("a role of the scenario's that cannot play the application is refused with the reason") {
  Tenants tenants;
  tenants.rules.as_role = GENERATE("lots_nobody", "lots_super", "lots_bypass", "lots_app");
  const Tenancy tenancy =
      tenants.after(std::string(kLots) +
                    "CREATE ROLE lots_super SUPERUSER; CREATE ROLE lots_bypass BYPASSRLS;"
                    "CREATE ROLE lots_app; ALTER TABLE lots OWNER TO lots_app");
  CHECK(tenancy.role.name == tenants.rules.as_role);
  CHECK(tenancy.role.words == "named in the scenario");
  const TenantTable& lots = table_of(tenancy, "public.lots");
  if (tenants.rules.as_role == "lots_app") {
    CHECK(tenancy.role.problem.empty());
    CHECK(lots.facts.role_is_owner);
    CHECK(tenancy.notes.at(0).starts_with("role lots_app owns public.lots"));
  } else if (tenants.rules.as_role == "lots_nobody") {
    CHECK(tenancy.role.problem.starts_with("role lots_nobody does not exist; there are "));
    CHECK(lots.facts.privileges.empty());
  } else {
    CHECK_FALSE(tenancy.role.problem.empty());
  }
}

}  // namespace
}  // namespace drydock
