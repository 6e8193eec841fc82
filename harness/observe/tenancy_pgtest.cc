#include "harness/observe/tenancy.h"

#include "harness/testing/tenants.h"

namespace drydock {
namespace {

using testing::kLots;
using testing::kPolicy;
using testing::Names;
using testing::table_of;
using testing::tables_of;
using testing::Tenants;

TEST_CASE("tables of tenants are found by column, by foreign key and by what columns refer to") {
  Tenants tenants;
  const Tenancy tenancy = tenants.after(kLots);
  CHECK(tables_of(tenancy) == Names{"public.lot_notes", "public.lots", "public.tenants"});
  CHECK_FALSE(tenancy.any_row_security);
  const TenantTable& lots = table_of(tenancy, "public.lots");
  CHECK(lots.facts.link == TenantLink::kColumn);
  CHECK(lots.facts.tenant == "tenant_id");
  CHECK(lots.tenant_type == "uuid");
  CHECK(lots.tenant_sql == "t.tenant_id");
  CHECK(lots.tenant_index == "lots_pkey");
  CHECK(table_of(tenancy, "public.tenants").facts.link == TenantLink::kRoot);
  CHECK(table_of(tenancy, "public.tenants").facts.tenant == "id");
  CHECK(table_of(tenancy, "public.lot_notes").tenant_column == "tenant");
}

TEST_CASE("columns, keys and references of a table of tenants are told as SQL writes them") {
  Tenants tenants;
  const Tenancy tenancy = tenants.after(std::string(kLots) +
                                        "CREATE TABLE \"Odd\" (\"Tenant_Id\" uuid, \"The Lot\" int "
                                        "REFERENCES lot_notes);");
  const TenantTable& lots = table_of(tenancy, "public.lots");
  REQUIRE(lots.columns.size() == 5);
  CHECK(lots.columns[0].always_identity);
  CHECK(lots.columns[1].in_primary_key);
  CHECK(lots.columns[1].not_null);
  CHECK_FALSE(lots.columns[4].writable);
  REQUIRE(lots.keys.size() == 2);
  CHECK(lots.keys[0].columns == Names{"code"});
  CHECK_FALSE(lots.keys[0].has_tenant);
  CHECK(lots.keys[1].primary);
  CHECK(lots.keys[1].has_tenant);
  const TenantTable& notes = table_of(tenancy, "public.lot_notes");
  REQUIRE(notes.references.size() == 1);
  CHECK(notes.references[0].parent == "public.lots");
  CHECK(notes.references[0].parent_columns == Names{"tenant_id", "id"});
  CHECK(notes.references[0].has_tenant);
  const TenantTable& odd = table_of(tenancy, "public.\"Odd\"");
  CHECK(odd.tenant_sql == "t.\"Tenant_Id\"");
  REQUIRE(odd.references.size() == 1);
  CHECK(odd.references[0].columns == Names{"\"The Lot\""});
  CHECK_FALSE(odd.references[0].has_tenant);
}

TEST_CASE("rows that belong to a tenant through others are found over four foreign keys") {
  Tenants tenants;
  const Tenancy tenancy = tenants.after(
      "CREATE TABLE a (id int PRIMARY KEY, tenant_id int NOT NULL);"
      "CREATE TABLE b (id int PRIMARY KEY, a int NOT NULL REFERENCES a);"
      "CREATE TABLE c (id int PRIMARY KEY, b int NOT NULL REFERENCES b);"
      "CREATE TABLE d (id int PRIMARY KEY, c int NOT NULL REFERENCES c);"
      "CREATE TABLE e (id int PRIMARY KEY, d int NOT NULL REFERENCES d);"
      "CREATE TABLE f (id int PRIMARY KEY, e int NOT NULL REFERENCES e);"
      "CREATE TABLE loose (a int REFERENCES a); CREATE TABLE log (created_by int NOT NULL "
      "REFERENCES a);"
      "INSERT INTO a VALUES (1, 7); INSERT INTO b VALUES (2, 1); INSERT INTO c VALUES (3, 2)");
  CHECK(tables_of(tenancy) == Names{"public.a", "public.b", "public.c", "public.d", "public.e"});
  const TenantTable& c = table_of(tenancy, "public.c");
  CHECK(c.facts.link == TenantLink::kParent);
  CHECK(c.facts.tenant == "b → public.b.a → public.a.tenant_id");
  CHECK(c.tenant_column.empty());
  CHECK(c.tenant_type == "integer");
  CHECK(tenants.session.query("SELECT " + c.tenant_sql + " FROM c t").at(0, 0) == "7");
}

TEST_CASE("of two foreign keys the one whose rows go with their parent tells the tenant") {
  Tenants tenants;
  const Tenancy tenancy = tenants.after(
      "CREATE TABLE people (id int PRIMARY KEY, tenant_id int); CREATE TABLE orders (id int "
      "PRIMARY "
      "KEY, tenant_id int); CREATE TABLE lines (author int NOT NULL REFERENCES people, number int "
      "NOT NULL REFERENCES orders ON DELETE CASCADE)");
  CHECK(table_of(tenancy, "public.lines").facts.tenant == "number → public.orders.tenant_id");
}

TEST_CASE("a column that policies compare with the context wins over a usual name") {
  Tenants tenants;
  const Tenancy tenancy = tenants.after(
      "CREATE FUNCTION team() RETURNS int LANGUAGE sql AS $$ SELECT current_setting('a.team')::int "
      "$$; CREATE FUNCTION my_team() RETURNS int LANGUAGE plpgsql AS 'BEGIN RETURN team(); END';"
      "CREATE TABLE tasks (organization_id int, team_id int, status text);"
      "ALTER TABLE tasks ENABLE ROW LEVEL SECURITY;"
      "CREATE POLICY team ON tasks USING (status <> 'draft' AND team_id = (SELECT my_team()));"
      "CREATE TABLE ledger (account_id int, amount numeric);"
      "CREATE TABLE people (user_id int, name text)");
  CHECK(tables_of(tenancy) == Names{"public.tasks"});
  CHECK(table_of(tenancy, "public.tasks").facts.tenant == "team_id");
}

TEST_CASE("a policy that compares id by mistake does not make id the tenant of its rows") {
  Tenants tenants;
  const Tenancy tenancy = tenants.after(
      "CREATE TABLE lots (id uuid PRIMARY KEY, tenant_id uuid NOT NULL);"
      "ALTER TABLE lots ENABLE ROW LEVEL SECURITY;"
      "CREATE POLICY own ON lots USING (id = current_setting('app.tenant')::uuid)");
  CHECK(table_of(tenancy, "public.lots").tenant_column == "tenant_id");
}

TEST_CASE("a policy that looks rows up in a parent makes no tenant of the key to it") {
  Tenants tenants;
  const std::string condition = GENERATE(
      "EXISTS (SELECT FROM orders o WHERE o.id = order_id AND o.tenant_id = "
      "current_setting('a.tenant')::int)",
      "order_id IN (SELECT id FROM orders WHERE tenant_id = "
      "current_setting('a.tenant')::int)");
  const Tenancy tenancy = tenants.after(
      "CREATE TABLE orders (id int PRIMARY KEY, tenant_id int NOT NULL);"
      "CREATE TABLE lines (order_id int NOT NULL REFERENCES orders);"
      "ALTER TABLE lines ENABLE ROW LEVEL SECURITY; CREATE POLICY p ON lines USING (" +
      condition + ")");
  CHECK(table_of(tenancy, "public.lines").facts.link == TenantLink::kParent);
}

TEST_CASE("rows of a person are found where policies compare the person") {
  Tenants tenants;
  const Tenancy tenancy = tenants.after(
      "CREATE SCHEMA auth; CREATE TABLE auth.users (id uuid PRIMARY KEY);"
      "CREATE FUNCTION auth.uid() RETURNS uuid LANGUAGE sql AS $$ SELECT "
      "(current_setting('request.jwt.claims')::json ->> 'sub')::uuid $$;"
      "CREATE TABLE posts (id int PRIMARY KEY, user_id uuid REFERENCES auth.users, public boolean);"
      "ALTER TABLE posts ENABLE ROW LEVEL SECURITY;"
      "CREATE POLICY own ON posts USING (public OR auth.uid() = user_id);"
      "CREATE TABLE sessions (user_id uuid NOT NULL REFERENCES auth.users)");
  CHECK(tables_of(tenancy) == Names{"auth.users", "public.posts"});
  CHECK(table_of(tenancy, "auth.users").facts.link == TenantLink::kRoot);
}

TEST_CASE("the scenario's columns and exemptions are taken at their word") {
  Tenants tenants;
  tenants.rules.tenant_columns = {"site", "public.units.\"Own\""};
  tenants.rules.exempt = {{"public.shared", "price lists are everybody's"}};
  const Tenancy tenancy = tenants.after(
      "CREATE TABLE lots (tenant_id int, site int); CREATE TABLE units (\"Own\" int, site int);"
      "CREATE TABLE shared (site int, id int PRIMARY KEY); CREATE TABLE other (tenant_id int);"
      "CREATE TABLE prices (shared int NOT NULL REFERENCES shared)");
  CHECK(tables_of(tenancy) == Names{"public.lots", "public.shared", "public.units"});
  CHECK(table_of(tenancy, "public.lots").facts.tenant == "site");
  CHECK(table_of(tenancy, "public.units").facts.tenant == "\"Own\"");
  CHECK(table_of(tenancy, "public.shared").facts.exempt == "price lists are everybody's");
}

TEST_CASE("a key of several columns leads to the table of tenants and to tenants of other names") {
  Tenants tenants;
  tenants.rules.tenant_columns = {"team_id"};
  const Tenancy tenancy = tenants.after(
      "CREATE TABLE teams (org int, id int PRIMARY KEY, UNIQUE (org, id));"
      "CREATE TABLE sites (team int, number int, PRIMARY KEY (team, number));"
      "CREATE TABLE lots (org int, team_id int, site int, FOREIGN KEY (org, team_id) REFERENCES "
      "teams (org, id), FOREIGN KEY (team_id, site) REFERENCES sites)");
  CHECK(tables_of(tenancy) == Names{"public.lots", "public.sites", "public.teams"});
  CHECK(table_of(tenancy, "public.teams").facts.link == TenantLink::kRoot);
  CHECK(table_of(tenancy, "public.sites").facts.tenant == "team");
}

TEST_CASE("a function that policies call is no tenant table's name in another function") {
  Tenants tenants;
  const Tenancy tenancy = tenants.after(
      "CREATE FUNCTION teams() RETURNS SETOF int LANGUAGE sql AS $$ SELECT 7 WHERE "
      "current_setting('a.b') = 'x' $$; CREATE TABLE teams (level int, team int);"
      "CREATE FUNCTION highest() RETURNS int LANGUAGE sql AS 'SELECT max(level) FROM teams';"
      "ALTER TABLE teams ENABLE ROW LEVEL SECURITY;"
      "CREATE POLICY low ON teams USING (level < 9 AND level = highest());"
      "CREATE TABLE lots (squad int); ALTER TABLE lots ENABLE ROW LEVEL SECURITY;"
      "CREATE POLICY own ON lots USING (squad IN (SELECT teams()))");
  CHECK(tables_of(tenancy) == Names{"public.lots"});
  CHECK(table_of(tenancy, "public.lots").facts.tenant == "squad");
}

TEST_CASE("partitions and children stand for nothing of their own beside their parent") {
  Tenants tenants;
  const Tenancy tenancy = tenants.after(
      "CREATE TABLE events (tenant_id int, at date) PARTITION BY RANGE (at);"
      "CREATE TABLE events_1 PARTITION OF events FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');"
      "CREATE TABLE lots (tenant_id int); CREATE TABLE old_lots () INHERITS (lots);"
      "CREATE TABLE audited (at date); CREATE TABLE notes (tenant_id int) INHERITS (audited);"
      "CREATE TEMP TABLE scratch (tenant_id int)");
  CHECK(tables_of(tenancy) == Names{"public.events", "public.lots", "public.notes"});
}

TEST_CASE("schemas that hold the same tables are told as out of reach") {
  Tenants tenants;
  std::string sql;
  for (const std::string schema : {"acme", "bolt", "core"}) {
    sql += "CREATE SCHEMA " + schema + ";";
    for (const std::string table : {"lots", "moves", "sites", "users"}) {
      const std::string name = schema == "core" && table != "users" ? "core_" + table : table;
      sql += "CREATE TABLE " + schema + "." + name + " (id int);";
    }
  }
  const Tenancy tenancy = tenants.after(sql);
  REQUIRE(tenancy.notes.size() == 1);
  CHECK(tenancy.notes[0].starts_with("schemas acme and bolt hold the same tables: a schema for"));
}

TEST_CASE("a table with rows that others may read without row security is open") {
  Tenants tenants;
  tenants.session.query_all(std::string(kLots) + "INSERT INTO tenants VALUES (gen_random_uuid());");
  CHECK(open_tables(tenants.session, tenants.rules).empty());
  tenants.session.query_all("GRANT SELECT ON tenants, lots TO PUBLIC");
  CHECK(open_tables(tenants.session, tenants.rules) == Names{"public.tenants"});
  tenants.session.query_all("INSERT INTO lots (tenant_id) SELECT id FROM tenants");
  CHECK(open_tables(tenants.session, tenants.rules) == Names{"public.lots", "public.tenants"});
  tenants.session.query_all(kPolicy);
  tenants.rules.exempt = {{"public.tenants", "a list for everybody"}};
  CHECK(open_tables(tenants.session, tenants.rules).empty());
}

}  // namespace
}  // namespace drydock
