#include "harness/observe/tenant_context.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "harness/base/text.h"
#include "harness/observe/context_candidates.h"
#include "harness/observe/context_setters.h"
#include "harness/observe/context_trials.h"
#include "harness/observe/isolation_attempts.h"
#include "harness/observe/isolation_probes.h"
#include "harness/observe/known_tenants.h"

namespace drydock {
namespace {

/// A context that no table of the first few shows is not found with the next hundred either.
constexpr std::size_t kTablesTried = 10;

constexpr const char* kRemedy =
    "; say in the scenario how the application asks for a tenant (isolation.context)";

/// A table on which contexts can be told apart.
struct TrialTable {
  const TenantTable* table = nullptr;
  std::string a, b;
};

using Seen = std::set<std::string>;

/// Everything that is not a tenant's: the empty, the malformed, the unknown.
void add_improper(TenantContext& found, const ContextSteps& steps, const std::string& tenant_type,
                  const std::string& user_type) {
  found.has_settings = !steps.settings.empty() || !steps.sql.empty();
  found.unknown_steps = fill_in(steps, unknown_value(tenant_type), unknown_value(user_type));
  found.malformed_steps = fill_in(steps, "not-a-tenant", "not-a-tenant");
  found.empty_steps = fill_in(steps, "", "");
  for (ContextSetting& each : found.empty_steps.settings) each.value.clear();
  for (ContextSteps* improper :
       {&found.empty_steps, &found.malformed_steps, &found.unknown_steps}) {
    improper->role.clear();  // a role is there or it is not
  }
}

class ContextFinder {
 public:
  ContextFinder(Session& session, const IsolationRules& rules, const Tenancy& tenancy)
      : session_(session), rules_(rules), tenancy_(tenancy), trials_(session, tenancy.role.name) {}

  TenantContext find() {
    choose_tables();
    const bool named =
        !rules_.settings.empty() || !rules_.context_sql.empty() || !rules_.context_role.empty();
    if (named) return from_scenario();
    if (tables_.empty()) {
      return problem(
          "no table with row security that the application's role may read has rows of two "
          "tenants, so no context can be tried");
    }
    const std::vector<std::string> texts = policy_texts(session_, tenancy_.tables);
    const ContextReads reads = context_reads(texts);
    if (auto found = by_value(tenant_templates(reads), "found in the policies")) return *found;
    const std::vector<ContextTemplate> setters = setter_templates(session_, reads);
    if (auto found = by_value(setters, "which sets what the policies read")) return *found;
    if (reads.role) {
      if (auto found = by_role()) return *found;
    }
    if (auto found = by_looking_up(reads, texts)) return *found;
    if (!loose_) by_deleting(tenant_templates(reads));
    if (loose_) return *loose_;
    return nothing_found(tenant_templates(reads));
  }

 private:
  void choose_tables() {
    std::vector<TrialTable> later;
    for (const TenantTable& table : tenancy_.tables) {
      const TableIsolation& facts = table.facts;
      const auto& privileges = facts.privileges;
      if (!facts.row_security || !facts.exempt.empty()) continue;
      if (std::find(privileges.begin(), privileges.end(), "SELECT") == privileges.end()) continue;
      const IsolationSubject subject = read_subject(session_, table, tenancy_.role.name);
      std::vector<std::string> tenants = tenants_of(subject);
      seen_tenants_.insert(tenants.begin(), tenants.end());
      if (tenants.size() < 2 || !subject.sees_whole_rows) continue;
      (facts.link == TenantLink::kColumn ? tables_ : later)
          .push_back({&table, tenants[0], tenants[1]});
      if (tables_.size() == kTablesTried) return;
    }
    tables_.insert(tables_.end(), later.begin(), later.end());
    if (tables_.size() > kTablesTried) tables_.resize(kTablesTried);
  }

  std::vector<std::string> tenants_of(const IsolationSubject& subject) const {
    std::vector<std::string> tenants;
    for (const std::string& each : rules_.tenants) {
      if (subject.rows_of(each) > 0) tenants.push_back(each);
    }
    if (!rules_.tenants.empty()) return tenants;
    for (const TenantRows& each : subject.tenants) tenants.push_back(each.tenant);
    return tenants;
  }

  TenantContext problem(const std::string& why) const {
    TenantContext none;
    none.problem = why;
    return none;
  }

