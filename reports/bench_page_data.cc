#include "reports/bench_page_data.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "harness/base/text.h"
#include "harness/model/words.h"
#include "reports/bench_figures.h"
#include "reports/bench_totals.h"
#include "reports/printable.h"

namespace drydock {
namespace {

using Json = nlohmann::ordered_json;

/// The page makes what is not printable visible itself; JSON wants UTF-8.
std::string text(const std::string& bytes) { return valid_utf8(bytes); }

Json error_json(const std::string& message, const std::string& remedy) {
  if (message.empty()) return nullptr;
  return {{"message", text(message)}, {"remedy", text(remedy)}};
}

Json latencies_json(const Latencies& latencies) {
  return {{"count", latencies.count},
          {"p50", latencies.p50},
          {"p95", latencies.p95},
          {"p99", latencies.p99},
          {"max", latencies.longest}};
}

Json variant_json(const BackfillVariant& variant) {
  return {{"name", describe(variant)},
          {"strategy", word(variant.strategy)},
          {"batch", variant.batch_size},
          {"pause_ms", variant.pause_ms},
          {"workers", variant.workers}};
}

Json figures_json(const PointFigures& figures) {
  return {{"runs", figures.runs},
          {"dropped", figures.dropped},
          {"problem", text(figures.problem)},
          {"batch", latencies_json(figures.batch)},
          {"reads", latencies_json(figures.reads)},
          {"writes", latencies_json(figures.writes)},
          {"calm_p99", figures.calm_p99},
          {"traffic_share", figures.traffic_share},
          {"wal", figures.wal_bytes_per_row},
          {"dead", figures.dead_tuples},
          {"growth", figures.growth},
          {"hot", figures.hot_share},
          {"buffers_read", figures.buffers_read},
          {"buffers_hit", figures.buffers_hit},
          {"checkpoints", figures.checkpoints},
          {"lock_wait_ms", figures.lock_wait_ms},
          {"first_tenth_s", figures.first_tenth_s},
          {"last_tenth_s", figures.last_tenth_s}};
}

Json point_json(const BackfillPoint& point) {
  Json speeds = Json::array(), stalls = Json::array();
  for (const BackfillRun& run : point.runs) {
    if (!run.problem.empty() || run.seconds <= 0) continue;
    speeds.push_back(static_cast<double>(run.rows) / run.seconds);
    stalls.push_back(std::max(run.reads.p99, run.writes.p99));
  }
  return {{"variant", variant_json(point.variant)},
          {"measured", was_measured(point)},
          {"speed", point.rows_per_second},
          {"spread", point.spread},
          {"stall", point.stall_p99_ms},
          {"share", point.share_of_single},
          {"frontier", point.on_frontier},
          {"within", point.within_budgets},
          {"speeds", speeds},
          {"stalls", stalls},
          {"figures", figures_json(figures_of(point))}};
}

Json comparison_json(const BackfillComparison& comparison) {
  return {{"variant", variant_json(comparison.variant)},
          {"speed", comparison.speed_ratio},
          {"stall", comparison.stall_ratio},
          {"p_speed", comparison.p_speed},
          {"p_stall", comparison.p_stall},
          {"slower", comparison.slower},
          {"stalls_more", comparison.stalls_more}};
}

Json budgets_json(const BackfillBudgets& budgets) {
  const auto value = [](const std::optional<double>& budget) {
    return budget ? Json(*budget) : Json(nullptr);
  };
  return {{"stall_p99_ms", value(budgets.stall_p99_ms)},
          {"rows_per_second", value(budgets.rows_per_second)},
          {"wal_bytes_per_row", value(budgets.wal_bytes_per_row)},
          {"growth", value(budgets.growth)},
          {"slower", budgets.slower}};
}

Json finding_json(const Finding& finding) {
  Json json = {{"check", finding.check},
               {"severity", word(finding.severity)},
               {"message", text(finding.message)},
               {"remedy", text(finding.remedy)},
               {"file", text(finding.file)},
               {"line", finding.line},
               {"known", finding.known}};
  json["waived"] = finding.waived ? Json(text(*finding.waived)) : Json(nullptr);
  return json;
}

Json cases_json(const BenchResult& bench, const BackfillResult& backfill) {
  Json cases = Json::array();
  for (const BenchCase& each : cases_of(bench, backfill)) {
    Json findings = Json::array();
    for (const Finding* finding : each.findings) findings.push_back(finding_json(*finding));
    cases.push_back({{"check", each.check},
                     {"outcome", word(each.outcome)},
                     {"reason", text(each.reason)},
                     {"findings", findings}});
  }
  return cases;
}

Json hot_json(const HotAdvice& hot) {
  return {{"eligible", hot.eligible},
          {"indexes", text(hot.indexes)},
          {"fillfactor", hot.fillfactor},
          {"share", hot.hot_share},
          {"advice", text(hot.advice)},
          {"advised_fillfactor", hot.advised_fillfactor},
          {"speed_with", hot.rows_per_second_with}};
}

Json index_json(const std::optional<std::size_t>& index) {
  return index ? Json(*index) : Json(nullptr);
}

Json compared_json(const BackfillResult& backfill) {
  const ComparedTotals totals = compared(backfill);
  return {{"variants", totals.variants},
          {"speed", totals.speed_ratio},
          {"stall", totals.stall_ratio},
          {"slower", totals.slower},
          {"stalls_more", totals.stalls_more}};
}

Json backfill_json(const BenchResult& bench, const BackfillResult& backfill) {
  Json json = {{"name", text(backfill.name)},
               {"table", text(backfill.table)},
               {"set", text(backfill.set)},
               {"where", text(backfill.where)},
               {"statement", text(backfill.statement)},
               {"rows", backfill.rows},
               {"key", text(backfill.key)},
               {"knee", index_json(backfill.knee)},
               {"recommended", index_json(backfill.recommended)},
               {"reason", text(backfill.reason)},
               {"sql", text(backfill.sql)},
               {"naive", text(naive_phrase(backfill))},
               {"hot", hot_json(backfill.hot)},
               {"budgets", budgets_json(backfill.budgets)},
               {"file", text(backfill.file)},
               {"line", backfill.line}};
  json["unmeasured"] = error_json(unmeasured_reason(bench, backfill), backfill.error_remedy);
  json["cases"] = cases_json(bench, backfill);
  json["compared"] = compared_json(backfill);
  json["notes"] = Json::array();
  for (const std::string& note : backfill.notes) json["notes"].push_back(text(note));
  json["points"] = Json::array();
  for (const BackfillPoint& point : backfill.points) json["points"].push_back(point_json(point));
  json["comparisons"] = Json::array();
  for (const BackfillComparison& each : backfill.comparisons) {
    json["comparisons"].push_back(comparison_json(each));
  }
  return json;
}

/// One entry a run that has the backfill; without a recommendation `variant` is null.
Json trend_json(const std::vector<BenchResult>& history, const std::string& name) {
  Json runs = Json::array();
  for (const BenchResult& bench : history) {
    for (const BackfillResult& backfill : bench.backfills) {
      if (backfill.name != name) continue;
      const BackfillPoint* chosen = recommended_point(backfill);
      Json run = {{"started_at", text(bench.started_at)},
                  {"version", text(bench.version)},
                  {"postgres", text(bench.postgres)},
                  {"variant", nullptr}};
      if (chosen != nullptr) {
        run["variant"] = variant_json(chosen->variant);
        run["speed"] = chosen->rows_per_second;
        run["stall"] = chosen->stall_p99_ms;
      }
      runs.push_back(std::move(run));
    }
  }
  return runs;
}

Json map_json(const std::map<std::string, std::string>& values) {
  Json json = Json::object();
  for (const auto& [name, value] : values) json[text(name)] = text(value);
  return json;
}

}  // namespace

std::string bench_page_data(const BenchResult& bench, const std::vector<BenchResult>& history) {
  Json json = {{"version", text(bench.version)},
               {"started_at", text(bench.started_at)},
               {"command", text(bench.command)},
               {"machine", map_json(bench.machine)},
               {"postgres", text(bench.postgres)},
               {"settings", map_json(bench.settings)},
               {"calibration", bench.calibration},
               {"baseline", text(bench.baseline)},
               {"baseline_refused", text(bench.baseline_refused)},
               {"duration_ms", bench.duration_ms},
               {"cancelled", bench.cancelled},
               {"gate", word(bench.gate)}};
  json["error"] = error_json(bench.error, bench.error_remedy);
  json["backfills"] = Json::array();
  for (const BackfillResult& backfill : bench.backfills) {
    json["backfills"].push_back(backfill_json(bench, backfill));
  }
  json["trends"] = Json::array();
  for (const std::string& name : names_of(history)) {
    Json runs = trend_json(history, name);
    if (runs.size() > 1)
      json["trends"].push_back({{"name", text(name)}, {"runs", std::move(runs)}});
  }
  return json.dump();
}

}  // namespace drydock
