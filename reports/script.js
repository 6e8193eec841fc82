// The page: summary, filters, the table of migrations × checks. What is searched, filtered and open
// is in the address's fragment, so that a link to one migration can be sent to a colleague.
"use strict";

const run = JSON.parse(document.getElementById("run").textContent);
const byId = id => document.getElementById(id);
const texts = new Map(run.checks.map(text => [text.id, text]));
const kOutcomes = ["failed", "errored", "passed", "skipped"];
const gateRank = kSeverities.indexOf(run.gate);
const gates = finding => isOpen(finding) && kSeverities.indexOf(finding.severity) >= gateRank;

/** One entry a migration: its data, its place in the address, its rows once they exist. */
const entries = run.runs.flatMap((scenario, index) =>
  scenario.migrations.map(migration => ({ migration, scenario, key: `${index}/${migration.id}` })));

// --- summary --------------------------------------------------------------------------------

function describeRun() {
  const fact = (name, value) => value !== "" && value != null && el("div", {}, el("dt", {}, name), el("dd", {}, value));
  const servers = [...new Set(run.runs.map(scenario => scenario.postgres))].filter(Boolean);
  byId("facts").append(...[
    fact(run.runs.length > 1 ? "Scenarios" : "Scenario", [...new Set(run.runs.map(s => s.scenario))].join(", ")),
    fact("PostgreSQL", servers.join(", ")),
    fact("Migrations", entries.length), fact("Took", duration(run.duration_ms)),
    fact("Started", run.started_at.replace("T", " ").replace("Z", " UTC")),
    fact("Fails on", run.gate === "info" ? "any finding" : run.gate + "s" + (run.gate === "warning" ? " and errors" : "")),
    fact("Seed", byId("facts").dataset.seed)].filter(Boolean));
  const stop = error => error && el("p", { class: "stop" }, error.message, error.remedy && "\nFix: " + error.remedy);
  byId("stopped").append(...[run, ...run.runs].map(part => stop(part.error)).filter(Boolean));
  byId("foot").append(
    el("p", {}, `Drydock ${run.tool.version}`, Object.entries(run.context.machine).map(([k, v]) => ` · ${k} ${v}`)),
    run.command ? el("p", {}, "Run it again: ", el("code", {}, run.command)) : "");
  if (run.stale_known.length > 0) {
    byId("foot").append(el("details", {},
      el("summary", {}, `Known findings that no longer occur: ${run.stale_known.length}`),
      el("ul", {}, run.stale_known.map(s => el("li", {}, `${s.check} · ${s.migration} · `, el("code", {}, s.fingerprint))))));
  }
}

function listAttention() {
  const kAtFirst = 8;
  const items = entries.flatMap(entry => [
    ...entry.migration.findings.filter(gates).map(f => attentionItem(entry, f.severity, f.message, f.check)),
    ...entry.migration.checks.filter(c => c.outcome === "errored").map(c =>
      attentionItem(entry, "errored", c.reason, c.check))]);
  if (items.length === 0) return;
  const list = document.querySelector("#attention ul");
  list.append(...items);
  byId("attention").hidden = false;
  if (items.length <= kAtFirst + 1) return;
  items.slice(kAtFirst).forEach(item => { item.hidden = true; });
  const more = el("button", { type: "button", onclick: () => {
    items.forEach(item => { item.hidden = false; });
    more.parentNode.remove();
    items[kAtFirst].firstChild.focus();
  } }, el("span"), el("span", {}, `Show all ${items.length}`));
  list.append(el("li", {}, more));
}

function attentionItem(entry, kind, message, check) {
  return el("li", {}, el("button", { type: "button", class: kind, onclick: () => visit(entry) },
    icon(kIcons[kind] || kind),
    el("span", { class: "what" }, el("span", { class: "visually-hidden" }, kind + ": "), headline(message)),
    el("span", { class: "check-id mono" }, check),
    el("span", { class: "where mono" }, entry.migration.id,
      run.runs.length > 1 && ` · ${entry.scenario.scenario} on ${entry.scenario.postgres}`)));
}

// --- table ----------------------------------------------------------------------------------

/** What a check's cell says: its outcome, or the findings that did not fail it. */
function cell(migration, check) {
  const found = migration.findings.filter(finding => finding.check === check.check);
  const open = found.filter(isOpen);
  const said = severity => open.filter(finding => finding.severity === severity).length;
  const counted = kSeverities.filter(said).reverse().map(s => s === "info" ? `${said(s)} info` : plural(said(s), s));
  if (check.outcome === "failed") return ["failed", counted[0] || "failed"];
  if (check.outcome !== "passed") return [check.outcome, check.outcome];
  if (counted.length > 0) return [said("error") || said("warning") ? "warning" : "info", counted[0]];
  if (found.length > 0) return ["skipped", found[0].waived != null ? "waived" : "known"];
  return ["passed", "ok"];
}

