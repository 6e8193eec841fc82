#include "harness/postgres/session.h"

#include <fmt/format.h>
#include <libpq-fe.h>
#include <poll.h>

#include <cerrno>
#include <cstdlib>
#include <set>

#include "harness/base/cancellation.h"
#include "harness/base/error.h"
#include "harness/base/text.h"

namespace drydock {
namespace {

/// A cancelled statement answers at once unless it is stuck where it cannot be interrupted.
constexpr auto kCancelGrace = std::chrono::seconds(5);

/// Errors about statements of our own show this much of them.
constexpr std::size_t kShownSql = 200;

struct ResultDeleter {
  void operator()(PGresult* result) const { PQclear(result); }
};
using Result = std::unique_ptr<PGresult, ResultDeleter>;

std::string field(const PGresult* result, int code) {
  const char* value = PQresultErrorField(result, code);
  return value == nullptr ? "" : value;
}

ServerError server_error(const PGresult* result) {
  ServerError error{field(result, PG_DIAG_SQLSTATE),       field(result, PG_DIAG_MESSAGE_PRIMARY),
                    field(result, PG_DIAG_MESSAGE_DETAIL), field(result, PG_DIAG_MESSAGE_HINT),
                    field(result, PG_DIAG_CONTEXT),        0,
                    field(result, PG_DIAG_SCHEMA_NAME),    field(result, PG_DIAG_TABLE_NAME),
                    field(result, PG_DIAG_COLUMN_NAME),    field(result, PG_DIAG_CONSTRAINT_NAME)};
  if (const std::string position = field(result, PG_DIAG_STATEMENT_POSITION); !position.empty()) {
    error.position = std::atoi(position.c_str());
  }
  if (error.message.empty()) error.message = trim(PQresultErrorMessage(result));
  return error;
}

class LibpqRows : public Rows::Impl {
 public:
  explicit LibpqRows(Result result) : result_(std::move(result)) {}
  int size() const override { return PQntuples(result_.get()); }
  int columns() const override { return PQnfields(result_.get()); }
  bool is_null(int row, int column) const override {
    return PQgetisnull(result_.get(), row, column) == 1;
  }
  std::string_view at(int row, int column) const override {
    return {PQgetvalue(result_.get(), row, column),
            static_cast<std::size_t>(PQgetlength(result_.get(), row, column))};
  }
  std::string_view name(int column) const override { return PQfname(result_.get(), column); }

 private:
  Result result_;
};

void take_notice(void* sink, const PGresult* notice) {
  static_cast<std::vector<std::string>*>(sink)->push_back(
      fmt::format("{}: {}", field(notice, PG_DIAG_SEVERITY_NONLOCALIZED),
                  field(notice, PG_DIAG_MESSAGE_PRIMARY)));
}

}  // namespace

struct Session::Impl {
  PGconn* connection = nullptr;
  std::vector<std::string> notices;
  std::set<std::string> prepared;

  ~Impl() { PQfinish(connection); }

  /// Waits until `ready()`, which must not block, is true. False: it will not be, and
  /// `reply.interruption` says why, unless poll itself failed. At `limit` the statement is
  /// cancelled, and `limit` moved to the end of the grace for its answer.
  template <typename Ready>
  bool wait_until(Ready ready, SteadyClock::time_point& limit, Reply& reply) {
    while (!ready()) {
      const auto left = std::chrono::ceil<std::chrono::milliseconds>(limit - SteadyClock::now());
      if (left.count() <= 0 || (cancelled() && reply.interruption == Interruption::kNone)) {
        if (reply.interruption != Interruption::kNone) return false;  // it does not even cancel
        reply.interruption = cancelled() ? Interruption::kCancelled : Interruption::kTimeout;
        cancel();
        limit = SteadyClock::now() + kCancelGrace;
        continue;
      }
      // While a cancellation is under way the flag stays readable: only the socket is waited for.
      const int stop = reply.interruption == Interruption::kNone ? cancellation_fd() : -1;
      pollfd watch[2] = {{PQsocket(connection), POLLIN, 0}, {stop, POLLIN, 0}};
      const long wait = std::min<long>(left.count(), 1000L * 60 * 60);
      if (::poll(watch, 2, static_cast<int>(wait)) < 0 && errno != EINTR) return false;
      if (watch[0].revents != 0 && PQconsumeInput(connection) == 0) return true;
    }
    return true;
  }

  void cancel() {
    PGcancel* handle = PQgetCancel(connection);
    if (handle == nullptr) return;
    char ignored[256];
    PQcancel(handle, ignored, sizeof ignored);
    PQfreeCancel(handle);
  }

  void feed_copy(const std::optional<std::string>& data) {
    if (!data) {
      PQputCopyEnd(connection, "this client has no data for COPY FROM stdin");
      return;
    }
    PQputCopyData(connection, data->data(), static_cast<int>(data->size()));
    PQputCopyEnd(connection, nullptr);
  }

  /// What a COPY TO stdout sends is read and dropped. False: as wait_until.
  bool drop_copy_output(SteadyClock::time_point& limit, Reply& reply) {
    const auto ended = [&] {
      char* row = nullptr;
      int got = 0;
      while ((got = PQgetCopyData(connection, &row, 1)) > 0) PQfreemem(row);
      return got < 0;
    };
    return wait_until(ended, limit, reply);
  }

