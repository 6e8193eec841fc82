// What was seen of locks while a migration ran: a timeline of each phase with a lane for each
// relation, and the ledger as a table. Built when the migration is opened; a lane's drawing is SVG
// in percent of its width, so that it fits any window without being drawn again.
"use strict";

// Weakest first, as the ledger counts them: catalog word, manual's word, short, what it keeps out.
const kModes = [
  ["AccessShareLock", "ACCESS SHARE", "AS", ""], ["RowShareLock", "ROW SHARE", "RS", ""],
  ["RowExclusiveLock", "ROW EXCLUSIVE", "RX", ""],
  ["ShareUpdateExclusiveLock", "SHARE UPDATE EXCLUSIVE", "SUX", ""],
  ["ShareLock", "SHARE", "S", "writes"], ["ShareRowExclusiveLock", "SHARE ROW EXCLUSIVE", "SRX", "writes"],
  ["ExclusiveLock", "EXCLUSIVE", "X", "writes"], ["AccessExclusiveLock", "ACCESS EXCLUSIVE", "AX", "reads and writes"]];
const modeWord = catalogWord => (kModes.find(mode => mode[0] === catalogWord) || [])[1] || catalogWord;

const kLanes = 14;       // as many as one looks at before anything is unfolded
const kModesShown = 2;
const kMarks = 60;       // statements whose lines through all lanes still help
const kLedgerRows = 300;
const kLabelRoom = 8;    // percent of the width that the label of a statement's mark needs

const lockCount = ledger => `${count(ledger.length)} ${ledger.length === 1 ? "lock" : "locks"}`;
const took = ms => el("span", { class: "nowrap" }, duration(ms));
const percent = part => (100 * part).toFixed(3) + "%";
const ofRows = n => n >= 0 ? ` (${rows(n)})` : "";

/** A lock as run.json has it; in the page it is a row of numbers. */
function unpackLock([relation, mode, acquired_ms, held_ms, waited_ms = 0, sampled = 0]) {
  return { kind: "table", table: "", rows: -1, own: false, ...run.relations[relation],
    mode, acquired_ms, held_ms, waited_ms, exact: !sampled };
}

const ledgerOf = phase => phase.statements.flatMap(statement =>
  (statement.locks || []).map(lock => ({ ...unpackLock(lock), statement })));

// Advisory locks and the like are in nobody's way who does not ask for them.
const blocksOf = lock => lock.own || lock.kind === "advisory lock" || lock.kind === "other" ? "" : kModes[lock.mode][3];
// A lock read at a statement's end counts from the statement's start, waiting included; a sampled
// one from when it was first seen granted, with the wait before.
const grantedAt = lock => Math.max(lock.acquired_ms, lock.statement.started_ms + lock.waited_ms);
const endOf = lock => Math.max(grantedAt(lock), lock.acquired_ms + lock.held_ms);
const shortPlace = statement => place(statement.file.split("/").pop(), statement.line);

function describeLock(lock) {
  const blocks = blocksOf(lock);
  return `${kModes[lock.mode][1]} from ${duration(grantedAt(lock))} for ${lock.exact ? "" : "about "}${duration(lock.held_ms)}` +
    `${lock.waited_ms > 0 ? `, after waiting ${duration(lock.waited_ms)}` : ""}` +
    `${blocks ? `, keeps out ${blocks}` : ""} (${shortPlace(lock.statement)}${lock.exact ? "" : ", sampled"})`;
}

// --- lanes --------------------------------------------------------------------------------------

