// Functions that run as somebody else, as ways around row security.

#include "harness/testing/bypass_case.h"

namespace drydock {
namespace {

using testing::Lots;
using testing::Names;
using testing::told;

TEST_CASE("a SECURITY DEFINER function is called with what would find another tenant's rows") {
  Lots lots;
  const std::string sql = GENERATE(
      "CREATE FUNCTION f() RETURNS SETOF lots LANGUAGE sql SECURITY DEFINER SET search_path = "
      "public AS 'SELECT * FROM lots'",
      "CREATE FUNCTION f(p_tenant int) RETURNS SETOF lots LANGUAGE sql SECURITY DEFINER SET "
      "search_path = public AS 'SELECT * FROM lots WHERE tenant_id = p_tenant'",
      "CREATE FUNCTION f(p_id int) RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET search_path "
      "= public AS 'BEGIN RETURN (SELECT code FROM \"lots\" WHERE id = p_id); END'",
      "CREATE FUNCTION f(pattern text, most int DEFAULT 100) RETURNS bigint LANGUAGE sql SECURITY "
      "DEFINER SET search_path = public AS 'SELECT count(*) FROM (SELECT FROM lots WHERE code LIKE "
      "pattern LIMIT most) x'",
      "CREATE FUNCTION f(code text) RETURNS int LANGUAGE sql SECURITY DEFINER SET search_path = "
      "public AS 'SELECT l.tenant_id FROM lots l WHERE l.code = f.code'",
      "CREATE FUNCTION f() RETURNS bigint LANGUAGE sql SECURITY DEFINER SET search_path = public "
      "BEGIN ATOMIC SELECT count(*) FROM lots; END",
      "CREATE FUNCTION f(lot_id int) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = "
      "public AS 'UPDATE lots SET code = NULL WHERE id = lot_id'",
      "CREATE PROCEDURE f(lot_id int) LANGUAGE sql SECURITY DEFINER SET search_path = public AS "
      "'DELETE FROM moves m WHERE m.lot_id = f.lot_id'");
  INFO(sql);
  const auto found = lots.after(sql);
  REQUIRE(found.size() == 1);
  CHECK(found[0].kind == BypassKind::kFunction);
  CHECK(found[0].leaks);
  CHECK(found[0].path[1].find(" public.f(") != std::string::npos);
  CHECK(found[0].table ==
        (sql.find("moves") == std::string::npos ? "public.lots" : "public.moves"));
  CHECK(found[0].remedy.find("SECURITY INVOKER") != std::string::npos);
}

TEST_CASE("a SECURITY DEFINER function that asks for the tenant, or is no application's, is fine") {
  Lots lots;
  const std::string sql = GENERATE(
      "CREATE FUNCTION f(p_id int) RETURNS SETOF lots LANGUAGE sql SECURITY DEFINER SET "
      "search_path = public AS 'SELECT * FROM lots WHERE id = p_id AND tenant_id = "
      "current_setting(''app.tenant'')::int'",
      "CREATE FUNCTION f(tenant int) RETURNS SETOF lots LANGUAGE plpgsql SECURITY DEFINER SET "
      "search_path = public AS 'BEGIN IF tenant <> current_setting(''app.tenant'')::int THEN "
      "RAISE ''not yours''; END IF; RETURN QUERY SELECT * FROM lots WHERE tenant_id = tenant; END'",
      "CREATE FUNCTION f(lot int) RETURNS text LANGUAGE sql SECURITY DEFINER SET search_path = "
      "public AS 'SELECT set_config(''app.tenant'', tenant_id::text, true) FROM lots WHERE id = "
      "lot'",
      "CREATE FUNCTION f() RETURNS SETOF lots LANGUAGE sql AS 'SELECT * FROM lots'",
      "CREATE FUNCTION f() RETURNS SETOF lots LANGUAGE sql SECURITY DEFINER SET search_path = "
      "public AS 'SELECT * FROM lots'; REVOKE ALL ON FUNCTION f FROM PUBLIC",
      "CREATE FUNCTION f() RETURNS SETOF lots LANGUAGE sql SECURITY DEFINER SET search_path = "
      "public AS 'SELECT * FROM lots'; ALTER FUNCTION f OWNER TO paths_owner",
      "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS 'BEGIN UPDATE lots "
      "SET code = code; RETURN NEW; END'");
  INFO(sql);
  CHECK(told(lots.after(sql)).empty());
}

TEST_CASE("a function over a view over a table is told with every step") {
  Lots lots;
  CHECK(told(lots.after("CREATE VIEW codes AS SELECT code FROM lots;"
                        "CREATE FUNCTION inner_codes() RETURNS SETOF text LANGUAGE sql AS 'SELECT "
                        "code FROM public.codes';"
                        "CREATE FUNCTION all_codes() RETURNS SETOF text LANGUAGE sql SECURITY "
                        "DEFINER SET search_path = public AS 'SELECT inner_codes()'")) ==
        Names{"leaks: role paths_app, function public.all_codes(), function "
              "public.inner_codes(), view public.codes, table public.lots"});
}

TEST_CASE("a SECURITY DEFINER function without search_path is told though it leaks nothing") {
  Lots lots;
  const auto found = lots.after(
      "CREATE FUNCTION mine() RETURNS SETOF lots LANGUAGE sql SECURITY DEFINER AS 'SELECT * FROM "
      "lots WHERE tenant_id = current_setting(''app.tenant'')::int'");
  REQUIRE(told(found) ==
          Names{"stands: role paths_app, function public.mine(), table public.lots"});
  CHECK(found[0].kind == BypassKind::kSearchPath);
  CHECK(found[0].remedy ==
        "ALTER FUNCTION public.mine() SET search_path = pg_catalog, public, pg_temp");
}

TEST_CASE("a function without search_path whose owner gets at every row need not read any itself") {
  Lots lots;
  const std::string sql =
      "CREATE FUNCTION now_utc() RETURNS text LANGUAGE plpgsql SECURITY DEFINER AS 'BEGIN RETURN "
      "now(); END';";
  CHECK(told(lots.after(sql)) ==
        Names{"stands: role paths_app, function public.now_utc(), table public.lots"});
  CHECK(told(lots.after("CREATE ROLE paths_nobody; GRANT CREATE ON SCHEMA public TO paths_nobody;"
                        "ALTER FUNCTION now_utc() OWNER TO paths_nobody"))
            .empty());
}

}  // namespace
}  // namespace drydock
