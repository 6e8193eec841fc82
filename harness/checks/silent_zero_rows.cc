#include <fmt/format.h>

#include <set>

#include "harness/base/text.h"
#include "harness/checks/check.h"
#include "harness/checks/lock_words.h"
#include "harness/checks/statement_search.h"

namespace drydock {
namespace {

const CheckText kText{
    "silent-zero-rows",
    "Row security hides no row from the migration itself.",
    "Statements of the up script that find fewer rows than there are, because FORCE ROW LEVEL "
    "SECURITY binds the role that migrates and no tenant's context is set.",
    "UPDATE 0 is a success: the backfill reports nothing, the next migration relies on it, and "
    "every row still has its old value.",
    "Go through the tenants one after the other and set each one's context, or migrate as a role "
    "with BYPASSRLS; or take FORCE away and put it back in the same transaction.",
    Severity::kError};

std::string counted(const HiddenRows& hidden, const std::string& role) {
  const std::string verb = hidden.rows < hidden.rows_unbound ? "hides rows from" : "misleads";
  return fmt::format(
      "row security {} a statement of the up script: {} as {}, {} by the same role with BYPASSRLS",
      verb, rows_words(hidden.rows), role, rows_words(hidden.rows_unbound));
}

/// Tables of tenants, and those that the up has to do with, by the names that locks tell.
std::set<std::string> known_tables(const Rehearsal& rehearsal) {
  std::set<std::string> tables;
  for (const TableIsolation& table : rehearsal.isolation.tables) tables.insert(table.table);
  for (const StatementRun& statement : rehearsal.up.statements) {
    for (const HeldLock& lock : statement.footprint.locks) {
      if (lock.kind == LockedKind::kTable) tables.insert(lock.relation);
    }
  }
  return tables;
}

/// A statement reads rows as well as it writes them, so all tables that it names.
std::vector<std::string> objects_of(const HiddenRows& hidden, const Rehearsal& rehearsal) {
  std::vector<std::string> objects;
  for (const std::string& table : known_tables(rehearsal)) {
    if (mentions(hidden.statement + " " + hidden.contents, bare_name(table)))
      objects.push_back("table " + table);
  }
  return objects;
}

Finding finding_of(const HiddenRows& hidden, const Rehearsal& rehearsal) {
  const std::string& role = rehearsal.isolation.role_faithful.role;
  Finding finding;
  finding.check = kText.id;
  finding.severity = kText.severity;
  finding.remedy = kText.remedy;
  finding.file = hidden.file;
  finding.line = hidden.line;
  finding.message = hidden.contents.empty()
                        ? counted(hidden, role)
                        : fmt::format(
                              "row security hides rows from a statement of the up script: "
                              "the same role with BYPASSRLS makes other rows of it");
  finding.message += statement_line(hidden.statement);
  if (!hidden.contents.empty()) finding.message += "\n  " + hidden.contents;
  finding.objects = objects_of(hidden, rehearsal);
  finding.known_by = {"hidden rows", one_line(hidden.statement)};
  return finding;
}

Judgement judge(const Rehearsal& rehearsal, const Scenario&) {
  if (rehearsal.up.outcome != PhaseOutcome::kOk) return skip("the up script did not run through");
  const RoleFaithfulTrial& trial = rehearsal.isolation.role_faithful;
  if (!trial.ran) {
    return skip(trial.skipped.empty() ? "row security binds nobody who migrates" : trial.skipped);
  }
  std::vector<Finding> findings;
  for (const HiddenRows& hidden : trial.hidden) findings.push_back(finding_of(hidden, rehearsal));
  return judged(std::move(findings));
}

}  // namespace

extern const Check kSilentZeroRows;
const Check kSilentZeroRows{kText, judge};

}  // namespace drydock
