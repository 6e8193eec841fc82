// Who asks, and for what kind of table: contexts that are missing or wrong, owners and other roles,
// rows that are hidden, triggers, parents, partitions.

#include "harness/observe/isolation_probes.h"

#include "harness/testing/isolation_case.h"

namespace drydock {
namespace {

using testing::IsolationCase;
using testing::kMine;
using testing::kOpenLots;
using testing::kOwnLots;
using testing::kProtect;
using testing::policies;
using Command = IsolationCommand;
using Situation = IsolationSituation;
using Verdict = IsolationVerdict;

const IsolationProbe& seen(const TableIsolation& facts, Command command,
                           Situation situation = Situation::kOther) {
  return IsolationCase::probe_of(facts, command, situation);
}

TEST_CASE("what the role has no privilege for is not tried, and said") {
  IsolationCase c(kOpenLots + kProtect + kOwnLots + "REVOKE DELETE ON lots FROM lots_app;");
  const TableIsolation& facts = c.probe();
  CHECK(seen(facts, Command::kDeleteAll).verdict == Verdict::kNotTried);
  CHECK(seen(facts, Command::kDeleteAll).outcome == "no privilege");
  CHECK(seen(facts, Command::kTruncate).outcome == "no privilege");
}

TEST_CASE("a policy that falls back to each row's own tenant opens everything without context") {
  IsolationCase c(kOpenLots + kProtect +
                  "CREATE POLICY own ON lots USING (tenant_id ="
                  " COALESCE(current_setting('app.tenant', true)::int, tenant_id));");
  const TableIsolation& facts = c.probe();
  CHECK(seen(facts, Command::kSelect, Situation::kNoContext).verdict == Verdict::kLeak);
  CHECK(seen(facts, Command::kSelect, Situation::kNoContext).rows == 20);
  CHECK(seen(facts, Command::kDeleteAll, Situation::kNoContext).verdict == Verdict::kLeak);
  CHECK(seen(facts, Command::kSelect, Situation::kEmptyContext).verdict == Verdict::kHeld);
  CHECK(seen(facts, Command::kSelect).verdict == Verdict::kHeld);
}

TEST_CASE("an empty context that opens everything is told") {
  IsolationCase c(kOpenLots + kProtect +
                  "CREATE POLICY own ON lots USING (current_setting('app.tenant') = ''"
                  " OR tenant_id::text = current_setting('app.tenant'));");
  const TableIsolation& facts = c.probe();
  CHECK(seen(facts, Command::kSelect, Situation::kEmptyContext).verdict == Verdict::kLeak);
  CHECK(seen(facts, Command::kSelect, Situation::kNoContext).outcome ==
        "unrecognized configuration parameter \"app.tenant\" (42704)");
}

TEST_CASE("without context, a setting that may be missing reads as missing") {
  IsolationCase c(kOpenLots + kProtect +
                  "CREATE POLICY own ON lots USING (current_setting('app.tenant', true) IS NULL"
                  " OR tenant_id::text = current_setting('app.tenant', true));");
  CHECK(seen(c.probe(), Command::kSelect, Situation::kNoContext).verdict == Verdict::kLeak);
}

TEST_CASE("an owner whom row security does not bind is not tried, one whom it binds is") {
  {
    IsolationCase loose(kOpenLots + "ALTER TABLE lots ENABLE ROW LEVEL SECURITY;" + kOwnLots);
    for (const IsolationProbe& each : loose.probe().probes) {
      CHECK(each.situation != Situation::kOwner);
    }
  }
  {
    IsolationCase owner(kOpenLots + kProtect + kOwnLots +
                        "CREATE POLICY owner ON lots TO lots_owner USING (true);");
    CHECK(seen(owner.probe(), Command::kSelect, Situation::kOwner).verdict == Verdict::kLeak);
  }
}

TEST_CASE("a role that no policy names sees nothing") {
  const std::string own = "CREATE POLICY own ON lots TO lots_app USING " + std::string(kMine) + ";";
  {
    IsolationCase good(kOpenLots + kProtect + own);
    CHECK(seen(good.probe(), Command::kSelect, Situation::kOtherRole).verdict == Verdict::kHeld);
  }
  {
    IsolationCase bad(kOpenLots + kProtect + own +
                      "CREATE POLICY report ON lots FOR SELECT USING (tenant_id = 1"
                      " AND current_user <> 'lots_app');");
    CHECK(seen(bad.probe(), Command::kSelect, Situation::kOtherRole).verdict == Verdict::kLeak);
  }
}

TEST_CASE("rows of one's own that a policy hides are told with their number") {
  IsolationCase c(kOpenLots + kProtect +
                  "CREATE POLICY own ON lots USING (id > 4 AND tenant_id ="
                  " current_setting('app.tenant')::int);");
  const IsolationProbe& own = seen(c.probe(), Command::kSelect, Situation::kOwn);
  CHECK(own.verdict == Verdict::kDenied);
  CHECK(own.rows == 8);
  CHECK(own.of == 10);
}

TEST_CASE("a command that is granted but that no policy allows is denied") {
  IsolationCase c(policies({{"INSERT", "WITH CHECK (false)"}, {"DELETE", "USING (false)"}}));
  const TableIsolation& facts = c.probe();
  CHECK(seen(facts, Command::kInsert, Situation::kOwn).verdict == Verdict::kDenied);
  CHECK(seen(facts, Command::kDeleteAll, Situation::kOwn).verdict == Verdict::kDenied);
  CHECK(seen(facts, Command::kDeleteAll, Situation::kOwn).rows == 0);
}

TEST_CASE("rows that belong to nobody are everybody's") {
  IsolationCase c(kOpenLots + kProtect +
                  "ALTER TABLE lots ALTER tenant_id DROP NOT NULL;"
                  "UPDATE lots SET tenant_id = NULL WHERE id > 16;"
                  "CREATE POLICY own ON lots USING (tenant_id IS NULL OR tenant_id ="
                  " current_setting('app.tenant', true)::int);");
  const TableIsolation& facts = c.probe();
  CHECK(IsolationCase::faults(facts) == std::vector<std::string>{});
  CHECK(facts.tenants == 2);
}

TEST_CASE("a trigger that sets the tenant lets no foreign row in") {
  IsolationCase c(
      policies({{"INSERT", "WITH CHECK (true)"}}) +
      "CREATE FUNCTION mine() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN"
      " NEW.tenant_id := current_setting('app.tenant')::int; RETURN NEW; END$$;"
      "CREATE TRIGGER mine BEFORE INSERT ON lots FOR EACH ROW EXECUTE FUNCTION mine();");
  CHECK(seen(c.probe(), Command::kInsert).verdict == Verdict::kHeld);
}

TEST_CASE("a trigger that refuses every copy of a row hides no leak") {
  IsolationCase c(policies({{"INSERT", "WITH CHECK (true)"}}) +
                  "CREATE FUNCTION no() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN"
                  " RAISE EXCEPTION 'closed'; END$$;"
                  "CREATE TRIGGER no BEFORE INSERT ON lots FOR EACH ROW EXECUTE FUNCTION no();");
  CHECK(seen(c.probe(), Command::kInsert).verdict == Verdict::kLeak);
}

TEST_CASE("a table whose rows belong to a tenant by their parent is tried by it") {
  const std::string items =
      "CREATE TABLE items (id int GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, lot_id int NOT "
      "NULL REFERENCES lots, note text);"
      "INSERT INTO items SELECT i, i, 'x' FROM generate_series(1, 20) i;"
      "GRANT SELECT, INSERT, UPDATE, DELETE ON items TO lots_app;"
      "ALTER TABLE items ENABLE ROW LEVEL SECURITY;";
  const std::string own =
      "EXISTS (SELECT FROM lots l WHERE l.id = lot_id AND l.tenant_id ="
      " current_setting('app.tenant')::int)";
  {
    IsolationCase good(kOpenLots + kProtect + kOwnLots + items +
                       "CREATE POLICY own ON items USING (" + own + ")");
    const TableIsolation& held = good.probe("public.items");
    CHECK(held.link == TenantLink::kParent);
    CHECK(IsolationCase::faults(held) == std::vector<std::string>{});
    CHECK(seen(held, Command::kMove).verdict == Verdict::kHeld);
  }
  {
    IsolationCase bad(kOpenLots + kProtect + kOwnLots + items +
                      "CREATE POLICY own ON items USING (" + own + ") WITH CHECK (true)");
    const TableIsolation& leaks = bad.probe("public.items");
    CHECK(seen(leaks, Command::kInsert).verdict == Verdict::kLeak);
    CHECK(seen(leaks, Command::kMove).verdict == Verdict::kLeak);
    CHECK(seen(leaks, Command::kSelect).verdict == Verdict::kHeld);
  }
}

TEST_CASE("a role that may read only some columns is tried all the same") {
  const std::string some =
      "REVOKE SELECT ON lots FROM lots_app; GRANT SELECT (code) ON lots TO "
      "lots_app;";
  const std::string bins =
      "CREATE TABLE bins (id int PRIMARY KEY, tenant_id int NOT NULL);"
      "INSERT INTO bins SELECT i, i % 2 + 1 FROM generate_series(1, 4) i;"
      "GRANT SELECT ON bins TO lots_app; ALTER TABLE bins ENABLE ROW LEVEL SECURITY;"
      "CREATE POLICY own ON bins USING (tenant_id = current_setting('app.tenant')::int);";
  {
    IsolationCase good(kOpenLots + kProtect + kOwnLots + some + bins);
    CHECK(seen(good.probe(), Command::kSelect).verdict == Verdict::kHeld);
    CHECK(seen(good.probe(), Command::kSelect, Situation::kOwn).verdict == Verdict::kHeld);
  }
  {
    IsolationCase bad(kOpenLots + some + bins);
    CHECK(seen(bad.probe(), Command::kSelect).verdict == Verdict::kLeak);
    CHECK(seen(bad.probe(), Command::kSelect).rows == 10);
  }
}

TEST_CASE("rows of a partitioned table are tried through it") {
  IsolationCase c(
      "CREATE ROLE parts_app; CREATE TABLE parts (id int, tenant_id int, note text,"
      " PRIMARY KEY (id, tenant_id)) PARTITION BY HASH (id);"
      "CREATE TABLE parts0 PARTITION OF parts FOR VALUES WITH (MODULUS 2, REMAINDER 0);"
      "CREATE TABLE parts1 PARTITION OF parts FOR VALUES WITH (MODULUS 2, REMAINDER 1);"
      "INSERT INTO parts SELECT i, i % 2 + 1, 'x' FROM generate_series(1, 20) i;"
      "GRANT SELECT, INSERT, UPDATE, DELETE ON parts TO parts_app;"
      "ALTER TABLE parts ENABLE ROW LEVEL SECURITY;"
      "CREATE POLICY own ON parts USING (tenant_id = current_setting('app.tenant')::int)");
  const TableIsolation& facts = c.probe("public.parts");
  CHECK(IsolationCase::faults(facts) == std::vector<std::string>{});
  CHECK(seen(facts, Command::kCopy).verdict == Verdict::kHeld);
}

TEST_CASE("rows of one tenant only are not enough, and that is said") {
  IsolationCase c(kOpenLots + kProtect + kOwnLots +
                  "CREATE TABLE bins (id int PRIMARY KEY, tenant_id int NOT NULL);"
                  "INSERT INTO bins VALUES (1, 1); GRANT SELECT ON bins TO lots_app;");
  c.prober->probe(c.table("public.bins"));
  CHECK(c.table("public.bins").facts.problem ==
        "rows of two tenants are needed; there are rows of one");
}

}  // namespace
}  // namespace drydock
