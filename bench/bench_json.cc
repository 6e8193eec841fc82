#include "bench/bench_json.h"

#include <fmt/format.h>

#include <array>
#include <nlohmann/json.hpp>

#include "bench/backfill_analysis.h"
#include "harness/base/error.h"
#include "harness/base/text.h"

namespace drydock {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kSchemaVersion = 1;

constexpr std::array<BackfillStrategy, 6> kStrategies = {
    BackfillStrategy::kSingle, BackfillStrategy::kNaive, BackfillStrategy::kSkipLocked,
    BackfillStrategy::kKeyset, BackfillStrategy::kCtid,  BackfillStrategy::kAsWritten};

BackfillStrategy strategy_of(const std::string& text) {
  for (const BackfillStrategy strategy : kStrategies) {
    if (text == word(strategy)) return strategy;
  }
  throw Error("there is no strategy " + text);
}

/// One table of fields for both directions: `visit(name, member)`.
template <class Run, class Visit>
void each_counter(Run& run, Visit visit) {
  visit("rows", run.rows);
  visit("batches", run.batches);
  visit("seconds", run.seconds);
  visit("first_tenth_s", run.first_tenth_s);
  visit("last_tenth_s", run.last_tenth_s);
  visit("wal_bytes", run.wal_bytes);
  visit("buffers_read", run.buffers_read);
  visit("buffers_hit", run.buffers_hit);
  visit("dead_tuples", run.dead_tuples);
  visit("hot_updates", run.hot_updates);
  visit("bytes_before", run.bytes_before);
  visit("bytes_after", run.bytes_after);
  visit("checkpoints", run.checkpoints);
  visit("lock_wait_ms", run.lock_wait_ms);
  visit("traffic_per_second", run.traffic_per_second);
  visit("calm_traffic_per_second", run.calm_traffic_per_second);
}

template <class Run, class Visit>
void each_latency(Run& run, Visit visit) {
  visit("batch", run.batch);
  visit("reads", run.reads);
  visit("writes", run.writes);
  visit("calm_reads", run.calm_reads);
  visit("calm_writes", run.calm_writes);
}

template <class Some, class Visit>
void each_percentile(Some& latencies, Visit visit) {
  visit("count", latencies.count);
  visit("p50_ms", latencies.p50);
  visit("p95_ms", latencies.p95);
  visit("p99_ms", latencies.p99);
  visit("max_ms", latencies.longest);
}

std::string benchmark_name(const BackfillResult& backfill, const BackfillVariant& variant) {
  return fmt::format("{}/{}/batch:{}/pause_ms:{}/workers:{}/manual_time", backfill.name,
                     word(variant.strategy), variant.batch_size, variant.pause_ms, variant.workers);
}

Json repetition(const BackfillResult& backfill, std::size_t family, const BackfillPoint& point,
                std::size_t index) {
  const BackfillRun& run = point.runs[index];
  const std::string name = benchmark_name(backfill, point.variant);
  Json json = {{"name", name},
               {"family_index", family},
               {"per_family_instance_index", 0},
               {"run_name", name},
               {"run_type", "iteration"},
               {"repetitions", point.runs.size()},
               {"repetition_index", index},
               {"threads", 1}};
  if (!run.problem.empty()) {
    json["error_occurred"] = true;
    json["error_message"] = run.problem;
  }
  json["iterations"] = 1;
  json["real_time"] = run.seconds * 1000;
  json["cpu_time"] = run.seconds * 1000;
  json["time_unit"] = "ms";
  if (run.seconds > 0) json["items_per_second"] = static_cast<double>(run.rows) / run.seconds;
  json["backfill"] = backfill.name;
  json["strategy"] = word(point.variant.strategy);
  json["batch_size"] = point.variant.batch_size;
  json["pause_ms"] = point.variant.pause_ms;
  json["workers"] = point.variant.workers;
  each_counter(run, [&](const char* field, const auto& value) { json[field] = value; });
  each_latency(run, [&](const char* prefix, const Latencies& latencies) {
    each_percentile(latencies, [&](const char* field, const auto& value) {
      json[fmt::format("{}_{}", prefix, field)] = value;
    });
  });
  return json;
}

Json variant_json(const BackfillVariant& variant) {
  return {{"strategy", word(variant.strategy)},
          {"batch_size", variant.batch_size},
          {"pause_ms", variant.pause_ms},
          {"workers", variant.workers}};
}

Json budgets_json(const BackfillBudgets& budgets) {
  Json json = {{"slower", budgets.slower}};
  const auto add = [&](const char* name, const std::optional<double>& value) {
    if (value) json[name] = *value;
  };
  add("stall_p99_ms", budgets.stall_p99_ms);
  add("rows_per_second", budgets.rows_per_second);
  add("wal_bytes_per_row", budgets.wal_bytes_per_row);
  add("growth", budgets.growth);
  return json;
}

Json backfill_json(const BackfillResult& backfill) {
  Json json = {{"name", backfill.name},   {"table", backfill.table},
               {"set", backfill.set},     {"where", backfill.where},
               {"rows", backfill.rows},   {"key", backfill.key},
               {"notes", backfill.notes}, {"budgets", budgets_json(backfill.budgets)},
               {"file", backfill.file},   {"line", backfill.line}};
  if (!backfill.statement.empty()) json["statement"] = backfill.statement;
  if (!backfill.error.empty()) {
    json["error"] = backfill.error;
    json["error_remedy"] = backfill.error_remedy;
  }
  if (backfill.recommended) {
    json["recommended"] = variant_json(backfill.points[*backfill.recommended].variant);
    json["sql"] = backfill.sql;
  }
  json["reason"] = backfill.reason;
  json["hot"] = {{"eligible", backfill.hot.eligible},
                 {"indexes", backfill.hot.indexes},
                 {"fillfactor", backfill.hot.fillfactor},
                 {"hot_share", backfill.hot.hot_share},
                 {"advice", backfill.hot.advice},
                 {"advised_fillfactor", backfill.hot.advised_fillfactor},
                 {"rows_per_second_with", backfill.hot.rows_per_second_with}};
  return json;
}

template <class T>
void take(const Json& json, const char* name, T& value) {
  if (const auto at = json.find(name); at != json.end()) at->get_to(value);
}

BackfillRun read_run(const Json& json) {
  BackfillRun run;
  take(json, "error_message", run.problem);
  each_counter(run, [&](const char* field, auto& value) { take(json, field, value); });
  each_latency(run, [&](const char* prefix, Latencies& latencies) {
    each_percentile(latencies, [&](const char* field, auto& value) {
      take(json, fmt::format("{}_{}", prefix, field).c_str(), value);
    });
  });
  return run;
}

BackfillVariant read_variant(const Json& json) {
  BackfillVariant variant;
  variant.strategy = strategy_of(json.at("strategy").get<std::string>());
  take(json, "batch_size", variant.batch_size);
  take(json, "pause_ms", variant.pause_ms);
  take(json, "workers", variant.workers);
  return variant;
}

void read_budgets(const Json& json, BackfillBudgets& budgets) {
  const auto add = [&](const char* name, std::optional<double>& value) {
    if (const auto at = json.find(name); at != json.end()) value = at->get<double>();
  };
  take(json, "slower", budgets.slower);
  add("stall_p99_ms", budgets.stall_p99_ms);
  add("rows_per_second", budgets.rows_per_second);
  add("wal_bytes_per_row", budgets.wal_bytes_per_row);
  add("growth", budgets.growth);
}

BackfillResult read_backfill(const Json& json) {
  BackfillResult backfill;
  take(json, "name", backfill.name);
  take(json, "table", backfill.table);
  take(json, "set", backfill.set);
  take(json, "where", backfill.where);
  take(json, "rows", backfill.rows);
  take(json, "key", backfill.key);
  take(json, "notes", backfill.notes);
  take(json, "file", backfill.file);
  take(json, "line", backfill.line);
  take(json, "statement", backfill.statement);
  take(json, "error", backfill.error);
  take(json, "error_remedy", backfill.error_remedy);
  take(json, "sql", backfill.sql);
  if (const auto at = json.find("budgets"); at != json.end()) read_budgets(*at, backfill.budgets);
  if (const auto at = json.find("hot"); at != json.end()) {
    take(*at, "eligible", backfill.hot.eligible);
    take(*at, "indexes", backfill.hot.indexes);
    take(*at, "fillfactor", backfill.hot.fillfactor);
    take(*at, "hot_share", backfill.hot.hot_share);
    take(*at, "advice", backfill.hot.advice);
    take(*at, "advised_fillfactor", backfill.hot.advised_fillfactor);
    take(*at, "rows_per_second_with", backfill.hot.rows_per_second_with);
  }
  return backfill;
}

BackfillPoint& point_of(BackfillResult& backfill, const BackfillVariant& variant) {
  for (BackfillPoint& point : backfill.points) {
    if (point.variant == variant) return point;
  }
  backfill.points.emplace_back().variant = variant;
  return backfill.points.back();
}

BenchResult read(const Json& json) {
  BenchResult bench;
  const Json& own = json.at("context").at("drydock");
  if (own.at("schema_version").get<int>() != kSchemaVersion) {
    throw Error(fmt::format("its schema_version is {}, and this Drydock reads {}",
                            own.at("schema_version").dump(), kSchemaVersion));
  }
  take(json.at("context"), "date", bench.started_at);
  take(own, "version", bench.version);
  take(own, "command", bench.command);
  take(own, "machine", bench.machine);
  take(own, "postgres", bench.postgres);
  take(own, "settings", bench.settings);
  take(own, "calibration", bench.calibration);
  take(own, "duration_ms", bench.duration_ms);
  take(own, "cancelled", bench.cancelled);
  take(own, "error", bench.error);
  take(own, "error_remedy", bench.error_remedy);
  for (const Json& each : own.at("backfills")) bench.backfills.push_back(read_backfill(each));
  for (const Json& each : json.at("benchmarks")) {
    if (each.value("run_type", "") != "iteration") continue;
    for (BackfillResult& backfill : bench.backfills) {
      if (backfill.name != each.at("backfill").get<std::string>()) continue;
      point_of(backfill, read_variant(each)).runs.push_back(read_run(each));
    }
  }
  for (BackfillResult& backfill : bench.backfills) analyse(backfill);
  return bench;
}

}  // namespace

