#include "harness/checks/isolation_words.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "harness/base/sql_text.h"
#include "harness/checks/statement_search.h"

namespace drydock {
namespace {

/// Kinds of statements that leave it as it was who may see which row.
constexpr std::array<std::string_view, 11> kDecideNothing = {
    "INSERT",  "UPDATE",  "DELETE",       "MERGE",          "COPY", "SELECT",
    "COMMENT", "ANALYZE", "CREATE INDEX", "CREATE TRIGGER", "LOCK"};

bool decides_access(const StatementRun& statement) {
  return std::none_of(kDecideNothing.begin(), kDecideNothing.end(),
                      [&](std::string_view kind) { return statement.kind.starts_with(kind); });
}

bool names_any(const StatementRun& statement, const std::vector<std::string>& names) {
  return std::any_of(names.begin(), names.end(), [&](const std::string& name) {
    return !name.empty() && mentions(statement.text, bare_name(name));
  });
}

bool is_true(const std::string& expression) {
  return expression == "true" || expression == "(true)";
}

bool is_role(const std::string& step) { return step.starts_with("role "); }

/// Null: no statement of the up names the subject.
const StatementRun* last_naming(const Rehearsal& rehearsal, const std::vector<std::string>& names) {
  const StatementRun* last = nullptr;
  for (const StatementRun& statement : rehearsal.up.statements) {
    if (!names_any(statement, names)) continue;
    if (last == nullptr || decides_access(statement) || !decides_access(*last)) last = &statement;
  }
  return last;
}

}  // namespace

std::optional<Judgement> why_no_isolation(const Rehearsal& rehearsal, const CheckText& check) {
  const IsolationEvidence& isolation = rehearsal.isolation;
  if (isolation.judged) return std::nullopt;
  if (!isolation.failed.empty()) {
    const bool first = check.id == "rls-coverage";
    return could_not_tell(first ? isolation.failed : "as rls-coverage: isolation was not judged");
  }
  if (!isolation.skipped.empty()) return skip(isolation.skipped);
  if (rehearsal.up.outcome != PhaseOutcome::kOk) return skip("the up script did not run through");
  return skip("no table has row security, and the scenario has no isolation section");
}

bool is_bound(const TableIsolation& table) {
  return table.row_security && (table.forced || !table.role_is_owner);
}

bool is_granted(const TableIsolation& table, const std::string& privilege) {
  return std::find(table.privileges.begin(), table.privileges.end(), privilege) !=
         table.privileges.end();
}

bool has_policy_for(const TableIsolation& table, const std::string& command) {
  return std::any_of(table.policies.begin(), table.policies.end(), [&](const PolicyFact& policy) {
    if (!policy.applies || !policy.permissive) return false;
    if (policy.command != "ALL" && policy.command != command) return false;
    return !policy.using_expression.empty() ||
           (command == "INSERT" && !policy.check_expression.empty());
  });
}

std::vector<const PolicyFact*> policies_that_say_true(const TableIsolation& table) {
  std::vector<const PolicyFact*> open;
  for (const PolicyFact& policy : table.policies) {
    if (policy.applies && !policy.permissive) return {};
    if (policy.applies && (is_true(policy.using_expression) || is_true(policy.check_expression)))
      open.push_back(&policy);
  }
  return open;
}

bool is_told_as_bypass(const TableIsolation& table, const IsolationEvidence& isolation) {
  const auto explains = [&](const BypassPath& path) {
    const std::vector<std::string>& steps = path.path;
    // Whoever is a member of a superuser is none before SET ROLE; of an owner, it is one at once.
    if (path.kind == BypassKind::kRoleAttribute)
      return std::count_if(steps.begin(), steps.end(), is_role) < 2;
    return path.kind == BypassKind::kOwnership &&
           std::find(steps.begin(), steps.end(), "role " + table.owner) != steps.end();
  };
  return std::any_of(isolation.paths.begin(), isolation.paths.end(), explains);
}

Finding isolation_finding(const CheckText& check, const Rehearsal& rehearsal,
                          const AccessSubject& subject) {
  Finding finding;
  finding.check = check.id;
  finding.severity = check.severity;
  finding.remedy = check.remedy;
  const StatementRun* statement = last_naming(rehearsal, subject.names);
  if (statement == nullptr) statement = last_naming(rehearsal, subject.or_else);
  if (statement != nullptr) {
    finding.file = statement->file;
    finding.line = statement->line;
    return finding;
  }
  finding.file = rehearsal.up_files.empty() ? "" : rehearsal.up_files.front();
  finding.line = 1;
  const bool earlier = rehearsal.isolation.at_end && subject.changed_by != rehearsal.migration;
  if (earlier) finding.migration = subject.changed_by;
  return finding;
}

std::string name_in_sql(const std::string& name) {
  const bool plain =
      name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == std::string::npos &&
      !name.empty() && (name.front() < '0' || name.front() > '9');
  return plain ? name : sql_name(name);
}

std::string enumerated(const std::vector<std::string>& words) {
  std::string out;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) out += i + 1 == words.size() ? " and " : ", ";
    out += words[i];
  }
  return out;
}

}  // namespace drydock
