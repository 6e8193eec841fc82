// What PostgreSQL locks, rewrites and reads for each form of statement, held against what the
// ledger says. fixtures/locks/facts.sql is the list; its rows are facts about the server, so that
// the ledger cannot be right by agreeing with itself.

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "harness/base/files.h"
#include "harness/base/text.h"
#include "harness/rehearse/ledger_observer.h"
#include "harness/testing/catch.h"
#include "harness/testing/shared_server.h"

namespace drydock {
namespace {

struct Fact {
  std::string name, setup, statement;
  std::vector<std::string> expected;  ///< sorted
  int since = 0;                      ///< server version
};

std::string facts_text() {
  return read_file(std::string(DRYDOCK_SOURCE_DIR) + "/fixtures/locks/facts.sql");
}

/// The part of the line behind `key`, when it starts so.
bool take_key(std::string_view& line, std::string_view key) {
  if (!line.starts_with(key)) return false;
  line.remove_prefix(key.size());
  line = trim(line);
  return true;
}

std::vector<Fact> read_facts(std::string& base) {
  std::vector<Fact> facts;
  std::string* part = &base;
  const std::string text = facts_text();
  for (std::string_view line : split_lines(text)) {
    if (take_key(line, "-- fact:")) {
      facts.emplace_back().name = line;
      part = &facts.back().statement;
    } else if (take_key(line, "-- since:")) {
      facts.back().since = std::stoi(std::string(line)) * 10000;
    } else if (take_key(line, "-- setup:")) {
      facts.back().setup += std::string(line) + "\n";
    } else if (take_key(line, "-- expect:")) {
      if (line != "nothing") facts.back().expected.emplace_back(line);
    } else if (!line.starts_with("--")) {
      part->append(line).append("\n");
    }
  }
  for (Fact& fact : facts) std::sort(fact.expected.begin(), fact.expected.end());
  return facts;
}

/// What others feel of it, a line each: entries of relations that the statement made are left out.
std::vector<std::string> told(const Footprint& footprint) {
  std::vector<std::string> lines;
  for (const HeldLock& lock : footprint.locks) {
    if (!lock.own)
      lines.push_back(fmt::format("lock {} {}", lock.relation, manual_word(lock.mode)));
  }
  for (const Rewrite& rewrite : footprint.rewrites) {
    lines.push_back(fmt::format("rewrite {} by {}", rewrite.relation, rewrite.reason));
  }
  for (const TablePass& pass : footprint.passes) {
    lines.push_back(fmt::format("passes {} {}", pass.table, pass.passes));
  }
  std::sort(lines.begin(), lines.end());
  return lines;
}

Footprint observe(const std::string& database, const Fact& fact) {
  const ConnectionInfo administrator = testing::shared_server().administrator(database);
  LockLedger ledger(administrator);
  LedgerObserver observer(ledger);
  Session session(administrator);
  if (!fact.setup.empty()) session.query(fact.setup);
  const Script script{"fact.sql", false, {{fact.statement, 1, {}}}, {}, 0};
  const Phase phase =
      run_scripts(PhaseName::kUp, {script}, session, std::chrono::seconds(60), &observer);
  REQUIRE(phase.outcome == PhaseOutcome::kOk);
  REQUIRE(phase.statements.size() == 1);
  return phase.statements[0].footprint;
}

/// Of what is sampled, the looks may catch more than the fact names, depending on the machine.
std::vector<std::string> without_chance(std::vector<std::string> lines, const Fact& fact) {
  std::erase_if(lines, [&](const std::string& line) {
    return line.starts_with("lock ") &&
           !std::binary_search(fact.expected.begin(), fact.expected.end(), line);
  });
  return lines;
}

TEST_CASE("the ledger sees the locks, rewrites and passes that PostgreSQL is known for") {
  std::string base;
  const std::vector<Fact> facts = read_facts(base);
  REQUIRE(facts.size() >= 40);
  Server& server = testing::shared_server();
  const ScratchDatabase origin(server, "", "");
  Session(server.administrator(origin.name())).query(base);
  for (const Fact& fact : facts) {
    if (server.version_number() < fact.since) continue;
    const ScratchDatabase database(server, origin.name(), "");
    CAPTURE(fact.name, fact.statement);
    const Footprint footprint = observe(database.name(), fact);
    const std::vector<std::string> seen = told(footprint);
    CHECK((footprint.own_commit ? without_chance(seen, fact) : seen) == fact.expected);
  }
}

}  // namespace
}  // namespace drydock
