// One migration, opened: its findings, phases, statements and schema differences. Built when it is
// opened and not before, because a long history has tens of thousands of statements.
// Text from the run enters the page as text nodes only; nothing here parses HTML.
"use strict";

/** Characters that a browser hides or that turn the reading direction, as visible escapes. */
const visible = text => String(text).replace(
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069\ufffe\uffff]/g, c => {
    const code = c.charCodeAt(0);
    if (c === "\r") return "";
    return code < 256 ? "\\x" + code.toString(16).padStart(2, "0") : "\\u" + code.toString(16);
  });

/** el("p", {class: "note", onclick: f}, "text", node, [nodes], null) */
function el(tag, attributes, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value != null) node.setAttribute(name, value);
  }
  for (const child of children.flat(Infinity)) {
    if (child == null || child === false || child === "") continue;
    node.append(child.nodeType ? child : visible(child));
  }
  return node;
}

/** The same for the elements of a drawing. */
function svg(tag, attributes, ...children) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) if (value != null && value !== false) node.setAttribute(name, value);
  for (const child of children.flat(Infinity)) if (child) node.append(child.nodeType ? child : visible(child));
  return node;
}

const icon = name => svg("svg", { class: "icon", "aria-hidden": "true" }, svg("use", { href: "#i-" + name }));

const kIcons = { ok: "passed", missing: "skipped", error: "failed", warning: "warning", info: "info" };
const state = (kind, text) => el("span", { class: "state " + kind }, icon(kIcons[kind] || kind), text || kind);
const badge = (kind, text) => el("span", { class: "badge " + kind }, text || kind);
const plural = (n, word, many) => `${n} ${n === 1 ? word : many || word + "s"}`;
const place = (file, line, column) =>
  !file ? (line ? `line ${line}` : "") : file + (line ? ":" + line + (column ? ":" + column : "") : "");

