// The page of a backfill benchmark: the verdict, and for each backfill the answer first, then the
// plots and tables that it comes from.
"use strict";

const bench = JSON.parse(document.getElementById("bench").textContent);
const byId = id => document.getElementById(id);
const sectionId = index => `backfill-${index + 1}`;
const gates = finding => isOpen(finding) && kSeverities.indexOf(finding.severity) >= kSeverities.indexOf(bench.gate);

// --- summary --------------------------------------------------------------------------------

function describeBench() {
  const fact = (name, value) => value && el("div", {}, el("dt", {}, name), el("dd", {}, value));
  byId("facts").append(...[
    fact("PostgreSQL", bench.postgres), fact("Backfills", String(bench.backfills.length)), fact("Took", duration(bench.duration_ms)),
    fact("Started", bench.started_at.replace("T", " ").replace("Z", " UTC")), fact("Baseline", bench.baseline || "none"),
    bench.calibration > 0 && fact("Reference statement", rate(bench.calibration)),
    fact("Fails on", bench.gate === "warning" ? "warnings and errors" : bench.gate + "s")].filter(Boolean));
  if (bench.error) byId("stopped").append(stop(bench.error));
  if (bench.cancelled) byId("stopped").append(stop({ message: "Stopped before its end: this is what was measured until then.", remedy: "" }));
  const list = values => el("ul", {}, Object.entries(values).map(([name, value]) => el("li", { class: "mono" }, `${name} = ${value}`)));
  byId("foot").append(
    el("p", {}, `Drydock ${bench.version}`, Object.entries(bench.machine).map(([k, v]) => ` · ${k} ${v}`)),
    bench.command ? el("p", {}, "Run it again: ", el("code", {}, bench.command)) : "",
    el("details", { class: "run-notes" }, el("summary", {}, "How it was measured"),
      el("p", { class: "muted" }, "On a disposable server with production settings, each variant on a fresh copy of one database, in random order, with an application's traffic beside it. ",
        "The reference statement is an UPDATE of a fixed table, the same in every run: ratios to it can be compared across machines, roughly."),
      list(bench.settings)));
}

const stop = error => el("p", { class: "stop" }, error.message, error.remedy && "\nFix: " + error.remedy);

function attentionItem(kind, message, check, index) {
  return el("li", {}, el("button", { type: "button", class: kind, onclick: () => visit(index) }, icon(kIcons[kind] || kind),
    el("span", { class: "what" }, el("span", { class: "visually-hidden" }, kind + ": "), headline(message)),
    el("span", { class: "check-id mono" }, check), el("span", { class: "where mono" }, bench.backfills[index].name)));
}

function visit(index) {
  const section = byId(sectionId(index));
  history.replaceState(null, "", "#" + section.id);
  section.scrollIntoView({ block: "start" });
  section.focus({ preventScroll: true });
}

function listAttention() {
  const items = bench.backfills.flatMap((backfill, index) => [
    backfill.unmeasured && attentionItem("errored", backfill.unmeasured.message, "", index),
    ...backfill.cases.flatMap(each => each.findings.filter(gates).map(finding => attentionItem(finding.severity, finding.message, finding.check, index)))]).filter(Boolean);
  document.querySelector("#attention ul").append(...items);
  byId("attention").hidden = items.length === 0;
}

function listContents() {
  const links = bench.backfills.map((backfill, index) => [sectionId(index), backfill.name]);
  if (bench.trends.length > 0) links.push(["trend", "Trend"]);
  byId("contents").hidden = links.length < 2;
  byId("contents").append(el("ul", {}, links.map(([id, text]) => el("li", {}, el("a", { href: "#" + id }, text)))));
}

// --- the answer -----------------------------------------------------------------------------

/** Into the clipboard; where the browser forbids that, selected and copied the old way. */
async function copyText(text, node, told) {
  try {
    await navigator.clipboard.writeText(text);
    told.textContent = "Copied";
  } catch {
    getSelection().selectAllChildren(node);
    told.textContent = document.execCommand("copy") ? "Copied" : "Selected: press Ctrl+C";
  }
}

function sqlBlock(sql) {
  const code = el("pre", { class: "source sql", tabindex: "0", "aria-label": "SQL of the recommended loop" }, sql);
  const told = el("span", { class: "muted", role: "status" });
  return el("div", { class: "to-paste" }, el("div", { class: "card-head" }, el("h4", {}, "The loop to paste"), el("span", { class: "grow" }), told,
    el("button", { type: "button", class: "quiet copy", onclick: () => copyText(sql, code, told) }, "Copy SQL")), code);
}

