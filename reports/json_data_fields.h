// The part of run.json that tells what was seen of rows; see json_fields.h for the manner.
#pragma once

#include "harness/model/data_evidence.h"
#include "reports/data_totals.h"
#include "reports/json_ref.h"

namespace drydock::json_format {

template <class A>
void describe(A& a, Ref<A, ChangedValue> value) {
  a.field("row", value.row);
  a.field("before", value.before);
  a.field("after", value.after);
}

template <class A>
void describe(A& a, Ref<A, ColumnChange> column) {
  a.required("column", column.column);
  a.field("renamed_to", column.renamed_to);
  a.field("type_before", column.type_before);
  a.field("type_after", column.type_after);
  a.field("dropped", column.dropped);
  a.field("rows", column.rows);
  a.field("from_null", column.from_null);
  a.field("samples", column.samples);
  a.field("transform", column.transform);
}

template <class A>
void describe(A& a, Ref<A, TableChange> table) {
  a.field("kind", table.kind);
  a.required("table", table.table);
  a.field("renamed_to", table.renamed_to);
  a.field("dropped", table.dropped);
  a.field("rows_before", table.rows_before);
  a.field("rows_after", table.rows_after);
  a.field("lost", table.lost);
  a.field("added", table.added);
  a.field("lost_with_partitions", table.lost_with_partitions);
  a.field("key", table.key);
  a.field("lost_samples", table.lost_samples);
  a.field("columns", table.columns);
  a.field("note", table.note);
  a.field("hidden_from", table.hidden_from);
}

template <class A>
void describe(A& a, Ref<A, SequenceChange> sequence) {
  a.required("sequence", sequence.sequence);
  a.field("column", sequence.column);
  a.field("before", sequence.before);
  a.field("after", sequence.after);
  a.field("in_use", sequence.in_use);
}

template <class A>
void describe(A& a, Ref<A, ContentsDiff> contents) {
  a.field("tables", contents.tables);
  a.field("sequences", contents.sequences);
  a.field("tables_compared", contents.tables_compared);
  a.field("rows_compared", contents.rows_compared);
}

template <class A>
void describe(A& a, Ref<A, FilledTable> table) {
  a.required("table", table.table);
  a.field("rows", table.rows);
  a.field("wanted", table.wanted);
  a.field("note", table.note);
  a.field("problem", table.problem);
  a.field("remedy", table.remedy);
}

template <class A>
void describe(A& a, Ref<A, TrippedUp> tripped) {
  a.required("failure", tripped.failure);
  a.field("yielded", tripped.yielded);
  a.field("emptied", tripped.emptied);
}

template <class A>
void describe(A& a, Ref<A, AdversarialTrial> trial) {
  a.field("ran", trial.ran);
  a.field("skipped", trial.skipped);
  a.field("tables", trial.tables);
  a.field("failure", trial.failure);
  a.field("condition", trial.condition);
}

template <class A>
void describe(A& a, Ref<A, NewRowsLoss::Column> column) {
  a.required("column", column.column);
  a.field("values", column.values);
  a.field("made_by_up", column.made_by_up);
  a.field("overwritten", column.overwritten);
}

template <class A>
void describe(A& a, Ref<A, NewRowsLoss> loss) {
  a.required("table", loss.table);
  a.field("written", loss.written);
  a.field("lost", loss.lost);
  a.field("table_dropped", loss.table_dropped);
  a.field("made_by_up", loss.made_by_up);
  a.field("columns", loss.columns);
}

template <class A>
void describe(A& a, Ref<A, NewRowsTrial> trial) {
  a.field("ran", trial.ran);
  a.field("skipped", trial.skipped);
  a.field("in_copy", trial.in_copy);
  a.field("wrote", trial.wrote);
  a.field("failure", trial.failure);
  a.field("harmed", trial.harmed);
  a.field("losses", trial.losses);
}

template <class A>
void describe(A& a, Ref<A, DownWithoutRows> down) {
  a.required("applies", down.applies);
  a.field("failure", down.failure);
  a.field("schema_judged", down.schema_judged);
  a.field("restored", down.restored);
}

template <class A>
void describe(A& a, Ref<A, UnprovenConstraint> constraint) {
  a.required("table", constraint.table);
  a.field("constraint", constraint.constraint);
  a.field("definition", constraint.definition);
  a.field("dropped", constraint.dropped);
  a.field("was_there", constraint.was_there);
  a.field("unchecked", constraint.unchecked);
  a.field("settled_by", constraint.settled_by);
  a.field("broken", constraint.broken);
  a.field("broken_before", constraint.broken_before);
  a.field("examples", constraint.examples);
  a.field("problem", constraint.problem);
}

template <class A>
void describe(A& a, Ref<A, AssertionResult> assertion) {
  a.required("name", assertion.name);
  a.field("at", assertion.at);
  a.field("blocking", assertion.blocking);
  a.required("passed", assertion.passed);
  a.field("skipped", assertion.skipped);
  a.field("columns", assertion.columns);
  a.field("expected", assertion.expected);
  a.field("found", assertion.found);
  a.field("found_rows", assertion.found_rows);
  a.field("sql", assertion.sql);
  a.field("file", assertion.file);
  a.field("line", assertion.line);
}

template <class A>
void describe(A& a, Ref<A, DataEvidence> data) {
  a.field("rows", data.rows);
  a.field("filled", data.filled);
  a.field("tripped", data.tripped);
  a.field("adversarial", data.adversarial);
  a.field("observed", data.observed);
  a.field("preserved", data.preserved);
  a.field("restored", data.restored);
  a.field("new_rows", data.new_rows);
  a.field("down_without_rows", data.down_without_rows);
  a.field("constraints", data.constraints);
  a.field("assertions", data.assertions);
  if constexpr (A::kWrites) a.derived("loss", loss_statement(data, OwnTables::kTold));
}

template <class A>
void describe(A& a, Ref<A, UnfilledTable> table) {
  a.field("table", table.table);
  a.field("migration", table.migration);
  a.field("rows", table.rows);
  a.field("wanted", table.wanted);
  a.field("problem", table.problem);
  a.field("remedy", table.remedy);
}

/// What a run was asked of rows, and what came of it.
template <class A>
void describe_rows_of(A& a, Ref<A, ScenarioRun> run) {
  a.field("rows", run.rows);
  a.field("seed", run.seed);
  a.field("profile", run.row_profile);
  if constexpr (A::kWrites) {
    const RowsSummary summary = summarize_rows(run);
    a.derived("tables", summary.tables);
    a.derived("generated", summary.rows);
    a.derived("unfilled", summary.unfilled);
  }
}

}  // namespace drydock::json_format
