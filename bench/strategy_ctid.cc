// By ranges of pages: the table is walked from its first page to the last that it had, and needs no
// key for it (TID range scans, PostgreSQL 14). What an UPDATE moves to another page is done
// already. What others moved meanwhile before it was done is found by its condition at the end.
#include <fmt/format.h>

#include <algorithm>
#include <atomic>

#include "bench/batch_sender.h"
#include "bench/loop_text.h"
#include "bench/strategies.h"
#include "harness/base/sql_text.h"

namespace drydock {
namespace {

std::string page_range(std::int64_t from, std::int64_t to) {
  return fmt::format("ctid >= '({},0)'::tid AND ctid < '({},0)'::tid", from, to);
}

std::string left_over(const BackfillTarget& target, std::int64_t count) {
  return fmt::format("ctid = ANY (ARRAY (SELECT ctid FROM {} WHERE ({}) LIMIT {}))", target.table,
                     target.where, count);
}

/// SQL: pages that hold so many rows, at least one.
std::string pages_of(std::int64_t rows) {
  return fmt::format("greatest(1, round({} * relpages / greatest(reltuples, 1)))::bigint", rows);
}

/// SQL: pages of the table now.
std::string pages_now(const BackfillTarget& target) {
  return fmt::format("(pg_relation_size({}::regclass) / current_setting('block_size')::bigint)",
                     sql_text(target.table));
}

class CtidWorker : public BackfillWorker {
 public:
  /// Pages [from, to), `step` of them a batch; `at_work`: workers that have pages left.
  CtidWorker(const BackfillTarget& target, std::int64_t batch_size, std::int64_t from,
             std::int64_t to, std::int64_t step, std::shared_ptr<std::atomic<int>> at_work)
      : sender_(target),
        batch_size_(batch_size),
        page_(from),
        end_(to),
        step_(step),
        at_work_(std::move(at_work)) {}

  std::optional<std::int64_t> next(Session& session) override {
    if (page_ < end_) {
      const std::int64_t from = page_;
      page_ = std::min(end_, page_ + step_);
      return sender_.update(session, page_range(from, page_));
    }
    if (!walked_) {
      walked_ = true;
      // The last one to come here picks up what is left; the others' pages are not done before.
      sweeps_ = --*at_work_ == 0;
      sender_.look_at_next();
    }
    if (!sweeps_) return std::nullopt;
    const std::int64_t rows = sender_.update(session, left_over(sender_.target(), batch_size_));
    // Not full: everything that the snapshot showed. What comes later keeps nobody going.
    sweeps_ = rows >= batch_size_;
    return rows;
  }

 private:
  BatchSender sender_;
  std::int64_t batch_size_, page_, end_, step_;
  std::shared_ptr<std::atomic<int>> at_work_;
  bool walked_ = false, sweeps_ = false;
};

}  // namespace

BackfillWorkers ctid_workers(Session& session, const BackfillTarget& target,
                             const BackfillVariant& variant) {
  const Rows size = session.query(
      fmt::format("SELECT {}, {} FROM pg_class WHERE oid = {}::regclass", pages_now(target),
                  pages_of(variant.batch_size), sql_text(target.table)));
  const std::int64_t pages = std::stoll(std::string(size.at(0, 0)));
  const std::int64_t step = std::stoll(std::string(size.at(0, 1)));
  const auto at_work = std::make_shared<std::atomic<int>>(variant.workers);
  BackfillWorkers workers;
  for (int i = 0; i < variant.workers; ++i) {
    workers.push_back(
        std::make_unique<CtidWorker>(target, variant.batch_size, pages * i / variant.workers,
                                     pages * (i + 1) / variant.workers, step, at_work));
  }
  return workers;
}

namespace {

/// As long as it gets fewer: rows of which the condition stays true, or that come as fast as they
/// are done, keep nobody going.
void sweep(const BackfillTarget& target, const BackfillVariant& variant, LoopText& loop) {
  loop.declare("undone bigint;");
  loop.declare("undone_before bigint;");
  loop.after("-- What others moved to another page before it was done.");
  loop.after("LOOP");
  loop.after(fmt::format("  SELECT count(*) INTO drydock_loop.undone FROM {} WHERE ({});",
                         target.table, target.where));
  loop.after("  EXIT WHEN workers > 1 OR undone = 0 OR undone >= undone_before;");
  loop.after("  undone_before := undone;");
  loop.after("  " + update_statement(target, left_over(target, variant.batch_size)) + ";");
  loop.after("  GET DIAGNOSTICS changed = ROW_COUNT;");
  loop.after_commit("  ");
  loop.after("END LOOP;");
}

}  // namespace

std::string ctid_loop(const BackfillTarget& target, const BackfillVariant& variant) {
  LoopText loop(target, variant);
  loop.declare_worker();
  loop.declare("page bigint;");
  loop.declare("pages bigint;");
  loop.declare("step bigint;");
  loop.prepare("-- As of the last ANALYZE, so that all workers see the same.");
  loop.prepare(
      fmt::format("SELECT relpages::bigint * (drydock_loop.worker - 1) / drydock_loop.workers,"
                  " CASE WHEN drydock_loop.worker < drydock_loop.workers"
                  " THEN relpages::bigint * drydock_loop.worker / drydock_loop.workers ELSE {} END,"
                  " {} INTO drydock_loop.page, drydock_loop.pages, drydock_loop.step"
                  " FROM pg_class WHERE oid = {}::regclass;",
                  pages_now(target), pages_of(variant.batch_size), sql_text(target.table)));
  loop.line("EXIT WHEN page >= pages;");
  loop.update(
      update_statement(target,
                       "ctid >= format('(%s,0)', drydock_loop.page)::tid"
                       " AND ctid < format('(%s,0)', least(drydock_loop.page + drydock_loop.step,"
                       " drydock_loop.pages))::tid"));
  loop.commit();
  loop.line("page := page + step;");
  sweep(target, variant, loop);
  return loop.text();
}

}  // namespace drydock
