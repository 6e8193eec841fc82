#include "harness/observe/contents_transaction.h"

#include <fmt/format.h>

#include <charconv>
#include <utility>
#include <vector>

#include "harness/base/error.h"

namespace drydock {
namespace {

/// How values print, and nothing that could stop or bend a reading. Sorting and hashing of large
/// tables gets memory; compiling queries (jit) costs more than running most of them.
const std::vector<std::pair<const char*, const char*>> kSettings = {
    {"search_path", "pg_catalog"},
    {"DateStyle", "ISO, YMD"},
    {"IntervalStyle", "postgres"},
    {"TimeZone", "UTC"},
    {"extra_float_digits", "1"},
    {"bytea_output", "hex"},
    {"lc_monetary", "C"},
    {"quote_all_identifiers", "off"},
    {"row_security", "off"},
    {"statement_timeout", "0"},
    {"lock_timeout", "0"},
    {"client_min_messages", "error"},
    {"work_mem", "64MB"},
    {"jit", "off"},
    {"plan_cache_mode", "force_generic_plan"},
};

}  // namespace

ServerTraits traits_of(Session& session) {
  const Rows rows = session.query(
      "SELECT current_setting('server_version_num'), current_setting('is_superuser')");
  ServerTraits server;
  const std::string_view version = rows.at(0, 0);
  std::from_chars(version.data(), version.data() + version.size(), server.version);
  server.superuser = rows.at(0, 1) == "on";
  return server;
}

ContentsTransaction::ContentsTransaction(Session& session, const ServerTraits& server)
    : session_(session),
      server_(server),
      inside_another_(session.transaction() != TransactionState::kIdle) {}

ContentsTransaction::~ContentsTransaction() {
  if (!open_ || !session_.connected()) return;
  try {
    session_.query(inside_another_
                       ? "ROLLBACK TO SAVEPOINT drydock_contents; RELEASE drydock_contents"
                       : "ROLLBACK");
  } catch (const Error&) {
    // The next statement of this session meets the same trouble and tells it.
  }
}

std::string ContentsTransaction::opening() const {
  std::string sql =
      inside_another_
          ? "SAVEPOINT drydock_contents; SET LOCAL SESSION AUTHORIZATION DEFAULT;"
            " SELECT set_config('drydock.search_path', current_setting('search_path'), true);"
          : "BEGIN; SELECT set_config('drydock.search_path', current_setting('search_path'), "
            "true);";
  std::string settings;
  for (const auto& [name, value] : kSettings) {
    settings +=
        fmt::format("{}set_config('{}', '{}', true)", settings.empty() ? "" : ", ", name, value);
  }
  if (server_.superuser && server_.since(17)) {
    settings += ", set_config('event_triggers', 'off', true)";
  }
  return fmt::format("{} SELECT {};", sql, settings);
}

Rows ContentsTransaction::query(const std::string& sql) {
  if (open_) return session_.query(sql);
  open_ = true;
  return session_.query(opening() + sql);
}

std::vector<Rows> ContentsTransaction::query_all(const std::string& sql) {
  if (!open_) query("");
  return session_.query_all(sql);
}

void ContentsTransaction::silence_triggers() {
  if (!server_.superuser || silent_) return;
  query("SELECT set_config('session_replication_role', 'replica', true)");
  silent_ = true;
}

std::optional<Rows> ContentsTransaction::attempt(const std::string& sql, std::string* why) {
  query("SAVEPOINT drydock_attempt");
  try {
    std::vector<Rows> answers = session_.query_all(sql + "\n; RELEASE drydock_attempt");
    return std::move(answers.at(answers.size() - 2));
  } catch (const Cancelled&) {
    throw;
  } catch (const Error& error) {
    if (!session_.connected()) throw;
    // Without the statement, which is ours and means nothing to the reader.
    if (why != nullptr) *why = error.message().substr(0, error.message().find(" (SQLSTATE"));
    session_.query("ROLLBACK TO SAVEPOINT drydock_attempt; RELEASE drydock_attempt");
    return std::nullopt;
  }
}

std::optional<Rows> ContentsTransaction::attempt_as_user(const std::string& sql, std::string* why) {
  query("SELECT set_config('search_path', current_setting('drydock.search_path'), true)");
  auto rows = attempt(sql, why);
  query("SELECT set_config('search_path', 'pg_catalog', true)");
  return rows;
}

void ContentsTransaction::commit() {
  if (open_) session_.query("COMMIT");
  open_ = silent_ = false;
}

}  // namespace drydock