function checkCell(migration, id) {
  const check = migration.checks.find(candidate => candidate.check === id);
  if (!check) return el("td", { class: "quiet-cell" }, el("span", { class: "visually-hidden" }, "not asked"));
  const [kind, text] = cell(migration, check);
  return el("td", { class: kind === "passed" || kind === "skipped" ? "quiet-cell" : null, title: `${id}: ${text}` },
    el("span", { class: "visually-hidden check-name" }, id + ": "), state(kind, el("span", { class: "word" }, text)));
}

function buildRow(entry, ids) {
  const { migration } = entry;
  const total = migration.phases.reduce((sum, phase) => sum + phase.duration_ms, 0);
  entry.detailId = "detail-" + entries.indexOf(entry);
  entry.button = el("button", { type: "button", "aria-expanded": "false", "aria-controls": entry.detailId,
    onclick: () => { toggle(entry); remember(); } },
    icon("chevron"), el("span", { class: "name", title: migration.id }, migration.id));
  entry.row = el("tr", { class: "row" },
    el("th", { scope: "row", class: "id" }, entry.button),
    el("td", {}, badge(migration.outcome)), el("td", { class: "time" }, duration(total)),
    ids.map(id => checkCell(migration, id)));
  entry.badge = entry.row.querySelector(".badge");
  entry.badge.prepend(icon(migration.outcome));
  entry.detail = el("tr", { class: "detail", id: entry.detailId, hidden: true }, el("td", { colspan: ids.length + 3 }));
  return [entry.row, entry.detail];
}

function buildTable(scenario) {
  const own = entries.filter(entry => entry.scenario === scenario);
  const used = new Set(own.flatMap(entry => entry.migration.checks.map(check => check.check)));
  const ids = [...texts.keys()].filter(id => used.has(id)).concat([...used].filter(id => !texts.has(id)));
  const heads = ids.map(id => el("th", { scope: "col", class: "check-head", title: texts.get(id)?.title }, el("span", {}, id)));
  return el("div", { class: "scroller", role: "region", tabindex: "0",
    "aria-label": `Migrations and checks of ${scenario.scenario} on PostgreSQL ${scenario.postgres}` },
    el("table", { class: "matrix" + (ids.length > 9 ? " many" : "") },
      el("thead", {}, el("tr", {}, el("th", { scope: "col", class: "id-head" }, "Migration"),
        el("th", { scope: "col" }, "Outcome"), el("th", { scope: "col", class: "time" }, "Time"), heads)),
      el("tbody", {}, own.map(entry => buildRow(entry, ids)))));
}

function buildRun(scenario) {
  const settings = Object.entries(scenario.settings);
  const notes = [...scenario.notes, ...scenario.ignored.map(file => `ignored ${file.path}: ${file.reason}`)];
  const about = [scenario.directory, `layout ${scenario.layout}`, scenario.run_as && `as ${scenario.run_as}`,
    scenario.profile && `${scenario.profile} profile`, duration(scenario.duration_ms)].filter(Boolean).join(" · ");
  return el("section", { class: "run" },
    el("h2", {}, scenario.scenario + (scenario.postgres ? ` on PostgreSQL ${scenario.postgres}` : "")),
    scenario.why && el("p", { class: "run-why" }, scenario.why),
    el("p", { class: "run-facts" }, about),
    el("details", { class: "run-notes" }, el("summary", {}, "How it was run"),
      el("ul", {}, [scenario.layout_summary, ...notes].filter(Boolean).map(note => el("li", {}, note)),
        settings.map(([name, value]) => el("li", { class: "mono" }, `${name} = ${value}`)))),
    rowsCard(scenario.data),
    scenario.migrations.length > 0 && buildTable(scenario));
}

// --- opening --------------------------------------------------------------------------------

function toggle(entry, open = entry.detail.hidden) {
  entry.button.setAttribute("aria-expanded", String(open));
  entry.detail.hidden = !open || entry.row.hidden;
  entry.open = open;
  if (open && !entry.detail.firstChild.firstChild) {
    entry.detail.firstChild.append(migrationDetail(entry.migration, texts));
  }
}

/** Opens a migration, whatever the filters hide, and goes there. */
function visit(entry) {
  if (entry.row.hidden) clearFilters();
  toggle(entry, true);
  remember();
  entry.button.focus({ preventScroll: true });
  entry.row.scrollIntoView({ block: "start" });
}

// --- filters --------------------------------------------------------------------------------

const filter = { q: "", check: "", severity: "", outcomes: new Set() };

