#include "harness/rehearse/queue_trial_holders.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <set>

#include "harness/base/sql_text.h"
#include "harness/base/text.h"
#include "harness/observe/leftovers.h"
#include "harness/sql/tokens.h"

namespace drydock {
namespace {

QueueTarget& target_for(const std::string& relation, LockedKind kind,
                        std::vector<QueueTarget>& targets) {
  for (QueueTarget& target : targets) {
    if (target.relation == relation) return target;
  }
  targets.push_back({relation, kind, {}, {}, false});
  return targets.back();
}

void add_lock(const HeldLock& lock, std::vector<QueueTarget>& targets) {
  if (lock.own) return;
  switch (lock.kind) {
    case LockedKind::kTable:
    case LockedKind::kView:
    case LockedKind::kMaterializedView:
      return target_for(lock.relation, lock.kind, targets).on_relation.push_back(lock.mode);
    case LockedKind::kIndex:
      if (lock.table.empty()) return;
      return target_for(lock.table, LockedKind::kTable, targets).on_indexes.push_back(lock.mode);
    default:
      return;  // nobody holds sequences and advisory keys for long
  }
}

/// The names in the statement behind which a table or an index can stand, as they are written:
/// "public.orders".
std::vector<std::string> names_behind_key_words(const std::string& statement) {
  const std::vector<Token> tokens = tokens_of(statement);
  const auto word = [&](std::size_t i) {
    return i < tokens.size() ? statement.substr(tokens[i].offset, tokens[i].length) : "";
  };
  std::vector<std::string> names;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const std::string key = to_lower(word(i));
    static const std::set<std::string> kKeys = {"on", "table", "index", "concurrently"};
    if (!kKeys.contains(key)) continue;
    std::size_t at = i + 1;
    for (std::string next = to_lower(word(at)); next == "only" || next == "if" || next == "exists";
         next = to_lower(word(at))) {
      ++at;
    }
    std::string name = word(at);
    while (word(at + 1) == ".") {
      name += "." + word(at + 2);
      at += 2;
    }
    names.push_back(name);
  }
  return names;
}

/// The table of that name, or of the index of that name; empty: there is none. Words that are no
/// names are none either.
std::string table_named(const std::string& name, Session& session) {
  const Reply can_be = session.send(fmt::format("select to_regclass({})", sql_text(name)),
                                    SteadyClock::now() + std::chrono::minutes(1));
  if (!can_be.ok) return "";
  const Rows rows = session.query(fmt::format(
      "select format('%I.%I', n.nspname, c.relname) from pg_class c "
      "join pg_namespace n on n.oid = c.relnamespace where c.relkind in ('r', 'p', 'm') and c.oid "
      "= coalesce((select indrelid from pg_index where indexrelid = to_regclass({0})), "
      "to_regclass({0}))",
      sql_text(name)));
  return rows.size() == 0 ? "" : std::string(rows.at(0, 0));
}

bool wants_against(LockMode held, const std::vector<LockMode>& wanted) {
  return std::any_of(wanted.begin(), wanted.end(),
                     [&](LockMode mode) { return conflict(held, mode); });
}

/// In a savepoint: false leaves the transaction as it was.
bool succeeds(Session& session, const std::string& sql) {
  session.query("SAVEPOINT attempt");
  const auto deadline = SteadyClock::now() + std::chrono::minutes(1);
  const bool ok = session.send(sql, deadline).ok;
  session.query(ok ? "RELEASE SAVEPOINT attempt" : "ROLLBACK TO SAVEPOINT attempt");
  return ok;
}

void hold_as_report(Session& session, const std::vector<QueueTarget>& targets) {
  session.query("BEGIN");
  int number = 0;
  for (const QueueTarget& target : targets) {
    const std::string cursor = fmt::format("report_{}", ++number);
    if (!succeeds(session, fmt::format("DECLARE {0} CURSOR FOR SELECT * FROM {1}; FETCH 1 FROM {0}",
                                       cursor, target.relation))) {
      session.query(fmt::format("SELECT FROM {} LIMIT 0", target.relation));
    }
  }
}

/// A column that an UPDATE may set to what it is.
std::optional<std::string> settable_column(Session& session, const std::string& table) {
  const Rows rows = session.query(fmt::format(
      "select quote_ident(attname) from pg_attribute where attrelid = {}::regclass and attnum > 0 "
      "and not attisdropped and attgenerated = '' and attidentity <> 'a' order by attnum limit 1",
      sql_text(table)));
  if (rows.size() == 0) return {};
  return std::string(rows.at(0, 0));
}

void hold_as_idle_client(Session& session, const std::vector<QueueTarget>& targets) {
  session.query("BEGIN");
  for (const QueueTarget& target : targets) {
    const std::optional<std::string> column = settable_column(session, target.relation);
    // Without triggers: what they would do is not what a client holds.
    const std::string update = fmt::format(
        "SET LOCAL session_replication_role = replica; UPDATE {0} SET {1} = {1} WHERE (tableoid, "
        "ctid) = (SELECT tableoid, ctid FROM {0} LIMIT 1)",
        target.relation, column.value_or(""));
    if (column && succeeds(session, update)) continue;
    session.query(fmt::format("LOCK TABLE {} IN ROW EXCLUSIVE MODE", target.relation));
  }
}

std::vector<std::string> all_tables(Session& session) {
  const Rows rows = session.query(
      "select format('%I.%I', n.nspname, c.relname) from pg_class c join pg_namespace n on n.oid = "
      "c.relnamespace where c.relkind in ('r', 'p') and c.relpersistence <> 't' and c.oid >= 16384 "
      "and n.nspname !~ '^pg_' order by 1");
  std::vector<std::string> names;
  for (int row = 0; row < rows.size(); ++row) names.emplace_back(rows.at(row, 0));
  return names;
}

std::string hold_as_dump(Session& session, const std::vector<QueueTarget>& targets) {
  session.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
  const std::vector<std::string> tables = all_tables(session);
  if (!tables.empty()) {
    session.query(fmt::format("LOCK TABLE {} IN ACCESS SHARE MODE", join(tables, ", ")));
  }
  return targets.empty() ? "" : targets.front().relation;
}

std::string hold_old_snapshot(Session& session, const std::vector<QueueTarget>& targets) {
  session.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
  std::string other = "pg_catalog.pg_class";
  for (const std::string& table : all_tables(session)) {
    const bool touched =
        std::any_of(targets.begin(), targets.end(),
                    [&](const QueueTarget& target) { return target.relation == table; });
    if (!touched) other = table;
  }
  session.query(fmt::format("SELECT FROM {} LIMIT 1", other));
  return other;
}

}  // namespace

