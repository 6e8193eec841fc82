// What was seen of rows: the card that sums up a run, and the data section of an opened migration.
// Values come from tables and may be anything: they enter the page as text nodes, cut when long.
"use strict";

const count = n => n.toLocaleString("en");
const rows = n => `${count(n)} ${n === 1 ? "row" : "rows"}`;
const kMoments = { before: "before the up", after_up: "after the up", after_down: "after the down",
  after_up_again: "after the second up", end: "at the end" };

const kLongestValue = 300;

const filledOf = table => el("span", { class: "nowrap" }, `${count(table.rows)} of ${count(table.wanted)}`);

/** One value of a table from character `start` on, NULL told apart from the text. */
function value(text, start = 0) {
  if (text == null) return el("span", { class: "null" }, "NULL");
  if (text === "") return el("span", { class: "null" }, "empty text");
  const characters = Array.from(text.slice(0, 2 * (start + kLongestValue) + 2));
  const shown = characters.slice(start, start + kLongestValue).join("");
  return el("code", { class: "value" }, start > 0 && "…", shown, characters.length > start + kLongestValue && "…");
}

/** Two values that differ: long ones are shown around the first character that does. */
function valuePair(before, after) {
  const [a, b] = [before, after].map(text => Array.from(text ?? ""));
  const same = a.findIndex((character, i) => character !== b[i]);
  const at = same < 0 ? a.length : same;
  const start = before != null && after != null && at > kLongestValue - 40 ? at - 40 : 0;
  return [value(before, start), value(after, start)];
}

/** A plain table. `heads`: its column heads; `body`: rows of cells. */
function grid(heads, body) {
  return el("div", { class: "grid-scroller" }, el("table", { class: "grid" },
    el("thead", {}, el("tr", {}, heads.map(head => el("th", { scope: "col" }, head)))),
    el("tbody", {}, body.map(cells => el("tr", {}, cells.map(cell => el("td", {}, cell)))))));
}

function dataCard(title, kind, text, ...content) {
  return el("section", { class: "card data-card" },
    el("div", { class: "card-head" }, el("h4", {}, title), kind && state(kind, text)), content);
}

/** A card with nothing to look at, on one line. */
const calmCard = (title, kind, text, words) =>
  el("section", { class: "card data-card calm" }, el("h4", {}, title), state(kind, text), el("span", { class: "muted" }, words));

// --- rows before the up ------------------------------------------------------------------------

function filledRow(table) {
  return [el("code", {}, table.table), filledOf(table),
    [table.problem && [state("warning", "not as asked"), " ", table.problem],
      table.remedy && el("pre", { class: "remedy-lines" }, table.remedy),
      table.note && el("span", { class: "muted" }, table.note)]];
}

function filledCard(filled) {
  if (filled.length === 0) return null;
  const short = filled.filter(table => table.problem);
  const list = tables => grid(["Table", "Rows", ""], tables.map(filledRow));
  const good = filled.filter(table => !table.problem);
  return dataCard("Rows put in place before the up", short.length > 0 ? "warning" : "passed",
    short.length > 0 ? `${short.length} of ${plural(filled.length, "table")} not as asked` : plural(filled.length, "table"),
    short.length > 0 && list(short),
    good.length > 0 && el("details", { open: short.length === 0 && good.length <= 6 },
      el("summary", {}, `${plural(good.length, "table")} filled`), list(good)));
}

function trippedCard(tripped) {
  return tripped && dataCard("The up failed over generated rows", "warning", "tried again",
    errorBlock(tripped.failure), el("p", { class: "message" }, "It was tried again when ", tripped.yielded, "."));
}

function adversarialCard(trial) {
  const title = "The up over adversarial rows";
  if (trial.failure) {
    return dataCard(title, "warning", "fails",
      trial.condition && el("p", { class: "message" }, `It fails as soon as ${trial.condition}.`), errorBlock(trial.failure));
  }
  if (trial.ran) return calmCard(title, "passed", "applies", trial.tables.join(", "));
  return trial.skipped && calmCard(title, "skipped", "not tried", trial.skipped);
}

// --- what became of rows -----------------------------------------------------------------------

function columnHead(column) {
  const types = column.type_before && column.type_before !== column.type_after && ` (${column.type_before} → ${column.type_after})`;
  const name = [el("code", {}, column.column), column.renamed_to && [" (now ", el("code", {}, column.renamed_to), ")"]];
  if (column.dropped) return [name, `: dropped with ${plural(column.rows, "value")}`];
  if (column.transform) return [name, `: ${count(column.rows)} not as declared, `, el("code", {}, column.transform)];
  return [name, `: ${count(column.rows)} ${column.rows === 1 ? "value differs" : "values differ"}`, types];
}

