#include "harness/observe/isolation_probes.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <optional>

#include "harness/base/sql_text.h"
#include "harness/base/text.h"
#include "harness/observe/context_values.h"
#include "harness/observe/isolation_attempts.h"
#include "harness/observe/isolation_statements.h"
#include "harness/observe/isolation_subject.h"
#include "harness/observe/isolation_verdicts.h"
#include "harness/observe/other_role.h"
#include "harness/observe/role_entry.h"
#include "harness/observe/told_by_messages.h"

namespace drydock {
namespace {

using Probes = std::vector<IsolationProbe>;
using Attempts = std::vector<IsolationAttempt>;

/// Tries that are gone again behind a mutation, in the order of how much they notice, and what they
/// showed the first time.
struct Remembered {
  std::vector<Attempts> groups;
  std::vector<std::vector<Probes>> seen;
};

bool is_empty(const ContextSteps& steps) {
  return steps.settings.empty() && steps.sql.empty() && steps.role.empty();
}

bool names_roles(const TenantTable& table) {
  return std::any_of(table.facts.policies.begin(), table.facts.policies.end(), [](const auto& p) {
    return p.permissive && std::find(p.roles.begin(), p.roles.end(), "public") == p.roles.end();
  });
}

/// A copy of one's own row that a trigger refuses says nothing about anybody's row: the copies are
/// tried without triggers then.
bool own_copy_failed(const Attempts& attempts, const std::vector<AttemptResult>& results) {
  for (std::size_t i = 0; i < attempts.size(); ++i) {
    if (attempts[i].command != IsolationCommand::kInsert) continue;
    if (attempts[i].situation != IsolationSituation::kOwn) continue;
    return !results[i].sqlstate.empty() && !refused_by_policy(results[i]);
  }
  return false;
}

bool writes_copies(const IsolationAttempt& attempt) {
  return attempt.command == IsolationCommand::kInsert ||
         attempt.command == IsolationCommand::kUpsert ||
         attempt.command == IsolationCommand::kForeignKey ||
         attempt.command == IsolationCommand::kUniqueKey;
}

/// Whether nothing that counts is different.
bool same_answers(const Probes& a, const Probes& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const auto& x, const auto& y) {
    return x.verdict == y.verdict && x.rows == y.rows;
  });
}

/// One row of one's own speaks for all only where no statement about all of them could.
void drop_single_rows(Probes& probes) {
  const auto of_all = std::find_if(probes.begin(), probes.end(), [](const IsolationProbe& each) {
    return each.command == IsolationCommand::kUpdateAll &&
           each.situation == IsolationSituation::kOwn;
  });
  if (of_all == probes.end()) return;
  std::erase_if(probes, [](const IsolationProbe& each) {
    return each.command == IsolationCommand::kUpdate && each.situation == IsolationSituation::kOwn;
  });
}

void add_missing_privileges(TableIsolation& facts) {
  const std::pair<const char*, IsolationCommand> commands[] = {
      {"SELECT", IsolationCommand::kSelect},
      {"INSERT", IsolationCommand::kInsert},
      {"UPDATE", IsolationCommand::kUpdateAll},
      {"DELETE", IsolationCommand::kDeleteAll},
      {"TRUNCATE", IsolationCommand::kTruncate}};
  for (const auto& [privilege, command] : commands) {
    const auto& all = facts.privileges;
    if (std::find(all.begin(), all.end(), privilege) != all.end()) continue;
    IsolationProbe probe;
    probe.command = command;
    probe.outcome = "no privilege";
    merge_probes(facts.probes, {probe});
  }
}

}  // namespace

struct IsolationProber::Impl {
  Impl(Session& the_session, const Tenancy& the_tenancy, const TenantContext& the_context,
       const IsolationRules& the_rules)
      : session(the_session),
        tenancy(the_tenancy),
        context(the_context),
        rules(the_rules),
        leave(leave_statements(the_session)) {
    prepare_attempts(session);
  }

  /// role_statements, asked for once: mutants ask often.
  const std::string& role_entry(const std::string& role) {
    const auto known = entries.find(role);
    if (known != entries.end()) return known->second;
    return entries[role] = role_statements(session, role);
  }

  std::string entry(const ContextSteps& steps) {
    return role_entry(steps.role.empty() ? tenancy.role.name : steps.role) +
           context_statements(steps);
  }

  std::string other_role_entry(const ContextSteps& steps) {
    if (other_role.empty()) {
      other_role = make_other_role(session, tenancy.role.name);
    }
    return role_entry(other_role) + context_statements(steps);
  }