std::vector<QueueTarget> queue_targets(const Phase& up, Session& session) {
  std::vector<QueueTarget> targets;
  for (const StatementRun& run : up.statements) {
    for (const HeldLock& lock : run.footprint.locks) add_lock(lock, targets);
    if (!works_concurrently(run.text)) continue;
    for (const std::string& name : names_behind_key_words(run.text)) {
      const std::string table = table_named(name, session);
      if (table.empty()) continue;
      target_for(table, LockedKind::kTable, targets).concurrently = true;
    }
  }
  return targets;
}

bool in_the_way(QueueHolder holder, const QueueTarget& target) {
  switch (holder) {
    case QueueHolder::kReport:
      return target.concurrently || wants_against(LockMode::kAccessShare, target.on_relation) ||
             wants_against(LockMode::kAccessShare, target.on_indexes);
    case QueueHolder::kIdleInTransaction:
      return target.kind == LockedKind::kTable &&
             (target.concurrently || wants_against(LockMode::kRowExclusive, target.on_relation) ||
              wants_against(LockMode::kRowExclusive, target.on_indexes));
    case QueueHolder::kDump:
      return target.kind == LockedKind::kTable &&
             (target.concurrently || wants_against(LockMode::kAccessShare, target.on_relation));
    case QueueHolder::kOldSnapshot:
      return target.concurrently;
  }
  return false;
}

std::string hold(Session& session, QueueHolder holder, const std::vector<QueueTarget>& targets) {
  session.query(
      "SET statement_timeout = 0; SET lock_timeout = 0; SET idle_in_transaction_session_timeout "
      "= 0");
  switch (holder) {
    case QueueHolder::kReport:
      hold_as_report(session, targets);
      break;
    case QueueHolder::kIdleInTransaction:
      hold_as_idle_client(session, targets);
      break;
    case QueueHolder::kDump:
      return hold_as_dump(session, targets);
    case QueueHolder::kOldSnapshot:
      return hold_old_snapshot(session, targets);
  }
  return targets.empty() ? "" : targets.front().relation;
}

}  // namespace drydock
