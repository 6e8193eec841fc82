// All variants of a backfill as a table that sorts, and what they came to against a baseline.
"use strict";

const bytesText = n => `${whole(n)} B`;
const secondsText = s => duration(1000 * s);
const tailOf = ({ first_tenth_s, last_tenth_s }) => first_tenth_s > 0 ? last_tenth_s / first_tenth_s : 0;
const orBlank = (n, text) => n > 0 ? text(n) : "";

// Groups of columns: head, what it means, value to sort by, how it is written.
const kColumns = [
  ["Throughput", [
    ["rows/s", "median of the repetitions", p => p.speed, whole],
    ["spread", "fastest less slowest repetition, as a share of the median", p => p.spread, share],
    ["of single", "rows/s over those of one UPDATE of everything", p => p.share, n => orBlank(n, share)]]],
  ["A batch takes", ["p50", "p95", "p99", "max"].map(name => [name, `${name} of one batch`, p => p.figures.batch[name], duration])],
  ["Readers wait", ["p99", "max"].map(name => [name, `${name} of the traffic's reads`, p => p.figures.reads[name], duration])],
  ["Writers wait", ["p99", "max"].map(name => [name, `${name} of the traffic's writes`, p => p.figures.writes[name], duration])],
  ["Traffic", [
    ["calm p99", "p99 of the same operations just before, the worse of reads and writes", p => p.figures.calm_p99, duration],
    ["rate", "operations a second over those in the calm", p => p.figures.traffic_share, n => orBlank(n, share)]]],
  ["Written", [
    ["WAL/row", "bytes of write-ahead log a row", p => p.figures.wal, bytesText],
    ["growth", "table with indexes afterwards over before", p => p.figures.growth, n => orBlank(n, ratio)],
    ["dead", "dead rows left for VACUUM", p => p.figures.dead, whole],
    ["HOT", "updates that wrote to no index", p => p.figures.hot, share]]],
  ["Server", [
    ["read", "pages read from outside shared_buffers", p => p.figures.buffers_read, whole],
    ["hit", "pages found in shared_buffers", p => p.figures.buffers_hit, whole],
    ["checkpoints", "checkpoints meanwhile", p => p.figures.checkpoints, n => String(n)],
    ["lock waits", "time that workers waited for locks, in all", p => p.figures.lock_wait_ms, duration]]],
  ["Tenths of the rows", [
    ["first", "time for the first tenth", p => p.figures.first_tenth_s, secondsText],
    ["last", "time for the last tenth", p => p.figures.last_tenth_s, secondsText],
    ["ratio", "last over first", p => tailOf(p.figures), n => orBlank(n, n => `${n.toFixed(1)} ×`)]]]];
const kAllColumns = kColumns.flatMap(([, columns]) => columns);
const firstOf = column => kColumns.some(([, columns]) => columns[0] === column);

function variantCell(backfill, point) {
  const kinds = { recommended: "passed", knee: "info", "on the frontier": "skipped" };
  return el("th", { scope: "row", class: "variant" }, el("span", {}, point.variant.name),
    marksOf(backfill, point).map(text => [" ", badge(kinds[text], text === "on the frontier" ? "frontier" : text)]),
    point.measured && !point.within && [" ", badge("failed", "over budget")],
    point.figures.dropped > 0 && point.measured && [" ", badge("warning", `${plural(point.figures.dropped, "repetition")} dropped`)]);
}

function variantRow(backfill, point) {
  const row = el("tr", { class: backfill.points.indexOf(point) === backfill.recommended && "chosen" }, variantCell(backfill, point));
  if (!point.measured) row.append(el("td", { class: "unmeasured", colspan: kAllColumns.length }, state("errored", "not measured"), " ", point.figures.problem));
  else row.append(...kAllColumns.map(column => el("td", { class: firstOf(column) && "first" }, column[3](column[2](point)))));
  return row;
}

