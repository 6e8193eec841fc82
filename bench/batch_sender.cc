#include "bench/batch_sender.h"

#include <fmt/format.h>

#include <bit>
#include <chrono>

#include "harness/base/error.h"
#include "harness/base/sql_text.h"
#include "harness/base/text.h"

namespace drydock {
namespace {

/// Rows of a batch that are looked at anew: one in a hundred that is never done is among them.
constexpr int kLookedAt = 1000;

/// Errors show this much of a statement.
constexpr std::size_t kShownSql = 400;

std::int64_t number_at(const Rows& rows, int column) {
  return std::stoll(std::string(rows.at(0, column)));
}

}  // namespace

std::int64_t send_statement(Session& session, const std::string& sql) {
  const auto far = SteadyClock::now() + std::chrono::hours(24 * 365);
  const Reply reply = session.send(sql, far);
  if (reply.interruption == Interruption::kCancelled) throw Cancelled();
  if (!reply.ok) {
    const std::string code =
        reply.error->sqlstate.empty() ? "" : fmt::format(" (SQLSTATE {})", reply.error->sqlstate);
    throw Error(fmt::format("{}{}{} in: {}", reply.error->message, code,
                            reply.error->detail.empty() ? "" : ": " + reply.error->detail,
                            shorten(one_line(sql), kShownSql)));
  }
  const std::size_t digits = reply.command_tag.find_last_not_of("0123456789") + 1;
  return digits < reply.command_tag.size() ? std::stoll(reply.command_tag.substr(digits)) : 0;
}

void throw_endless(const BackfillTarget& target, std::int64_t left, std::int64_t looked_at) {
  throw InputError(
      fmt::format("the backfill never ends: after SET {} of {} the condition {} is still true of {}"
                  " of {} that were just done",
                  target.set, target.table, target.where, left,
                  plural(static_cast<std::size_t>(looked_at), "row")),
      "Let the condition say which rows are to be done, so that SET makes it false for each of"
      " them: a column that SET can leave NULL needs a condition on what it is made of (AND"
      " lot_number IS NOT NULL).");
}

std::int64_t BatchSender::update(Session& session, const std::string& rows) {
  const std::string update = update_statement(target_, rows);
  const bool looks = look_ || std::has_single_bit(sent_ + 1);
  ++sent_;
  look_ = false;
  return looks ? update_and_look(session, update) : send_statement(session, update);
}

/// RETURNING could tell the condition at once, but by a snapshot from before the UPDATE where it
/// asks other rows: so only the places are returned, and asked about when the batch is committed.
std::int64_t BatchSender::update_and_look(Session& session, const std::string& update) {
  const Rows done = session.query(
      fmt::format("WITH done AS ({} RETURNING tableoid AS part, ctid AS place),"
                  " looked_at AS (SELECT part, place FROM done LIMIT {})"
                  " SELECT (SELECT count(*) FROM done), part, array_agg(place), count(*)"
                  " FROM looked_at GROUP BY part LIMIT 1",
                  update, kLookedAt));
  if (done.size() == 0) return 0;
  const Rows left = session.query(
      fmt::format("SELECT count(*) FROM {} WHERE tableoid = {} AND ctid = ANY ({}::tid[]) AND ({})",
                  target_.table, done.at(0, 1), sql_text(done.at(0, 2)), target_.where));
  if (number_at(left, 0) > 0) throw_endless(target_, number_at(left, 0), number_at(done, 3));
  return number_at(done, 0);
}

}  // namespace drydock
