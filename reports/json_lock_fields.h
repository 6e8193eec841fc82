// The part of run.json that tells what was seen of locks; see json_fields.h for the manner.
//
// A long history takes tens of thousands of locks, and nearly all of their fields say the ordinary
// thing: those are left out, and docs/report-format.md tells what their absence means.
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "harness/model/lock_evidence.h"
#include "reports/json_ref.h"

namespace drydock::json_format {

template <class A>
void describe(A& a, Ref<A, HeldLock> lock) {
  a.required("relation", lock.relation);
  a.unless("kind", lock.kind, LockedKind::kTable);
  a.unless("table", lock.table, std::string());
  a.required("mode", lock.mode);
  a.unless("rows", lock.rows, std::int64_t{-1});
  a.field("acquired_ms", lock.acquired_ms);
  a.unless("waited_ms", lock.waited_ms, 0.0);
  a.field("held_ms", lock.held_ms);
  a.unless("own", lock.own, false);
  a.unless("exact", lock.exact, true);
}

template <class A>
void describe(A& a, Ref<A, Rewrite> rewrite) {
  a.required("relation", rewrite.relation);
  a.unless("kind", rewrite.kind, LockedKind::kTable);
  a.unless("table", rewrite.table, std::string());
  a.field("reason", rewrite.reason);
  a.unless("rows", rewrite.rows, std::int64_t{-1});
}

using CountByTable = std::map<std::string, std::int64_t>;

/// {"public.orders": 2}, and in the same manner how many rows those tables had.
template <class A>
void describe_passes(A& a, Ref<A, std::vector<TablePass>> passes) {
  CountByTable counts, rows;
  for (const TablePass& pass : passes) {
    counts[pass.table] += pass.passes;
    if (pass.rows >= 0) rows[pass.table] = pass.rows;
  }
  a.unless("passes", counts, CountByTable());
  a.unless("pass_rows", rows, CountByTable());
  if constexpr (!A::kWrites) {
    for (const auto& [table, count] : counts) {
      const auto known = rows.find(table);
      passes.push_back({table,
                        static_cast<int>(std::clamp<std::int64_t>(count, INT32_MIN, INT32_MAX)),
                        known == rows.end() ? -1 : known->second});
    }
  }
}

/// Of a statement, beside its other fields.
template <class A>
void describe_footprint(A& a, Ref<A, Footprint> footprint) {
  a.unless("observed", footprint.observed, false);
  a.unless("own_commit", footprint.own_commit, false);
  a.unless("locks", footprint.locks, std::vector<HeldLock>());
  a.unless("rewrites", footprint.rewrites, std::vector<Rewrite>());
  describe_passes(a, footprint.passes);
  a.unless("wal_bytes", footprint.wal_bytes, std::int64_t{0});
  a.unless("temp_bytes", footprint.temp_bytes, std::int64_t{0});
  a.unless("lock_timeout_ms", footprint.lock_timeout_ms, 0.0);
}

template <class A>
void describe(A& a, Ref<A, Leftover> leftover) {
  a.required("object", leftover.object);
  a.field("what", leftover.what);
  a.field("accepted", leftover.accepted);
  a.field("statement", leftover.statement);
  a.field("file", leftover.file);
  a.field("line", leftover.line);
}

template <class A>
void describe(A& a, Ref<A, Latencies> latencies) {
  a.field("count", latencies.count);
  a.field("p50_ms", latencies.p50);
  a.field("p95_ms", latencies.p95);
  a.field("p99_ms", latencies.p99);
  a.field("longest_ms", latencies.longest);
  a.field("histogram", latencies.histogram);
}

template <class A>
void describe(A& a, Ref<A, ProbeResult> probe) {
  a.required("table", probe.table);
  a.required("operation", probe.operation);
  a.field("calm", probe.calm);
  a.field("under", probe.under);
  a.field("longest_stall_ms", probe.longest_stall_ms);
  a.field("blocked_by", probe.blocked_by);
  a.field("blocked_on", probe.blocked_on);
  a.field("statement", probe.statement);
  a.field("line", probe.line);
  a.field("problem", probe.problem);
}

template <class A>
void describe(A& a, Ref<A, TrafficTrial> trial) {
  a.field("ran", trial.ran);
  a.field("skipped", trial.skipped);
  a.field("duration_ms", trial.duration_ms);
  a.field("probes", trial.probes);
  a.field("failure", trial.failure);
  a.field("deadlock", trial.deadlock);
}

template <class A>
void describe(A& a, Ref<A, QueueAttempt> attempt) {
  a.required("holder", attempt.holder);
  a.field("relation", attempt.relation);
  a.field("gave_up", attempt.gave_up);
  a.field("waited_it_out", attempt.waited_it_out);
  a.field("waited_ms", attempt.waited_ms);
  a.field("sqlstate", attempt.sqlstate);
  a.field("stalled_ms", attempt.stalled_ms);
  a.field("second_try_ok", attempt.second_try_ok);
  a.field("second_error", attempt.second_error);
  a.field("left_behind", attempt.left_behind);
  a.field("statement", attempt.statement);
  a.field("file", attempt.file);
  a.field("line", attempt.line);
}

template <class A>
void describe(A& a, Ref<A, QueueTrial> trial) {
  a.field("ran", trial.ran);
  a.field("skipped", trial.skipped);
  a.field("attempts", trial.attempts);
}

template <class A>
void describe(A& a, Ref<A, InterruptedRun> run) {
  a.field("after_statement", run.after_statement);
  a.field("statement", run.statement);
  a.field("file", run.file);
  a.field("line", run.line);
  a.field("killed", run.killed);
  a.field("failure", run.failure);
  a.field("schema", run.schema);
  a.field("contents", run.contents);
}

template <class A>
void describe(A& a, Ref<A, InterruptionTrial> trial) {
  a.field("ran", trial.ran);
  a.field("skipped", trial.skipped);
  a.field("interruptions", trial.interruptions);
}

template <class A>
void describe(A& a, Ref<A, LockForecast::Point> point) {
  a.field("rows", point.rows);
  a.field("held_ms", point.held_ms);
}

template <class A>
void describe(A& a, Ref<A, LockForecast> forecast) {
  a.required("table", forecast.table);
  a.required("mode", forecast.mode);
  a.field("production_rows", forecast.production_rows);
  a.field("measured", forecast.measured);
  a.field("held_ms", forecast.held_ms);
  a.field("error_ms", forecast.error_ms);
  a.field("passes", forecast.passes);
  a.field("rewrite", forecast.rewrite);
  a.field("statement", forecast.statement);
  a.field("file", forecast.file);
  a.field("line", forecast.line);
}

template <class A>
void describe(A& a, Ref<A, LockEvidence> locks) {
  a.field("observed", locks.observed);
  a.field("leftovers", locks.leftovers);
  a.field("traffic", locks.traffic);
  a.field("queue", locks.queue);
  a.field("interruptions", locks.interruptions);
  a.field("forecasts", locks.forecasts);
}

}  // namespace drydock::json_format