/** One entry a relation: an index stands below its table, the strongest lock at the top. */
function lanesOf(ledger) {
  const lanes = new Map();
  for (const lock of ledger) {
    const lane = lanes.get(lock.kind + lock.relation) || { ...lock, locks: [], strongest: 0, total: 0 };
    lane.locks.push(lock);
    if (blocksOf(lock)) lane.strongest = Math.max(lane.strongest, lock.mode);
    lane.total += lock.held_ms;
    lane.own &&= lock.own;
    lanes.set(lock.kind + lock.relation, lane);
  }
  const family = lane => lane.table || lane.relation;
  const weights = new Map();
  for (const lane of lanes.values()) {
    const [strongest, total] = weights.get(family(lane)) || [0, 0];
    weights.set(family(lane), [Math.max(strongest, lane.strongest), Math.max(total, lane.total)]);
  }
  const order = (a, b) => weights.get(family(b))[0] - weights.get(family(a))[0] ||
    weights.get(family(b))[1] - weights.get(family(a))[1] || family(a).localeCompare(family(b)) ||
    (a.table ? 1 : 0) - (b.table ? 1 : 0) || a.relation.localeCompare(b.relation);
  return [...lanes.values()].sort(order);
}

function bar(lock, end) {
  const [from, to] = [grantedAt(lock) / end, Math.min(1, endOf(lock) / end)];
  const told = svg("title", {}, `${lock.relation}: ${describeLock(lock)}`);
  // What keeps nobody out is thin, so that among hundreds of locks the others are seen.
  const height = { "": 5, writes: 10 }[blocksOf(lock)] ?? 14;
  const box = { y: 11 - height / 2, height };
  return svg("g", { class: `mode-${lock.mode}${lock.exact ? "" : " sampled"}` }, told,
    lock.waited_ms > 0 && svg("rect", { class: "waited", x: percent(from - lock.waited_ms / end), width: percent(lock.waited_ms / end), ...box }),
    svg("rect", { class: "held", x: percent(from), width: percent(Math.max(0, to - from)), rx: 2, ...box }));
}

function laneRow(lane, end) {
  const modes = [...new Set(lane.locks.map(lock => lock.mode))].sort((a, b) => b - a);
  const bars = [...lane.locks].sort((a, b) => a.mode - b.mode).map(lock => bar(lock, end));
  const told = lane.locks.slice(0, 5).map(describeLock).join("; ") + (lane.locks.length > 5 ? `; and ${lane.locks.length - 5} more` : "");
  return el("div", { class: "lane" + (lane.table ? " lane-index" : "") },
    el("div", { class: "lane-name", title: lane.relation },
      el("span", { class: "lane-relation" }, el("code", {}, lane.relation)),
      lane.kind !== "table" && el("span", { class: "muted" }, lane.kind),
      lane.own && el("span", { class: "muted" }, "own"),
      el("span", { class: "lane-modes" },
        modes.slice(0, kModesShown).map(mode => el("span", { class: `mode mode-${mode}`, title: kModes[mode][1] }, kModes[mode][2])),
        modes.length > kModesShown && el("span", { class: "muted" }, `+${modes.length - kModesShown}`))),
    svg("svg", { class: "lane-bars", role: "img", "aria-label": `${lane.relation}${ofRows(lane.rows)}: ${told}` }, bars));
}

/** Where each statement stood: blocks, and labels as far as there is room for them. */
function statementLane(phase, end) {
  let free = -kLabelRoom, labels = 0;
  const oneFile = new Set(phase.statements.map(statement => statement.file)).size === 1;
  const marks = phase.statements.map((statement, i) => {
    const at = 100 * statement.started_ms / end;
    const roomy = statement.line > 0 && at >= free && at <= 100 - kLabelRoom / 2;
    if (roomy) free = at + (oneFile ? kLabelRoom : 3 * kLabelRoom);
    return [svg("rect", { class: `statement${i % 2 ? " odd" : ""}${statement.failed ? " failed" : ""}`, x: percent(at / 100), y: 0, height: 8, width: percent(statement.duration_ms / end) },
      svg("title", {}, `${place(statement.file, statement.line)}: ${statement.text || statement.kind} (${duration(statement.duration_ms)})`)),
      roomy && svg("text", { class: labels++ % 2 ? "odd" : null, x: percent(at / 100), y: 20 }, oneFile ? ":" + statement.line : shortPlace(statement))];
  });
  return el("div", { class: "lane" }, el("div", { class: "lane-name muted" }, el("span", { class: "nowrap" }, plural(phase.statements.length, "statement")),
    oneFile && el("code", { class: "lane-relation" }, phase.statements[0].file.split("/").pop())),
    svg("svg", { class: "lane-bars statements-lane", role: "img", "aria-label": `${plural(phase.statements.length, "statement")} in ${duration(end)}` }, marks));
}

