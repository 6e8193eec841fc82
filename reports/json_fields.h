// The shape of run.json, told once for both directions: an Archive is either the writer or the
// reader of json.cc, and each `describe` names the fields of one type in the order they are
// printed. So a field can not be written without being read back.
//
// An Archive offers
//   field(name, value)      an optional field: keeps its default when absent
//   required(name, value)   a field that a verdict hangs on
//   unless(name, value, usual)   an optional field that is left out when it says the usual
//   derived(name, value)    written for readers' convenience, never read
//   nested(name, f)         an object of its own whose fields f(archive) describes
//   stopped(name, message, remedy)   null, or an object with these two
#pragma once

#include <map>
#include <string>
#include <vector>

#include "harness/model/run_result.h"
#include "reports/json_data_fields.h"
#include "reports/json_isolation_fields.h"
#include "reports/json_lock_fields.h"
#include "reports/json_ref.h"
#include "reports/lock_totals.h"

namespace drydock::json_format {

template <class A>
void describe(A& a, Ref<A, Failure> failure) {
  a.field("sqlstate", failure.sqlstate);
  a.field("message", failure.message);
  a.field("detail", failure.detail);
  a.field("hint", failure.hint);
  a.field("context", failure.context);
  a.field("file", failure.file);
  a.field("line", failure.line);
  a.field("column", failure.column);
  a.field("source_line", failure.source_line);
  a.field("schema", failure.schema);
  a.field("table", failure.table);
  a.field("table_column", failure.table_column);
  a.field("constraint", failure.constraint);
  a.field("remedy", failure.remedy);
}

template <class A>
void describe(A& a, Ref<A, StatementRun> statement) {
  a.field("file", statement.file);
  a.field("line", statement.line);
  a.field("text", statement.text);
  a.field("kind", statement.kind);
  a.field("started_ms", statement.started_ms);
  a.field("duration_ms", statement.duration_ms);
  a.field("rows", statement.rows);
  a.field("notices", statement.notices);
  a.field("failed", statement.failed);
  describe_footprint<A>(a, statement.footprint);
}

template <class A>
void describe(A& a, Ref<A, Phase> phase) {
  a.required("name", phase.name);
  a.required("outcome", phase.outcome);
  a.field("duration_ms", phase.duration_ms);
  a.field("error", phase.error);
  a.field("notes", phase.notes);
  a.field("statements", phase.statements);
}

template <class A>
void describe(A& a, Ref<A, SchemaDifference> difference) {
  a.required("change", difference.change);
  a.field("class", difference.weight);
  a.field("kind", difference.object.kind);
  a.field("name", difference.object.name);
  a.field("property", difference.property);
  a.field("expected", difference.expected);
  a.field("found", difference.found);
  a.field("ddl", difference.ddl);
}

template <class A>
void describe(A& a, Ref<A, CheckResult> result) {
  a.required("check", result.check);
  a.required("outcome", result.outcome);
  a.field("reason", result.reason);
}

template <class A>
void describe(A& a, Ref<A, Finding> finding) {
  a.required("check", finding.check);
  a.required("severity", finding.severity);
  a.field("waived", finding.waived);
  a.field("known", finding.known);
  a.field("fingerprint", finding.fingerprint);
  a.field("message", finding.message);
  a.field("remedy", finding.remedy);
  a.field("file", finding.file);
  a.field("line", finding.line);
  a.field("objects", finding.objects);
  a.unless("migration", finding.migration, std::string());
}

/// The first file of each direction, which is the only one in nearly every layout.
inline std::map<std::string, std::string> first_files(const Rehearsal& evidence) {
  std::map<std::string, std::string> files;
  if (!evidence.up_files.empty()) files["up"] = evidence.up_files.front();
  if (!evidence.down_files.empty()) files["down"] = evidence.down_files.front();
  return files;
}

template <class A>
void describe(A& a, Ref<A, MigrationResult> migration) {
  auto& evidence = migration.evidence;
  a.required("id", evidence.migration);
  if constexpr (A::kWrites) a.derived("files", first_files(evidence));
  a.field("up_files", evidence.up_files);
  a.field("down_files", evidence.down_files);
  a.required("outcome", migration.outcome);
  a.field("judged", evidence.judged);
  a.field("layout_has_downs", evidence.layout_has_downs);
  a.field("has_down", evidence.has_down);
  a.field("down_is_empty", evidence.down_is_empty);
  a.field("duration_ms", evidence.duration_ms);
  a.field("recovered", evidence.recovered);
  a.field("after_failed_migration", evidence.after_failed_migration);
  a.field("wrong_scenario", evidence.wrong_scenario);
  a.phases("phases", evidence.up, evidence.down, evidence.up_again);
  a.nested("schema", [&](auto& inner) {
    inner.field("after_down", evidence.restored);
    inner.field("after_up_again", evidence.reproduced);
    inner.field("left_by_failure", evidence.left_by_failure);
  });
  a.field("data", evidence.data);
  a.nested("locks", [&](auto& inner) {
    describe(inner, evidence.locks);
    if constexpr (A::kWrites) inner.derived("strongest", strongest_phrase(evidence));
  });
  a.field("isolation", evidence.isolation);
  a.field("checks", migration.checks);
  a.field("findings", migration.findings);
}

template <class A>
void describe(A& a, Ref<A, IgnoredFile> ignored) {
  a.field("path", ignored.path);
  a.field("reason", ignored.reason);
}

template <class A>
void describe(A& a, Ref<A, ScenarioRun> run) {
  a.field("scenario", run.scenario);
  a.field("why", run.why);
  a.field("directory", run.directory);
  a.field("postgres", run.postgres);
  a.field("layout", run.layout);
  a.field("layout_summary", run.layout_summary);
  a.field("run_as", run.run_as);
  a.field("profile", run.profile);
  a.nested("data", [&](auto& inner) { describe_rows_of(inner, run); });
  a.field("duration_ms", run.duration_ms);
  a.field("settings", run.settings);
  a.field("notes", run.notes);
  a.field("ignored", run.ignored);
  a.stopped("error", run.error, run.error_remedy);
  a.required("migrations", run.migrations);
}

template <class A>
void describe(A& a, Ref<A, CheckText> text) {
  a.required("id", text.id);
  a.field("title", text.title);
  a.field("guards_against", text.guards_against);
  a.field("why", text.why);
  a.field("remedy", text.remedy);
  a.field("severity", text.severity);
}

template <class A>
void describe(A& a, Ref<A, StaleKnown> stale) {
  a.field("fingerprint", stale.fingerprint);
  a.field("check", stale.check);
  a.field("migration", stale.migration);
}

/// The server settings that every run had alike; each run has its own complete list.
inline std::map<std::string, std::string> common_settings(const RunResult& result) {
  if (result.runs.empty()) return {};
  std::map<std::string, std::string> common = result.runs.front().settings;
  for (const ScenarioRun& run : result.runs) {
    std::erase_if(common, [&](const auto& setting) {
      const auto same = run.settings.find(setting.first);
      return same == run.settings.end() || same->second != setting.second;
    });
  }
  return common;
}

template <class A>
void describe(A& a, Ref<A, RunResult> result) {
  a.nested("tool", [&](auto& tool) {
    tool.derived("name", std::string("drydock"));
    tool.field("version", result.version);
  });
  a.required("verdict", result.verdict);
  a.field("gate", result.gate);
  a.field("seed", result.seed);
  a.field("started_at", result.started_at);
  a.field("duration_ms", result.duration_ms);
  a.field("command", result.command);
  a.stopped("error", result.error, result.error_remedy);
  a.nested("context", [&](auto& context) {
    context.field("machine", result.machine);
    if constexpr (A::kWrites) context.derived("settings", common_settings(result));
  });
  a.field("checks", result.checks);
  a.required("runs", result.runs);
  a.field("stale_known", result.stale_known);
}

}  // namespace drydock::json_format