function answerCard(backfill) {
  const chosen = backfill.points[backfill.recommended];
  const figure = (name, value) => el("div", {}, el("dt", {}, name), el("dd", {}, value));
  return el("section", { class: "card answer" }, el("p", { class: "answer-title" }, chosen ? "Recommended" : "Nothing can be recommended"),
    chosen && el("p", { class: "answer-name" }, chosen.variant.name),
    chosen && el("dl", { class: "row-facts" }, figure("Throughput", rate(chosen.speed)), chosen.share > 0 && figure("Of the single UPDATE", share(chosen.share)),
      figure("p99 stall", duration(chosen.stall)), figure("p99 without it", duration(chosen.figures.calm_p99)), figure("p99 of a batch", duration(chosen.figures.batch.p99))),
    el("p", { class: "message" }, backfill.reason), backfill.sql && sqlBlock(backfill.sql));
}

// --- findings and advice --------------------------------------------------------------------

function findingItem(finding) {
  const [first, ...rest] = finding.message.split("\n");
  return el("article", { class: `card finding ${finding.severity}${isOpen(finding) ? "" : " settled"}` },
    el("div", { class: "card-head" }, state(finding.severity), el("h4", { class: "mono" }, finding.check),
      finding.waived != null && badge("skipped", "waived"), finding.known && badge("skipped", "known"), el("span", { class: "grow" }), el("span", { class: "muted mono" }, place(finding.file, finding.line))),
    el("p", { class: "message" }, first), rest.length > 0 && el("pre", { class: "more" }, rest.join("\n")),
    finding.remedy && el("p", { class: "remedy" }, el("b", {}, "Fix: "), finding.remedy));
}

function budgetWords({ stall_p99_ms, rows_per_second, wal_bytes_per_row, growth }) {
  return [stall_p99_ms != null && `p99 stall at most ${duration(stall_p99_ms)}`, rows_per_second != null && `at least ${rate(rows_per_second)}`,
    wal_bytes_per_row != null && `at most ${bytesText(wal_bytes_per_row)} of WAL a row`, growth != null && `a table at most ${ratio(growth)} as large`].filter(Boolean).join(", ");
}

function checksList(backfill) {
  return el("ul", { class: "outcomes" }, backfill.cases.map(each => el("li", {}, state(each.outcome, each.check), el("span", { class: "visually-hidden" }, " " + each.outcome),
    el("span", { class: "muted" }, each.reason || (each.check === "backfill-budget" ? budgetWords(backfill.budgets) : bench.baseline)))));
}

function hotCard(hot) {
  if (!hot.advice && !hot.indexes) return null;
  return dataCard("Room on the page", hot.eligible ? "passed" : "info", hot.eligible ? "updates can be HOT" : "every update writes to the indexes",
    el("p", { class: "message" }, hot.advice || `An assigned column is in ${hot.indexes}.`),
    el("p", { class: "muted" }, `fillfactor ${hot.fillfactor}, ${share(hot.share)} of the recommended variant's updates were HOT`));
}

const naiveCard = text => text && dataCard("What the naive loop costs", "warning", "grows with the rows", el("p", { class: "message" }, text + "."));

function notesCard(backfill) {
  const dropped = backfill.points.filter(point => point.figures.dropped > 0)
    .map(point => `${point.variant.name}: ${plural(point.figures.dropped, "repetition")} counted for nothing: ${point.figures.problem}`);
  const all = [...backfill.notes, ...dropped];
  return all.length > 0 && dataCard("Notes", null, null, el("ul", { class: "notes" }, all.map(note => el("li", {}, note))));
}

// --- a backfill -----------------------------------------------------------------------------

function aboutBackfill(backfill) {
  const told = backfill.statement || `UPDATE ${backfill.table} SET ${backfill.set}${backfill.where ? ` WHERE ${backfill.where}` : ""}`;
  return [el("p", { class: "run-facts" }, [backfill.rows > 0 && rows(backfill.rows), backfill.key && `primary key ${backfill.key}`, place(backfill.file, backfill.line)].filter(Boolean).join(" · ")),
    el("pre", { class: "source about" }, told)];
}

function backfillSection(backfill, index) {
  const findings = backfill.cases.flatMap(each => each.findings);
  const measured = backfill.points.length > 0;
  return el("section", { class: "backfill", id: sectionId(index), tabindex: "-1", "aria-label": backfill.name },
    el("h2", {}, backfill.name), aboutBackfill(backfill),
    el("div", { class: "stack" }, backfill.unmeasured && stop(backfill.unmeasured), measured && answerCard(backfill),
      findings.map(findingItem), checksList(backfill), measured && plotsOf(backfill), measured && variantTable(backfill),
      naiveCard(backfill.naive), hotCard(backfill.hot), measured && comparisonCard(bench, backfill), notesCard(backfill)));
}

wireTheme();
describeBench();
listAttention();
listContents();
byId("backfills").append(...bench.backfills.map(backfillSection));
byId("trends").append(...[trendSections(bench.trends)].flat(2).filter(Boolean));
byId("skip").addEventListener("click", event => { event.preventDefault(); byId("results").focus(); });
if (location.hash.length > 1) document.getElementById(location.hash.slice(1))?.scrollIntoView();