  /// Ends a connection whose statement does not end: nothing more can be sent over it, and whoever
  /// waited for it would wait for ever. The server notices when it next writes to it.
  void give_up(Reply& reply) {
    if (!reply.error) reply.error = ServerError{};
    reply.error->message = "the statement does not stop when it is cancelled";
    PQfinish(connection);
    connection = nullptr;
  }

  /// As Session::send; `results` (may be null) gets each statement's, with rows or none.
  Reply send(const std::string& sql, SteadyClock::time_point deadline,
             const std::optional<std::string>& copy_data, std::vector<Result>* results) {
    Reply reply;
    notices.clear();
    const auto start = SteadyClock::now();
    SteadyClock::time_point limit = deadline;
    const auto has_result = [&] { return PQisBusy(connection) == 0; };
    bool answered = PQsendQuery(connection, sql.c_str()) == 1;
    while (answered && (answered = wait_until(has_result, limit, reply))) {
      Result result(PQgetResult(connection));
      if (!result) break;
      switch (PQresultStatus(result.get())) {
        case PGRES_COPY_IN:
          feed_copy(copy_data);
          break;
        case PGRES_COPY_OUT:
          answered = drop_copy_output(limit, reply);
          break;
        case PGRES_FATAL_ERROR:
        case PGRES_BAD_RESPONSE:
          // The first is the reason: a terminated backend's is followed by the socket's end.
          if (!reply.error) reply.error = server_error(result.get());
          break;
        default:
          reply.command_tag = PQcmdStatus(result.get());
          if (results != nullptr) results->push_back(std::move(result));
          break;
      }
    }
    reply.duration_ms = milliseconds_since(start);
    if (!answered && reply.interruption != Interruption::kNone) {
      give_up(reply);
    } else if (!answered || PQstatus(connection) != CONNECTION_OK) {
      if (!reply.error)
        reply.error = ServerError{.message = std::string(trim(PQerrorMessage(connection)))};
      if (reply.interruption == Interruption::kNone)
        reply.interruption = Interruption::kConnectionLost;
    }
    reply.notices = std::move(notices);
    reply.ok = !reply.error && reply.interruption == Interruption::kNone;
    return reply;
  }
};

Session::Session(const ConnectionInfo& info) : impl_(std::make_unique<Impl>()) {
  impl_->connection = PQconnectdb(info.conninfo.c_str());
  if (PQstatus(impl_->connection) != CONNECTION_OK) {
    throw Error(fmt::format("cannot connect: {}", trim(PQerrorMessage(impl_->connection))));
  }
  PQsetNoticeReceiver(impl_->connection, take_notice, &impl_->notices);
}

Session::~Session() = default;
Session::Session(Session&&) noexcept = default;
Session& Session::operator=(Session&&) noexcept = default;

Reply Session::send(const std::string& sql, SteadyClock::time_point deadline,
                    const std::optional<std::string>& copy_data) {
  return impl_->send(sql, deadline, copy_data, nullptr);
}

Rows Session::query(const std::string& sql) {
  std::vector<Rows> all = query_all(sql);
  return all.empty() ? Rows(std::make_shared<LibpqRows>(nullptr)) : std::move(all.back());
}

std::vector<Rows> Session::query_all(const std::string& sql) {
  std::vector<Result> results;
  const auto far = SteadyClock::now() + std::chrono::hours(24 * 365);
  const Reply reply = impl_->send(sql, far, {}, &results);
  if (reply.interruption == Interruption::kCancelled) throw Cancelled();
  if (!reply.ok) {
    const std::string code =
        reply.error->sqlstate.empty() ? "" : fmt::format(" (SQLSTATE {})", reply.error->sqlstate);
    throw Error(
        fmt::format("{}{} in: {}", reply.error->message, code, shorten(one_line(sql), kShownSql)));
  }
  std::vector<Rows> all;
  for (Result& result : results) {
    all.emplace_back(std::make_shared<LibpqRows>(std::move(result)));
  }
  return all;
}

void Session::prepare_once(const std::string& name, const std::string& sql) {
  if (impl_->prepared.contains(name)) return;
  query(fmt::format("PREPARE {} AS {}", name, sql));
  impl_->prepared.insert(name);
}

TransactionState Session::transaction() const {
  switch (PQtransactionStatus(impl_->connection)) {
    case PQTRANS_IDLE:
      return TransactionState::kIdle;
    case PQTRANS_INTRANS:
      return TransactionState::kOpen;
    case PQTRANS_INERROR:
      return TransactionState::kFailed;
    default:
      return TransactionState::kUnknown;
  }
}

int Session::backend_pid() const { return PQbackendPID(impl_->connection); }

bool Session::connected() const { return PQstatus(impl_->connection) == CONNECTION_OK; }

void Session::reset() {
  const auto run = [&](const char* sql) {
    const Result result(PQexec(impl_->connection, sql));
    if (PQresultStatus(result.get()) != PGRES_COMMAND_OK) {
      throw Error(
          fmt::format("cannot reset the session: {}", trim(PQerrorMessage(impl_->connection))));
    }
  };
  if (transaction() != TransactionState::kIdle) run("ROLLBACK");
  run("DISCARD ALL");
  impl_->prepared.clear();
  impl_->notices.clear();
}

}  // namespace drydock
