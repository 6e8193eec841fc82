#include "harness/rehearse/script_runner.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "harness/base/text.h"
#include "harness/rehearse/failure.h"
#include "harness/rehearse/statement_kind.h"
#include "harness/sql/split.h"

namespace drydock {
namespace {

/// Statement texts are evidence for people: a screenful is enough, the file has the rest.
constexpr std::size_t kTextLimit = 400;

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

/// The time since the phase began; it stands still while somebody looks.
class PhaseClock {
 public:
  double now_ms() const { return milliseconds_since(start_) - looking_ms_; }

  template <typename Look>
  void stand_still(Look look) {
    const auto from = SteadyClock::now();
    look();
    looking_ms_ += milliseconds_since(from);
  }

 private:
  SteadyClock::time_point start_ = SteadyClock::now();
  double looking_ms_ = 0;
};

/// `first` and then `second`, as if they had been one message of which only the first has a result.
Reply joined(Reply first, const Reply& second) {
  first.ok = second.ok;
  first.error = second.error;
  first.interruption = second.interruption;
  first.duration_ms += second.duration_ms;
  first.notices.insert(first.notices.end(), second.notices.begin(), second.notices.end());
  return first;
}

/// The server refused a block, or ending one inside a function: outside of one it may work.
bool wants_no_block(const Reply& reply) {
  return reply.error && (reply.error->sqlstate == "25001" || reply.error->sqlstate == "2D000");
}

class Runner {
 public:
  Runner(Session& session, SteadyClock::time_point deadline, Phase& phase,
         StatementObserver* observer)
      : session_(session), deadline_(deadline), phase_(phase), observer_(observer) {}

  /// What the scripts left open ends here.
  void finish() {
    const double duration_ms = clock_.now_ms();
    if (in_block()) {
      roll_back();
      tell_transaction_ended();
    }
    phase_.duration_ms = duration_ms;
    look([&] { observer_->phase_ended(session_, phase_); });
  }

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
    const bool was_open = in_block();
    const Reply reply = session_.send(sql, deadline_);
    if (was_open && !in_block()) tell_transaction_ended();
    if (reply.ok) {
      note_commit();
      return true;
    }
    phase_.undone = !committed_;
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
    const bool was_open = in_block();
    StatementRun run;
    run.file = file_of(query);
    const std::size_t first = query.text.find_first_not_of(" \t\r\n", offset);
    run.line = query.line + line_column(query.text, std::min(first, query.text.size())).line - 1;
    run.text = shorten(one_line(sql), kTextLimit);
    const Reply reply = observer_ != nullptr && !was_open && same_inside_block(sql)
                            ? answer_in_block(query, sql, run)
                            : answer(query, sql, run);
    if (reply.ok) note_commit();
    if (!reply.ok) phase_.undone = !committed_ && (was_open || undoes_itself(sql));
    write_down(reply, run);
    phase_.statements.push_back(run);
    if (was_open ? !in_block() || ends_transaction(sql) : !in_block()) tell_transaction_ended();
    if (!reply.ok) record_failure(reply, {file_of(query), query.text, query.line, sql, offset});
  }

  void write_down(const Reply& reply, StatementRun& run) const {
    run.duration_ms = reply.duration_ms;
    run.notices = reply.notices;
    run.failed = !reply.ok;
    run.kind.clear();
    run.rows.reset();
    if (reply.ok) read_command_tag(reply.command_tag, run);
  }

  Reply answer(const Query& query, const std::string& sql, StatementRun& run) {
    look([&] { observer_->before(session_, sql, in_block()); });
    run.started_ms = clock_.now_ms();
    const Reply reply = session_.send(sql, deadline_, query.copy_data);
    write_down(reply, run);
    look([&] { observer_->after(session_, in_block(), run); });
    return reply;
  }

  /// Behind a BEGIN in the same message, which costs less than one of its own.
  Reply begin_with(const Query& query, const std::string& sql, StatementRun& run) {
    static const std::string kBegin = "BEGIN; ";
    look([&] { observer_->before(session_, sql, true); });
    run.started_ms = clock_.now_ms();
    Reply reply = session_.send(kBegin + sql, deadline_, query.copy_data);
    if (reply.error && reply.error->position > 0) {
      reply.error->position -= static_cast<int>(kBegin.size());
    }
    write_down(reply, run);
    return reply;
  }

  /// A statement that stands alone is held open until its locks were read: between a BEGIN and a
  /// COMMIT of ours. To the script the COMMIT is a part of the statement: constraints that are
  /// deferred to the end fail there.
  Reply answer_in_block(const Query& query, const std::string& sql, StatementRun& run) {
    Reply reply = begin_with(query, sql, run);
    if (wants_no_block(reply) && session_.connected()) {
      roll_back();
      return answer(query, sql, run);
    }
    look([&] { observer_->after(session_, in_block(), run); });
    if (reply.ok) return joined(reply, session_.send("COMMIT", deadline_));
    roll_back();
    return reply;
  }

  void roll_back() {
    if (in_block()) session_.send("ROLLBACK", SteadyClock::now() + std::chrono::seconds(60));
  }

  bool in_block() const {
    return session_.connected() && session_.transaction() != TransactionState::kIdle;
  }

  template <typename Look>
  void look(Look at) {
    if (observer_ != nullptr) clock_.stand_still(at);
  }

  void tell_transaction_ended() {
    if (observer_ == nullptr) return;
    phase_.duration_ms = clock_.now_ms();
    look([&] { observer_->transaction_ended(phase_); });
  }

  /// Outside a block, what was just sent is there for good.
  void note_commit() {
    committed_ = committed_ || session_.transaction() == TransactionState::kIdle;
  }

  void record_failure(const Reply& reply, const SentText& sent) {
    phase_.error = make_failure(reply, sent);
    phase_.outcome = outcome_of(reply);
  }

  void fail_open_transaction() {
    phase_.outcome = PhaseOutcome::kFailed;
    phase_.undone = !committed_;
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
  StatementObserver* observer_;  ///< null: nobody looks
  PhaseClock clock_;
  const Script* script_ = nullptr;
  bool committed_ = false;  ///< something of the phase is there for good
  bool implicit_ = false;   ///< the open transaction stands for the server's implicit one
};

}  // namespace

Phase run_scripts(PhaseName name, const std::vector<Script>& scripts, Session& session,
                  std::chrono::milliseconds limit, StatementObserver* observer) {
  Phase phase;
  phase.name = name;
  phase.outcome = PhaseOutcome::kOk;
  if (observer != nullptr) observer->phase_begins(session);
  const auto start = SteadyClock::now();
  Runner runner(session, limit.count() > 0 ? start + limit : start + std::chrono::hours(24 * 365),
                phase, observer);
  for (const Script& script : scripts) {
    runner.run(script);
    if (runner.failed()) break;
  }
  runner.finish();
  return phase;
}

}  // namespace drydock
