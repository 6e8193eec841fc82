// By ranges of the key: from the first key of a batch, the index tells the first one of the next,
// and what lies between is done. Nothing is read twice, whatever the key is made of.
//
// Ranges are of all rows, done or not, so that a batch reads as little as it writes even where few
// rows are to be done. A run that was stopped goes on at the first row that is to be done.
#include <fmt/format.h>

#include <string_view>

#include "bench/batch_sender.h"
#include "bench/loop_text.h"
#include "bench/strategies.h"
#include "harness/base/sql_text.h"
#include "harness/base/text.h"

namespace drydock {
namespace {

/// A row of the key's columns as a value to compare the key with; empty without a row.
std::string key_value(const BackfillTarget& target, const Rows& rows) {
  if (rows.size() == 0) return "";
  std::vector<std::string> values;
  for (int i = 0; i < rows.columns(); ++i) {
    values.push_back(sql_text(rows.at(0, i)) +
                     "::" + target.key_types[static_cast<std::size_t>(i)]);
  }
  return values.size() == 1 ? values[0] : "(" + join(values, ", ") + ")";
}

/// The key of the row `skip` rows on among `rows` (a condition, "true": all).
std::string select_key(const BackfillTarget& target, const std::string& rows, std::int64_t skip) {
  const std::string columns = join(target.key, ", ");
  return fmt::format("SELECT {} FROM {} WHERE {} ORDER BY {} OFFSET {} LIMIT 1", columns,
                     target.table, rows, columns, skip);
}

std::string select_last_key(const BackfillTarget& target) {
  return fmt::format("SELECT {} FROM {} ORDER BY {} LIMIT 1", join(target.key, ", "), target.table,
                     join(target.key, " DESC, ") + " DESC");
}

class KeysetWorker : public BackfillWorker {
 public:
  /// `range`: a condition on the key.
  KeysetWorker(const BackfillTarget& target, std::int64_t batch_size, std::string range)
      : sender_(target), batch_size_(batch_size), range_(std::move(range)) {}

  std::optional<std::int64_t> next(Session& session) override {
    const BackfillTarget& target = sender_.target();
    if (!begun_) {
      begun_ = true;
      from_ = key_value(target, session.query(select_key(
                                    target, fmt::format("{} AND ({})", range_, target.where), 0)));
    }
    if (from_.empty()) return std::nullopt;
    const std::string rest = fmt::format("{} >= {} AND {}", key_of(target), from_, range_);
    const std::string to = key_value(target, session.query(select_key(target, rest, batch_size_)));
    const std::string rows =
        to.empty() ? rest : fmt::format("{0} >= {1} AND {0} < {2}", key_of(target), from_, to);
    const std::int64_t changed = sender_.update(session, rows);
    from_ = to;
    return changed;
  }