/** `column` null: by name. What was not measured stays at the end. */
function sortRows(table, column, descending) {
  const sign = descending ? -1 : 1;
  const order = (a, b) => column ? column[2](a) - column[2](b) : a.variant.name.localeCompare(b.variant.name, "en", { numeric: true });
  table.rows.sort((a, b) => (b.point.measured - a.point.measured) || sign * order(a.point, b.point));
  table.body.append(...table.rows.map(entry => entry.row));
}

function sortButton(table, column, title) {
  const head = el("th", { scope: "col", class: column && firstOf(column) && "first", title: title || null });
  const button = el("button", { type: "button", onclick: () => {
    const descending = head.getAttribute("aria-sort") !== "descending" && Boolean(column);
    const up = head.getAttribute("aria-sort") === "ascending";
    table.heads.forEach(other => other.removeAttribute("aria-sort"));
    const down = column ? descending : up;
    head.setAttribute("aria-sort", down ? "descending" : "ascending");
    sortRows(table, column, down);
  } }, column ? column[0] : "Variant", el("span", { class: "arrow", "aria-hidden": "true" }));
  head.append(button);
  table.heads.push(head);
  return head;
}

function variantTable(backfill) {
  const table = { heads: [], body: el("tbody", {}), rows: backfill.points.map(point => ({ point, row: variantRow(backfill, point) })) };
  const head = el("thead", {},
    el("tr", { class: "groups" }, el("td", {}), kColumns.map(([title, columns]) => el("th", { scope: "colgroup", class: "first", colspan: columns.length }, title))),
    el("tr", {}, sortButton(table, null), kAllColumns.map(column => sortButton(table, column, column[1]))));
  table.heads[1].setAttribute("aria-sort", "descending");
  sortRows(table, kAllColumns[0], true);
  return el("div", { class: "scroller", role: "region", tabindex: "0", "aria-label": `All variants of ${backfill.name}` },
    el("table", { class: "variants" }, head, table.body));
}

// --- baseline -----------------------------------------------------------------------------------

/** A ratio with its p; beyond the limit it says so in a word. */
function comparedCell(value, p, beyond, held, word) {
  const kind = held ? "failed" : beyond ? "warning" : null;
  return [el("span", { class: "nowrap" }, ratio(value), el("span", { class: "muted" }, ` p = ${p.toPrecision(2)}`)), kind && [" ", badge(kind, held ? word : "maybe chance")]];
}

function comparisonRow(comparison, slower) {
  return [comparison.variant.name, comparedCell(comparison.speed, comparison.p_speed, comparison.speed < 1 - slower, comparison.slower, "slower"),
    comparedCell(comparison.stall, comparison.p_stall, comparison.stall > 1 + slower, comparison.stalls_more, "stalls more")];
}

function comparisonCard(bench, backfill) {
  if (!bench.baseline) return null;
  const regression = backfill.cases.find(each => each.check === "backfill-regression");
  const { compared, comparisons, budgets } = backfill;
  const about = compared.variants === 0 ? "The baseline has none of these variants." :
    `Over ${plural(compared.variants, "variant")}: ${ratio(compared.speed)} the rows/s and ${ratio(compared.stall)} the p99 stall of the baseline (geometric means). ` +
    `The limit is ${share(budgets.slower)}: below ${ratio(1 - budgets.slower)} the rows/s, or above ${ratio(1 + budgets.slower)} the stall, and by the Mann–Whitney U test not by chance. What gates is all variants together.`;
  const worst = [...comparisons].sort((a, b) => a.speed - b.speed);
  return dataCard("Against the baseline", regression.outcome, regression.outcome,
    el("p", { class: "muted" }, bench.baseline),
    bench.baseline_refused && el("p", { class: "message" }, el("b", {}, "Shown, but it does not gate: "), bench.baseline_refused),
    el("p", { class: "message" }, about),
    worst.length > 0 && el("details", { open: worst.length <= 24 }, el("summary", {}, plural(worst.length, "variant")),
      grid(["Variant", "Rows/s, now over then", "p99 stall, now over then"], worst.map(each => comparisonRow(each, budgets.slower)))));
}