function haystack(entry) {
  const { migration } = entry;
  const failure = error => error ? [error.message, error.detail, error.sqlstate] : [];
  const { filled, preserved, restored, loss } = migration.data;
  const { tables = [] } = migration.isolation;
  entry.haystack ??= [migration.id, loss,
    ...[...filled, ...preserved.tables, ...restored.tables, ...tables].map(table => table.table), entry.scenario.scenario, ...migration.up_files, ...migration.down_files,
    ...migration.findings.flatMap(f => [f.check, f.message, f.fingerprint, ...f.objects]),
    ...migration.phases.flatMap(p => [...failure(p.error), ...p.notes, ...p.statements.map(s => s.text)])].join("\n").toLowerCase();
  return entry.haystack;
}

function matches(entry) {
  const { migration } = entry;
  if (filter.outcomes.size > 0 && !filter.outcomes.has(migration.outcome)) return false;
  if (!filter.q.toLowerCase().split(/\s+/).every(word => haystack(entry).includes(word))) return false;
  if (!filter.check && !filter.severity) return true;
  const notable = migration.checks.some(c => c.check === filter.check && c.outcome !== "passed" && c.outcome !== "skipped");
  return migration.findings.some(f => (!filter.check || f.check === filter.check) &&
    (!filter.severity || f.severity === filter.severity)) || (!filter.severity && notable);
}

function applyFilters() {
  let shown = 0;
  for (const entry of entries) {
    entry.row.hidden = !matches(entry);
    entry.detail.hidden = entry.row.hidden || !entry.open;
    shown += entry.row.hidden ? 0 : 1;
  }
  const active = filter.q || filter.check || filter.severity || filter.outcomes.size > 0;
  byId("shown").textContent = active ? `${shown} of ${plural(entries.length, "migration")} shown` : "";
  byId("reset").hidden = !active;
  byId("none").hidden = shown > 0 || entries.length === 0;
  document.querySelectorAll(".run").forEach((section, index) => {
    const own = entries.filter(entry => entry.scenario === run.runs[index]);
    section.hidden = own.length > 0 && own.every(entry => entry.row.hidden);
  });
  for (const chip of document.querySelectorAll(".chip")) {
    chip.setAttribute("aria-pressed", String(filter.outcomes.has(chip.dataset.outcome)));
  }
}

function clearFilters() {
  Object.assign(filter, { q: "", check: "", severity: "", outcomes: new Set() });
  showFilters();
  applyFilters();
}

function showFilters() {
  for (const id of ["q", "check", "severity"]) byId(id).value = filter[id];
}

/** Writes filters and opened migrations into the address, without a new step in the history. */
function remember() {
  const words = new URLSearchParams();
  for (const id of ["q", "check", "severity"]) if (filter[id]) words.set(id, filter[id]);
  if (filter.outcomes.size > 0) words.set("outcome", [...filter.outcomes].join(","));
  entries.filter(entry => entry.open).forEach(entry => words.append("open", entry.key));
  history.replaceState(null, "", "#" + words);
}

function recall() {
  const words = new URLSearchParams(location.hash.slice(1));
  for (const id of ["q", "check", "severity"]) filter[id] = words.get(id) || "";
  filter.outcomes = new Set((words.get("outcome") || "").split(",").filter(o => kOutcomes.includes(o)));
  showFilters();
  const open = new Set(words.getAll("open"));
  entries.forEach(entry => { if (open.has(entry.key) !== !!entry.open) toggle(entry, open.has(entry.key)); });
  applyFilters();
}

function wireFilters() {
  const changed = () => { applyFilters(); remember(); };
  byId("check").append(...[...texts.keys()].map(id => el("option", { value: id }, id)));
  for (const id of ["q", "check", "severity"]) {
    byId(id).addEventListener("input", event => { filter[id] = event.target.value; changed(); });
  }
  byId("filters").addEventListener("submit", event => event.preventDefault());
  byId("filters").addEventListener("reset", event => { event.preventDefault(); clearFilters(); remember(); byId("q").focus(); });
  for (const outcome of kOutcomes) {
    const count = entries.filter(entry => entry.migration.outcome === outcome).length;
    if (count === 0) continue;
    document.querySelector(".chips").append(el("button", { type: "button", class: "chip " + outcome,
      "data-outcome": outcome, "aria-pressed": "false", onclick: () => {
        if (!filter.outcomes.delete(outcome)) filter.outcomes.add(outcome);
        changed();
      } }, icon(outcome), outcome, " ", el("b", {}, String(count))));
  }
  window.addEventListener("hashchange", recall);
}

wireTheme();
describeRun();
listAttention();
byId("runs").append(...run.runs.map(buildRun));
wireFilters();
recall();
byId("skip").addEventListener("click", event => { event.preventDefault(); byId("results").focus(); });
const linked = entries.find(entry => entry.open);
if (linked) linked.row.scrollIntoView({ block: "start" });
