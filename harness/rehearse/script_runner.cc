#include "harness/rehearse/script_runner.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "harness/base/text.h"
#include "harness/rehearse/failure.h"
#include "harness/sql/split.h"

namespace drydock {
namespace {

/// Statement texts are evidence for people: a screenful is enough, the file has the rest.
constexpr std::size_t kTextLimit = 400;

std::string first_word(std::string_view statement) {
  std::size_t end = 0;
  while (end < statement.size() && std::isalpha(static_cast<unsigned char>(statement[end]))) ++end;
  return to_lower(statement.substr(0, end));
}

bool opens_transaction(std::string_view statement) {
  const std::string word = first_word(statement);
  return word == "begin" || word == "start";
}

/// Statements that the server treats otherwise in an implicit block than in the one we would open.
bool needs_real_implicit_block(const std::vector<Statement>& statements) {
  for (const Statement& statement : statements) {
    const std::string word = first_word(statement.text);
    if (opens_transaction(statement.text)) return false;
    if (word == "savepoint" || word == "release") return true;
    if ((word == "commit" || word == "end" || word == "rollback" || word == "abort") &&
        to_lower(statement.text).find("chain") != std::string::npos) {
      return true;
    }
  }
  return false;
}

/// "INSERT 0 5" to "INSERT" and 5.
void read_command_tag(const std::string& tag, StatementRun& run) {
  const std::size_t digits = tag.find_first_of("0123456789");
  run.kind = trim(tag.substr(0, digits));
  if (digits == std::string::npos) return;
  run.rows = std::strtoll(tag.substr(tag.find_last_of(' ') + 1).c_str(), nullptr, 10);
}

class Runner {
 public:
  Runner(Session& session, SteadyClock::time_point deadline, Phase& phase)
      : session_(session), deadline_(deadline), phase_(phase) {}

  void run(const Script& script) {
    script_ = &script;
    if (script.refusal) return refuse();
    if (script.queries.empty()) return;
    if (script.in_transaction && !control("BEGIN")) return;
    for (const Query& query : script.queries) {
      run_query(query);
      if (failed()) return;
    }
    if (script.in_transaction) {
      if (session_.transaction() != TransactionState::kIdle) control("COMMIT");
    } else if (session_.transaction() != TransactionState::kIdle) {
      fail_open_transaction();
    }
  }

  bool failed() const { return phase_.error.has_value(); }

 private:
  void refuse() {
    phase_.outcome = PhaseOutcome::kFailed;
    Failure failure;
    failure.message = *script_->refusal;
    failure.file = script_->path;
    failure.line = script_->refusal_line;
    phase_.error = failure;
  }

  /// The protocol ends a message's text at its first NUL; what stands behind it would be lost.
  void refuse_nul(const Query& query) {
    phase_.outcome = PhaseOutcome::kFailed;
    Failure failure;
    failure.message =
        "the script has a NUL byte: PostgreSQL cannot be sent it (is the file UTF-16?)";
    failure.file = script_->path;
    failure.line = query.line + line_column(query.text, query.text.find('\0')).line - 1;
    failure.remedy = "Save the file as UTF-8.";
    phase_.error = failure;
  }

  /// A statement of the tool's own. False: it failed, the phase says how.
  bool control(const std::string& sql) {
    const Reply reply = session_.send(sql, deadline_);
    if (reply.ok) return true;
    const Query& last = script_->queries.back();
    const int line =
        last.line + static_cast<int>(std::count(last.text.begin(), last.text.end(), '\n'));
    record_failure(reply, {script_->path, sql, line, sql, 0});
    if (phase_.error) phase_.error->message += fmt::format(" (at the tool's own {})", sql);
    return false;
  }

