// Which statement is blamed for what was left half-done.
#include "harness/observe/leftovers.h"

#include "harness/testing/catch.h"

namespace drydock {
namespace {

StatementRun statement(int line, const std::string& text, bool failed) {
  StatementRun run;
  run.file = "m/2_index.up.sql";
  run.line = line;
  run.text = text;
  run.failed = failed;
  return run;
}

const HalfDone kIndex{17000, "index public.lots_code", "is INVALID", "lots_code", "lots"};
const std::string kDrop = "DROP INDEX CONCURRENTLY IF EXISTS lots_code";
const std::string kCreate = "CREATE INDEX CONCURRENTLY lots_code ON lots (code)";

TEST_CASE("an INVALID index is put down to its CREATE, not to the DROP before it") {
  Phase phase;
  phase.statements = {statement(3, kDrop, false), statement(4, kCreate, true)};
  const std::vector<Leftover> left = leftovers_of({}, {kIndex}, phase);
  REQUIRE(left.size() == 1);
  CHECK(left[0].line == 4);
  CHECK(left[0].statement == kCreate);
}

TEST_CASE("an index that a stopped DROP left INVALID is put down to the DROP") {
  Phase phase;
  phase.statements = {statement(3, kDrop, true)};
  const std::vector<Leftover> left = leftovers_of({}, {kIndex}, phase);
  REQUIRE(left.size() == 1);
  CHECK(left[0].line == 3);
}

}  // namespace
}  // namespace drydock
