// What is tried at another tenant's rows: each command with a schema that leaks by it alone, and
// the schema that is right.

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

TEST_CASE("a policy that asks only who writes lets in a row of one's own for another tenant") {
  // Even numbers are tenant 1's, odd ones tenant 2's.
  IsolationCase c(
      kOpenLots + kProtect + kOwnLots +
      "CREATE TABLE members (who int, tenant_id int NOT NULL, PRIMARY KEY (who, tenant_id));"
      "INSERT INTO members SELECT n, 1 + n % 2 FROM generate_series(1, 20) n;"
      "GRANT SELECT, INSERT ON members TO lots_app;"
      "ALTER TABLE members ENABLE ROW LEVEL SECURITY;"
      "CREATE POLICY r ON members FOR SELECT USING (tenant_id = "
      "current_setting('app.tenant')::int);"
      "CREATE POLICY w ON members FOR INSERT"
      "  WITH CHECK (who % 2 <> current_setting('app.tenant')::int % 2);");
  CHECK(seen(c.probe("public.members"), Command::kInsert).verdict == Verdict::kLeak);
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

}  // namespace
}  // namespace drydock
