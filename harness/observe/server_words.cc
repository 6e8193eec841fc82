#include "harness/observe/server_words.h"

#include <fmt/format.h>

#include "harness/base/error.h"

namespace drydock {
namespace {

constexpr const char* kQueryCancelled = "57014";

constexpr const char* kSettings =
    "SET LOCAL enable_indexscan = off; SET LOCAL enable_bitmapscan = off;"
    "SET LOCAL client_min_messages = notice; SET LOCAL statement_timeout = '1s'";

}  // namespace

std::vector<std::string> ServerWords::lines() const {
  std::vector<std::string> all = notices;
  if (error) all.push_back(fmt::format("{} ({})", error->message, error->sqlstate));
  return all;
}

ServerWords words_of_server(Session& session, const std::string& enter, const std::string& sql) {
  const std::string back = "ROLLBACK TO SAVEPOINT drydock_words; RELEASE SAVEPOINT drydock_words";
  ServerWords words;
  session.query("SAVEPOINT drydock_words");
  try {
    session.query_all(enter + ";" + kSettings);
    Reply reply = session.send(sql, SteadyClock::now() + std::chrono::hours(24));
    if (reply.interruption == Interruption::kCancelled) throw Cancelled();
    const bool waited = reply.error && reply.error->sqlstate == kQueryCancelled;
    if (!waited) words = {std::move(reply.notices), std::move(reply.error)};
  } catch (const Cancelled&) {
    throw;
  } catch (const Error&) {
    words = {};
  }
  session.query_all(back);
  return words;
}

std::string without_indexes(const std::string& sql) {
  return "SET enable_indexscan = off; SET enable_bitmapscan = off; " + sql;
}

}  // namespace drydock
