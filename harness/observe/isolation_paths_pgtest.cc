#include "harness/observe/isolation_paths.h"

#include "harness/testing/bypass_case.h"

namespace drydock {
namespace {

using testing::kAsMe;
using testing::kAsOwner;
using testing::Lots;
using testing::Names;
using testing::told;

TEST_CASE("a schema without ways around row security has none") {
  Lots lots;
  CHECK(told(lots.after("")).empty());
}

TEST_CASE(
    "a view whose owner row security does not bind leaks, and with security_invoker is fine") {
  Lots lots;
  SECTION("leaks") {
    const auto found = lots.after(
        "CREATE VIEW codes AS SELECT id, code FROM lots; GRANT SELECT ON codes TO paths_app");
    REQUIRE(told(found) == Names{"leaks: role paths_app, view public.codes, table public.lots"});
    CHECK(found[0].kind == BypassKind::kView);
    CHECK(found[0].table == "public.lots");
    CHECK(found[0].outcome == "30 rows, 10 of them of tenant 2, asked as tenant 1");
    CHECK(found[0].why.find("a superuser, whom row security never binds") != std::string::npos);
    CHECK(found[0].sql == "SELECT id, code FROM public.codes");
    CHECK(found[0].remedy ==
          "ALTER VIEW public.codes SET (security_invoker = true), and grant what it reads");
  }
  SECTION("fine") {
    CHECK(told(lots.after("CREATE VIEW codes WITH (security_invoker = on) AS SELECT code FROM lots;"
                          "GRANT SELECT ON codes TO paths_app"))
              .empty());
  }
  SECTION("fine with an owner whom row security binds") {
    CHECK(told(lots.after(std::string(kAsOwner) +
                          "CREATE VIEW codes AS SELECT code FROM lots;"
                          "GRANT SELECT ON codes TO paths_app;" +
                          kAsMe))
              .empty());
  }
  SECTION("fine where the role may not read it") {
    CHECK(told(lots.after("CREATE VIEW codes AS SELECT code FROM lots")).empty());
  }
  SECTION("fine with a condition of its own and security_barrier") {
    CHECK(
        told(lots.after("CREATE VIEW codes WITH (security_barrier) AS SELECT code FROM lots WHERE "
                        "tenant_id = current_setting('app.tenant')::int;"
                        "GRANT SELECT ON codes TO paths_app"))
            .empty());
  }
  SECTION("told without security_barrier, as errors show what its own condition hides") {
    const auto found = lots.after(
        "CREATE VIEW codes AS SELECT code FROM lots WHERE tenant_id = "
        "current_setting('app.tenant')::int; GRANT SELECT ON codes TO paths_app");
    REQUIRE(told(found) == Names{"stands: role paths_app, view public.codes, table public.lots"});
    CHECK(found[0].outcome ==
          "asked as tenant 1 with nothing but rows of tenant 2 there: invalid input syntax for "
          "type integer: \"lot 1\" (22P02)");
    CHECK(found[0].sql ==
          "SET enable_indexscan = off; SET enable_bitmapscan = off; SELECT count(*) FROM "
          "public.codes WHERE (code::text)::integer IS NULL");
    CHECK(found[0].remedy == "ALTER VIEW public.codes SET (security_barrier = true)");
  }
}

TEST_CASE("totals in a view over a view leak, and the shortest way is told with its steps") {
  Lots lots;
  const std::string inner =
      "CREATE VIEW lot_moves AS SELECT l.code, m.note FROM moves m JOIN lots "
      "l ON l.id = m.lot_id;"
      "CREATE VIEW totals AS SELECT note, count(*) FROM lot_moves GROUP BY 1;"
      "GRANT SELECT ON totals TO paths_app;";
  SECTION("one way") {
    const auto found = lots.after(inner);
    REQUIRE(found.size() == 1);
    CHECK(found[0].leaks);
    CHECK(found[0].path.size() == 4);
    CHECK(found[0].path[1] == "view public.totals");
    CHECK(found[0].path[2] == "view public.lot_moves");
    CHECK(found[0].outcome ==
          "1 row, asked as tenant 1; the answer is another once the rows of tenant 2 are gone");
    CHECK(found[0].remedy.starts_with("ALTER VIEW public.lot_moves SET"));
  }
  SECTION("the inner view can be asked as well") {
    const auto found = lots.after(inner + "GRANT SELECT ON lot_moves TO paths_app");
    REQUIRE(found.size() == 1);
    CHECK(found[0].path[1] == "view public.lot_moves");
  }
}

TEST_CASE("an answer that is never the same twice is no leak by itself") {
  Lots lots;
  CHECK(told(lots.after("CREATE VIEW mine WITH (security_barrier = true) AS "
                        "SELECT code, random(), clock_timestamp() FROM lots "
                        "WHERE tenant_id = current_setting('app.tenant')::int;"
                        "GRANT SELECT ON mine TO paths_app"))
            .empty());
}

TEST_CASE("a view without row security under it that opens what the role may not read leaks") {
  Lots lots;
  CHECK(told(lots.after("CREATE TABLE prices (tenant_id int, price int);"
                        "INSERT INTO prices VALUES (1, 10), (2, 20);"
                        "CREATE VIEW all_prices AS SELECT * FROM prices;"
                        "GRANT SELECT ON all_prices TO paths_app")) ==
        Names{"leaks: role paths_app, view public.all_prices, table public.prices"});
}

TEST_CASE("what cannot be tried is told where the catalogs say that it is open") {
  Lots lots;
  lots.context.problem = "no context was found";
  const auto found =
      lots.after("CREATE VIEW codes AS SELECT code FROM lots; GRANT SELECT ON codes TO paths_app");
  CHECK(told(found) == Names{"stands: role paths_app, view public.codes, table public.lots"});
}

TEST_CASE("a materialized view that the role may read leaks, and one of everybody's is fine") {
  Lots lots;
  SECTION("leaks") {
    const auto found = lots.after(
        "CREATE MATERIALIZED VIEW sums AS SELECT tenant_id, count(*) FROM lots GROUP BY 1 WITH NO "
        "DATA; CREATE VIEW over WITH (security_invoker = true) AS SELECT * FROM sums;"
        "GRANT SELECT ON sums, over TO paths_app");
    REQUIRE(told(found) ==
            Names{"leaks: role paths_app, materialized view public.sums, table public.lots"});
    CHECK(found[0].outcome == "3 rows, 1 of them of tenant 2, asked as tenant 1");
  }
  SECTION("fine") {
    CHECK(told(lots.after("CREATE TABLE units (code text);"
                          "CREATE MATERIALIZED VIEW sums AS SELECT count(*) FROM units;"
                          "CREATE MATERIALIZED VIEW hidden AS SELECT * FROM lots;"
                          "GRANT SELECT ON sums TO paths_app"))
              .empty());
  }
}

TEST_CASE("a partition or child with privileges of its own is reached around its parent") {
  Lots lots;
  const std::string events =
      "CREATE TABLE events (tenant_id int, at int) PARTITION BY RANGE (at);"
      "CREATE TABLE events_1 PARTITION OF events FOR VALUES FROM (0) TO (10);"
      "CREATE TABLE old_lots () INHERITS (lots);"
      "INSERT INTO events VALUES (1, 1), (2, 2), (2, 3); INSERT INTO old_lots VALUES (99, 2, 'x');"
      "ALTER TABLE events ENABLE ROW LEVEL SECURITY; ALTER TABLE events FORCE ROW LEVEL SECURITY;"
      "CREATE POLICY own ON events USING (tenant_id = current_setting('app.tenant')::int);"
      "GRANT SELECT ON events TO paths_app;";
  SECTION("reached") {
    const auto found = lots.after(events + "GRANT SELECT ON events_1, old_lots TO paths_app");
    REQUIRE(told(found) ==
            Names{"leaks: role paths_app, partition public.events_1, table public.events",
                  "leaks: role paths_app, partition public.old_lots, table public.lots"});
    CHECK(found[0].kind == BypassKind::kPartition);
  }
  SECTION("without privileges of its own") { CHECK(told(lots.after(events)).empty()); }
  SECTION("with row security of its own") {
    CHECK(told(lots.after(events + "GRANT SELECT ON events_1 TO paths_app;"
                                   "ALTER TABLE events_1 ENABLE ROW LEVEL SECURITY;"
                                   "CREATE POLICY own ON events_1 USING (tenant_id = "
                                   "current_setting('app.tenant')::int)"))
              .empty());
  }
}

TEST_CASE("a role that may become one that row security does not bind is told with the chain") {
  Lots lots;
  const auto found = lots.after(
      "CREATE ROLE paths_group; CREATE ROLE paths_admin BYPASSRLS; GRANT paths_group TO paths_app;"
      "GRANT paths_admin TO paths_group; CREATE ROLE paths_other; GRANT paths_other TO paths_app");
  REQUIRE(told(found) == Names{"stands: role paths_app, role paths_group, role paths_admin, table "
                               "public.lots"});
  CHECK(found[0].kind == BypassKind::kRoleAttribute);
  CHECK(found[0].why ==
        "role paths_admin has BYPASSRLS, so that row security on public.lots and 1 other table "
        "does not bind it");
  CHECK(found[0].sql == "SET ROLE \"paths_admin\"");
  CHECK(found[0].remedy == "REVOKE \"paths_admin\" FROM \"paths_group\"");
}

TEST_CASE("a member of the owner is told where row security is not forced") {
  Lots lots;
  CHECK(told(lots.after("GRANT paths_owner TO paths_app")).empty());
  const auto found = lots.after("ALTER TABLE moves NO FORCE ROW LEVEL SECURITY");
  REQUIRE(told(found) == Names{"stands: role paths_app, role paths_owner, table public.moves"});
  CHECK(found[0].kind == BypassKind::kOwnership);
}

TEST_CASE("grants to PUBLIC, TRIGGER and default privileges are told") {
  Lots lots;
  const auto found = lots.after(
      "CREATE TABLE units (code text); GRANT ALL ON units TO PUBLIC;"
      "GRANT SELECT ON lots TO PUBLIC; GRANT TRIGGER ON moves TO paths_app;"
      "ALTER DEFAULT PRIVILEGES FOR ROLE paths_owner IN SCHEMA public GRANT SELECT ON TABLES TO "
      "PUBLIC, paths_app; ALTER DEFAULT PRIVILEGES FOR ROLE paths_owner GRANT USAGE ON SEQUENCES "
      "TO PUBLIC");
  CHECK(told(found) ==
        Names{"stands: PUBLIC, table public.lots",
              "stands: role paths_app, privilege TRIGGER, table public.moves",
              "stands: role paths_app, default privileges of paths_owner in schema public, tables "
              "made later",
              "stands: PUBLIC, default privileges of paths_owner in schema public, tables made "
              "later"});
}

TEST_CASE("publications of tables of tenants are told, one for all tables once") {
  Lots lots;
  const auto found = lots.after(
      "CREATE TABLE units (code text); CREATE PUBLICATION codes FOR TABLE units;"
      "CREATE PUBLICATION first FOR TABLE lots WHERE (tenant_id = 1);"
      "CREATE PUBLICATION everything FOR ALL TABLES");
  REQUIRE(told(found) == Names{"stands: publication everything, table public.lots",
                               "stands: publication first, table public.lots"});
  CHECK(found[0].why.find("every row of every table") != std::string::npos);
  CHECK(found[1].why.find("(tenant_id = 1)") != std::string::npos);
}

TEST_CASE("whatever was tried leaves rows, role and settings as they were") {
  Lots lots;
  lots.after(
      "CREATE FUNCTION wipe() RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = public "
      "AS 'DELETE FROM moves'; CREATE VIEW codes AS SELECT code FROM lots;"
      "GRANT SELECT ON codes TO paths_app");
  const Rows rows = lots.session.query(
      "SELECT (SELECT count(*) FROM lots), (SELECT count(*) FROM moves), current_user = "
      "session_user, current_setting('session_replication_role'), "
      "current_setting('statement_timeout'), coalesce(current_setting('app.tenant', true), '')");
  CHECK(rows.at(0, 0) == "30");
  CHECK(rows.at(0, 1) == "30");
  CHECK(rows.at(0, 2) == "t");
  CHECK(rows.at(0, 3) == "origin");
  CHECK(rows.at(0, 4) == "0");
  CHECK(rows.at(0, 5).empty());
}

}  // namespace
}  // namespace drydock