  void run_query(const Query& query) {
    if (query.text.find('\0') != std::string::npos) return refuse_nul(query);
    const SplitResult split = split_statements(query.text);
    const std::vector<Statement>& statements = split.statements;
    if (statements.empty()) return;
    const bool starts_idle = session_.transaction() == TransactionState::kIdle;
    const bool several = statements.size() > 1;
    const bool unknown = !split.parse_error.empty() && several;
    if (unknown || (several && starts_idle && needs_real_implicit_block(statements))) {
      return send_whole(query, split);
    }
    for (const Statement& statement : statements) {
      if (several && session_.transaction() == TransactionState::kIdle &&
          !opens_transaction(statement.text)) {
        implicit_ = true;
        if (!control("BEGIN")) return;
      }
      if (opens_transaction(statement.text)) implicit_ = false;
      send(query, statement.text, statement.offset);
      if (failed()) return;
      if (session_.transaction() == TransactionState::kIdle) implicit_ = false;
    }
    if (implicit_ && session_.transaction() != TransactionState::kIdle) control("COMMIT");
    implicit_ = false;
  }

  void send_whole(const Query& query, const SplitResult& split) {
    send(query, query.text, 0);
    if (failed()) return;
    phase_.notes.push_back(
        split.parse_error.empty()
            ? fmt::format("{}:{}: sent as one message, not statement by statement: SAVEPOINT and "
                          "AND CHAIN behave otherwise there",
                          script_->path, query.line)
            : fmt::format("{}:{}: sent as one message: the grammar of PostgreSQL 15 does not know "
                          "it ({}), so its statements are not told apart",
                          script_->path, query.line + split.error_line - 1, split.parse_error));
  }

  /// The file that `query` stands in: included files have their own.
  const std::string& file_of(const Query& query) const {
    return query.file.empty() ? script_->path : query.file;
  }

  void send(const Query& query, const std::string& sql, std::size_t offset) {
    const Reply reply = session_.send(sql, deadline_, query.copy_data);
    StatementRun run;
    run.file = file_of(query);
    const std::size_t first = query.text.find_first_not_of(" \t\r\n", offset);
    run.line = query.line + line_column(query.text, std::min(first, query.text.size())).line - 1;
    run.text = shorten(one_line(sql), kTextLimit);
    run.duration_ms = reply.duration_ms;
    run.notices = reply.notices;
    run.failed = !reply.ok;
    if (reply.ok) read_command_tag(reply.command_tag, run);
    phase_.statements.push_back(run);
    if (!reply.ok) record_failure(reply, {file_of(query), query.text, query.line, sql, offset});
  }

  void record_failure(const Reply& reply, const SentText& sent) {
    phase_.error = make_failure(reply, sent);
    phase_.outcome = outcome_of(reply);
  }

  void fail_open_transaction() {
    phase_.outcome = PhaseOutcome::kFailed;
    Failure failure;
    failure.message =
        "the script ends inside a transaction that it began: nothing of it is committed";
    failure.file = script_->path;
    for (const StatementRun& run : phase_.statements) {
      if (opens_transaction(run.text)) failure.line = run.line;
    }
    failure.remedy = "Add the missing COMMIT.";
    phase_.error = failure;
  }

  Session& session_;
  SteadyClock::time_point deadline_;
  Phase& phase_;
  const Script* script_ = nullptr;
  bool implicit_ = false;  ///< the open transaction stands for the server's implicit one
};

}  // namespace

Phase run_scripts(PhaseName name, const std::vector<Script>& scripts, Session& session,
                  std::chrono::milliseconds limit) {
  Phase phase;
  phase.name = name;
  phase.outcome = PhaseOutcome::kOk;
  const auto start = SteadyClock::now();
  Runner runner(session, limit.count() > 0 ? start + limit : start + std::chrono::hours(24 * 365),
                phase);
  for (const Script& script : scripts) {
    runner.run(script);
    if (runner.failed()) break;
  }
  phase.duration_ms = milliseconds_since(start);
  if (session.connected() && session.transaction() != TransactionState::kIdle) {
    session.send("ROLLBACK", SteadyClock::now() + std::chrono::seconds(60));
  }
  return phase;
}

}  // namespace drydock