/** Round times, at most eight of them. */
function ticks(end) {
  const rough = end / 7;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map(n => n * power).find(size => size >= rough);
  return Array.from({ length: Math.floor(end / step + 1e-9) + 1 }, (_, i) => i * step);
}

function axisLane(end) {
  return el("div", { class: "lane axis", "aria-hidden": "true" }, el("div", { class: "lane-name" }),
    svg("svg", { class: "lane-bars" }, ticks(end).filter(time => time < 0.96 * end).map((time, i) => svg("text",
      { class: i % 2 ? "odd" : null, x: percent(time / end), y: 14, "text-anchor": time === 0 ? "start" : "middle" }, time === 0 ? "0" : duration(time)))));
}

function backdrop(phase, end) {
  const line = (time, kind) => svg("line", { class: kind, x1: percent(time / end), x2: percent(time / end), y1: 0, y2: "100%" });
  return svg("svg", { class: "backdrop", "aria-hidden": "true" },
    ticks(end).map(time => line(time, "tick")), phase.statements.length <= kMarks && phase.statements.map(statement => line(statement.started_ms, "mark")));
}

function legend(ledger) {
  const used = [...new Set(ledger.map(lock => lock.mode))].sort((a, b) => b - a);
  const blocks = mode => ledger.some(lock => lock.mode === mode && blocksOf(lock)) && ": keeps out " + kModes[mode][3];
  const swatch = (kind, text) => el("li", {}, svg("svg", { class: "swatch", "aria-hidden": "true" }, svg("g", { class: kind },
    svg("rect", { class: kind === "wait" ? "waited" : "held", x: 1, y: 2, width: 18, height: 10, rx: 2 }))), text);
  return el("ul", { class: "lock-legend" },
    used.map(mode => swatch("mode-" + mode, [`${kModes[mode][2]} ${kModes[mode][1]}`, blocks(mode)])),
    ledger.some(lock => lock.waited_ms > 0) && swatch("wait", "waited for"),
    ledger.some(lock => !lock.exact) && swatch("sampled mode-3", "sampled: begin and end are about right"));
}

/** The lanes, those that the phase made and those beyond a handful folded away. */
function timeline(phase, ledger) {
  const end = ledger.reduce((latest, lock) => Math.max(latest, endOf(lock)), Math.max(phase.duration_ms, 0.001));
  const lanes = lanesOf(ledger);
  const own = lanes.filter(lane => lane.own), foreign = lanes.filter(lane => !lane.own);
  const shown = el("div", { class: "lanes" });
  const button = (text, act) => el("button", { type: "button", class: "quiet", onclick: act }, text);
  const controls = el("div", { class: "lane-controls" });
  const draw = (all, withOwn) => {
    const first = all ? foreign : foreign.slice(0, kLanes);
    shown.replaceChildren(...[...first, ...(withOwn ? own : [])].map(lane => laneRow(lane, end)));
    controls.replaceChildren(...[
      foreign.length > kLanes && button(all ? `Show the first ${kLanes}` : `Show all ${foreign.length} relations`, () => draw(!all, withOwn)),
      own.length > 0 && button(`${withOwn ? "Hide" : "Show"} ${plural(own.length, "relation")} made here`, () => draw(all, !withOwn))].filter(Boolean));
  };
  draw(false, foreign.length === 0);
  return [el("div", { class: "timeline" }, backdrop(phase, end), statementLane(phase, end), shown, axisLane(end)), controls, legend(ledger)];
}

// --- the ledger as a table ----------------------------------------------------------------------

