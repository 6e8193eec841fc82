#include "harness/rehearse/role_faithful_trial.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <regex>

#include "harness/base/sql_text.h"
#include "harness/base/text.h"
#include "harness/rehearse/contents_prints.h"
#include "harness/rehearse/reason_of_failure.h"

namespace drydock {
namespace {

/// The command tag of what writes rows and tells how many.
bool counts_rows(const StatementRun& run) {
  return run.rows && (run.kind == "UPDATE" || run.kind == "DELETE" || run.kind == "INSERT" ||
                      run.kind == "MERGE" || run.kind == "COPY");
}

/// Rows may be written in it, and nothing tells how many.
bool may_write_unseen(const StatementRun& run) {
  return run.kind == "DO" || run.kind == "CALL" || run.kind == "SELECT" ||
         run.kind == "CREATE TABLE AS" || run.kind == "SELECT INTO" ||
         run.kind == "REFRESH MATERIALIZED VIEW" || run.kind == "CREATE MATERIALIZED VIEW";
}

/// Whether the scripts say themselves for which tenant they work: with BYPASSRLS a loop over
/// tenants does everybody's rows in its first round, which tells nothing.
bool sets_context(const std::vector<Script>& scripts) {
  static const std::regex kSetsCustom(R"(set_config\s*\(|\bset\s+(local\s+|session\s+)?\w+\.\w+)",
                                      std::regex::icase);
  for (const Script& script : scripts) {
    for (const Query& query : script.queries) {
      if (std::regex_search(query.text, kSetsCustom)) return true;
    }
  }
  return false;
}

/// The role has BYPASSRLS for a while. Roles belong to the server; nobody else of ours uses it
/// meanwhile.
class Unbound {
 public:
  Unbound(Session& session, const std::string& role) : session_(session), role_(sql_name(role)) {
    session_.query("ALTER ROLE " + role_ + " BYPASSRLS");
  }
  ~Unbound() {
    try {
      session_.query("ALTER ROLE " + role_ + " NOBYPASSRLS");
    } catch (const Error&) {
      // Without a server there is no such role; Cancelled comes again with the next statement.
    }
  }
  Unbound(const Unbound&) = delete;
  Unbound& operator=(const Unbound&) = delete;

 private:
  Session& session_;
  std::string role_;
};

class Comparison {
 public:
  Comparison(const StagingGround& ground, const Phase& up) : ground_(ground), up_(up) {}

  void run(RoleFaithfulTrial& trial) {
    StagedUp staged(ground_);
    untouched_ = staged.untouched();
    const Phase unbound = run_unbound(staged, trial.role);
    if (unbound.outcome != PhaseOutcome::kOk) {
      trial.skipped = "with BYPASSRLS the up does not run through on a copy of the database" +
                      (unbound.error ? ": " + unbound.error->message : "");
      return;
    }
    trial.ran = true;
    compare_counts(unbound, trial);
    if (trial.hidden.empty()) compare_contents(staged, trial);
  }

 private:
  Phase run_unbound(StagedUp& staged, const std::string& role) {
    Session administrator = staged.administer();
    const Unbound scope(administrator, role);
    return staged.run();
  }

  void compare_counts(const Phase& unbound, RoleFaithfulTrial& trial) const {
    const std::size_t count = std::min(up_.statements.size(), unbound.statements.size());
    for (std::size_t i = 0; i < count; ++i) {
      const StatementRun& bound = up_.statements[i];
      const StatementRun& free = unbound.statements[i];
      if (!counts_rows(bound) || !free.rows || bound.rows == free.rows) continue;
      trial.hidden.push_back({bound.text, bound.file, bound.line, *bound.rows, *free.rows, ""});
    }
  }

  /// Where no count can tell: rows that a second run by the same role makes otherwise (random ids,
  /// the clock) tell nothing.
  void compare_contents(const StagedUp& staged, RoleFaithfulTrial& trial) {
    const auto opaque =
        std::find_if(up_.statements.begin(), up_.statements.end(), may_write_unseen);
    if (opaque == up_.statements.end()) return;
    const ContentsPrints bound = contents_as_role(staged.contents(*untouched_));
    const ContentsPrints unbound = staged.contents(*untouched_, bound);
    std::vector<std::string> words;
    for (const auto& [table, print] : unbound) {
      const std::string difference = contents_difference(table, unbound, bound);
      if (difference.empty()) continue;
      if (again_.empty()) again_ = contents_as_role(bound);
      if (contents_difference(table, bound, again_).empty()) words.push_back(difference);
    }
    if (words.empty()) return;
    trial.hidden.push_back({opaque->text, opaque->file, opaque->line, 0, 0, join(words, "; ")});
  }

  /// Of what it touched, and of the tables in `also`.
  ContentsPrints contents_as_role(const ContentsPrints& also) const {
    StagedUp staged(ground_);
    staged.run();
    return staged.contents(*untouched_, also);
  }

  const StagingGround& ground_;
  const Phase& up_;
  std::optional<CopyPrints> untouched_;
  ContentsPrints again_;
};

}  // namespace

std::vector<std::string> tables_that_bind(const Workbench& workbench) {
  Session session = workbench.administer();
  session.query("SET ROLE " + sql_name(workbench.role()));
  const Rows rows = session.query(
      "SELECT pg_catalog.format('%I.%I', n.nspname, c.relname) FROM pg_catalog.pg_class c "
      "JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace "
      "WHERE c.relrowsecurity AND pg_catalog.row_security_active(c.oid) ORDER BY 1");
  std::vector<std::string> tables;
  for (int i = 0; i < rows.size(); ++i) tables.emplace_back(rows.at(i, 0));
  return tables;
}

RoleFaithfulTrial try_without_row_security(const StagingGround& ground, const Phase& up,
                                           const std::vector<std::string>& binding) {
  RoleFaithfulTrial trial;
  trial.role = ground.workbench.role();
  if (binding.empty()) {
    trial.skipped = "row security binds " + trial.role + " on no table";
    return trial;
  }
  const bool writes = std::any_of(
      up.statements.begin(), up.statements.end(),
      [](const StatementRun& run) { return counts_rows(run) || may_write_unseen(run); });
  if (!writes) {
    trial.skipped = "the up writes no rows";
    return trial;
  }
  if (sets_context(ground.migration.up)) {
    trial.skipped = "the up sets a tenant's context itself";
    return trial;
  }
  const std::string why = reason_of_failure([&] { Comparison(ground, up).run(trial); });
  if (!why.empty()) trial.skipped = why;
  return trial;
}

}  // namespace drydock
