#include <fmt/format.h>

#include <algorithm>

#include "harness/base/text.h"
#include "harness/checks/isolation_leaks.h"
#include "harness/checks/isolation_words.h"
#include "harness/checks/leak_remedy.h"
#include "harness/checks/lock_words.h"
#include "harness/checks/policy_remedy.h"
#include "harness/model/describe_isolation.h"

namespace drydock {
namespace {

const CheckText kText{
    "rls-isolation",
    "As the application's role no tenant sees, changes or adds a row of another's, and each gets "
    "at "
    "all of its own.",
    "Policies that let rows of other tenants through for some command or without a context, a "
    "context that keeps nobody apart, and policies that hide a tenant's own rows.",
    "Everything works in the tests, which have one tenant; in production a customer reads the "
    "rows of another, or writes into them, and nothing fails.",
    "Give every policy a condition on the tenant, for reading (USING) and for writing (WITH "
    "CHECK), that is false or an error when no context is set.",
    Severity::kError};

using enum IsolationCommand;
using Findings = std::vector<Finding>;

struct Isolation {
  const Rehearsal& rehearsal;
  const Scenario& scenario;
  const IsolationEvidence& evidence;

  Finding about(const TableIsolation& table, const std::string& problem, const Probes& probes,
                const std::vector<std::string>& or_else = {}) const {
    Finding finding =
        isolation_finding(kText, rehearsal, {{table.table}, table.changed_by, or_else});
    finding.objects = {"table " + table.table};
    finding.known_by = leak_names(probes);
    finding.known_by.push_back(problem);
    finding.known_by.push_back("table " + table.table);
    return finding;
  }
};

/// Not the application itself asks.
bool is_by_others(const IsolationProbe& probe) {
  return probe.situation == IsolationSituation::kOwner ||
         probe.situation == IsolationSituation::kOtherRole;
}

bool is_access(const IsolationProbe& probe) {
  return probe.command != kForeignKey && probe.command != kTruncate;
}

bool is_by_application(const IsolationProbe& probe) {
  return is_access(probe) && !is_by_others(probe);
}

template <class Holds>
Probes those(const Probes& all, Holds holds) {
  Probes some;
  std::copy_if(all.begin(), all.end(), std::back_inserter(some),
               [&](const IsolationProbe* probe) { return holds(*probe); });
  return some;
}

void judge_leaks(const Isolation& isolation, const TableIsolation& table, const Probes& all,
                 Findings& findings) {
  if (those(all, is_by_application).empty()) return;
  const Probes leaks = those(all, is_access);
  const RemedyFor wanted{table, isolation.evidence, isolation.scenario};
  const Policies behind = policies_behind(wanted, leaks);
  const std::string& role = isolation.evidence.role;
  Finding finding = isolation.about(table, "leaks", leaks);
  finding.message = fmt::format("{} gets at rows of other tenants in {}:", role, table.table) +
                    leak_lines(table, leaks, role) + policy_lines(behind);
  finding.remedy = leak_remedy(wanted, leaks, behind);
  findings.push_back(std::move(finding));
}

/// Policies that are for other roles than the application's: whoever wrote them meant somebody.
std::vector<std::string> policies_for_others(const TableIsolation& table) {
  std::vector<std::string> names;
  for (const PolicyFact& policy : table.policies) {
    if (policy.permissive && !policy.applies)
      names.push_back(fmt::format("{} TO {}", policy.name, join(policy.roles, ", ")));
  }
  return names;
}

/// What the application does in its tenant's context is not all: the owner, who migrates, and other
/// roles that have its privileges can be connected as well. Where the application gets at rows too,
/// that says it all.
void judge_others(const Isolation& isolation, const TableIsolation& table, const Probes& all,
                  Findings& findings) {
  const Probes leaks = those(all, is_by_others);
  if (leaks.empty() || !those(all, is_by_application).empty()) return;
  const std::vector<std::string> meant = policies_for_others(table);
  Finding finding = isolation.about(table, "other roles", leaks);
  finding.message =
      fmt::format("others than {} get at rows of all tenants in {}, in one tenant's context:{}",
                  isolation.evidence.role, table.table, leak_lines(table, leaks, "them"));
  finding.remedy =
      "Connect as these roles only where all tenants are meant; else hold them to the same policy "
      "(TO PUBLIC).";
  if (!meant.empty()) {
    finding.severity = Severity::kInfo;
    finding.message += "\n  Policies for other roles are there: " + join(meant, "; ") + ".";
  }
  findings.push_back(std::move(finding));
}

const IsolationProbe* find(const Probes& probes, IsolationCommand command) {
  const auto found = std::find_if(probes.begin(), probes.end(),
                                  [&](const auto* probe) { return probe->command == command; });
  return found == probes.end() ? nullptr : *found;
}

void judge_truncate(const Isolation& isolation, const TableIsolation& table, const Probes& leaks,
                    Findings& findings) {
  const IsolationProbe* truncate = find(leaks, kTruncate);
  if (truncate == nullptr) return;
  const std::string& role = isolation.evidence.role;
  Finding finding = isolation.about(table, "truncate", {truncate});
  finding.message = fmt::format(
      "{} may TRUNCATE {}, which row security does not bind: one tenant's session empties the "
      "table for all{}",
      role, table.table, leak_lines(table, {truncate}, role));
  finding.remedy = fmt::format("REVOKE TRUNCATE ON {} FROM {};", table.table, name_in_sql(role));
  findings.push_back(std::move(finding));
}

void judge_references(const Isolation& isolation, const TableIsolation& table, const Probes& leaks,
                      Findings& findings) {
  const IsolationProbe* reference = find(leaks, kForeignKey);
  if (reference == nullptr) return;
  Finding finding = isolation.about(table, "reference", {reference});
  finding.severity = Severity::kWarning;
  finding.message = fmt::format(
      "a tenant's row in {} can refer to another tenant's: foreign keys are checked past row "
      "security, so the tenant learns which keys exist, and its row hangs on a row that it cannot "
      "see{}",
      table.table, leak_lines(table, {reference}, isolation.evidence.role));
  finding.remedy =
      "Make the tenant part of the key: UNIQUE (tenant, id) in the table referred to, and FOREIGN "
      "KEY (tenant, …) REFERENCES … (tenant, id) here.";
  findings.push_back(std::move(finding));
}

void judge_told(const Isolation& isolation, const TableIsolation& table, Findings& findings) {
  const Probes told = those(probes_with(table, IsolationVerdict::kTold),
                            [](const auto& probe) { return probe.command != kSelect; });
  if (told.empty()) return;
  const std::string& role = isolation.evidence.role;
  Finding finding = isolation.about(table, "told", told);
  finding.severity = Severity::kInfo;
  finding.message =
      fmt::format("the answers on {} tell one tenant what another has, without showing the row:{}",
                  table.table, leak_lines(table, told, role));
  finding.remedy =
      "Where the key says something about a customer (an e-mail address, an order number), make "
      "the tenant part of it: UNIQUE (tenant, …). Keys that are drawn at random tell nothing.";
  findings.push_back(std::move(finding));
}

/// A SELECT that shows no row of another's can still be told about one, by a notice or an error.
void judge_messages(const Isolation& isolation, const TableIsolation& table, Findings& findings) {
  const Probes told = probes_with(table, IsolationVerdict::kTold);
  const IsolationProbe* select = find(told, kSelect);
  if (select == nullptr) return;
  const std::string& role = isolation.evidence.role;
  // "public.peek(text) is LEAKPROOF …": its statement need not name the table.
  const std::string function = select->outcome.substr(0, select->outcome.find('('));
  Finding finding = isolation.about(table, "messages", {select}, {function});
  finding.severity = Severity::kInfo;
  finding.message = fmt::format(
      "what the server says to one tenant about {} is about another's row, without showing it:{}",
      table.table, leak_lines(table, {select}, role));
  finding.remedy =
      "LEAKPROOF is for functions that never fail and say nothing about their arguments: ALTER "
      "FUNCTION … NOT LEAKPROOF for others. A policy's conditions are asked of everybody's rows, "
      "in any order: compare without casting (region = '7'), forbid values that it cannot stand by "
      "a CHECK, and raise nothing in the functions that it calls.";
  findings.push_back(std::move(finding));
}

/// What no policy allows is told by rls-coverage.
Probes own_denied(const TableIsolation& table) {
  Probes denied = probes_with(table, IsolationVerdict::kDenied);
  std::erase_if(denied, [&](const IsolationProbe* probe) {
    return !has_policy_for(table, bound_as(probe->command));
  });
  return denied;
}

std::string denied_words(const IsolationProbe& probe) {
  const std::string answer = server_words(probe);
  return fmt::format("\n  {}: {} of {}{}", describe(probe.command), grouped_digits(probe.rows),
                     rows_words(probe.of), answer.empty() ? "" : "; the server said: " + answer);
}

void judge_own(const Isolation& isolation, const TableIsolation& table, Findings& findings) {
  const Probes denied = own_denied(table);
  if (denied.empty()) return;
  const bool some = std::all_of(denied.begin(), denied.end(),
                                [](const IsolationProbe* probe) { return probe->rows > 0; });
  const std::string& role = isolation.evidence.role;
  Finding finding = isolation.about(table, "own rows", denied);
  if (some || table.privileges_assumed) finding.severity = Severity::kWarning;
  finding.message = fmt::format(
      "in a tenant's context {} gets at {} of the tenant's own rows in "
      "{}:",
      role, some ? "only a part" : "none", table.table);
  for (const IsolationProbe* probe : denied) finding.message += denied_words(*probe);
  if (!denied.front()->sql.empty())
    finding.message += fmt::format("\n  to try as {}: {}", role, one_line(denied.front()->sql));
  finding.remedy = fmt::format(
      "Hold the policies of these commands against the tenant's context; its own rows are those "
      "with {}. Rows that are hidden on purpose (deleted ones, a team's) are best waived with the "
      "reason.",
      tenant_condition({table, isolation.evidence, isolation.scenario}));
  findings.push_back(std::move(finding));
}

/// Not passed over silently, but nobody's fault either.
void judge_untried(const Isolation& isolation, const TableIsolation& table, Findings& findings) {
  if (table.problem.empty() || table.privileges.empty()) return;
  if (!isolation.evidence.context_problem.empty()) return;
  Finding finding = isolation.about(table, "not tried", {});
  finding.severity = Severity::kInfo;
  finding.message =
      fmt::format("nobody knows how {} keeps tenants apart: {}", table.table, table.problem);
  finding.remedy =
      "Give it rows of two tenants or more (data.load, or data.tables for generated ones), name "
      "two that have some (isolation.tenants), or, where tenants share it, exempt it with the "
      "reason (isolation.exempt).";
  findings.push_back(std::move(finding));
}

void judge_table(const Isolation& isolation, const TableIsolation& table, Findings& findings) {
  if (!table.exempt.empty() || !table.seen_after.empty() || !table.row_security) return;
  judge_untried(isolation, table, findings);
  if (!is_bound(table) || is_told_as_bypass(table, isolation.evidence)) return;
  const Probes leaks = probes_with(table, IsolationVerdict::kLeak);
  judge_leaks(isolation, table, leaks, findings);
  judge_others(isolation, table, leaks, findings);
  judge_truncate(isolation, table, leaks, findings);
  judge_own(isolation, table, findings);
  judge_references(isolation, table, leaks, findings);
  judge_told(isolation, table, findings);
  judge_messages(isolation, table, findings);
}

/// A table that row security does not bind shows all its rows in every context, and is told so.
bool needs_context(const TableIsolation& table, const IsolationEvidence& isolation) {
  return is_bound(table) && table.exempt.empty() && table.seen_after.empty() &&
         !is_told_as_bypass(table, isolation);
}

/// Where no context works, nothing was proved: every table looks well kept apart, or lies open.
void judge_context(const Isolation& isolation, Findings& findings) {
  const IsolationEvidence& evidence = isolation.evidence;
  if (evidence.context_problem.empty()) return;
  std::vector<std::string> tables, names;
  std::string open;
  for (const TableIsolation& table : evidence.tables) {
    if (!needs_context(table, evidence)) continue;
    tables.push_back(table.table);
    for (const PolicyFact& policy : table.policies) names.push_back(policy.name);
    for (const PolicyFact* policy : policies_that_say_true(table))
      open += fmt::format("\n  policy {} on {} FOR {} says true: every row passes", policy->name,
                          table.table, policy->command);
  }
  if (tables.empty()) return;
  names.insert(names.end(), tables.begin(), tables.end());
  Finding finding = isolation_finding(kText, isolation.rehearsal, {names, ""});
  finding.message = fmt::format(
      "isolation could not be proved, because no context makes a tenant: {}\n  {}{}\n  tables: {}",
      evidence.context_problem,
      evidence.context_words.empty() ? "No context was found." : "Tried: " + evidence.context_words,
      open, join(tables, ", "));
  finding.remedy =
      open.empty()
          ? "Say in the scenario how the application tells the database for which tenant it asks: "
            "isolation.context (setting, settings, sql or role). If it does say so, the policies "
            "do not listen to it."
          : "Drop the policies that say true, or say in them whose rows are meant; permissive "
            "policies are joined by OR.";
  for (const std::string& table : tables) finding.objects.push_back("table " + table);
  finding.known_by = {"context"};
  findings.push_back(std::move(finding));
}

Judgement judge(const Rehearsal& rehearsal, const Scenario& scenario) {
  if (const auto unjudged = why_no_isolation(rehearsal, kText)) return *unjudged;
  const Isolation isolation{rehearsal, scenario, rehearsal.isolation};
  Findings findings;
  judge_context(isolation, findings);
  for (const TableIsolation& table : isolation.evidence.tables)
    judge_table(isolation, table, findings);
  return judged(std::move(findings));
}

}  // namespace

extern const Check kRlsIsolation;
const Check kRlsIsolation{kText, judge};

}  // namespace drydock