function columnChange(column) {
  const heads = column.transform ? ["Row", "Should be", "Is"] : ["Row", "Before", "After"];
  const cells = sample => [el("code", { class: "value" }, sample.row),
    column.dropped ? [value(sample.before), el("span", { class: "null" }, "gone")] : valuePair(sample.before, sample.after)].flat();
  return [el("p", { class: "column-head" }, columnHead(column)),
    column.samples.length > 0 && grid(heads, column.samples.map(cells))];
}

function tableChange(table) {
  const counted = (n, kind, word) => n > 0 && [" ", badge(kind, `${count(n)} ${word}`)];
  return el("li", { class: "difference" },
    table.kind !== "table" && `${table.kind} `, el("code", {}, table.table),
    table.renamed_to && [" (now ", el("code", {}, table.renamed_to), ")"],
    `: ${rows(table.rows_before)} before, ${table.dropped ? "dropped" : count(table.rows_after) + " after"}`,
    counted(table.lost, "failed", "lost"), counted(table.added, "info", "added"),
    table.lost_samples.length > 0 && el("p", { class: "muted" }, "Lost: ",
      table.lost_samples.flatMap((row, i) => [i > 0 && ", ", value(row)])),
    table.columns.map(columnChange),
    table.note && el("p", { class: "muted" }, "Not compared: ", table.note));
}

function sequenceChange(sequence) {
  return el("li", { class: "difference" }, "sequence ", el("code", {}, sequence.sequence),
    `: would give ${count(sequence.before)} before, ${count(sequence.after)} after`,
    sequence.in_use != null && [", while ", el("code", {}, sequence.column), ` has ${count(sequence.in_use)}`]);
}

function contents(diff) {
  return el("ul", { class: "differences" }, diff.tables.map(tableChange), diff.sequences.map(sequenceChange));
}

function contentsCard(title, diff) {
  const differ = diff.tables.length + diff.sequences.length;
  const looked = `${plural(diff.tables_compared, "table")} and ${rows(diff.rows_compared)} compared; no other can have changed`;
  if (differ === 0) return calmCard(title, "passed", "nothing changed", looked);
  return dataCard(title, "info", plural(differ, "change"), contents(diff), el("p", { class: "muted" }, looked));
}

// --- rows written after the up -----------------------------------------------------------------

function lossRows(loss) {
  const whose = own => own ? "this migration" : "an earlier one";
  const lost = loss.table_dropped ? "dropped, with all its rows" : `${count(loss.lost)} of ${rows(loss.written)}`;
  const table = (loss.table_dropped || loss.lost > 0) && [el("code", {}, loss.table), lost, whose(loss.made_by_up)];
  return [table, ...loss.columns.map(column =>
    [el("code", {}, `${loss.table}.${column.column}`), plural(column.values, "value") + (column.overwritten ? " written over" : ""), whose(column.made_by_up)])].filter(Boolean);
}

function newRowsCard(trial) {
  const title = "The down over rows written after the up";
  if (!trial.ran) return trial.skipped && calmCard(title, "skipped", "not tried", trial.skipped);
  const harmed = trial.harmed.tables.length + trial.harmed.sequences.length;
  const lost = trial.losses.flatMap(lossRows);
  return dataCard(title, trial.failure || harmed > 0 ? "failed" : "ok", trial.failure ? "fails" : harmed > 0 ? "harms older rows" : "runs",
    trial.failure && errorBlock(trial.failure),
    harmed > 0 && [el("p", { class: "column-head" }, "Rows that were there before the up:"), contents(trial.harmed)],
    lost.length > 0 && grid(["Lost by the down", "How much", "Made by"], lost),
    trial.wrote.length > 0 && el("details", {}, el("summary", {}, "What was written"),
      el("ul", { class: "muted" }, trial.wrote.map(text => el("li", {}, text)))),
    trial.in_copy && el("p", { class: "muted" }, "Tried in a copy of the database."));
}

function downWithoutRowsCard(down) {
  if (!down) return null;
  const title = "The failed down on empty tables";
  if (!down.applies) return dataCard(title, "failed", "fails too", down.failure && errorBlock(down.failure));
  return calmCard(title, "info", "runs", !down.schema_judged ? "the schema it leads to could not be judged" :
    down.restored.length === 0 ? "it brings the schema back" : "it does not bring the schema back: see schema-restored");
}

// --- constraints and assertions ----------------------------------------------------------------

function constraintRow(constraint) {
  const broken = constraint.problem ? ["not counted: ", constraint.problem] :
    [`${rows(constraint.broken)} now, ${count(constraint.broken_before)} before`,
      constraint.examples.length > 0 && el("div", { class: "muted" }, constraint.examples.flatMap((row, i) => [i > 0 && ", ", value(row)]))];
  return [[el("code", {}, constraint.constraint), el("div", { class: "muted" }, el("code", {}, constraint.table))],
    [constraint.dropped ? "dropped: " : constraint.was_there ? "not valid already before: " : "not valid: ", el("code", {}, constraint.definition)],
    broken, constraint.settled_by || "no migration yet"];
}

