// What was seen of tenant isolation after a migration: who was played and how, then the matrix of
// tables and commands. A table opens into commands × situations, where every try tells what the
// server answered. Colour only repeats what a sign and a word already say.
"use strict";

// As run.json has them, and as people say them.
const kCommands = { select: "SELECT", copy: "COPY … TO", lock_rows: "SELECT … FOR UPDATE", returning: "UPDATE … RETURNING",
  insert: "INSERT", upsert: "INSERT … ON CONFLICT DO UPDATE", update: "UPDATE", update_all: "UPDATE without WHERE", move: "UPDATE of the tenant",
  delete: "DELETE", delete_all: "DELETE without WHERE", foreign_key: "reference", unique_key: "taken key", truncate: "TRUNCATE" };
const kSituations = { own: "its own rows", other: "another tenant's rows", no_context: "without a context",
  empty_context: "with an empty context", malformed_context: "with a malformed context", unknown_tenant: "as a tenant that does not exist",
  owner: "as the table's owner", other_role: "as another role with the same privileges" };

// Worst first: word, icon and tone of a verdict.
const kVerdicts = { leak: ["leak", "failed", "failed"], denied: ["own rows denied", "denied", "warning"],
  told: ["told", "info", "info"], held: ["held", "passed", "passed"], not_tried: ["not tried", "skipped", "skipped"] };
const kLinks = { column: "by its column", parent: "by the row it refers to", root: "by being the tenant" };

const verdictRank = tried => Object.keys(kVerdicts).indexOf(tried.verdict);
const situationRank = tried => Object.keys(kSituations).indexOf(tried.situation);
const isWorse = (a, b) => (verdictRank(a) - verdictRank(b) || b.rows - a.rows || situationRank(a) - situationRank(b)) < 0;
const worstOf = tries => tries.reduce((worst, tried) => !worst || isWorse(tried, worst) ? tried : worst, null);
const wrong = tried => tried.verdict === "leak" || tried.verdict === "denied";

/** The statement of a try that held: where it is not told, it is that of the situation before. */
function statementOf(statements, situation, command) {
  const order = Object.keys(kSituations);
  for (let i = order.indexOf(situation); i >= 0; --i) if (command in (statements[order[i]] || {})) return statements[order[i]][command];
  return "";
}

/** Tries as a list; those that held or were not made stand in run.json by situation and answer. */
function triesOf({ probes = [], held = {}, not_tried = {}, statements = {} }) {
  const whole = probes.map(probe => ({ rows: 0, of: 0, outcome: "", sql: "", examples: [], ...probe }));
  const short = (tries, verdict) => Object.entries(tries).flatMap(([situation, answers]) => Object.entries(answers).flatMap(([answer, commands]) => {
    const [, rows = 0, of = 0, text] = /^(\d+) of (\d+)(?:: ([^]*)| rows?)$/.exec(answer) || [];
    return commands.split(" ").map(command => ({ command, situation, verdict, rows: +rows, of: +of, outcome: text ?? answer, examples: [],
      sql: verdict === "held" ? statementOf(statements, situation, command) : "" }));
  }));
  return [...whole, ...short(held, "held"), ...short(not_tried, "not_tried")];
}

/** A table of run.json with what is left out there put back. */
const completeTable = table => ({ link: "column", tenant: "", owner: "", row_security: false, forced: false, role_is_owner: false,
  privileges: [], privileges_assumed: false, policies: [], rows: 0, tenants: 0, tenant_a: "", tenant_b: "", problem: "", exempt: "",
  changed_by: "", seen_after: "", ...table, tries: triesOf(table) });

/** How many rows, unless the server's answer says just that. */
const rowsOf = tried => (tried.of > 0 || tried.rows > 0) && !/^\d+ of \d+ rows?$/.test(tried.outcome) ? `${count(tried.rows)} of ${rows(tried.of)}` : "";
const triedName = tried => `${kCommands[tried.command]}, ${kSituations[tried.situation]}`;
const sentence = tried => `${triedName(tried)}: ${kVerdicts[tried.verdict][0]}` +
  [rowsOf(tried), tried.outcome].filter(Boolean).map((text, i) => (i ? "; " : ", ") + text).join("");

const sign = verdict => icon(kVerdicts[verdict][1]);
const verdictState = verdict => el("span", { class: "state " + kVerdicts[verdict][2] }, sign(verdict), kVerdicts[verdict][0]);

// --- one table: commands × situations -------------------------------------------------------------

/** One try, with the statement as a person could send it and the rows that got through. */
function triedDetail(tried) {
  return [el("p", {}, verdictState(tried.verdict), " ", el("b", {}, triedName(tried)), rowsOf(tried) && `: ${rowsOf(tried)}`),
    tried.outcome && el("p", { class: "message" }, tried.outcome),
    tried.sql && el("pre", { class: "source" }, tried.sql),
    tried.examples.length > 0 && el("div", { class: "objects" }, tried.examples.map(example => value(example)))];
}

