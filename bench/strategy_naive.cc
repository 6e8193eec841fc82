// The loop that is written first: the next rows for which the condition is true, by their key. Each
// batch reads past all rows that are done before it finds one that is not, so that the time of the
// whole grows with the square of the rows. With SKIP LOCKED several workers share one table, each
// taking rows that no other holds.
#include <fmt/format.h>

#include "bench/batch_sender.h"
#include "bench/loop_text.h"
#include "bench/strategies.h"
#include "harness/base/text.h"

namespace drydock {
namespace {

/// "id IN (SELECT id FROM t WHERE (condition) LIMIT 1000)"; `behind`: what stands behind LIMIT,
/// `order` before it.
std::string next_rows(const BackfillTarget& target, std::int64_t count, const std::string& order,
                      const std::string& behind) {
  return fmt::format("{} IN (SELECT {} FROM {} WHERE ({}){} LIMIT {}{})", key_of(target),
                     join(target.key, ", "), target.table, target.where, order, count, behind);
}

/// Those that somebody holds are waited for, always in the same order, so that two who wait do not
/// wait for each other.
std::string next_rows_waiting(const BackfillTarget& target, std::int64_t count) {
  return next_rows(target, count, " ORDER BY " + join(target.key, ", "), " FOR UPDATE");
}

/// A batch that is not full has found everything that its snapshot showed: what comes later does
/// not keep the loop going.
class NaiveWorker : public BackfillWorker {
 public:
  NaiveWorker(const BackfillTarget& target, const BackfillVariant& variant)
      : sender_(target), batch_size_(variant.batch_size) {}

  std::optional<std::int64_t> next(Session& session) override {
    if (through_) return std::nullopt;
    const std::int64_t rows =
        sender_.update(session, next_rows(sender_.target(), batch_size_, "", ""));
    through_ = rows < batch_size_;
    return rows;
  }

 private:
  BatchSender sender_;
  std::int64_t batch_size_;
  bool through_ = false;
};

/// Where a batch is not full, others may hold rows that are not done yet, and may still fail: the
/// next one waits for them.
class SkipLockedWorker : public BackfillWorker {
 public:
  SkipLockedWorker(const BackfillTarget& target, const BackfillVariant& variant)
      : sender_(target), batch_size_(variant.batch_size) {}

  std::optional<std::int64_t> next(Session& session) override {
    if (through_) return std::nullopt;
    const BackfillTarget& target = sender_.target();
    const std::int64_t rows = sender_.update(
        session, waits_ ? next_rows_waiting(target, batch_size_)
                        : next_rows(target, batch_size_, "", " FOR UPDATE SKIP LOCKED"));
    const bool full = rows >= batch_size_;
    through_ = waits_ && !full;
    waits_ = !full;
    return rows;
  }

 private:
  BatchSender sender_;
  std::int64_t batch_size_;
  bool waits_ = false, through_ = false;
};

}  // namespace

BackfillWorkers naive_workers(const BackfillTarget& target, const BackfillVariant& variant) {
  BackfillWorkers workers;
  workers.push_back(std::make_unique<NaiveWorker>(target, variant));
  return workers;
}

BackfillWorkers skip_locked_workers(const BackfillTarget& target, const BackfillVariant& variant) {
  BackfillWorkers workers;
  for (int i = 0; i < variant.workers; ++i) {
    workers.push_back(std::make_unique<SkipLockedWorker>(target, variant));
  }
  return workers;
}

namespace {

/// Rows of which the condition stays true would be done again and again.
void count_rows(const BackfillTarget& target, LoopText& loop) {
  loop.declare("total bigint;");
  loop.prepare(fmt::format("SELECT count(*) INTO drydock_loop.total FROM {} WHERE ({});",
                           target.table, target.where));
}

}  // namespace

std::string naive_loop(const BackfillTarget& target, const BackfillVariant& variant) {
  LoopText loop(target, variant);
  count_rows(target, loop);
  loop.update(update_statement(target, next_rows(target, variant.batch_size, "", "")));
  loop.commit();
  loop.line(fmt::format("EXIT WHEN changed < {} OR done > total;", variant.batch_size));
  return loop.text();
}

std::string skip_locked_loop(const BackfillTarget& target, const BackfillVariant& variant) {
  const std::int64_t count = variant.batch_size;
  LoopText loop(target, variant);
  if (variant.workers > 1) {
    loop.comment(fmt::format("Start it in {} sessions: each takes rows that no other holds.",
                             variant.workers));
  }
  count_rows(target, loop);
  loop.declare("waits boolean := false;  -- for rows that others hold");
  loop.line("IF waits THEN");
  loop.update(update_statement(target, next_rows_waiting(target, count)), "  ");
  loop.line("ELSE");
  loop.update(update_statement(target, next_rows(target, count, "", " FOR UPDATE SKIP LOCKED")),
              "  ");
  loop.line("END IF;");
  loop.commit();
  loop.line(fmt::format("EXIT WHEN (waits AND changed < {}) OR done > total;", count));
  loop.line(fmt::format("waits := changed < {};", count));
  return loop.text();
}

}  // namespace drydock