  IsolationEntries entries_for(const IsolationSubject& subject, const std::string& tenant) {
    const ContextSteps steps = context.steps_for(tenant);
    IsolationEntries all;
    all.tenant = entry(steps);
    if (context.has_settings) {
      all.empty_context = entry(context.empty_steps);
      all.malformed_context = entry(context.malformed_steps);
    }
    if (!is_empty(context.unknown_steps)) all.unknown_tenant = entry(context.unknown_steps);
    const TableIsolation& facts = subject.table->facts;
    if (subject.owner_is_bound && !facts.role_is_owner) {
      all.owner = role_entry(facts.owner) + context_statements(steps);
      all.owner_no_context = role_entry(facts.owner);
    }
    if (facts.row_security && names_roles(*subject.table)) all.other_role = other_role_entry(steps);
    return all;
  }

  /// `triggers_off`: becomes true once triggers have refused a copy of one's own row.
  std::vector<AttemptResult> run(Attempts& attempts, bool& triggers_off) {
    if (triggers_off) take_triggers_off(attempts);
    std::vector<AttemptResult> results = run_attempts(session, leave, attempts);
    if (triggers_off || !own_copy_failed(attempts, results)) return results;
    triggers_off = true;
    take_triggers_off(attempts);
    return run_attempts(session, leave, attempts);
  }

  static void take_triggers_off(Attempts& attempts) {
    for (IsolationAttempt& each : attempts) {
      if (writes_copies(each)) each.setup += "; SET LOCAL session_replication_role = replica";
    }
  }

  /// COPY is sent as a statement of its own: only a client can take its rows.
  Probes copy(const IsolationSubject& subject, IsolationAttempt attempt) {
    AttemptResult result = send_copy(attempt);
    if (result.sqlstate == "42809") {  // a partitioned table
      attempt.sql = fmt::format("COPY (SELECT * FROM {}) TO STDOUT", subject.table->sql);
      result = send_copy(attempt);
    }
    return judge_attempt(attempt, result);
  }

  AttemptResult send_copy(const IsolationAttempt& attempt) {
    session.query("SAVEPOINT drydock_copy; " + attempt.enter);
    const Reply reply = session.send(attempt.sql, SteadyClock::now() + std::chrono::hours(24), {});
    session.query("ROLLBACK TO drydock_copy; RELEASE drydock_copy");
    AttemptResult result;
    result.stage = "try";
    if (reply.error) {
      result.sqlstate = reply.error->sqlstate;
      result.message = reply.error->message;
    } else if (reply.command_tag.starts_with("COPY ")) {
      result.done = std::atoll(reply.command_tag.c_str() + 5);
    }
    return result;
  }

  void try_pair(IsolationSubject& subject, TableIsolation& facts, const std::string& a,
                const std::string& b, bool everything) {
    const IsolationEntries who = entries_for(subject, a);
    const auto values = context_values(session, who.tenant, *subject.table);
    if (!values.empty()) narrow_to_values(session, subject, a, values);
    const IsolationStatements statements(subject, who, a, b);
    Remembered noted;
    noted.groups = groups_of(statements, everything);
    bool triggers_off = false;
    for (Attempts& group : noted.groups) {
      const std::vector<AttemptResult> results = run(group, triggers_off);
      noted.seen.emplace_back();
      for (std::size_t i = 0; i < group.size(); ++i) {
        noted.seen.back().push_back(judge_attempt(group[i], results[i]));
        merge_probes(facts.probes, noted.seen.back().back());
      }
    }
    if (!everything) return;
    if (const auto attempt = statements.copy()) merge_probes(facts.probes, copy(subject, *attempt));
    if (!leaky) leaky.emplace(session, tenancy.role.name);
    const auto told = told_by_messages(session, *leaky, subject, {who.tenant, a, b});
    if (told) merge_probes(facts.probes, {*told});
    remembered[subject.table->oid] = std::move(noted);
  }

  /// The first is the one try that notices most, then come those that touch single rows, then those
  /// that write all of them. Without a proper context everybody's rows are asked for: once is
  /// enough.
  static std::vector<Attempts> groups_of(const IsolationStatements& statements, bool everything) {
    std::vector<Attempts> groups(3);
    for (IsolationAttempt& each : statements.between_tenants(everything)) {
      const bool first = groups[0].empty() && each.command == IsolationCommand::kSelect;
      groups[first ? 0 : writes_copies(each) ? 1 : 2].push_back(std::move(each));
    }
    const Attempts others = statements.by_others();
    groups[1].insert(groups[1].end(), others.begin(), others.end());
    if (everything) groups.push_back(statements.without_proper_context());
    return groups;
  }

  /// Two tenants with rows; fewer when there are no more.
  std::vector<std::string> choose_tenants(const IsolationSubject& subject) const {
    std::vector<std::string> chosen;
    const auto choose = [&](const std::string& tenant) {
      if (chosen.size() < 2 && subject.rows_of(tenant) > 0 && context.knows(tenant)) {
        chosen.push_back(tenant);
      }
    };
    for (const std::string& tenant : rules.tenants) choose(tenant);
    if (!rules.tenants.empty()) return chosen;
    for (const TenantRows& each : subject.tenants) choose(each.tenant);
    return chosen;
  }

