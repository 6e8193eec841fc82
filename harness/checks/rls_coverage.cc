#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "harness/base/text.h"
#include "harness/checks/isolation_leaks.h"
#include "harness/checks/isolation_words.h"
#include "harness/checks/lock_words.h"
#include "harness/checks/policy_remedy.h"
#include "harness/checks/statement_search.h"

namespace drydock {
namespace {

const CheckText kText{
    "rls-coverage",
    "Row security binds the application on every table with rows of tenants, for every command "
    "that it is granted.",
    "A table with rows of tenants on which row security is not enabled, does not bind the "
    "application because it owns the table, or has no policy for a command that is granted; and a "
    "script that leaves such a table open between two of its commits.",
    "One forgotten WHERE in the application, or one injected by an attacker, shows or changes the "
    "rows of every customer; and the table was believed to be protected like the others.",
    "ENABLE and FORCE ROW LEVEL SECURITY and CREATE POLICY in the transaction that creates the "
    "table or grants it; connect the application as a role that owns nothing.",
    Severity::kError};

struct Coverage {
  const Rehearsal& rehearsal;
  const Scenario& scenario;
  const IsolationEvidence& isolation;

  Finding about(const TableIsolation& table, const std::string& problem) const {
    std::vector<std::string> names = {table.table};
    for (const PolicyFact& policy : table.policies) names.push_back(policy.name);
    Finding finding = isolation_finding(kText, rehearsal, {names, table.changed_by});
    finding.objects = {"table " + table.table};
    finding.known_by = {problem, "table " + table.table};
    return finding;
  }
};

/// Who the role is to the schema decides whether a later migration may still put it right.
bool judged_at_end_only(const TableIsolation& table) {
  return table.privileges.empty() || table.privileges_assumed;
}

bool is_due(const TableIsolation& table, const IsolationEvidence& isolation) {
  return judged_at_end_only(table) ? isolation.at_end : table.seen_after.empty();
}

/// "tenant_id", "order_id → public.orders.tenant_id".
std::string tenant_words(const TableIsolation& table) {
  return table.link == TenantLink::kRoot ? "each row is a tenant" : "by " + table.tenant;
}

std::string open_to(const TableIsolation& table, const IsolationEvidence& isolation) {
  if (table.privileges.empty())
    return fmt::format(
        "nothing is granted to {} yet; the first GRANT would open the rows of every "
        "tenant",
        isolation.role);
  if (table.privileges_assumed)
    return "the schema grants nobody anything, so whatever role the application has, it reaches "
           "the rows of every tenant";
  return fmt::format("{} may {} the rows of every tenant", isolation.role,
                     enumerated(table.privileges));
}

Finding not_enabled(const Coverage& coverage, const TableIsolation& table) {
  Finding finding = coverage.about(table, "not enabled");
  finding.message =
      fmt::format("row security is not enabled on {}, which has rows of tenants ({}): {}",
                  table.table, tenant_words(table), open_to(table, coverage.isolation));
  if (!table.policies.empty()) {
    std::vector<std::string> names;
    for (const PolicyFact& policy : table.policies) names.push_back(policy.name);
    finding.message +=
        fmt::format("\n  Its {} {} nothing until it is enabled.",
                    (names.size() == 1 ? "policy " : "policies ") + enumerated(names),
                    names.size() == 1 ? "does" : "do");
  }
  finding.message +=
      leak_lines(table, probes_with(table, IsolationVerdict::kLeak), coverage.isolation.role);
  finding.remedy = protecting_statements({table, coverage.isolation, coverage.scenario}) + " " +
                   exempting_words(table);
  return finding;
}

/// What is in the table of tenants is often meant for everybody's eyes.
Finding tenants_listed(const Coverage& coverage, const TableIsolation& table) {
  Finding finding = coverage.about(table, "tenants listed");
  finding.severity = Severity::kWarning;
  finding.message = fmt::format(
      "row security is not enabled on {}, the table of tenants: {}", table.table,
      table.privileges_assumed
          ? "an application that may read it shows each customer the names of all others"
          : fmt::format("{} may {} it, so that each customer can get at the list of all others",
                        coverage.isolation.role, enumerated(table.privileges)));
  finding.remedy = protecting_statements({table, coverage.isolation, coverage.scenario}) + " " +
                   exempting_words(table);
  return finding;
}

Finding not_forced(const Coverage& coverage, const TableIsolation& table) {
  const std::string& role = coverage.isolation.role;
  Finding finding = coverage.about(table, "not forced");
  finding.message = fmt::format(
      "row security is enabled on {} but does not bind {}, which {}: a table's owner passes its "
      "policies unless it is forced",
      table.table, role,
      table.owner == role ? "owns it" : "is a member of its owner " + table.owner);
  finding.message += leak_lines(table, probes_with(table, IsolationVerdict::kLeak), role);
  finding.remedy = fmt::format(
      "ALTER TABLE {} FORCE ROW LEVEL SECURITY; or connect the application as a role "
      "that neither owns it nor belongs to {}.",
      table.table, table.owner);
  return finding;
}

std::vector<std::string> commands_without_policy(const TableIsolation& table) {
  std::vector<std::string> missing;
  for (const char* command : {"SELECT", "INSERT", "UPDATE", "DELETE"}) {
    if (is_granted(table, command) && !has_policy_for(table, command)) missing.push_back(command);
  }
  return missing;
}

/// Nothing leaks here: the application finds nothing, and is in the end connected as somebody who
/// does.
Finding no_policy(const Coverage& coverage, const TableIsolation& table,
                  const std::vector<std::string>& missing) {
  Finding finding = coverage.about(table, "no policy");
  if (table.privileges_assumed) finding.severity = Severity::kWarning;
  finding.known_by.insert(finding.known_by.end(), missing.begin(), missing.end());
  const std::string commands = enumerated(missing);
  finding.message = fmt::format(
      "row security is enabled on {} and no policy lets {} {} anything{}: what has no policy finds "
      "no row and writes none",
      table.table, coverage.isolation.role, commands,
      table.privileges_assumed
          ? ""
          : fmt::format(", although {} {} granted", commands, missing.size() == 1 ? "is" : "are"));
  finding.remedy =
      policy_statements({table, coverage.isolation, coverage.scenario}, missing) +
      fmt::format(" Or, where it is not to do that: REVOKE {} ON {} FROM {};", join(missing, ", "),
                  table.table, name_in_sql(coverage.isolation.role));
  return finding;
}

/// Where behaviour could not be tried, the words of a policy have to do.
Finding lets_all_pass(const Coverage& coverage, const TableIsolation& table,
                      const PolicyFact& policy) {
  Finding finding = coverage.about(table, "policy is true");
  finding.message = fmt::format(
      "policy {} on {} lets {} every row of every tenant: it says true, permissive policies are "
      "joined by OR, and no restrictive one stands beside it",
      policy.name, table.table, policy.command == "ALL" ? "reach" : policy.command);
  finding.remedy =
      fmt::format("DROP POLICY {} ON {}; or say in it whose rows are meant: {}.", policy.name,
                  table.table, tenant_condition({table, coverage.isolation, coverage.scenario}));
  return finding;
}

void judge_policies(const Coverage& coverage, const TableIsolation& table,
                    std::vector<Finding>& findings) {
  const bool due = table.privileges_assumed ? coverage.isolation.at_end : table.seen_after.empty();
  if (!due) return;
  const std::vector<std::string> missing = commands_without_policy(table);
  if (!missing.empty()) findings.push_back(no_policy(coverage, table, missing));
  if (table.problem.empty() || !coverage.isolation.context_problem.empty()) return;
  const std::vector<const PolicyFact*> open = policies_that_say_true(table);
  if (!open.empty()) findings.push_back(lets_all_pass(coverage, table, *open.front()));
}

void judge_table(const Coverage& coverage, const TableIsolation& table,
                 std::vector<Finding>& findings) {
  if (!table.exempt.empty()) return;
  if (!table.row_security) {
    const bool root = table.link == TenantLink::kRoot;
    if (!is_due(table, coverage.isolation) || (root && table.privileges.empty())) return;
    findings.push_back(root ? tenants_listed(coverage, table) : not_enabled(coverage, table));
  } else if (!is_bound(table)) {
    if (table.seen_after.empty() && !is_told_as_bypass(table, coverage.isolation))
      findings.push_back(not_forced(coverage, table));
  } else {
    judge_policies(coverage, table, findings);
  }
}

using Windows = std::vector<const IsolationWindow*>;

/// `windows` are one table's in one direction.
Finding window_finding(const Windows& windows) {
  const IsolationWindow& first = *windows.front();
  const char* script = first.in_down ? "down" : "up";
  Finding finding;
  finding.check = kText.id;
  finding.severity = kText.severity;
  finding.file = first.file;
  finding.line = first.line;
  finding.message = fmt::format(
      "between two commits of the {} script {} lies open: behind this statement it has rows and "
      "privileges but no row security, and whoever asks meanwhile gets the rows of every tenant{}",
      script, first.table, statement_line(first.statement));
  finding.message += first.closed_by.empty()
                         ? "\n  Nothing in the script closes it again."
                         : "\n  It is closed by: " + shorten(first.closed_by, 120);
  if (windows.size() > 1)
    finding.message +=
        fmt::format("\n  The same at {}.", plural(windows.size() - 1, "other place"));
  finding.remedy =
      "Do it in one transaction, or the other way round: take the privileges away (REVOKE) or drop "
      "the table before its policies, and grant after they are there.";
  finding.objects = {"table " + first.table};
  finding.known_by = {"lies open", script, "table " + first.table};
  return finding;
}

void judge_windows(const IsolationEvidence& isolation, std::vector<Finding>& findings) {
  std::map<std::pair<bool, std::string>, Windows> by_table;
  for (const IsolationWindow& window : isolation.windows)
    by_table[{window.in_down, window.table}].push_back(&window);
  for (const auto& [where, windows] : by_table) findings.push_back(window_finding(windows));
}

Judgement judge(const Rehearsal& rehearsal, const Scenario& scenario) {
  const IsolationEvidence& isolation = rehearsal.isolation;
  const std::optional<Judgement> unjudged = why_no_isolation(rehearsal, kText);
  if (unjudged && isolation.windows.empty()) return *unjudged;
  std::vector<Finding> findings;
  judge_windows(isolation, findings);
  if (unjudged) return judged(std::move(findings));
  for (const TableIsolation& table : isolation.tables)
    judge_table({rehearsal, scenario, isolation}, table, findings);
  return judged(std::move(findings));
}

}  // namespace

extern const Check kRlsCoverage;
const Check kRlsCoverage{kText, judge};

}  // namespace drydock