/** Puts a list of buttons behind one tab stop; arrows move in the grid, Home and End in the row. */
function rove(body) {
  const cells = () => [...body.rows].map(row => [...row.querySelectorAll("button")]);
  body.addEventListener("keydown", event => {
    const grid = cells(), y = grid.findIndex(row => row.includes(document.activeElement));
    if (y < 0) return;
    const x = grid[y].indexOf(document.activeElement), last = grid[y].length - 1;
    const to = { ArrowLeft: [y, x - 1], ArrowRight: [y, x + 1], ArrowUp: [y - 1, x], ArrowDown: [y + 1, x], Home: [y, 0], End: [y, last] }[event.key];
    if (!to) return;
    event.preventDefault();
    const next = grid[to[0]]?.[Math.min(Math.max(to[1], 0), grid[to[0]].length - 1)];
    next?.focus();
    next?.click();
  });
}

/** The matrix of one table; what is focused is told below it, at first the worst. */
function triesMatrix(table) {
  const commands = Object.keys(kCommands).filter(command => table.tries.some(tried => tried.command === command));
  const situations = Object.keys(kSituations).filter(situation => table.tries.some(tried => tried.situation === situation));
  const told = el("div", { class: "told", "aria-live": "polite" });
  const buttons = new Map();
  const choose = tried => {
    for (const [each, button] of buttons) {
      button.tabIndex = each === tried ? 0 : -1;
      button.setAttribute("aria-pressed", String(each === tried));
    }
    told.replaceChildren(...triedDetail(tried).filter(Boolean));
  };
  const cell = (command, situation) => {
    const tried = table.tries.find(each => each.command === command && each.situation === situation);
    if (!tried) return el("td", {});
    const button = el("button", { type: "button", class: "try " + kVerdicts[tried.verdict][2], title: [sentence(tried), tried.sql].filter(Boolean).join("\n"),
      "aria-label": sentence(tried), onclick: () => choose(tried), onfocus: () => choose(tried) }, sign(tried.verdict));
    buttons.set(tried, button);
    return el("td", {}, button);
  };
  const body = el("tbody", {}, commands.map(command => el("tr", {}, el("th", { scope: "row" }, kCommands[command]),
    situations.map(situation => cell(command, situation)))));
  rove(body);
  choose(worstOf(table.tries));
  return [el("div", { class: "grid-scroller" }, el("table", { class: "tries" },
    el("thead", {}, el("tr", {}, el("td", {}), situations.map(situation => el("th", { scope: "col" }, kSituations[situation])))), body)), told];
}

function policyRow(policy) {
  const expression = text => text ? el("code", { class: "value" }, text) : el("span", { class: "null" }, "none");
  return [[el("code", {}, policy.name), policy.permissive === false && [" ", badge("info", "restrictive")]], policy.command,
    [policy.roles.join(", "), !policy.applies && el("div", { class: "muted" }, "not the application's")],
    expression(policy.using), policy.check ? expression(policy.check) : policy.using && policy.command !== "SELECT" && policy.command !== "DELETE" ?
      el("span", { class: "muted" }, "as USING") : expression("")];
}

function tableFacts(table) {
  const fact = (name, text) => text && el("div", {}, el("dt", {}, name), el("dd", {}, text));
  const security = !table.row_security ? "off" : table.forced ? "on, forced" : "on, not forced";
  const rights = table.privileges.join(", ") || "none";
  return el("dl", { class: "row-facts" },
    fact("Whose a row is", [table.tenant && el("code", {}, table.tenant), ` ${kLinks[table.link]}`]),
    fact("Row security", [security, table.role_is_owner && ", and the role is an owner"]),
    fact("Owner", table.owner && el("code", {}, table.owner)),
    fact("The role may", table.privileges_assumed ? `${rights} (assumed: the schema grants nobody anything)` : rights),
    fact("Rows", `${count(table.rows)} of ${plural(table.tenants, "tenant")}`),
    fact("Tried", table.tenant_a && [value(table.tenant_a), " against ", value(table.tenant_b)]),
    fact("Last changed by", table.changed_by && el("code", {}, table.changed_by)),
    fact("Seen like this since", table.seen_after && el("code", {}, table.seen_after)));
}

const tableDetail = table => el("div", { class: "table-detail" },
  table.exempt && el("p", { class: "message" }, el("b", {}, "Exempt: "), table.exempt),
  table.problem && el("p", { class: "message" }, el("b", {}, "Not tried: "), table.problem),
  tableFacts(table),
  table.tries.length > 0 && triesMatrix(table),
  table.policies.length === 0 ? el("p", { class: "muted" }, "No policy.") :
    grid(["Policy", "Command", "Roles", "USING", "WITH CHECK"], table.policies.map(policyRow)));

