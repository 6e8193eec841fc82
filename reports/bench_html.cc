// The page of `drydock bench`: one file that loads nothing, in the family of the rehearsal's page,
// whose look and elements it shares. What was measured is JSON inside it, and the scripts draw from
// that.
#include <fmt/format.h>

#include <map>

#include "harness/model/words.h"
#include "reports/bench_page_data.h"
#include "reports/bench_reports.h"
#include "reports/bench_totals.h"
#include "reports/html_text.h"
#include "reports_embedded.h"

namespace drydock {
namespace {

std::string title_of(const BenchResult& bench) {
  std::string name = bench.backfills.empty() ? "" : " · " + bench.backfills.front().name;
  if (bench.backfills.size() > 1) name += " and others";
  return fmt::format("{}{} · Drydock bench", word(verdict_of(bench)), name);
}

}  // namespace

std::string render_bench_html(const BenchResult& bench, const std::vector<BenchResult>& history) {
  const Outcome verdict = verdict_of(bench);
  std::map<std::string, std::string> values = {
      {"title", escape_html(title_of(bench))},
      {"version", escape_html(bench.version)},
      {"verdict", word(verdict)},
      {"verdict_title", verdict_title(verdict)},
      {"phrase", escape_html(verdict_phrase(bench))},
      {"bench", script_json(bench_page_data(bench, history))}};
  const auto part = [&](const std::string& name, std::string_view text, std::string_view hash) {
    values[name] = text;
    values[name + "_hash"] = hash;
  };
  part("style", embedded::style_css, embedded::style_css_sha256);
  part("bench_style", embedded::bench_css, embedded::bench_css_sha256);
  part("theme", embedded::theme_js, embedded::theme_js_sha256);
  part("detail", embedded::detail_js, embedded::detail_js_sha256);
  part("data", embedded::data_js, embedded::data_js_sha256);
  part("plots", embedded::bench_plots_js, embedded::bench_plots_js_sha256);
  part("trend", embedded::bench_trend_js, embedded::bench_trend_js_sha256);
  part("table", embedded::bench_table_js, embedded::bench_table_js_sha256);
  part("script", embedded::bench_js, embedded::bench_js_sha256);
  return fill_page(embedded::bench_html, values);
}

}  // namespace drydock
