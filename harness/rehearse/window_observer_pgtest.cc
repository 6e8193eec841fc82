// Tables of tenants that lie open between two commits of one script.
#include "harness/rehearse/window_observer.h"

#include "harness/testing/catch.h"
#include "harness/testing/shared_server.h"

namespace drydock {
namespace {

constexpr const char* kProtectedLots =
    "CREATE TABLE lots (id int PRIMARY KEY, tenant_id int NOT NULL); "
    "INSERT INTO lots SELECT n, n % 2 FROM generate_series(1, 6) n; "
    "GRANT SELECT ON lots TO PUBLIC; "
    "ALTER TABLE lots ENABLE ROW LEVEL SECURITY; "
    "CREATE POLICY p ON lots USING (tenant_id::text = current_setting('app.t', true))";

std::vector<IsolationWindow> seen(const std::vector<std::string>& statements, bool in_transaction,
                                  bool in_down = false) {
  testing::FreshDatabase database;
  Session session(database.info());
  session.query_all(kProtectedLots);
  Script script;
  script.path = "2_up.sql";
  script.in_transaction = in_transaction;
  int line = 1;
  for (const std::string& text : statements) script.queries.push_back({text, line++, {}, {}});
  const IsolationRules rules;
  WindowObserver observer(Session(database.info()), rules, in_down, {});
  const PhaseName name = in_down ? PhaseName::kDown : PhaseName::kUp;
  const Phase phase = run_scripts(name, {script}, session, {}, &observer);
  REQUIRE(phase.outcome == PhaseOutcome::kOk);
  return observer.windows();
}

const std::vector<std::string> kOpensAndCloses = {"ALTER TABLE lots DISABLE ROW LEVEL SECURITY",
                                                  "SELECT 1",
                                                  "ALTER TABLE lots ENABLE ROW LEVEL SECURITY"};

TEST_CASE("row security switched off and on again in two transactions is a window") {
  const auto windows = seen(kOpensAndCloses, false);
  REQUIRE(windows.size() == 1);
  CHECK(windows[0].table == "public.lots");
  CHECK(windows[0].line == 1);
  CHECK(windows[0].closed_by == "ALTER TABLE lots ENABLE ROW LEVEL SECURITY");
}

TEST_CASE("the same inside one transaction is none") { CHECK(seen(kOpensAndCloses, true).empty()); }

TEST_CASE(
    "a table that an up leaves open is for the judgement behind it, one that a down leaves "
    "open is a window") {
  const std::vector<std::string> opens = {"ALTER TABLE lots DISABLE ROW LEVEL SECURITY"};
  CHECK(seen(opens, false).empty());
  const auto windows = seen(opens, false, true);
  REQUIRE(windows.size() == 1);
  CHECK(windows[0].in_down);
  CHECK(windows[0].closed_by.empty());
}

TEST_CASE("scripts without words about privileges and policies are not watched") {
  Script script;
  script.queries.push_back({"ALTER TABLE lots ADD COLUMN code text", 1, {}, {}});
  CHECK_FALSE(WindowObserver::worth_it({script}));
  script.queries.push_back({"DROP POLICY p ON lots", 2, {}, {}});
  CHECK(WindowObserver::worth_it({script}));
}

}  // namespace
}  // namespace drydock