// --- all tables -----------------------------------------------------------------------------------

function tableState(table) {
  const told = verdict => table.tries.filter(tried => tried.verdict === verdict).length;
  if (table.exempt) return state("skipped", "exempt");
  if (table.problem) return state("skipped", "not tried");
  if (told("leak")) return state("failed", plural(told("leak"), "leak"));
  if (told("denied")) return state("warning", "own rows denied");
  if (table.privileges.length === 0) return state("skipped", "out of its reach");
  if (!table.row_security) return state("warning", "no row security");
  const made = table.tries.length - told("not_tried");
  return made > 0 ? state("passed", `${made} held`) : state("skipped", "not tried");
}

/** A row of the overview and, below it, the place where the table opens. */
function tableRows(table, commands) {
  const detail = el("tr", { class: "table-row", hidden: true }, el("td", { colspan: commands.length + 2 }));
  const toggleTable = () => {
    detail.hidden = !detail.hidden;
    button.setAttribute("aria-expanded", String(!detail.hidden));
    if (!detail.firstChild.firstChild) detail.firstChild.append(tableDetail(table));
  };
  const button = el("button", { type: "button", "aria-expanded": "false", onclick: toggleTable }, icon("chevron"), el("span", { class: "name" }, table.table));
  const cell = command => {
    const worst = worstOf(table.tries.filter(tried => tried.command === command));
    return worst ? el("td", { class: "sign " + kVerdicts[worst.verdict][2], title: sentence(worst) }, sign(worst.verdict),
      el("span", { class: "visually-hidden" }, sentence(worst))) : el("td", {});
  };
  const row = el("tr", {}, el("th", { scope: "row", class: "id" }, button), el("td", { class: "nowrap" }, tableState(table)), commands.map(cell));
  if (table.tries.some(tried => tried.verdict === "leak")) toggleTable();
  return [row, detail];
}

const verdictLegend = tables => el("ul", { class: "lock-legend" }, Object.keys(kVerdicts)
  .filter(verdict => tables.some(table => table.tries.some(tried => tried.verdict === verdict))).map(verdict => el("li", {}, verdictState(verdict))));

function tablesCard(tables) {
  if (tables.length === 0) return null;
  const commands = Object.keys(kCommands).filter(command => tables.some(table => table.tries.some(tried => tried.command === command)));
  const bad = tables.filter(table => table.tries.some(wrong)).length;
  const ordered = [...tables].sort((a, b) => Number(b.tries.some(wrong)) - Number(a.tries.some(wrong)));
  return dataCard("What the role could do to another tenant's rows", bad > 0 ? "failed" : "passed",
    bad > 0 ? `${bad} of ${plural(tables.length, "table")}` : plural(tables.length, "table"),
    el("p", { class: "muted" }, "A sign is the worst of a command's tries. Open a table for all of them and for its policies; arrow keys move among the tries."),
    el("div", { class: "grid-scroller" }, el("table", { class: "overview" },
      el("thead", {}, el("tr", {}, el("th", { scope: "col" }, "Table"), el("th", { scope: "col" }, ""),
        commands.map(command => el("th", { scope: "col", class: "check-head" }, el("span", {}, kCommands[command]))))),
      el("tbody", {}, ordered.map(table => tableRows(table, commands))))),
    verdictLegend(tables));
}

function playedCard({ role = "", role_words = "", context_words = "", context_problem = "", notes = [] }) {
  const fact = (name, ...text) => el("div", {}, el("dt", {}, name), el("dd", {}, text));
  return el("section", { class: "card data-card" }, el("dl", { class: "row-facts" },
    role && fact("Played as", el("code", {}, role), role_words && `, ${role_words}`),
    context_words && fact("Context", context_words)),
  context_problem && el("p", { class: "message" }, state("failed", "No context that works"), ` ${context_problem}`),
  notes.map(note => el("p", { class: "muted" }, note)));
}

/** Everything seen of tenant isolation around one migration; null when nobody looked. */
function isolationSection({ isolation }) {
  const { judged, skipped, failed = "", summary, tables = [], role_faithful, windows = [] } = isolation;
  const calm = !judged && (failed ? calmCard("Not judged", "errored", "could not be", failed) : skipped && calmCard("Not judged", "skipped", "skipped", skipped));
  const seen = judged || role_faithful?.ran || windows.length > 0;
  const cards = [calm, judged && playedCard(isolation), judged && tablesCard(tables.map(completeTable)), ...(seen ? wayCards(isolation) : [])].filter(Boolean);
  if (cards.length === 0) return null;
  return el("section", { class: "isolation" }, el("h3", {}, "Tenant isolation"),
    summary && el("p", { class: "loss" }, summary), el("div", { class: "stack" }, cards));
}