function ledgerRow(lock) {
  const blocks = blocksOf(lock);
  return [[el("span", { class: "nowrap mono" }, shortPlace(lock.statement)), el("div", { class: "muted" }, lock.statement.text.slice(0, 80))],
    [el("span", { class: `mode mode-${lock.mode}` }, kModes[lock.mode][1]), blocks && el("div", { class: "muted" }, "keeps out " + blocks)],
    [el("code", {}, lock.relation), el("div", { class: "muted" }, [lock.kind !== "table" && lock.kind, lock.table && "of " + lock.table,
      lock.rows >= 0 && rows(lock.rows), lock.own && "made by this phase"].filter(Boolean).join(", "))],
    took(lock.acquired_ms), lock.waited_ms > 0 ? took(lock.waited_ms) : "", took(lock.held_ms),
    lock.exact ? "exact" : "sampled"];
}

/** Built when it is unfolded, since a long phase has thousands of rows. */
function folded(title, build, open = false) {
  const node = el("details", { open }, el("summary", {}, title));
  const fill = () => { if (node.open && node.childElementCount === 1) node.append(...[build()].flat(Infinity).filter(Boolean)); };
  node.addEventListener("toggle", fill);
  fill();
  return node;
}

function ledgerTable(ledger) {
  const heads = ["Statement", "Mode", "On", "Taken at", "Waited", "Held", "Seen"];
  const table = grid(heads, ledger.slice(0, kLedgerRows).map(ledgerRow));
  if (ledger.length <= kLedgerRows) return table;
  const more = el("button", { type: "button", class: "quiet", onclick: () => {
    table.replaceWith(grid(heads, ledger.map(ledgerRow)));
    more.remove();
  } }, `Show all ${count(ledger.length)} locks`);
  return [table, more];
}

function ledgerCard(phase) {
  const ledger = ledgerOf(phase), title = kPhaseTitles[phase.name], again = phase.name === "up_again";
  if (ledger.length === 0) {
    return !again && phase.statements.some(statement => statement.observed) &&
      calmCard(title, "passed", "no lock", "on any relation: nobody was kept waiting");
  }
  const draw = () => [...timeline(phase, ledger), folded(`The ledger: ${lockCount(ledger)}`, () => ledgerTable(ledger))];
  const own = ledger.every(lock => lock.own);
  if (again || own) {
    return el("section", { class: "card data-card" },
      folded(`${title}: ${lockCount(ledger)}${own ? ", only on what this migration makes itself" : ""}`, draw));
  }
  return dataCard(title, null, "", el("p", { class: "muted" }, `${lockCount(ledger)} in ${duration(phase.duration_ms)}`), draw());
}

// --- statements ---------------------------------------------------------------------------------

function bytes(n) {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let unit = 0;
  for (; n >= 999.5 && unit < units.length - 1; ++unit) n /= 1000;
  return `${unit > 0 && n < 9.95 ? n.toFixed(1) : n.toFixed(0)} ${units[unit]}`;
}

/** What a statement did besides its answer, for the list of statements. */
function footprintNotes(statement) {
  const { rewrites = [], passes = {}, pass_rows = {}, wal_bytes = 0, temp_bytes = 0 } = statement;
  return [...rewrites.map(rewrite => `rewrites ${rewrite.relation}${rewrite.reason && ": " + rewrite.reason}`),
    ...Object.entries(passes).map(([table, n]) => `${plural(n, "pass", "passes")} over ${table}${ofRows(pass_rows[table] ?? -1)}`),
    wal_bytes >= 1e6 && `${bytes(wal_bytes)} of WAL`, temp_bytes > 0 && `${bytes(temp_bytes)} of temporary files`].filter(Boolean);
}

/** Everything seen of locks around one migration; null when nobody looked. */
function lockSection(migration) {
  const cards = [...migration.phases.map(ledgerCard), ...trialCards(migration.locks)].filter(Boolean);
  if (cards.length === 0) return null;
  return el("section", { class: "locks" }, el("h3", {}, "Locks"),
    migration.locks.strongest && el("p", { class: "loss" }, el("b", {}, "Strongest lock: "), migration.locks.strongest),
    el("div", { class: "stack" }, cards));
}