  TenantContext from_scenario() {
    ContextTemplate named;
    std::vector<std::string> words;
    for (const auto& [name, value] : rules_.settings) {
      named.steps.settings.push_back({name, value});
      words.push_back("the setting " + name);
    }
    named.steps.sql = rules_.context_sql;
    named.steps.role = rules_.context_role;
    if (!rules_.context_sql.empty()) words.push_back("the statement " + rules_.context_sql);
    if (!rules_.context_role.empty()) words.push_back("the role " + rules_.context_role);
    named.words = join(words, ", ");
    if (auto found = by_value({named}, "named in the scenario")) return *found;
    if (loose_) return *loose_;
    if (!tables_.empty()) return nothing_found({named});
    return value_context(named, "named in the scenario", first_type());
  }

  std::string first_type() const {
    return tenancy_.tables.empty() ? "" : tenancy_.tables.front().tenant_type;
  }

  TenantContext value_context(const ContextTemplate& made, const std::string& source,
                              const std::string& type) const {
    TenantContext found;
    found.words = made.words + ", " + source;
    found.tenant_steps = made.steps;
    add_improper(found, made.steps, type, type);
    if (!made.steps.role.empty()) add_tenants_with_role(found);
    return found;
  }

  /// A tenant without a role of its own cannot be asked for.
  void add_tenants_with_role(TenantContext& found) const {
    const std::vector<std::string> roles = possible_roles(session_);
    for (const std::string& tenant : seen_tenants_) {
      const ContextSteps steps = fill_in(found.tenant_steps, tenant);
      if (std::find(roles.begin(), roles.end(), steps.role) == roles.end()) continue;
      found.looked_up.emplace_back(tenant, steps);
    }
  }

  /// The tenant's own value goes in. What shows exactly one tenant's rows is taken; what at least
  /// shows each its own and not the same to both is kept for when nothing else is found. One way
  /// after the other, and no further than the right one: a setting that was set once is never again
  /// missing in this session, and policies may read it.
  std::optional<TenantContext> by_value(const std::vector<ContextTemplate>& templates,
                                        const std::string& source) {
    for (const ContextTemplate& each : templates) {
      for (const TrialTable& trial : tables_) {
        const std::vector<Seen> seen = trials_.visible(
            *trial.table, {fill_in(each.steps, trial.a), fill_in(each.steps, trial.b)});
        const Seen &for_a = seen[0], &for_b = seen[1];
        if (first_seen_.empty()) note_first(trial, for_a, for_b);
        if (!for_a.contains(trial.a) || !for_b.contains(trial.b) || for_a == for_b) continue;
        TenantContext found = value_context(each, source, trial.table->tenant_type);
        if (for_a.size() == 1 && for_b.size() == 1) return found;
        if (!loose_) loose_ = std::move(found);
      }
    }
    return {};
  }

  /// Where everybody sees everything, what can be deleted tells whose context it is.
  void by_deleting(const std::vector<ContextTemplate>& templates) {
    for (const TrialTable& trial : tables_) {
      const auto& privileges = trial.table->facts.privileges;
      if (std::find(privileges.begin(), privileges.end(), "DELETE") == privileges.end()) continue;
      std::vector<ContextSteps> steps;
      for (const ContextTemplate& each : templates) {
        steps.push_back(fill_in(each.steps, trial.a));
        steps.push_back(fill_in(each.steps, trial.b));
      }
      const std::vector<Seen> gone = trials_.deletable(*trial.table, steps, {trial.a, trial.b});
      for (std::size_t i = 0; i < templates.size() && !loose_; ++i) {
        if (gone[2 * i] != Seen{trial.a} || gone[2 * i + 1] != Seen{trial.b}) continue;
        loose_ = value_context(templates[i], "found in the policies", trial.table->tenant_type);
      }
      if (loose_) return;
    }
  }

  void note_first(const TrialTable& trial, const Seen& for_a, const Seen& for_b) {
    first_seen_ = fmt::format("{} shows {} to tenant {} and {} to tenant {}",
                              trial.table->facts.table, tenants_words(for_a), trial.a,
                              for_a == for_b ? "the same" : tenants_words(for_b), trial.b);
  }

  static std::string tenants_words(const Seen& seen) {
    return seen.empty() ? "no row" : "rows of " + plural(seen.size(), "tenant");
  }

