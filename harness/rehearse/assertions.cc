#include "harness/rehearse/assertions.h"

#include <fmt/format.h>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/sql/split.h"

namespace drydock {
namespace {

/// Rows that a report shows of what was found.
constexpr int kShownRows = 20;

InputError wrong_assertion(const Assertion& assertion, const std::string& what) {
  return InputError(fmt::format("{}:{}: the assertion \"{}\" {}", assertion.file, assertion.line,
                                assertion.name, what),
                    "Correct the assertion; it says nothing about the migrations as it is.");
}

/// One statement that leaves the transaction alone: behind a COMMIT nothing would be read-only.
void require_one_query(const Assertion& assertion) {
  const auto statements = split_statements(assertion.sql).statements;
  if (statements.size() != 1) {
    throw wrong_assertion(assertion,
                          fmt::format("must be one statement, and is {}", statements.size()));
  }
  const std::string text = to_lower(statements.front().text);
  for (const char* word : {"begin", "start", "commit", "end", "rollback", "abort", "savepoint",
                           "release", "prepare transaction", "set"}) {
    if (text == word || text.starts_with(std::string(word) + " ")) {
      throw wrong_assertion(assertion, "is no query");
    }
  }
}

Rows ask(const Assertion& assertion, Session& session) {
  require_one_query(assertion);
  session.query("begin read only");
  try {
    const Rows rows = session.query(assertion.sql);
    session.query("rollback");
    return rows;
  } catch (const Cancelled&) {
    throw;
  } catch (const Error& error) {
    if (session.connected()) session.query("rollback");
    const bool writes = error.message().find("25006") != std::string::npos;
    throw wrong_assertion(assertion, writes ? "writes; it may only read: " + error.message()
                                            : "does not run: " + error.message());
  }
}

std::vector<std::optional<std::string>> row_of(const Rows& rows, int row) {
  std::vector<std::optional<std::string>> values;
  for (int column = 0; column < rows.columns(); ++column) {
    values.push_back(rows.is_null(row, column) ? std::optional<std::string>()
                                               : std::optional<std::string>(rows.at(row, column)));
  }
  return values;
}

bool as_expected(const Rows& rows, const ResultRows& expected) {
  if (rows.size() != static_cast<int>(expected.size())) return false;
  for (int row = 0; row < rows.size(); ++row) {
    if (row_of(rows, row) != expected[static_cast<std::size_t>(row)]) return false;
  }
  return true;
}

AssertionResult unjudged(const Assertion& assertion) {
  AssertionResult result;
  result.name = assertion.name;
  result.at = assertion.at;
  result.blocking = assertion.blocking;
  result.expected = assertion.expect;
  result.sql = assertion.sql;
  result.file = assertion.file;
  result.line = assertion.line;
  return result;
}

bool is_for(const Assertion& assertion, const std::string& migration, AssertionMoment at) {
  return assertion.at == at && (assertion.migration == "*" || assertion.migration == migration);
}

AssertionResult judge_rows(const Assertion& assertion, const Rows& rows) {
  const std::size_t width = static_cast<std::size_t>(rows.columns());
  if (!assertion.expect.empty() && assertion.expect.front().size() != width) {
    throw wrong_assertion(assertion, fmt::format("expects rows of {}, but its query gives {}",
                                                 plural(assertion.expect.front().size(), "value"),
                                                 plural(width, "column")));
  }
  AssertionResult result = unjudged(assertion);
  result.passed = as_expected(rows, assertion.expect);
  result.found_rows = rows.size();
  for (int column = 0; column < rows.columns(); ++column) {
    result.columns.emplace_back(rows.name(column));
  }
  for (int row = 0; row < std::min(rows.size(), kShownRows); ++row) {
    result.found.push_back(row_of(rows, row));
  }
  return result;
}

}  // namespace

std::vector<AssertionResult> ask_assertions(const Scenario& scenario, const std::string& migration,
                                            AssertionMoment at, Session& session) {
  std::vector<AssertionResult> results;
  for (const Assertion& assertion : scenario.assertions) {
    if (!is_for(assertion, migration, at)) continue;
    results.push_back(judge_rows(assertion, ask(assertion, session)));
  }
  return results;
}

std::vector<AssertionResult> unasked_assertions(const Scenario& scenario,
                                                const std::string& migration, AssertionMoment at,
                                                const std::string& why) {
  std::vector<AssertionResult> results;
  for (const Assertion& assertion : scenario.assertions) {
    if (!is_for(assertion, migration, at)) continue;
    results.push_back(unjudged(assertion));
    results.back().skipped = why;
  }
  return results;
}

}  // namespace drydock