function constraintsCard(constraints) {
  if (constraints.length === 0) return null;
  const broken = constraints.some(constraint => constraint.broken > 0);
  return dataCard("Constraints left without proof", broken ? "warning" : "info", plural(constraints.length, "constraint"),
    grid(["Constraint", "State", "Rows that break it", "Settled by"], constraints.map(constraintRow)));
}

function resultTable(title, columns, table, total) {
  const hidden = total - table.length;
  return el("div", {}, el("p", { class: "column-head" }, `${title}: ${rows(total)}`),
    table.length > 0 && grid(columns, table.map(row => row.map(cell => value(cell)))),
    hidden > 0 && el("p", { class: "muted" }, `… and ${count(hidden)} more`));
}

function assertionItem(assertion) {
  const kind = assertion.skipped ? "skipped" : assertion.passed ? "passed" : assertion.blocking ? "failed" : "warning";
  return el("li", { class: "difference" },
    state(kind, assertion.skipped ? "not asked" : assertion.passed ? "holds" : "does not hold"), " ",
    assertion.name, el("span", { class: "muted" }, ` ${kMoments[assertion.at]} · ${place(assertion.file, assertion.line)}`),
    assertion.skipped && el("div", { class: "muted" }, assertion.skipped),
    !assertion.passed && !assertion.skipped && [el("pre", { class: "source" }, assertion.sql), el("div", { class: "beside" },
      resultTable("Expected", assertion.columns, assertion.expected, assertion.expected.length),
      resultTable("Found", assertion.columns, assertion.found, assertion.found_rows))]);
}

function assertionsCard(assertions) {
  if (assertions.length === 0) return null;
  const unasked = assertions.filter(assertion => assertion.skipped);
  const broken = assertions.filter(assertion => !assertion.passed && !assertion.skipped);
  const held = assertions.filter(assertion => assertion.passed);
  const list = items => el("ul", { class: "differences" }, items.map(assertionItem));
  const calm = held.length > 0 ? "passed" : "skipped";
  return dataCard("Assertions", broken.length > 0 ? "failed" : calm,
    broken.length > 0 ? `${broken.length} of ${assertions.length} not met` : plural(assertions.length, "assertion"),
    broken.length > 0 && list(broken), unasked.length > 0 && list(unasked),
    held.length > 0 && el("details", {}, el("summary", {}, `${held.length} met`), list(held)));
}

// --- the whole ---------------------------------------------------------------------------------

/** Everything seen of rows around one migration; null when there was nothing to see. */
function dataSection(data) {
  const cards = [filledCard(data.filled), trippedCard(data.tripped), adversarialCard(data.adversarial),
    data.observed && contentsCard("Rows after the up, held against before it", data.preserved),
    data.observed && contentsCard("Rows after the down, held against before the up", data.restored),
    downWithoutRowsCard(data.down_without_rows), newRowsCard(data.new_rows), constraintsCard(data.constraints), assertionsCard(data.assertions)].filter(Boolean);
  if (cards.length === 0) return null;
  return el("section", { class: "data" }, el("h3", {}, "Data"),
    data.loss && el("p", { class: "loss" }, el("b", {}, "Rolling back loses: "), data.loss),
    el("div", { class: "stack" }, cards));
}

/** What a run was rehearsed with: null when no rows were asked for. */
function rowsCard(data) {
  if (data.tables === 0 && data.rows === 0) return null;
  const fact = (name, text) => el("div", {}, el("dt", {}, name), el("dd", {}, text));
  const filled = data.tables - data.unfilled.length;
  const unfilled = data.unfilled.map(table => [[el("code", {}, table.table),
    el("div", { class: "muted" }, "before ", table.migration)], filledOf(table),
    table.problem, table.remedy && el("pre", { class: "remedy-lines" }, table.remedy)]);
  return el("div", { class: "card rows-card" },
    el("dl", { class: "row-facts" }, fact("Rows in each table", count(data.rows)),
      fact("Tables filled", `${filled} of ${data.tables}`), fact("Rows generated", count(data.generated)),
      data.profile && fact("Profile", data.profile),
      Number.isSafeInteger(data.seed) && fact("Seed", String(data.seed))),
    unfilled.length > 0 && el("details", { open: unfilled.length <= 5 },
      el("summary", {}, `${unfilled.length} of ${plural(data.tables, "table")} could not be filled as asked`),
      grid(["Table", "Rows", "Why", "What would help"], unfilled)));
}
