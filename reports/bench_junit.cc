// JUnit XML of `drydock bench`: a test case for each backfill and check, in the shape that
// `drydock verify` writes. A failure is what holds the merge back, an error that it could not be
// measured, skipped that nobody gave a budget or a baseline.
#include <fmt/format.h>

#include <pugixml.hpp>
#include <sstream>

#include "harness/base/text.h"
#include "harness/model/words.h"
#include "reports/bench_figures.h"
#include "reports/bench_reports.h"
#include "reports/bench_totals.h"
#include "reports/excerpt.h"
#include "reports/junit_parts.h"
#include "reports/printable.h"

namespace drydock {
namespace {

using junit::add_property;
using junit::conclude;
using junit::Counts;
using junit::set;

/// What a build server draws over time.
void add_figures(pugi::xml_node properties, const BackfillResult& backfill) {
  const BackfillPoint* chosen = recommended_point(backfill);
  if (chosen == nullptr) return;
  const std::string of = backfill.name + ": ";
  add_property(properties, of + "recommended", describe(chosen->variant));
  add_property(properties, of + "batch_size", fmt::to_string(chosen->variant.batch_size));
  add_property(properties, of + "rows_per_second", fmt::format("{:.0f}", chosen->rows_per_second));
  add_property(properties, of + "stall_p99_ms", fmt::format("{:.2f}", chosen->stall_p99_ms));
}

void add_properties(pugi::xml_node suite, const BenchResult& bench) {
  pugi::xml_node properties = suite.append_child("properties");
  add_property(properties, "drydock", bench.version);
  add_property(properties, "command", bench.command);
  add_property(properties, "gate", word(bench.gate));
  add_property(properties, "postgres", bench.postgres);
  add_property(properties, "baseline", bench.baseline);
  if (bench.calibration > 0) {
    add_property(properties, "calibration", fmt::format("{:.0f} rows/s", bench.calibration));
  }
  for (const auto& [name, value] : bench.settings) {
    add_property(properties, "setting." + name, value);
  }
  for (const auto& [name, value] : bench.machine) {
    add_property(properties, "machine." + name, value);
  }
  for (const BackfillResult& backfill : bench.backfills) add_figures(properties, backfill);
}

std::string points_text(const BackfillResult& backfill) {
  std::string text;
  for (const BackfillPoint* point : best_first(backfill)) {
    text += was_measured(*point) ? fmt::format("  {}: {}, p99 stall {}\n", describe(point->variant),
                                               rate_words(point->rows_per_second),
                                               human_duration(point->stall_p99_ms))
                                 : fmt::format("  {}: not measured: {}\n", describe(point->variant),
                                               figures_of(*point).problem);
  }
  return text;
}

/// What the check went by.
std::string evidence_of(const BenchResult& bench, const BackfillResult& backfill,
                        const std::string& check) {
  std::string text = backfill_phrase(backfill) + "\n";
  if (check == "backfill-regression") {
    const std::string phrase = comparison_phrase(bench, backfill);
    return phrase.empty() ? "" : text + phrase + "\n";
  }
  if (!backfill.reason.empty()) text += backfill.reason + "\n";
  return text + points_text(backfill);
}

/// Milliseconds. Measuring takes time, comparing does not.
double time_of(const BackfillResult& backfill, const std::string& check) {
  double seconds = 0;
  if (check == "backfill-regression") return seconds;
  for (const BackfillPoint& point : backfill.points) {
    for (const BackfillRun& run : point.runs) seconds += run.seconds;
  }
  return 1000 * seconds;
}

pugi::xml_node test_case(pugi::xml_node suite, Counts& counts, const std::string& of,
                         const std::string& name, double milliseconds) {
  ++counts.tests;
  pugi::xml_node node = suite.append_child("testcase");
  set(node, "classname", "drydock.bench." + junit::undotted(of));
  set(node, "name", name);
  set(node, "time", junit::seconds(milliseconds));
  return node;
}

void set_place(pugi::xml_node node, const std::string& file, int line) {
  junit::set_file(node, file);
  if (!file.empty() && line > 0) set(node, "line", fmt::to_string(line));
}

/// What of the findings holds back, and what is only told.
std::pair<std::string, std::string> findings_text(const BenchCase& each, Severity gate) {
  std::string failing, told;
  for (const Finding* finding : each.findings) {
    (holds_back(*finding, gate) ? failing : told) += junit::finding_text(*finding) + "\n";
  }
  return {failing, told};
}

void add_case(pugi::xml_node suite, Counts& counts, const BenchResult& bench,
              const BackfillResult& backfill, const BenchCase& each) {
  pugi::xml_node node =
      test_case(suite, counts, backfill.name, each.check, time_of(backfill, each.check));
  set_place(node, backfill.file, backfill.line);
  auto [failing, told] = findings_text(each, bench.gate);
  std::string message = each.reason;
  for (const Finding* finding : each.findings) {
    if (holds_back(*finding, bench.gate) && message.empty()) message = finding->message;
  }
  conclude(node, counts, each.outcome, message);
  if (each.outcome == Outcome::kErrored && !backfill.error_remedy.empty()) {
    junit::text_of(node.child("error"), each.reason + "\nfix: " + backfill.error_remedy + "\n");
  }
  if (each.outcome == Outcome::kFailed) {
    junit::text_of(node.child("failure"), failing);
  } else {
    told = failing + told;
  }
  told += evidence_of(bench, backfill, each.check);
  if (!told.empty()) junit::text_of(node.append_child("system-out"), told);
}

/// A case for what stopped the whole run.
void add_stop(pugi::xml_node suite, Counts& counts, const BenchResult& bench) {
  if (bench.error.empty() && !bench.cancelled && !bench.backfills.empty()) return;
  const std::string why = !bench.error.empty() ? bench.error
                          : bench.cancelled    ? "the run was stopped before its end"
                                               : "no backfill was measured";
  pugi::xml_node node = test_case(suite, counts, "run", "finished", 0);
  conclude(node, counts, Outcome::kErrored, why);
  if (!bench.error_remedy.empty()) {
    junit::text_of(node.child("error"), why + "\nfix: " + bench.error_remedy + "\n");
  }
}

}  // namespace

std::string render_bench_junit(const BenchResult& bench) {
  pugi::xml_document document;
  pugi::xml_node declaration = document.append_child(pugi::node_declaration);
  declaration.append_attribute("version") = "1.0";
  declaration.append_attribute("encoding") = "UTF-8";
  pugi::xml_node root = document.append_child("testsuites");
  root.append_attribute("name") = "drydock bench";
  pugi::xml_node suite = root.append_child("testsuite");
  set(suite, "name",
      bench.postgres.empty() ? "bench" : fmt::format("bench on PostgreSQL {}", bench.postgres));
  add_properties(suite, bench);
  Counts counts;
  for (const BackfillResult& backfill : bench.backfills) {
    for (const BenchCase& each : cases_of(bench, backfill)) {
      add_case(suite, counts, bench, backfill, each);
    }
  }
  add_stop(suite, counts, bench);
  junit::set_counts(suite, counts, bench.duration_ms, true);
  set(suite, "timestamp", bench.started_at);
  junit::set_counts(root, counts, bench.duration_ms, false);
  std::ostringstream out;
  document.save(out, "  ");
  return out.str();
}

}  // namespace drydock
