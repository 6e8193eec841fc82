// Which statement a finding points at.
#include "harness/checks/statement_search.h"

#include "harness/testing/catch.h"

namespace drydock {
namespace {

struct Sent {
  std::string kind, text;
};

/// Statement i stands on line i + 1.
Phase script(const std::vector<Sent>& statements) {
  Phase phase;
  for (const Sent& sent : statements) {
    StatementRun run;
    run.file = "db/1.up.sql";
    run.line = static_cast<int>(phase.statements.size()) + 1;
    run.kind = sent.kind;
    run.text = sent.text;
    phase.statements.push_back(run);
  }
  return phase;
}

int line_of(const Phase& phase, Effect effect, const std::vector<std::string>& details = {}) {
  return place_of(phase, effect, {"public.lots"}, details, "db/1.up.sql").line;
}

TEST_CASE("a name is found as a whole word in any case, and not inside another one") {
  CHECK(mentions("ALTER TABLE Lots ADD x int", "lots"));
  CHECK(mentions("SELECT \"lots\".id", "lots"));
  CHECK_FALSE(mentions("DROP TABLE old_lots", "lots"));
  CHECK_FALSE(mentions("DROP TABLE lots2, lotsä", "lots"));
  CHECK(mentions("old_lots, lots", "lots"));
  CHECK_FALSE(mentions("anything", ""));
}

TEST_CASE("a qualified name is cut to what a statement would say") {
  CHECK(bare_name("public.users.email") == "email");
  CHECK(bare_name("public.f(integer, text)") == "f");
  CHECK(bare_name("public.\"Lots\"") == "Lots");
}

TEST_CASE("lost rows are looked for where rows are taken, then where they are copied") {
  CHECK(line_of(script({{"UPDATE", "UPDATE lots SET a = 1"}, {"DELETE", "DELETE FROM lots"}}),
                Effect::kRowsLost) == 2);
  CHECK(line_of(script({{"ALTER TABLE", "ALTER TABLE lots RENAME TO old_lots"},
                        {"INSERT", "INSERT INTO lots SELECT * FROM old_lots WHERE good"},
                        {"DROP TABLE", "DROP TABLE old_lots"}}),
                Effect::kRowsLost) == 2);
  CHECK(line_of(script({{"INSERT", "INSERT INTO archive SELECT * FROM lots"},
                        {"DELETE", "DELETE FROM lots"}}),
                Effect::kRowsLost) == 2);
}

TEST_CASE("changed values are looked for where values are set, the column's before others") {
  const Phase phase = script({{"ALTER TABLE", "ALTER TABLE lots ADD grade text"},
                              {"UPDATE", "UPDATE lots SET note = ''"},
                              {"UPDATE", "UPDATE lots SET code = upper(code)"},
                              {"CREATE INDEX", "CREATE INDEX ON lots (code)"}});
  CHECK(line_of(phase, Effect::kValuesChanged, {"code"}) == 3);
  CHECK(line_of(phase, Effect::kValuesChanged, {"weight"}) == 2);
}

TEST_CASE("a drop is looked for where things are dropped") {
  const Phase phase = script({{"DELETE", "DELETE FROM lots"},
                              {"ALTER TABLE", "ALTER TABLE lots RENAME CONSTRAINT a TO b"},
                              {"DROP TABLE", "DROP TABLE lots"}});
  CHECK(line_of(phase, Effect::kDropped) == 3);
}

TEST_CASE("a statement that wrote nothing did nothing") {
  Phase phase = script({{"DELETE", "DELETE FROM lots"}, {"DO", "DO $$ … lots … $$"}});
  phase.statements[0].rows = 0;
  CHECK(line_of(phase, Effect::kRowsLost) == 2);
}

TEST_CASE("a script that says nothing of the table is pointed at where it begins") {
  CHECK(line_of(script({{"CREATE TABLE", "CREATE TABLE a ()"}, {"COMMENT", "COMMENT ON x"}}),
                Effect::kRowsLost) == 1);
  const Place place = place_of(Phase{}, Effect::kMade, {"public.lots"}, {}, "db/1.down.sql");
  CHECK(place.file == "db/1.down.sql");
  CHECK(place.line == 1);
  CHECK(short_place(place) == "1.down.sql:1");
}

}  // namespace
}  // namespace drydock