std::string write_bench_json(const BenchResult& bench) {
  const auto machine = [&](const char* name) {
    const auto at = bench.machine.find(name);
    return at == bench.machine.end() ? std::string() : at->second;
  };
  Json own = {{"schema_version", kSchemaVersion}, {"version", bench.version},
              {"command", bench.command},         {"machine", bench.machine},
              {"postgres", bench.postgres},       {"settings", bench.settings},
              {"calibration", bench.calibration}, {"duration_ms", bench.duration_ms},
              {"cancelled", bench.cancelled},     {"backfills", Json::array()}};
  if (!bench.error.empty()) {
    own["error"] = bench.error;
    own["error_remedy"] = bench.error_remedy;
  }
  Json all = Json::array();
  std::size_t family = 0;
  for (const BackfillResult& backfill : bench.backfills) {
    own["backfills"].push_back(backfill_json(backfill));
    for (const BackfillPoint& point : backfill.points) {
      for (std::size_t i = 0; i < point.runs.size(); ++i) {
        all.push_back(repetition(backfill, family, point, i));
      }
      ++family;
    }
  }
  const Json json = {{"context",
                      {{"date", bench.started_at},
                       {"executable", "drydock"},
                       {"num_cpus", std::atoi(machine("cores").c_str())},
                       {"caches", Json::array()},
                       {"load_avg", Json::array()},
                       {"drydock", std::move(own)}}},
                     {"benchmarks", std::move(all)}};
  return json.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

BenchResult read_bench_json(const std::string& text, const std::string& name) {
  try {
    return read(Json::parse(text));
  } catch (const nlohmann::json::exception& error) {
    throw Error(name + " is not a bench.json of Drydock's: " + error.what(),
                "Write one: drydock bench SCENARIO --save-baseline FILE.");
  } catch (const Error& error) {
    throw error.with_context(name);
  }
}

}  // namespace drydock
