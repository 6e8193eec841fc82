// What is tried at another tenant's rows: each command with a schema that leaks by it alone, and
// the schema that is right.

#include "harness/observe/isolation_probes.h"

#include "harness/testing/isolation_case.h"

namespace drydock {
namespace {

using testing::IsolationCase;
using testing::kOpenLots;
using testing::kOwnLots;
using testing::kProtect;
using Command = IsolationCommand;
using Situation = IsolationSituation;
using Verdict = IsolationVerdict;

constexpr const char* kMine = "(tenant_id = current_setting('app.tenant')::int)";

/// A policy for each command, some of them replaced: {"UPDATE", "USING (true)"}.
std::string policies(const std::map<std::string, std::string>& weak) {
  const std::map<std::string, std::string> right = {{"SELECT", std::string("USING ") + kMine},
                                                    {"INSERT", std::string("WITH CHECK ") + kMine},
                                                    {"UPDATE", std::string("USING ") + kMine},
                                                    {"DELETE", std::string("USING ") + kMine}};
  std::string sql = kOpenLots + kProtect;
  for (const auto& [command, clause] : right) {
    const auto other = weak.find(command);
    sql += "CREATE POLICY p_" + command + " ON lots FOR " + command + " " +
           (other == weak.end() ? clause : other->second) + ";";
  }
  return sql;
}

const IsolationProbe& seen(const TableIsolation& facts, Command command,
                           Situation situation = Situation::kOther) {
  return IsolationCase::probe_of(facts, command, situation);
}

TEST_CASE("a table with the right policy holds against every try") {
  IsolationCase c(kOpenLots + kProtect + kOwnLots);
  const TableIsolation& facts = c.probe();
  CHECK(IsolationCase::faults(facts) == std::vector<std::string>{});
  CHECK(facts.rows == 20);
  CHECK(facts.tenants == 2);
  CHECK(facts.tenant_a == "1");
  CHECK(facts.tenant_b == "2");
  CHECK(seen(facts, Command::kSelect, Situation::kOwn).rows == 10);
  CHECK(seen(facts, Command::kDeleteAll, Situation::kOwn).rows == 10);
  for (const Command command :
       {Command::kSelect, Command::kCopy, Command::kLockRows, Command::kReturning, Command::kInsert,
        Command::kUpsert, Command::kUpdate, Command::kUpdateAll, Command::kMove, Command::kDelete,
        Command::kDeleteAll}) {
    CHECK(seen(facts, command).verdict == Verdict::kHeld);
  }
  for (const Situation situation : {Situation::kNoContext, Situation::kEmptyContext,
                                    Situation::kMalformedContext, Situation::kUnknownTenant}) {
    for (const Command command :
         {Command::kSelect, Command::kInsert, Command::kUpdateAll, Command::kDeleteAll}) {
      CHECK(seen(facts, command, situation).verdict == Verdict::kHeld);
    }
  }
  CHECK(seen(facts, Command::kSelect, Situation::kOwner).verdict == Verdict::kHeld);
}

TEST_CASE("what was tried leaves nothing behind") {
  IsolationCase c(kOpenLots + kProtect + kOwnLots);
  const auto contents = [&] {
    const Rows rows = c.session.query(
        "SELECT md5(string_agg(lots::text || ctid::text, ',' ORDER BY id)), current_user FROM "
        "lots");
    return std::string(rows.at(0, 0)) + std::string(rows.at(0, 1));
  };
  const std::string before = contents();
  c.probe();
  CHECK(contents() == before);
}

TEST_CASE("a table without row security leaks by every command, with examples") {
  // The context is found on a table that has row security.
  IsolationCase c(kOpenLots +
                  "CREATE TABLE bins (id int PRIMARY KEY, tenant_id int NOT NULL);"
                  "INSERT INTO bins SELECT i, i % 2 + 1 FROM generate_series(1, 4) i;"
                  "GRANT SELECT ON bins TO lots_app; ALTER TABLE bins ENABLE ROW LEVEL SECURITY;"
                  "CREATE POLICY own ON bins USING (tenant_id = "
                  "current_setting('app.tenant')::int);");
  const TableIsolation& facts = c.probe();
  for (const Command command :
       {Command::kSelect, Command::kCopy, Command::kLockRows, Command::kReturning, Command::kInsert,
        Command::kUpsert, Command::kUpdate, Command::kUpdateAll, Command::kMove, Command::kDelete,
        Command::kDeleteAll}) {
    INFO(static_cast<int>(command));
    CHECK(seen(facts, command).verdict == Verdict::kLeak);
    CHECK(seen(facts, command).rows > 0);
    CHECK_FALSE(seen(facts, command).sql.empty());
  }
  const IsolationProbe& select = seen(facts, Command::kSelect);
  CHECK(select.rows == 10);
  CHECK(select.of == 10);
  CHECK(select.outcome == "10 of 10 rows");
  CHECK(select.examples.size() == 3);
  CHECK(select.examples[0] == "id = 1, tenant_id = 2");
  CHECK(seen(facts, Command::kDeleteAll, Situation::kNoContext).rows == 20);
}

TEST_CASE("a policy for reads that lets everything be read is told for reads alone") {
  IsolationCase c(policies({{"SELECT", std::string("USING (tenant_id > 0 OR ") + kMine + ")"}}));
  const TableIsolation& facts = c.probe();
  CHECK(seen(facts, Command::kSelect).verdict == Verdict::kLeak);
  CHECK(seen(facts, Command::kInsert).verdict == Verdict::kHeld);
  CHECK(seen(facts, Command::kUpdateAll).verdict == Verdict::kHeld);
  CHECK(seen(facts, Command::kDeleteAll).verdict == Verdict::kHeld);
}

TEST_CASE("a policy for INSERT without a check is told for inserts alone") {
  IsolationCase c(policies({{"INSERT", "WITH CHECK (true)"}}));
  const TableIsolation& facts = c.probe();
  CHECK(seen(facts, Command::kInsert).verdict == Verdict::kLeak);
  CHECK(seen(facts, Command::kInsert, Situation::kNoContext).verdict == Verdict::kLeak);
  CHECK(seen(facts, Command::kSelect).verdict == Verdict::kHeld);
  CHECK(seen(facts, Command::kMove).verdict == Verdict::kHeld);
  CHECK(seen(facts, Command::kDeleteAll).verdict == Verdict::kHeld);
}

TEST_CASE("an UPDATE policy over all rows is told although no WHERE finds them") {
  IsolationCase c(policies({{"UPDATE", "USING (true)"}}));
  const TableIsolation& facts = c.probe();
  CHECK(seen(facts, Command::kUpdateAll).verdict == Verdict::kLeak);
  CHECK(seen(facts, Command::kUpdate).verdict == Verdict::kHeld);
  CHECK(seen(facts, Command::kSelect).verdict == Verdict::kHeld);
}

TEST_CASE("rows that can be taken from another tenant are told although the check holds") {
  IsolationCase c(policies({{"UPDATE", std::string("USING (true) WITH CHECK ") + kMine}}));
  const TableIsolation& facts = c.probe();
  const IsolationProbe& taken = seen(facts, Command::kUpdateAll);
  CHECK(taken.verdict == Verdict::kLeak);
  CHECK(taken.sql == "UPDATE public.lots SET tenant_id = '1'");
  CHECK(taken.rows == 10);
}

TEST_CASE("an UPDATE policy that lets rows be given away is told as a move") {
  IsolationCase c(policies({{"UPDATE", std::string("USING ") + kMine + " WITH CHECK (true)"}}));
  const TableIsolation& facts = c.probe();
  CHECK(seen(facts, Command::kMove).verdict == Verdict::kLeak);
  CHECK(seen(facts, Command::kUpdateAll).verdict == Verdict::kHeld);
}

TEST_CASE("a move that only a key refuses was let pass by the policy") {
  IsolationCase c(policies({{"UPDATE", std::string("USING ") + kMine + " WITH CHECK (true)"}}) +
                  "CREATE TABLE tenants (id int PRIMARY KEY); INSERT INTO tenants VALUES (1), (2);"
                  "CREATE UNIQUE INDEX one_note ON lots (tenant_id, note);"
                  "UPDATE lots SET note = 'same' WHERE id < 3;");
  const IsolationProbe& move = seen(c.probe(), Command::kMove);
  CHECK(move.verdict == Verdict::kLeak);
  CHECK(move.outcome.find("only a key refused it") != std::string::npos);
  CHECK(move.outcome.find("23505") != std::string::npos);
}

TEST_CASE("a DELETE policy over all rows is told although no WHERE finds them") {
  IsolationCase c(policies({{"DELETE", "USING (true)"}}));
  const TableIsolation& facts = c.probe();
  CHECK(seen(facts, Command::kDeleteAll).verdict == Verdict::kLeak);
  CHECK(seen(facts, Command::kDelete).verdict == Verdict::kHeld);
}

TEST_CASE("another tenant's row can be overwritten by an upsert where its key lacks the tenant") {
  IsolationCase c(policies({{"UPDATE", "USING (true)"}, {"SELECT", "USING (true)"}}) +
                  "CREATE TABLE bins (id int PRIMARY KEY, tenant_id int NOT NULL);"
                  "INSERT INTO bins SELECT i, i % 2 + 1 FROM generate_series(1, 4) i;"
                  "GRANT SELECT ON bins TO lots_app; ALTER TABLE bins ENABLE ROW LEVEL SECURITY;"
                  "CREATE POLICY own ON bins USING " +
                  kMine);
  CHECK(seen(c.probe(), Command::kUpsert).verdict == Verdict::kLeak);
}

TEST_CASE("a key without the tenant tells that another's row exists") {
  const std::string unique = "CREATE UNIQUE INDEX by_code ON lots (code);";
  IsolationCase c(kOpenLots + kProtect + kOwnLots + unique);
  const IsolationProbe& taken = seen(c.probe(), Command::kUniqueKey);
  CHECK(taken.verdict == Verdict::kTold);
  CHECK(taken.outcome.find("23505") != std::string::npos);
}

TEST_CASE("keys that a sequence or chance makes tell nothing") {
  IsolationCase c(
      "CREATE ROLE keys_app; CREATE TABLE a (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,"
      " tenant_id int); CREATE TABLE b (id uuid PRIMARY KEY, tenant_id int);"
      "INSERT INTO a (tenant_id) SELECT i % 2 + 1 FROM generate_series(1, 4) i;"
      "INSERT INTO b SELECT md5(i::text)::uuid, i % 2 + 1 FROM generate_series(1, 4) i;"
      "GRANT ALL ON a, b TO keys_app; ALTER TABLE a ENABLE ROW LEVEL SECURITY;"
      "ALTER TABLE b ENABLE ROW LEVEL SECURITY; REVOKE TRUNCATE ON a, b FROM keys_app;"
      "CREATE POLICY own ON a USING (tenant_id = current_setting('app.tenant')::int);"
      "CREATE POLICY own ON b USING (tenant_id = current_setting('app.tenant')::int)");
  CHECK(IsolationCase::faults(c.probe("public.a")) == std::vector<std::string>{});
  CHECK(IsolationCase::faults(c.probe("public.b")) == std::vector<std::string>{});
}

const std::string kNotes =
    "CREATE TABLE notes (id int PRIMARY KEY, tenant_id int NOT NULL, lot_id int NOT NULL,"
    " FOREIGN KEY (lot_id) REFERENCES lots (id));"
    "INSERT INTO notes SELECT i, i % 2 + 1, i FROM generate_series(1, 10) i;"
    "GRANT SELECT, INSERT ON notes TO lots_app; ALTER TABLE notes ENABLE ROW LEVEL SECURITY;";

TEST_CASE("a row that may refer to another tenant's is told, unless the policy looks") {
  {
    IsolationCase c(kOpenLots + kProtect + kOwnLots + kNotes + "CREATE POLICY own ON notes USING " +
                    kMine);
    const IsolationProbe& refers = seen(c.probe("public.notes"), Command::kForeignKey);
    CHECK(refers.verdict == Verdict::kLeak);
    CHECK(refers.examples == std::vector<std::string>{"lot_id = '1' of public.lots"});
  }
  {
    IsolationCase looks(kOpenLots + kProtect + kOwnLots + kNotes +
                        "CREATE POLICY own ON notes USING " + kMine + " WITH CHECK (" + kMine +
                        " AND EXISTS (SELECT FROM lots WHERE lots.id = lot_id))");
    CHECK(seen(looks.probe("public.notes"), Command::kForeignKey).verdict == Verdict::kHeld);
  }
}

TEST_CASE("TRUNCATE takes others' rows along") {
  IsolationCase c(kOpenLots + kProtect + kOwnLots + "GRANT TRUNCATE ON lots TO lots_app;");
  const IsolationProbe& gone = seen(c.probe(), Command::kTruncate);
  CHECK(gone.verdict == Verdict::kLeak);
  CHECK(gone.rows == 10);
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
