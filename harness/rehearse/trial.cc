#include "harness/rehearse/trial.h"

#include <fmt/format.h>

#include <array>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/data/sql_words.h"
#include "harness/rehearse/failure.h"
#include "harness/sql/split.h"

namespace drydock {
namespace {

/// The session has settings of its own for looking; the scripts are to meet the ones they would
/// meet: the defaults, and what ALTER DATABASE and ALTER ROLE say.
constexpr const char* kDefaultSettings =
    "set local search_path to default; "
    "set local timezone to default; set local datestyle to default; "
    "set local intervalstyle to default; set local extra_float_digits to default; "
    "set local bytea_output to default";

constexpr const char* kRoleSettings =
    "select set_config(left(c, strpos(c, '=') - 1), substr(c, strpos(c, '=') + 1), true) "
    "from pg_db_role_setting s, unnest(setconfig) c where setrole = (select oid from pg_roles "
    "where rolname = {}) and setdatabase in (0, (select oid from pg_database where datname = "
    "current_database())) order by setdatabase";

constexpr const char* kFacts =
    "select current_setting('is_superuser') = 'on', (select "
    "string_agg(format('%I.%I', nspname, conname), ', ') from pg_constraint c "
    "join pg_namespace n on n.oid = connamespace where condeferred), "
    "exists (select from pg_db_role_setting where setrole <> 0)";

enum class Kind { kPlain, kTransactionControl, kCannotMatter, kRollback };

/// Statements that begin or end transactions are left out; so are those that do nothing to rows and
/// that the server refuses in a transaction.
Kind kind_of(const std::string& statement) {
  const std::string text = to_lower(one_line(statement.substr(0, 200)));
  const auto begins = [&](std::string_view word) {
    return text == word || text.starts_with(std::string(word) + " ") ||
           text.starts_with(std::string(word) + ";");
  };
  for (const char* word : {"begin", "start transaction", "commit", "end"}) {
    if (begins(word)) return Kind::kTransactionControl;
  }
  if ((begins("rollback") || begins("abort")) && !text.starts_with("rollback to")) {
    return Kind::kRollback;
  }
  // The session has statements of its own prepared.
  for (const char* word : {"vacuum", "checkpoint", "alter system", "discard", "deallocate"}) {
    if (begins(word)) return Kind::kCannotMatter;
  }
  return Kind::kPlain;
}

/// What only the surrounding transaction can be blamed for (PostgreSQL docs, appendix A): a
/// statement that cannot be in one, a COMMIT in a procedure, a new enum value used too soon, a
/// table with pending trigger events.
bool blames_transaction(const std::string& sqlstate) {
  static constexpr std::array<std::string_view, 4> kStates = {"25001", "2D000", "55P04", "55006"};
  return std::find(kStates.begin(), kStates.end(), sqlstate) != kStates.end();
}

/// CREATE INDEX CONCURRENTLY does to rows what CREATE INDEX does, and that can be in a transaction.
std::string without_concurrently(const std::string& statement) {
  std::string text = statement;
  const std::string lower = to_lower(text);
  static constexpr std::string_view kWord = "concurrently";
  for (const char* word : {"create", "drop", "reindex", "refresh", "alter"}) {
    if (!lower.starts_with(word)) continue;
    const std::size_t at = lower.find(kWord);
    if (at != std::string::npos && at < 200) text.erase(at, kWord.size());
    break;
  }
  return text;
}

}  // namespace

Trial::Trial(Session& session, std::string role, std::chrono::milliseconds limit)
    : session_(session),
      role_(std::move(role)),
      deadline_(SteadyClock::now() +
                (limit.count() > 0 ? limit : std::chrono::milliseconds(std::chrono::hours(24)))) {
  session_.prepare_once("drydock_trial_facts", kFacts);
  const Rows facts =
      session_.query(fmt::format("begin; {}; execute drydock_trial_facts", kDefaultSettings));
  superuser_ = facts.at(0, 0) == "t";
  roles_have_settings_ = facts.at(0, 2) == "t";
  if (!facts.is_null(0, 1)) {
    defer_ = fmt::format("; set constraints {} deferred", facts.at(0, 1));
  }
}

Trial::~Trial() {
  if (!session_.connected()) return;
  try {
    clean_up();
  } catch (const Error&) {
    // Who uses the session next finds the connection lost, or the user wants to stop.
  }
}

/// What a rollback leaves of a script in the session; not DISCARD ALL, which would take the images,
/// nor what the session's own user prepared.
void Trial::clean_up() {
  const Rows theirs = session_.query(
      "rollback; select pg_advisory_unlock_all(); unlisten *; close all; "
      "select string_agg(format('deallocate %I', name), '; ') from pg_prepared_statements "
      "where name not like 'drydock\\_%'");
  if (!theirs.is_null(0, 0)) session_.query(std::string(theirs.at(0, 0)));
}

std::vector<TrialRows> Trial::write_all(const std::vector<TrialRows>& rows) {
  if (rows.size() > 1) {
    std::vector<std::string> statements;
    for (const TrialRows& some : rows) statements.push_back(some.sql);
    if (write({"", join(statements, "; "), 0, ""})) return rows;
  }
  std::vector<TrialRows> written;
  for (const TrialRows& some : rows) {
    if (write(some)) written.push_back(some);
  }
  return written;
}

bool Trial::write(const TrialRows& rows) {
  const Reply reply = session_.send(fmt::format("savepoint written; {}; set constraints all "
                                                "immediate; release savepoint written{}",
                                                rows.sql, defer_),
                                    deadline_);
  if (reply.ok) return true;
  if (!session_.connected()) throw Error("the connection was lost while rows were tried");
  session_.query("rollback to savepoint written; release savepoint written");
  return false;
}

void Trial::take_role() {
  if (role_.empty()) return;
  const std::string settings =
      roles_have_settings_ ? fmt::format(kRoleSettings, sql_text(role_)) + "; " : "";
  // Only a superuser can be somebody else altogether; others can take on a role.
  session_.query(settings + (superuser_ ? "set local session authorization " : "set local role ") +
                 sql_name(role_));
}

void Trial::leave_role() {
  if (role_.empty()) return;
  session_.query(superuser_ ? "set local session authorization default" : "set local role none");
}

TrialOutcome Trial::run(const std::vector<Script>& scripts) {
  take_role();
  for (const Script& script : scripts) {
    if (script.refusal) return {{}, "the tool refuses the script"};
    for (const Query& query : script.queries) {
      TrialOutcome outcome = run_query(script, query);
      if (!outcome.ran_through()) return outcome;
    }
  }
  const Reply committed = session_.send("set constraints all immediate", deadline_);
  if (!committed.ok) {
    const Script& last = scripts.back();
    const std::string text = last.queries.empty() ? "" : last.queries.back().text;
    return {make_failure(committed, {last.path, text, 1, text, 0}), {}};
  }
  leave_role();
  return {};
}

TrialOutcome Trial::run_query(const Script& script, const Query& query) {
  const SplitResult split = split_statements(query.text);
  for (const Statement& statement : split.statements) {
    const Kind kind = kind_of(statement.text);
    if (kind == Kind::kRollback) return {{}, "the script has a ROLLBACK of its own"};
    if (kind == Kind::kCannotMatter) continue;
    // Where the script commits, constraints that were put off are held to.
    const std::string sql = kind == Kind::kTransactionControl
                                ? "set constraints all immediate" + defer_
                                : without_concurrently(statement.text);
    const Reply reply = session_.send(sql, deadline_, query.copy_data);
    if (reply.ok) continue;
    Failure failure =
        make_failure(reply, {query.file.empty() ? script.path : query.file, query.text, query.line,
                             statement.text, statement.offset});
    if (outcome_of(reply) == PhaseOutcome::kErrored || blames_transaction(failure.sqlstate)) {
      return {{}, failure.message};
    }
    return {std::move(failure), {}};
  }
  return {};
}

}  // namespace drydock
