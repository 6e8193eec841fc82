#include "harness/observe/isolation_attempts.h"

#include <fmt/format.h>

#include <cstdlib>

#include "harness/base/error.h"
#include "harness/base/sql_text.h"
#include "harness/base/text.h"

namespace drydock {
namespace {

/// The mark is a row written in the same subtransaction as the try: its xmin is that of every row
/// version which the try's statement writes. Constraint triggers that were put off are fired as the
/// role, because what they refuse is refused at the latest at the role's COMMIT.
const char* const kTryFunction = R"(
CREATE OR REPLACE FUNCTION pg_temp.drydock_try(
  setup text, enter text, attempt text, reads boolean, leave text, measure text,
  OUT done bigint, OUT mine bigint, OUT others bigint, OUT examples text,
  OUT state text, OUT words text, OUT stage text)
LANGUAGE plpgsql AS $try$
DECLARE relations oid[]; places tid[]; mark xid;
BEGIN
  stage := 'setup';
  IF setup <> '' THEN EXECUTE setup; END IF;
  IF NOT reads THEN
    INSERT INTO pg_temp.drydock_mark DEFAULT VALUES RETURNING xmin INTO mark;
  END IF;
  stage := 'enter';
  EXECUTE enter;
  stage := 'try';
  IF reads THEN
    EXECUTE attempt INTO relations, places;
    done := CASE WHEN places IS NULL THEN 0 ELSE pg_catalog.cardinality(places) END;
  ELSE
    EXECUTE attempt;
    GET DIAGNOSTICS done = ROW_COUNT;
    SET CONSTRAINTS ALL IMMEDIATE;
  END IF;
  EXECUTE leave;
  stage := 'measure';
  IF done > 0 AND measure <> '' THEN
    EXECUTE measure INTO mine, others, examples USING relations, places, mark;
  END IF;
  RAISE EXCEPTION USING ERRCODE = 'DRYDO';
EXCEPTION
  WHEN SQLSTATE 'DRYDO' THEN stage := '';
  WHEN OTHERS OR ASSERT_FAILURE THEN
    GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, words = MESSAGE_TEXT;
END
$try$)";

std::string values_row(const IsolationAttempt& each, const std::string& leave) {
  return fmt::format("({}, {}, {}, {}, {}, {})", sql_text(each.setup), sql_text(each.enter),
                     sql_text(each.sql), each.reads, sql_text(leave), sql_text(each.measure));
}

std::int64_t number(const Rows& rows, int row, int column) {
  return std::atoll(std::string(rows.at(row, column)).c_str());
}

AttemptResult read_result(const Rows& rows, int row) {
  AttemptResult result;
  result.done = number(rows, row, 0);
  result.mine = number(rows, row, 1);
  result.others = number(rows, row, 2);
  if (!rows.at(row, 3).empty()) result.examples = split(rows.at(row, 3), '\x1f');
  result.sqlstate = rows.at(row, 4);
  result.message = rows.at(row, 5);
  result.stage = rows.at(row, 6);
  return result;
}

}  // namespace

void prepare_attempts(Session& session) {
  // Compiling a plan takes longer than any of these runs; tables without statistics can look big.
  session.query("SET LOCAL jit = off; CREATE TEMP TABLE IF NOT EXISTS drydock_mark(); " +
                std::string(kTryFunction));
}

std::vector<AttemptResult> run_attempts(Session& session, const std::string& leave,
                                        const std::vector<IsolationAttempt>& attempts) {
  std::vector<AttemptResult> results;
  if (attempts.empty()) return results;
  std::vector<std::string> values;
  for (const IsolationAttempt& each : attempts) values.push_back(values_row(each, leave));
  const Rows rows = session.query(fmt::format(
      "SELECT r.done, r.mine, r.others, r.examples, r.state, r.words, r.stage FROM (VALUES {})"
      " v(setup, enter, attempt, reads, leave, measure), LATERAL pg_temp.drydock_try("
      "v.setup, v.enter, v.attempt, v.reads, v.leave, v.measure) r",
      join(values, ", ")));
  for (int i = 0; i < rows.size(); ++i) {
    results.push_back(read_result(rows, i));
    const AttemptResult& last = results.back();
    if (last.stage == "setup" || last.stage == "measure") {
      throw Error(fmt::format("{} of a try at row security failed: {} ({}) in: {}", last.stage,
                              last.message, last.sqlstate, one_line(attempts[i].sql)));
    }
  }
  return results;
}

}  // namespace drydock
