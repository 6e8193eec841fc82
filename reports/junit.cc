// JUnit XML for build servers: one suite a scenario and server version, one test case a migration
// and check. A failure is the migration's fault, an error means that we could not tell, skipped
// that nobody asked; waived and known findings, and those below the gate, pass and are told in
// system-out. Where tenant isolation was judged, each table is a test case besides.
//
// The shape is the published one (the "junit-10" schema of the Jenkins xunit plugin), plus `file`
// and `line` on a test case, which GitLab and editors read.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <pugixml.hpp>
#include <sstream>

#include "harness/base/text.h"
#include "harness/model/words.h"
#include "reports/data_excerpt.h"
#include "reports/data_totals.h"
#include "reports/excerpt.h"
#include "reports/isolation_excerpt.h"
#include "reports/junit_isolation.h"
#include "reports/junit_parts.h"
#include "reports/lock_excerpt.h"
#include "reports/lock_totals.h"
#include "reports/printable.h"
#include "reports/reporter.h"
#include "reports/totals.h"

namespace drydock {
namespace {

using junit::add_property;
using junit::conclude;
using junit::Counts;
using junit::finding_text;
using junit::seconds;
using junit::set;
using junit::set_counts;
using junit::set_file;
using junit::text_of;
using junit::undotted;

constexpr int kWidth = 120;
constexpr std::size_t kDifferences = 200;  // a build server shows system-out in one box

std::string group_of(const ScenarioRun& run) {
  return undotted(fmt::format("{}/postgres {}", run.scenario, run.postgres));
}

/// Rehearsing takes time, judging does not: the three checks that are the three phases carry it.
double time_of(const Rehearsal& evidence, const std::string& check) {
  const Subject subject = subject_of(evidence, check);
  return subject.phase == nullptr ? 0 : subject.phase->duration_ms;
}

const std::string& file_of(const Rehearsal& evidence, const std::string& check) {
  static const std::string kNone;
  const bool of_down = check.starts_with("down-") || check == "data-restored";
  const bool down = of_down && !evidence.down_files.empty();
  const std::vector<std::string>& files = down ? evidence.down_files : evidence.up_files;
  return files.empty() ? kNone : files.front();
}

class SuiteWriter {
 public:
  SuiteWriter(pugi::xml_node suite, std::string group, Severity gate)
      : suite_(suite), group_(std::move(group)), gate_(gate) {}

  void migration(const MigrationResult& result) {
    const std::string& id = result.evidence.migration;
    for (const CheckResult& check : result.checks) {
      std::vector<const Finding*> findings;
      for (const Finding& finding : result.findings) {
        if (finding.check == check.check) findings.push_back(&finding);
      }
      judged(result.evidence, check, findings);
    }
    for (const TableCase& table : table_cases(result, gate_)) {
      pugi::xml_node node = test_case(undotted(id), table.name, 0);
      tell(node, file_of(result.evidence, ""), table.outcome, table.reason, table.findings,
           table.told);
    }
    if (result.checks.empty()) {
      pugi::xml_node node = test_case(undotted(id), "rehearsal", 0);
      set_file(node, file_of(result.evidence, ""));
      const bool skipped = result.outcome == Outcome::kSkipped;
      conclude(node, counts_, result.outcome,
               skipped ? "not asked" : errored_reasons(result).front());
    }
  }

  /// A case for what stopped a whole run.
  void stopped(const std::string& message, const std::string& remedy) {
    pugi::xml_node node = test_case("run", "finished", 0);
    conclude(node, counts_, Outcome::kErrored, message);
    if (!remedy.empty()) text_of(node.child("error"), message + "\nfix: " + remedy + "\n");
  }

  const Counts& counts() const { return counts_; }

 private:
  pugi::xml_node test_case(const std::string& class_name, const std::string& name, double time) {
    ++counts_.tests;
    pugi::xml_node node = suite_.append_child("testcase");
    set(node, "classname", group_ + "." + class_name);
    set(node, "name", name);
    set(node, "time", seconds(time));
    return node;
  }

  void judged(const Rehearsal& evidence, const CheckResult& check,
              const std::vector<const Finding*>& findings) {
    std::string told = subject_text(subject_of(evidence, check.check), kWidth, kDifferences);
    told += data_text(evidence.data, check.check);
    if (!findings.empty()) {
      told += lock_text(evidence, check.check);
      told += isolation_text(evidence, check.check);
    }
    tell(test_case(undotted(evidence.migration), check.check, time_of(evidence, check.check)),
         file_of(evidence, check.check), check.outcome, check.reason, findings, told);
  }

  /// What fails a test case and where, then in system-out its other findings and the evidence.
  void tell(pugi::xml_node node, const std::string& usual_file, Outcome outcome,
            const std::string& reason, const std::vector<const Finding*>& findings,
            const std::string& evidence) {
    const auto gating = std::find_if(findings.begin(), findings.end(), [&](const Finding* finding) {
      return holds_back(*finding, gate_);
    });
    const Finding* shown = gating != findings.end() ? *gating : nullptr;
    const bool located = shown != nullptr && !shown->file.empty();
    set_file(node, located ? shown->file : usual_file);
    if (located && shown->line > 0) set(node, "line", fmt::format("{}", shown->line));

    std::string failing, told;
    for (const Finding* finding : findings) {
      (holds_back(*finding, gate_) ? failing : told) += finding_text(*finding) + "\n";
    }
    conclude(node, counts_, outcome, shown != nullptr ? shown->message : reason);
    if (pugi::xml_node verdict = node.first_child(); verdict && !failing.empty()) {
      text_of(verdict, failing);
    } else {
      told = failing + told;
    }
    told += evidence;
    if (!told.empty()) text_of(node.append_child("system-out"), told);
  }