 private:
  BatchSender sender_;
  std::int64_t batch_size_;
  std::string range_;
  std::string from_;  ///< first key of the next batch; empty: through
  bool begun_ = false;
};

/// The server's estimate, which costs nothing; counted where there is none.
double count_rows(Session& session, const BackfillTarget& target) {
  const double estimate = std::stod(
      std::string(session
                      .query(fmt::format("SELECT reltuples FROM pg_class WHERE oid = {}::regclass",
                                         sql_text(target.table)))
                      .at(0, 0)));
  if (estimate > 0) return estimate;
  return std::stod(std::string(session.query("SELECT count(*) FROM " + target.table).at(0, 0)));
}

/// Keys at which one worker's range ends and the next one's begins.
std::vector<std::string> inner_bounds(Session& session, const BackfillTarget& target, int workers) {
  std::vector<std::string> bounds;
  if (workers < 2) return bounds;
  const double rows = count_rows(session, target);
  for (int i = 1; i < workers; ++i) {
    const auto skip = static_cast<std::int64_t>(rows * i / workers);
    std::string bound = key_value(target, session.query(select_key(target, "true", skip)));
    if (!bound.empty()) bounds.push_back(std::move(bound));
  }
  return bounds;
}

}  // namespace

BackfillWorkers keyset_workers(Session& session, const BackfillTarget& target,
                               const BackfillVariant& variant) {
  BackfillWorkers workers;
  const std::string key = key_of(target);
  // Up to the last row of now: a table that grows as fast as the loop goes would never end.
  const std::string last = key_value(target, session.query(select_last_key(target)));
  if (last.empty()) return workers;
  const std::vector<std::string> bounds = inner_bounds(session, target, variant.workers);
  std::string lower;
  for (std::size_t i = 0; i <= bounds.size(); ++i) {
    const bool last_one = i == bounds.size();
    const std::string upper =
        fmt::format("{} {} {}", key, last_one ? "<=" : "<", last_one ? last : bounds[i]);
    workers.push_back(std::make_unique<KeysetWorker>(target, variant.batch_size, lower + upper));
    if (!last_one) lower = fmt::format("{} >= {} AND ", key, bounds[i]);
  }
  return workers;
}

namespace {

/// A key in variables: "drydock_loop.low_1", or several in brackets.
std::string variables(const BackfillTarget& target, const std::string& name, bool brackets) {
  std::vector<std::string> names;
  for (std::size_t i = 1; i <= target.key.size(); ++i) {
    names.push_back(fmt::format("drydock_loop.{}_{}", name, i));
  }
  return brackets && names.size() > 1 ? "(" + join(names, ", ") + ")" : join(names, ", ");
}

/// The same query, its row into variables.
std::string into(const BackfillTarget& target, const std::string& select, const std::string& name) {
  const std::size_t from = std::string_view("SELECT ").size() + join(target.key, ", ").size();
  return select.substr(0, from) + " INTO " + variables(target, name, false) + select.substr(from) +
         ";";
}

std::string at_share(const BackfillTarget& target, const std::string& share) {
  const std::string columns = join(target.key, ", ");
  return fmt::format(
      "SELECT {0} FROM {1} ORDER BY {0}"
      " OFFSET floor(drydock_loop.total * {2} / drydock_loop.workers)::bigint LIMIT 1",
      columns, target.table, share);
}

void declare_keys(const BackfillTarget& target, LoopText& loop) {
  for (const char* name : {"first", "last", "low", "high"}) {
    for (std::size_t i = 0; i < target.key.size(); ++i) {
      loop.declare(fmt::format("{}_{} {};", name, i + 1, target.key_types[i]));
    }
  }
  loop.declare("total double precision;");
}

/// The range of this worker, and where in it a run before this one stopped.
void find_range(const BackfillTarget& target, const std::string& range, LoopText& loop) {
  loop.prepare("-- As of the last ANALYZE, so that all workers see the same.");
  loop.prepare(
      fmt::format("SELECT greatest(reltuples, 0) INTO drydock_loop.total FROM pg_class"
                  " WHERE oid = {}::regclass;",
                  sql_text(target.table)));
  loop.prepare(into(target, at_share(target, "(drydock_loop.worker - 1)"), "first"));
  loop.prepare("IF worker < workers THEN");
  loop.prepare("  " + into(target, at_share(target, "drydock_loop.worker"), "last"));
  loop.prepare("END IF;");
  loop.prepare("IF last_1 IS NULL THEN");
  loop.prepare("  " + into(target, select_last_key(target), "last"));
  loop.prepare("END IF;");
  loop.prepare(
      into(target, select_key(target, fmt::format("{} AND ({})", range, target.where), 0), "low"));
}

}  // namespace

std::string keyset_loop(const BackfillTarget& target, const BackfillVariant& variant) {
  const std::string key = key_of(target);
  const auto compared = [&](const char* operation, const char* name) {
    return fmt::format("{} {} {}", key, operation, variables(target, name, true));
  };
  const std::string rest = compared(">=", "low") + " AND " + compared("<=", "last");
  LoopText loop(target, variant);
  loop.declare_worker();
  declare_keys(target, loop);
  find_range(target, compared(">=", "first") + " AND " + compared("<=", "last"), loop);
  loop.line("EXIT WHEN low_1 IS NULL;");
  loop.line(into(target, select_key(target, rest, variant.batch_size), "high"));
  loop.line("IF high_1 IS NULL THEN");
  loop.update(update_statement(target, rest), "  ");
  loop.line("ELSE");
  loop.update(update_statement(target, compared(">=", "low") + " AND " + compared("<", "high")),
              "  ");
  loop.line("END IF;");
  loop.commit();
  for (std::size_t i = 1; i <= target.key.size(); ++i) {
    loop.line(fmt::format("low_{0} := high_{0};", i));
  }
  return loop.text();
}

}  // namespace drydock