  std::string too_few(const IsolationSubject& subject, std::size_t known) const {
    if (subject.tenants.size() < 2) {
      return fmt::format("rows of two tenants are needed; there are rows of {}",
                         subject.tenants.empty() ? "none" : "one");
    }
    return fmt::format(
        "rows of two tenants are needed whose context is known; of the {} that have rows it is "
        "known for {}",
        subject.tenants.size(), known == 0 ? "none" : "one");
  }

  Session& session;
  const Tenancy& tenancy;
  const TenantContext& context;
  const IsolationRules& rules;
  const std::string leave;
  std::string other_role;
  std::map<std::string, std::string> entries;
  std::map<std::uint32_t, Remembered> remembered;
  std::optional<LeakyQueries> leaky;  ///< read with the first table
};

IsolationProber::IsolationProber(Session& session, const Tenancy& tenancy,
                                 const TenantContext& context, const IsolationRules& rules)
    : impl_(std::make_unique<Impl>(session, tenancy, context, rules)) {}

IsolationProber::~IsolationProber() = default;

void IsolationProber::probe(TenantTable& table, bool both_ways) {
  TableIsolation& facts = table.facts;
  facts.probes.clear();
  facts.problem.clear();
  if (!facts.exempt.empty()) return;
  IsolationSubject subject = read_subject(impl_->session, table, impl_->tenancy.role.name);
  facts.rows = subject.rows;
  facts.tenants = static_cast<std::int64_t>(subject.tenants.size());
  const std::vector<std::string> tenants = impl_->choose_tenants(subject);
  if (!impl_->context.problem.empty() && subject.tenants.size() >= 2) {
    facts.problem = "it is not known how to ask for one tenant";
  } else if (tenants.size() < 2) {
    facts.problem = impl_->too_few(subject, tenants.size());
  }
  if (!facts.problem.empty()) return;
  facts.tenant_a = tenants[0];
  facts.tenant_b = tenants[1];
  read_samples(impl_->session, subject, tenants, impl_->tenancy.tables);
  impl_->try_pair(subject, facts, tenants[0], tenants[1], true);
  if (both_ways) impl_->try_pair(subject, facts, tenants[1], tenants[0], false);
  const auto never = impl_->context.never_had.find(table.oid);
  if (never != impl_->context.never_had.end()) merge_probes(facts.probes, never->second);
  drop_single_rows(facts.probes);
  add_missing_privileges(facts);
}

std::string IsolationProber::first_difference(const TenantTable& table) {
  const auto known = impl_->remembered.find(table.oid);
  if (known == impl_->remembered.end()) return {};
  const Remembered& before = known->second;
  for (std::size_t g = 0; g < before.groups.size(); ++g) {
    const Attempts& group = before.groups[g];
    const auto results = run_attempts(impl_->session, impl_->leave, group);
    for (std::size_t i = 0; i < group.size(); ++i) {
      const Probes now = judge_attempt(group[i], results[i]);
      if (same_answers(now, before.seen[g][i])) continue;
      const bool other = now.size() < 2 || before.seen[g][i].size() < 2 ||
                         now[0].verdict != before.seen[g][i][0].verdict ||
                         now[0].rows != before.seen[g][i][0].rows;
      const IsolationProbe& differs = other ? now[0] : now[1];
      return probe_words(differs.command, differs.situation);
    }
  }
  return {};
}

std::string IsolationProber::playing_role(const TenantTable& table) const {
  const ContextSteps steps = impl_->context.steps_for(table.facts.tenant_a);
  return steps.role.empty() ? impl_->tenancy.role.name : steps.role;
}

std::map<std::uint32_t, Probes> probe_without_context(Session& session, const Tenancy& tenancy) {
  std::map<std::uint32_t, Probes> all;
  prepare_attempts(session);
  const std::string leave = leave_statements(session);
  IsolationEntries nobody;
  nobody.no_context = role_statements(session, tenancy.role.name);
  for (const TenantTable& table : tenancy.tables) {
    if (!table.facts.exempt.empty()) continue;
    IsolationSubject subject = read_subject(session, table, tenancy.role.name);
    if (subject.tenants.size() < 2) continue;
    const std::string &a = subject.tenants[0].tenant, &b = subject.tenants[1].tenant;
    read_samples(session, subject, {a, b}, {});
    const Attempts attempts = IsolationStatements(subject, nobody, a, b).never_had_context();
    const auto results = run_attempts(session, leave, attempts);
    for (std::size_t i = 0; i < attempts.size(); ++i) {
      merge_probes(all[table.oid], judge_attempt(attempts[i], results[i]));
    }
  }
  return all;
}

}  // namespace drydock