  std::optional<TenantContext> by_role() {
    std::vector<ContextSteps> steps;
    for (const std::string& role : possible_roles(session_)) steps.push_back({{}, "", role});
    for (const TrialTable& trial : tables_) {
      const std::vector<KnownTenant> known =
          known_tenants(steps, trials_.visible(*trial.table, steps));
      if (known.size() < 2) continue;
      return known_context(known, fmt::format("the current role: each tenant has its own, {} is "
                                              "{}'s, found in the policies",
                                              known[0].steps.role, known[0].tenant));
    }
    return {};
  }

  /// Who asks is looked up in a table: values of the columns that policies compare are tried.
  std::optional<TenantContext> by_looking_up(const ContextReads& reads,
                                             const std::vector<std::string>& texts) {
    const std::vector<ContextTemplate> templates = user_templates(reads);
    if (templates.empty()) return {};
    for (const LookupColumn& column : lookup_columns(session_, tenancy_.tables, texts)) {
      for (const TrialTable& trial : tables_) {
        for (const ContextTemplate& each : templates) {
          if (auto found = look_up(trial, each, column)) return found;
        }
      }
    }
    return {};
  }

  std::optional<TenantContext> look_up(const TrialTable& trial, const ContextTemplate& made,
                                       const LookupColumn& column) {
    std::vector<ContextSteps> steps;
    for (const std::string& value : column.values) {
      steps.push_back(fill_in(made.steps, trial.a, value));
      ContextSteps second = fill_in(made.steps, trial.b, value);
      const bool same =
          second.settings.size() == steps.back().settings.size() &&
          std::equal(second.settings.begin(), second.settings.end(), steps.back().settings.begin(),
                     [](const auto& x, const auto& y) { return x.value == y.value; });
      if (!same) steps.push_back(std::move(second));
    }
    const std::vector<KnownTenant> known =
        known_tenants(steps, trials_.visible(*trial.table, steps));
    if (known.size() < 2) return {};
    TenantContext found = known_context(
        known,
        fmt::format("{} with a value of {}, found in the policies", made.words, column.words));
    add_improper(found, made.steps, trial.table->tenant_type, column.type);
    return found;
  }

  TenantContext nothing_found(const std::vector<ContextTemplate>& templates) {
    if (templates.empty()) {
      const Seen seen = trials_.visible(*tables_.front().table, {ContextSteps{}}).front();
      return problem(fmt::format(
          "the policies read no setting, no claim and no role that tells tenants apart, so a "
          "context never changes what is visible: {} shows {} to everybody{}",
          tables_.front().table->facts.table, tenants_words(seen), kRemedy));
    }
    std::vector<std::string> words;
    for (const ContextTemplate& each : templates) {
      if (std::find(words.begin(), words.end(), each.words) == words.end()) {
        words.push_back(each.words);
      }
    }
    return problem(
        fmt::format("{} {} set to one tenant and to another, and no way was found in "
                    "which the rows of just one are visible: {}{}",
                    join(words, "; "), words.size() == 1 ? "was" : "were", first_seen_, kRemedy));
  }

  Session& session_;
  const IsolationRules& rules_;
  const Tenancy& tenancy_;
  ContextTrials trials_;
  std::vector<TrialTable> tables_;
  std::set<std::string> seen_tenants_;
  std::optional<TenantContext> loose_;
  std::string first_seen_;
};

}  // namespace

ContextSteps TenantContext::steps_for(const std::string& tenant) const {
  for (const auto& [value, steps] : looked_up) {
    if (value == tenant) return steps;
  }
  return looked_up.empty() ? fill_in(tenant_steps, tenant) : ContextSteps{};
}

bool TenantContext::knows(const std::string& tenant) const {
  if (!problem.empty()) return false;
  return looked_up.empty() || std::any_of(looked_up.begin(), looked_up.end(),
                                          [&](const auto& p) { return p.first == tenant; });
}

TenantContext find_context(Session& session, const IsolationRules& rules, const Tenancy& tenancy) {
  session.query("SAVEPOINT drydock_context");
  // Before anything is set: see TenantContext::never_had.
  auto never_had = probe_without_context(session, tenancy);
  TenantContext found = ContextFinder(session, rules, tenancy).find();
  // Where the application's role is one tenant's own, it always has a context.
  const bool always =
      std::any_of(found.looked_up.begin(), found.looked_up.end(),
                  [&](const auto& known) { return known.second.role == tenancy.role.name; });
  if (!always) found.never_had = std::move(never_had);
  session.query("ROLLBACK TO drydock_context; RELEASE drydock_context");
  return found;
}

}  // namespace drydock