/** As the other reports say it; the limits are where rounding reaches the next unit. */
function duration(ms) {
  if (ms < 9.95) return ms.toFixed(1) + " ms";
  if (ms < 999.5) return ms.toFixed(0) + " ms";
  if (ms < 59950) return (ms / 1000).toFixed(1) + " s";
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

const kPhaseTitles = { up: "Up", down: "Down", up_again: "Up again" };
const kSeverities = ["info", "warning", "error"];
const isOpen = finding => finding.waived == null && !finding.known;

/** What a finding says in one line: an introduction that ends with a colon takes its first item. */
function headline(message) {
  const [first, ...rest] = message.split("\n");
  if (rest.length === 0 || !first.endsWith(":")) return first;
  return `${first} ${rest[0].trim()}${rest.length > 1 ? ` … and ${rest.length - 1} more` : ""}`;
}

/** The source line with a caret below the column, which counts characters from 1. */
function sourceExcerpt(error) {
  if (!error.source_line) return null;
  const number = error.line ? String(error.line) : "";
  const characters = Array.from(error.source_line);
  const before = visible(characters.slice(0, Math.max(0, error.column - 1)).join(""));
  const rest = visible(characters.slice(Math.max(0, error.column - 1)).join(""));
  return el("figure", { class: "source" }, el("pre", {},
    el("span", { class: "gutter" }, number + " │ "), before + rest,
    error.column > 0 && ["\n", el("span", { class: "gutter" }, " ".repeat(number.length) + " │ "),
      before.replace(/[^\t]/gu, " "),
      el("span", { class: "caret", role: "img", "aria-label": "column " + error.column }, "^")]));
}

function errorBlock(error, told) {
  const line = (label, text) => text && el("p", { class: "message" }, el("b", {}, label + ": "), text);
  return el("div", { class: "error-block" },
    el("p", { class: "message" }, error.message,
      error.sqlstate && el("span", { class: "muted" }, ` (SQLSTATE ${error.sqlstate})`)),
    el("p", { class: "muted mono" }, place(error.file, error.line, error.column)),
    !told && [sourceExcerpt(error), line("Detail", error.detail), line("Hint", error.hint)],
    line("Context", error.context),
    line("Fix", error.remedy));
}

// The evidence that says the same as a finding's list of details, but is shown with more care.
const kDifferencesOf = { "schema-restored": "after_down", "schema-reproduced": "after_up_again" };
const kPhaseOf = { "up-applies": "up", "down-applies": "down", "up-reapplies": "up_again" };

function evidenceOf(migration, finding) {
  const list = kDifferencesOf[finding.check] && migration.schema[kDifferencesOf[finding.check]];
  if (list && list.length > 0) return differenceList(list);
  const phase = migration.phases.find(p => p.name === kPhaseOf[finding.check]);
  return phase && phase.error && [phase.error.detail, phase.error.hint].map(t => t && el("pre", { class: "more" }, t))
    .concat(sourceExcerpt(phase.error));
}

function findingCard(finding, text, evidence) {
  const [first, ...rest] = finding.message.split("\n");
  const explained = text && (text.why || text.guards_against);
  return el("article", { class: `card finding ${finding.severity}${isOpen(finding) ? "" : " settled"}` },
    el("div", { class: "card-head" },
      state(finding.severity), el("h4", { class: "mono" }, finding.check),
      finding.waived != null && badge("skipped", "waived"), finding.known && badge("skipped", "known"),
      el("span", { class: "grow" }),
      el("span", { class: "muted mono" }, place(finding.file, finding.line))),
    el("p", { class: "message" }, first),
    evidence || (rest.length > 0 && el("pre", { class: "more" }, rest.join("\n"))),
    finding.waived && el("p", { class: "muted" }, "Waived: " + finding.waived),
    finding.migration && el("p", { class: "muted" }, "Brought about by ", el("code", {}, finding.migration)),
    finding.remedy && el("p", { class: "remedy" }, el("b", {}, "Fix: "), finding.remedy),
    !evidence && finding.objects.length > 0 &&
      el("div", { class: "objects" }, finding.objects.map(object => el("code", {}, object))),
    el("details", {}, el("summary", {}, explained ? "Why this matters" : "Fingerprint"),
      explained && [text.guards_against, text.why].map(t => t && el("p", {}, t)),
      el("p", { class: "muted" }, "Fingerprint ", el("code", {}, finding.fingerprint))));
}

function statementRow(statement, longest) {
  const width = longest > 0 ? Math.max(1, 100 * statement.duration_ms / longest) : 1;
  const bar = el("i", { class: statement.failed && "failed", "aria-hidden": "true" });
  bar.style.width = width + "%";
  return el("tr", {},
    el("td", { class: "line" }, statement.line || ""),
    el("td", {}, statement.failed && [state("failed"), " "], el("code", {}, statement.text || statement.kind),
      statement.notices.map(notice => el("div", { class: "notice mono" }, notice)),
      footprintNotes(statement).map(note => el("div", { class: "notice" }, note))),
    el("td", { class: "rows" }, statement.rows == null ? "" : statement.rows.toLocaleString("en")),
    el("td", { class: "took" }, el("div", { class: "meter" }, bar, duration(statement.duration_ms))));
}

function statementTable(phase, longest) {
  const count = phase.statements.length;
  if (count === 0) return null;
  const table = el("table", { class: "statements" },
    el("thead", {}, el("tr", {},
      el("th", { scope: "col", class: "line" }, "Line"), el("th", { scope: "col" }, "Statement"),
      el("th", { scope: "col", class: "rows" }, "Rows"), el("th", { scope: "col", class: "took" }, "Time"))),
    el("tbody", {}, phase.statements.map(statement => statementRow(statement, longest))));
  return el("details", { open: count <= 12 }, el("summary", {}, plural(count, "statement")), table);
}

function phaseCard(phase, longest, told) {
  return el("section", { class: "card" },
    el("div", { class: "card-head" },
      el("h4", {}, kPhaseTitles[phase.name]), state(phase.outcome),
      phase.outcome !== "skipped" && phase.outcome !== "missing" &&
        el("span", { class: "muted" }, duration(phase.duration_ms))),
    phase.notes.map(note => el("p", { class: "muted" }, note)),
    phase.error && errorBlock(phase.error, told),
    statementTable(phase, longest));
}

function differenceItem(d) {
  const value = (label, text) => text && [el("dt", {}, label), el("dd", {}, el("pre", {}, text))];
  return el("li", { class: "difference" },
    badge(d.class), badge(d.change === "changed" ? "warning" : d.change === "missing" ? "failed" : "info", d.change),
    " ", el("span", {}, d.kind), " ", el("code", {}, d.name), d.property && `: ${d.property}`,
    el("dl", { class: "values" },
      d.change === "changed" && [value("expected", d.expected || "(none)"), value("found", d.found || "(none)")],
      value("to mend", d.ddl)));
}

function differenceList(list) {
  const rank = ["security", "behaviour", "cosmetic"];
  const sorted = [...list].sort((a, b) => rank.indexOf(a.class) - rank.indexOf(b.class));
  return el("ul", { class: "differences" }, sorted.map(differenceItem));
}

/** A schema difference that no finding's card shows already. */
function differences(title, list) {
  if (list.length === 0) return null;
  return el("section", {}, el("h3", {}, `${title}: ${plural(list.length, "difference")}`),
    el("div", { class: "card" }, differenceList(list)));
}

function facts(migration) {
  const files = [...migration.up_files, ...migration.down_files];
  const lines = [
    files.length > 0 && el("p", { class: "files mono" }, files.join("  ·  ")),
    migration.after_failed_migration &&
      `Ran on a schema without ${migration.after_failed_migration}, whose up failed.`,
    migration.down_is_empty && "The down script exists but sends nothing.",
    migration.recovered && "The database was rebuilt before the next migration.",
    !migration.judged && "Only applied, to reach the selected migrations: nothing was judged."];
  return el("div", {}, lines.map(line => line && (line.nodeType ? line : el("p", { class: "muted" }, line))));
}

/** Everything about one migration. `texts`: check id → its words. */
function migrationDetail(migration, texts) {
  const weight = f => (isOpen(f) ? 10 : 0) + kSeverities.indexOf(f.severity);
  const findings = [...migration.findings].sort((a, b) => weight(b) - weight(a));
  const said = check => findings.some(finding => finding.check === check);
  const statements = migration.phases.flatMap(phase => phase.statements);
  const longest = Math.max(0, ...statements.map(statement => statement.duration_ms));
  return el("div", { class: "panel" },
    facts(migration),
    findings.length > 0 && el("section", {}, el("h3", {}, plural(findings.length, "finding")),
      el("div", { class: "stack" }, findings.map(f => findingCard(f, texts.get(f.check), evidenceOf(migration, f))))),
    said("schema-restored") ? null :
      differences("Schema after down, held against before up", migration.schema.after_down),
    said("schema-reproduced") ? null :
      differences("Schema after the second up, held against the first", migration.schema.after_up_again),
    differences("Left behind by the script that failed", migration.schema.left_by_failure),
    dataSection(migration.data),
    lockSection(migration),
    isolationSection(migration),
    el("section", {}, el("h3", {}, "Rehearsal"),
      el("div", { class: "phases" }, migration.phases.map(phase => phaseCard(phase, longest, findings.some(finding => kPhaseOf[finding.check] === phase.name))))),
    migration.checks.length > 0 && el("section", {}, el("h3", {}, "Checks"),
      el("ul", { class: "outcomes" }, migration.checks.map(c => el("li", {}, state(c.outcome, c.check),
        el("span", { class: "visually-hidden" }, " " + c.outcome),
        c.reason && el("span", { class: "muted" }, c.reason))))));
}