  pugi::xml_node suite_;
  std::string group_;
  Severity gate_;
  Counts counts_;
};

/// What belongs to no test case: tables without rows, and what each rollback costs.
std::string rows_text(const ScenarioRun& run) {
  std::string text;
  const RowsSummary summary = summarize_rows(run);
  if (!summary.unfilled.empty()) text += unfilled_phrase(summary) + ":\n";
  for (const UnfilledTable& table : summary.unfilled) {
    text += fmt::format("  {}, before {}: {} of {} rows: {}\n", table.table, table.migration,
                        table.rows, table.wanted, table.problem);
    if (!table.remedy.empty()) text += "    fix: " + table.remedy + "\n";
  }
  for (const MigrationResult& migration : run.migrations) {
    const std::string loss = loss_statement(migration.evidence.data, OwnTables::kTold);
    if (loss.empty()) continue;
    text += fmt::format("{}: rolling back loses: {}\n", migration.evidence.migration, loss);
  }
  return printable(text);
}

void add_row_properties(pugi::xml_node properties, const ScenarioRun& run) {
  if (rows_phrase(run).empty()) return;
  const RowsSummary summary = summarize_rows(run);
  std::vector<std::string> unfilled;
  for (const UnfilledTable& table : summary.unfilled) unfilled.push_back(table.table);
  add_property(properties, "rows.wanted", fmt::format("{}", run.rows));
  add_property(properties, "rows.profile", run.row_profile);
  add_property(properties, "rows.seed", fmt::format("{}", run.seed));
  add_property(properties, "rows.generated", fmt::format("{}", summary.rows));
  add_property(properties, "rows.tables", fmt::format("{}", summary.tables));
  add_property(properties, "rows.tables.unfilled", join(unfilled, ", "));
}

/// The published schema knows no properties of a test case, so the migration stands in the name.
void add_lock_properties(pugi::xml_node properties, const ScenarioRun& run) {
  for (const MigrationResult& migration : run.migrations) {
    for (const auto& [name, value] : lock_figures(migration.evidence))
      add_property(properties, migration.evidence.migration + ": " + name, value);
  }
}

void add_properties(pugi::xml_node suite, const RunResult& result, const ScenarioRun& run) {
  pugi::xml_node properties = suite.append_child("properties");
  add_property(properties, "drydock", result.version);
  add_property(properties, "command", result.command);
  add_property(properties, "gate", word(result.gate));
  add_property(properties, "seed", fmt::format("{}", result.seed));
  add_property(properties, "scenario", run.scenario);
  add_property(properties, "why", run.why);
  add_property(properties, "directory", run.directory);
  add_property(properties, "postgres", run.postgres);
  add_property(properties, "layout", run.layout);
  add_property(properties, "run_as", run.run_as);
  add_property(properties, "profile", run.profile);
  for (const auto& [name, value] : run.settings) add_property(properties, "setting." + name, value);
  for (const auto& [name, value] : result.machine) {
    add_property(properties, "machine." + name, value);
  }
  for (const std::string& note : run.notes) add_property(properties, "note", note);
  add_row_properties(properties, run);
  add_lock_properties(properties, run);
}

Counts add_suite(pugi::xml_node root, const RunResult& result, const ScenarioRun& run) {
  pugi::xml_node suite = root.append_child("testsuite");
  set(suite, "name", run_title(run));
  add_properties(suite, result, run);
  SuiteWriter writer(suite, group_of(run), result.gate);
  for (const MigrationResult& migration : run.migrations) writer.migration(migration);
  if (!run.error.empty()) writer.stopped(run.error, run.error_remedy);
  if (const std::string rows = rows_text(run); !rows.empty()) {
    suite.append_child("system-out").text().set(rows.c_str());
  }
  set_counts(suite, writer.counts(), run.duration_ms, true);
  set(suite, "timestamp", result.started_at);
  return writer.counts();
}

Counts add_stopped_suite(pugi::xml_node root, const RunResult& result) {
  pugi::xml_node suite = root.append_child("testsuite");
  set(suite, "name", "drydock");
  SuiteWriter writer(suite, "drydock", result.gate);
  writer.stopped(result.error, result.error_remedy);
  set_counts(suite, writer.counts(), 0, true);
  return writer.counts();
}

}  // namespace

std::string render_junit(const RunResult& result) {
  pugi::xml_document document;
  pugi::xml_node declaration = document.append_child(pugi::node_declaration);
  declaration.append_attribute("version") = "1.0";
  declaration.append_attribute("encoding") = "UTF-8";
  pugi::xml_node root = document.append_child("testsuites");
  root.append_attribute("name") = "drydock";
  Counts counts;
  for (const ScenarioRun& run : result.runs) counts += add_suite(root, result, run);
  if (!result.error.empty()) counts += add_stopped_suite(root, result);
  set_counts(root, counts, result.duration_ms, false);
  std::ostringstream out;
  document.save(out, "  ");
  return out.str();
}

}  // namespace drydock
