#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "harness/base/text.h"
#include "harness/checks/isolation_words.h"
#include "harness/model/describe_isolation.h"

namespace drydock {
namespace {

const CheckText kText{
    "rls-bypass",
    "No view, function, partition, membership, privilege or publication leads the application "
    "around row security.",
    "Ways to another tenant's rows that no policy stands in: views and functions that run as "
    "somebody whom row security does not bind, partitions with privileges of their own, SUPERUSER, "
    "BYPASSRLS and ownership through memberships, TRIGGER, grants to PUBLIC, default "
    "privileges, publications.",
    "The policies are right, their tests pass, and the rows go out by the back door.",
    "Views with security_invoker, functions as SECURITY INVOKER or with a condition on the tenant "
    "and a search_path of their own, privileges on the parent only, and an application role that "
    "belongs to nobody.",
    Severity::kError};

using Paths = std::vector<const BypassPath*>;

/// A way that stands in the catalogs only, as nothing that can be tried would show it.
Severity severity_untried(const BypassPath& path) {
  switch (path.kind) {
    case BypassKind::kPartition:
    case BypassKind::kRoleAttribute:
    case BypassKind::kOwnership:
      return Severity::kError;
    case BypassKind::kSearchPath:
    case BypassKind::kPublicGrant:
    case BypassKind::kPrivilege:
    case BypassKind::kPublication:
      return Severity::kWarning;
    case BypassKind::kDefaultPrivileges: {
      const bool to_all = std::any_of(path.path.begin(), path.path.end(), [](const auto& step) {
        return step.find("PUBLIC") != std::string::npos;
      });
      return to_all ? Severity::kWarning : Severity::kInfo;
    }
    case BypassKind::kView:
    case BypassKind::kMaterializedView:
    case BypassKind::kFunction:
      break;
  }
  return Severity::kInfo;
}

Severity severity_of(const BypassPath& path) {
  return path.leaks ? Severity::kError : severity_untried(path);
}

/// A partition without row security of its own lies open, whosever rows it holds today.
bool is_told(const BypassPath& path) {
  const bool led_nowhere = path.tried && !path.leaks && path.kind != BypassKind::kPartition;
  return !led_nowhere && path.seen_after.empty();
}

/// The way without the table at its end, which may be one of many.
std::vector<std::string> steps_of(const BypassPath& path) {
  std::vector<std::string> steps = path.path;
  if (!steps.empty() && steps.back() == "table " + path.table) steps.pop_back();
  return steps;
}

std::vector<std::string> tables_of(const Paths& paths) {
  std::vector<std::string> tables;
  for (const BypassPath* path : paths) {
    if (path->table.empty()) continue;
    const std::string table = "table " + path->table;
    if (std::find(tables.begin(), tables.end(), table) == tables.end()) tables.push_back(table);
  }
  return tables;
}

std::string evidence_lines(const BypassPath& path, const std::string& role) {
  std::string lines;
  if (path.tried && !path.outcome.empty()) lines += "\n  seen on this way: " + path.outcome;
  if (!path.tried && !path.outcome.empty()) lines += "\n  " + path.outcome;
  if (!path.sql.empty())
    lines += fmt::format("\n  to try{}: {}", role.empty() ? "" : " as " + role, one_line(path.sql));
  return lines;
}

std::string first_line(const BypassPath& path) {
  const std::string verb = path.leaks ? "leads" : "may lead";
  return fmt::format("{} {} around row security: {}{}", describe(path.kind), verb, describe(path),
                     path.why.empty() ? "" : ": " + path.why);
}

/// "materialized view public.totals" to "public.totals", "function public.f(a integer)" to
/// "public.f".
std::string name_in(const std::string& step) {
  const std::string bare = step.substr(0, step.find('('));
  const std::size_t blank = bare.rfind(' ');
  return blank == std::string::npos ? bare : bare.substr(blank + 1);
}

/// What statements call the things that lead around, which the role at the beginning is only where
/// nothing else does.
std::vector<std::string> names_on(const BypassPath& path, const std::vector<std::string>& steps) {
  if (path.kind == BypassKind::kDefaultPrivileges) return {"default privileges"};
  if (path.kind == BypassKind::kPublicGrant) return {path.table};
  std::vector<std::string> names;
  for (std::size_t i = 1; i < steps.size(); ++i) names.push_back(name_in(steps[i]));
  if (names.empty() && !steps.empty()) names.push_back(name_in(steps.front()));
  return names;
}

/// `paths` go the same way, each to another table.
Finding finding_of(const Rehearsal& rehearsal, const Paths& paths) {
  const BypassPath& first = *paths.front();
  const std::vector<std::string> steps = steps_of(first);
  Finding finding = isolation_finding(kText, rehearsal,
                                      {names_on(first, steps), first.changed_by, {first.table}});
  finding.severity = severity_of(first);
  finding.message = first_line(first) + evidence_lines(first, rehearsal.isolation.role);
  finding.objects = tables_of(paths);
  if (finding.objects.size() > 1)
    finding.message +=
        fmt::format("\n  It leads to {}: {}", plural(finding.objects.size(), "table"),
                    join(finding.objects, ", "));
  if (!first.remedy.empty()) finding.remedy = first.remedy;
  finding.known_by = steps;
  finding.known_by.push_back(describe(first.kind));
  for (std::size_t i = 1; i < steps.size(); ++i) finding.objects.push_back(steps[i]);
  return finding;
}

Judgement judge(const Rehearsal& rehearsal, const Scenario&) {
  if (const auto unjudged = why_no_isolation(rehearsal, kText)) return *unjudged;
  std::map<std::string, Paths> by_way;
  std::vector<std::string> order;
  for (const BypassPath& path : rehearsal.isolation.paths) {
    if (!is_told(path)) continue;
    const std::string way =
        fmt::format("{}|{}|{}", describe(path.kind), path.leaks, join(steps_of(path), "|"));
    Paths& same = by_way[way];
    if (same.empty()) order.push_back(way);
    same.push_back(&path);
  }
  std::vector<Finding> findings;
  for (const std::string& way : order) findings.push_back(finding_of(rehearsal, by_way[way]));
  return judged(std::move(findings));
}

}  // namespace

extern const Check kRlsBypass;
const Check kRlsBypass{kText, judge};

}  // namespace drydock
