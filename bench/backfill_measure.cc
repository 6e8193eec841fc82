#include "bench/backfill_measure.h"

#include <fmt/format.h>

#include <optional>

#include "harness/base/error.h"
#include "harness/base/sql_text.h"
#include "harness/base/text.h"
#include "harness/observe/latencies.h"

namespace drydock {
namespace {

/// Traffic alone, right before: long enough for p99 of some hundred operations.
constexpr auto kCalm = std::chrono::milliseconds(400);

double number(const Rows& rows, int column) {
  return rows.is_null(0, column) ? 0 : std::stod(std::string(rows.at(0, column)));
}

/// The server's counters of the table and of itself, at one moment.
struct Counters {
  double wal = 0, read = 0, hit = 0, bytes = 0, dead = 0, hot = 0, checkpoints = 0;
};

Counters read_counters(Session& session, const std::string& table) {
  const bool checkpointer =
      session.query("SELECT pg_catalog.to_regclass('pg_catalog.pg_stat_checkpointer') IS NOT NULL")
          .at(0, 0) == "t";
  session.query("SELECT pg_catalog.pg_stat_clear_snapshot()");
  const Rows rows = session.query(fmt::format(
      "SELECT pg_catalog.pg_wal_lsn_diff(pg_catalog.pg_current_wal_insert_lsn(), '0/0'), "
      "coalesce(i.heap_blks_read + i.idx_blks_read, i.heap_blks_read), "
      "coalesce(i.heap_blks_hit + i.idx_blks_hit, i.heap_blks_hit), "
      "pg_catalog.pg_total_relation_size(i.relid), t.n_dead_tup, t.n_tup_hot_upd, {} "
      "FROM pg_catalog.pg_statio_all_tables i JOIN pg_catalog.pg_stat_all_tables t USING (relid) "
      "WHERE i.relid = {}::pg_catalog.regclass",
      checkpointer
          ? "(SELECT num_timed + num_requested FROM pg_catalog.pg_stat_checkpointer)"
          : "(SELECT checkpoints_timed + checkpoints_req FROM pg_catalog.pg_stat_bgwriter)",
      sql_text(table)));
  Counters counters;
  counters.wal = number(rows, 0);
  counters.read = number(rows, 1);
  counters.hit = number(rows, 2);
  counters.bytes = number(rows, 3);
  counters.dead = number(rows, 4);
  counters.hot = number(rows, 5);
  counters.checkpoints = number(rows, 6);
  return counters;
}

void take_counters(const Counters& before, const Counters& after, BackfillRun& run) {
  run.wal_bytes = after.wal - before.wal;
  run.buffers_read = after.read - before.read;
  run.buffers_hit = after.hit - before.hit;
  run.bytes_before = static_cast<std::int64_t>(before.bytes);
  run.bytes_after = static_cast<std::int64_t>(after.bytes);
  run.dead_tuples = static_cast<std::int64_t>(after.dead - before.dead);
  run.hot_updates = static_cast<std::int64_t>(after.hot - before.hot);
  run.checkpoints = static_cast<int>(after.checkpoints - before.checkpoints);
}

bool writes(ProbeOperation operation) {
  return operation != ProbeOperation::kSelect && operation != ProbeOperation::kPlan;
}

/// An operation that was under way when the backfill began belongs to it.
void tell_traffic(const std::vector<Probe>& probes, SteadyClock::time_point began,
                  SteadyClock::time_point ended, BackfillRun& run) {
  std::vector<double> calm[2], under[2];
  std::size_t calm_count = 0, under_count = 0;
  SteadyClock::time_point first = began;
  for (const Probe& probe : probes) {
    for (const ProbeSample& sample : probe.samples) {
      first = std::min(first, sample.due);
      if (sample.due > ended) continue;
      const auto took = std::chrono::duration<double, std::milli>(sample.latency_ms);
      const bool before = sample.due + took < began;
      (before ? calm : under)[writes(probe.statement.operation)].push_back(sample.latency_ms);
      ++(before ? calm_count : under_count);
    }
  }
  const auto rate = [](std::size_t count, SteadyClock::duration span) {
    const double seconds = std::chrono::duration<double>(span).count();
    return seconds > 0 ? static_cast<double>(count) / seconds : 0;
  };
  run.calm_traffic_per_second = rate(calm_count, began - first);
  run.traffic_per_second = rate(under_count, ended - began);
  run.calm_reads = summarise(std::move(calm[0]));
  run.calm_writes = summarise(std::move(calm[1]));
  run.reads = summarise(std::move(under[0]));
  run.writes = summarise(std::move(under[1]));
}

void take_driven(const DrivenBackfill& driven, BackfillRun& run) {
  run.seconds = driven.seconds;
  run.rows = driven.rows;
  run.batches = driven.batches;
  run.batch = driven.batch;
  run.first_tenth_s = driven.first_tenth_s;
  run.last_tenth_s = driven.last_tenth_s;
  run.lock_wait_ms = driven.lock_wait_ms;
}

/// In a database that is ready.
BackfillRun measure_in(BackfillStage& stage, const ScratchDatabase& database,
                       const BackfillVariant& variant, bool with_traffic, Calibration* calibration,
                       const BackfillProgress& progress) {
  BackfillRun run;
  if (calibration != nullptr) calibration->measure();
  const ConnectionInfo where = stage.administrator(database);
  Session session(where);
  std::optional<TrafficProbes> traffic;
  if (with_traffic && !stage.traffic().empty()) {
    traffic.emplace(where, stage.traffic(), stage.rule().operations_per_second);
    traffic->start(kCalm);
  }
  const Counters before = read_counters(session, stage.target().table);
  const auto began = SteadyClock::now();
  try {
    take_driven(drive(where, stage.target(), variant, stage.rows(), progress), run);
  } catch (const InputError&) {
    throw;
  } catch (const Cancelled&) {
    throw;
  } catch (const Error& error) {
    run.problem = error.message();
  }
  const auto ended = SteadyClock::now();
  if (traffic) {
    traffic->stop();
    tell_traffic(traffic->probes(), began, ended, run);
    traffic.reset();
  }
  if (calibration != nullptr) calibration->measure();
  take_counters(before, read_counters(session, stage.target().table), run);
  if (run.problem.empty()) {
    run.problem = verify_backfill(session, stage.target(), stage.done_print());
  }
  return run;
}

}  // namespace

BackfillRun measure_backfill(BackfillStage& stage, const BackfillVariant& variant,
                             Calibration* calibration, const BackfillProgress& progress) {
  const auto database = stage.copy();
  return measure_in(stage, *database, variant, true, calibration, progress);
}

BackfillRun measure_with_fillfactor(BackfillStage& stage, const BackfillVariant& variant,
                                    int fillfactor) {
  const auto database = stage.copy();
  {
    Session session(stage.administrator(*database));
    session.query(
        fmt::format("ALTER TABLE {} SET (fillfactor = {})", stage.target().table, fillfactor));
    session.query("VACUUM FULL " + stage.target().table);
    session.query("VACUUM (FREEZE, ANALYZE) " + stage.target().table);
    session.query("CHECKPOINT");
  }
  return measure_in(stage, *database, variant, false, nullptr, {});
}

HotAdvice read_hot(BackfillStage& stage) {
  const auto database = stage.copy();
  Session session(stage.administrator(*database));
  std::string columns;
  for (const std::string& column : stage.target().assigned) {
    columns += (columns.empty() ? "" : ", ") + sql_text(column);
  }
  // pg_depend has the columns of a key, of its expressions and of its predicate alike.
  const Rows indexes = session.query(fmt::format(
      "SELECT DISTINCT c.relname FROM pg_catalog.pg_index i "
      "JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid "
      "JOIN pg_catalog.pg_depend d ON d.objid = i.indexrelid "
      "AND d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.refobjid = i.indrelid "
      "JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = d.refobjsubid "
      "WHERE i.indrelid = {}::pg_catalog.regclass AND a.attname IN ({}) ORDER BY 1",
      sql_text(stage.target().table), columns.empty() ? "''" : columns));
  HotAdvice hot;
  hot.eligible = indexes.size() == 0;
  for (int i = 0; i < indexes.size(); ++i) {
    hot.indexes += (i == 0 ? "" : ", ") + std::string(indexes.at(i, 0));
  }
  const Rows fill = session.query(fmt::format(
      "SELECT coalesce((SELECT option_value FROM pg_catalog.pg_options_to_table(c.reloptions) "
      "WHERE option_name = 'fillfactor'), '100') FROM pg_catalog.pg_class c "
      "WHERE c.oid = {}::pg_catalog.regclass",
      sql_text(stage.target().table)));
  hot.fillfactor = std::stoi(std::string(fill.at(0, 0)));
  return hot;
}

}  // namespace drydock
