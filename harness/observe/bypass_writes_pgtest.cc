// Views that may only be written, and functions that take as many arguments as one likes.

#include "harness/base/text.h"
#include "harness/observe/isolation_paths.h"
#include "harness/testing/catch.h"
#include "harness/testing/shared_server.h"

namespace drydock {
namespace {

using Names = std::vector<std::string>;

/// Lots of two tenants, kept apart by a setting and owned by a role that row security binds.
struct Desk {
  testing::FreshDatabase database;
  Session session{database.info()};
  TenantContext context;

  Desk() {
    context.tenant_steps.settings = {{"app.tenant", "{tenant}"}};
    session.query("BEGIN");
    session.query_all(
        "CREATE ROLE desk_owner; CREATE ROLE desk_app; GRANT CREATE, USAGE ON SCHEMA public TO "
        "desk_owner;"
        "CREATE TABLE lots (id int PRIMARY KEY, tenant_id int NOT NULL, code text);"
        "INSERT INTO lots SELECT n, 1 + n % 2, 'lot ' || n FROM generate_series(1, 20) n;"
        "ALTER TABLE lots OWNER TO desk_owner;"
        "ALTER TABLE lots ENABLE ROW LEVEL SECURITY; ALTER TABLE lots FORCE ROW LEVEL SECURITY;"
        "CREATE POLICY own ON lots USING (tenant_id = current_setting('app.tenant', true)::int);"
        "GRANT SELECT, INSERT, UPDATE, DELETE ON lots TO desk_app");
  }
  ~Desk() { session.query("ROLLBACK"); }

  std::vector<BypassPath> after(const std::string& sql) {
    session.query_all(sql);
    IsolationRules rules;
    rules.as_role = "desk_app";
    const Tenancy tenancy = read_tenancy(session, rules, "desk_owner");
    return find_bypass_paths(session, tenancy, context, tenancy.tables);
  }

  /// "role desk_app, view public.desk, table public.lots: DELETE FROM public.desk: it changed …" of
  /// what leaks.
  Names leaks(const std::string& sql) {
    Names lines;
    for (const BypassPath& path : after(sql)) {
      INFO(path.outcome);
      CHECK(path.leaks);
      lines.push_back(join(path.path, ", ") + ": " + path.sql + ": " + path.outcome);
    }
    return lines;
  }
};

const std::string kWay = "role desk_app, view public.desk, table public.lots: ";
const std::string kInsert =
    "INSERT INTO public.desk (id, tenant_id, code) VALUES ('1', '2', 'lot 1')"
    ": it added a row of tenant 2";
const std::string kAll = "CREATE VIEW desk AS SELECT * FROM lots;";
const std::string kOwn =
    "CREATE VIEW desk WITH (security_barrier) AS SELECT * FROM lots WHERE tenant_id = "
    "current_setting('app.tenant')::int ";

TEST_CASE("what a view without SELECT writes past row security is a way around") {
  Desk desk;
  SECTION("DELETE") {
    CHECK(desk.leaks(kAll + "GRANT DELETE ON desk TO desk_app") ==
          Names{kWay + "DELETE FROM public.desk: it changed rows of tenant 2"});
  }
  SECTION("UPDATE") {
    CHECK(desk.leaks(kAll + "GRANT UPDATE (code) ON desk TO desk_app") ==
          Names{kWay + "UPDATE public.desk SET code = NULL: it changed rows of tenant 2"});
  }
  SECTION("INSERT") {
    CHECK(desk.leaks(kAll + "GRANT INSERT ON desk TO desk_app") == Names{kWay + kInsert});
  }
}

TEST_CASE("a view whose condition is held against no new row lets one for another tenant in") {
  Desk desk;
  CHECK(desk.leaks(kOwn + ";GRANT SELECT, INSERT ON desk TO desk_app") == Names{kWay + kInsert});
}

TEST_CASE("views through which nobody writes what he may not are fine") {
  Desk desk;
  SECTION("WITH CHECK OPTION") {
    CHECK(desk.after(kOwn + "WITH CHECK OPTION; GRANT SELECT, INSERT, UPDATE, DELETE ON desk TO "
                            "desk_app")
              .empty());
  }
  SECTION("with an owner whom row security binds") {
    CHECK(desk.after(kAll + "ALTER VIEW desk OWNER TO desk_owner; GRANT INSERT, UPDATE, DELETE ON "
                            "desk TO desk_app")
              .empty());
  }
  SECTION("without any privilege") { CHECK(desk.after(kAll).empty()); }
}

TEST_CASE("a SECURITY DEFINER function with VARIADIC arguments leads to rows") {
  Desk desk;
  const std::string body =
      "  RETURNS SETOF text LANGUAGE sql SECURITY DEFINER SET search_path = public AS ";
  SECTION("of whoever is named") {
    const std::string name =
        "role desk_app, function public.codes_of(integer[]), table public.lots";
    const Names found = desk.leaks("CREATE FUNCTION codes_of(VARIADIC tenants int[])" + body +
                                   "'SELECT code FROM lots WHERE tenant_id = ANY (tenants)'");
    REQUIRE(found.size() == 1);
    CHECK(found[0] == name +
                          ": SELECT * FROM public.codes_of(VARIADIC '{2}'::integer[]): 10 rows, "
                          "10 of them of tenant 2, asked as tenant 1");
  }
  SECTION("not where it asks for the tenant") {
    CHECK(desk.after("CREATE FUNCTION codes_of(VARIADIC words text[])" + body +
                     "$$SELECT code FROM lots WHERE code = ANY (words) AND tenant_id = "
                     "current_setting('app.tenant')::int$$")
              .empty());
  }
}

}  // namespace
}  // namespace drydock
