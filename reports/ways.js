// Tenant isolation beyond the tables: ways around row security, whether the tries would have
// noticed a weakened policy, what policies cost, and what they hide from the migration itself.
"use strict";

const kBypasses = { view: "view", materialized_view: "materialized view", function: "SECURITY DEFINER function",
  search_path: "SECURITY DEFINER function without search_path", partition: "partition or child reached directly",
  role_attribute: "SUPERUSER or BYPASSRLS", ownership: "ownership", public_grant: "grant to PUBLIC", default_privileges: "default privileges",
  privilege: "privilege that row security does not bind", publication: "publication" };
const kMutations = { drop_policy: "policy dropped", drop_check: "WITH CHECK (true)", using_true: "USING (true)", no_force: "NO FORCE",
  disable: "row security disabled", bypass_rls: "BYPASSRLS", other_column: "another column", to_public: "TO PUBLIC" };

// --- ways around ----------------------------------------------------------------------------------

/** "role app → view public.totals → table public.lots" */
const chain = steps => el("p", { class: "chain" }, steps.map((step, i) => [i > 0 && el("span", { class: "arrow" }, " → "), el("code", {}, step)]));

function wayItem(way) {
  return el("li", { class: "difference" }, way.leaks ? state("failed", "leads around") : way.tried ? state("passed", "led nowhere") : state("warning", "not tried"),
    " ", badge("info", kBypasses[way.kind]), chain(way.path), el("p", { class: "muted" }, way.why),
    way.outcome && el("p", { class: "message" }, way.outcome), way.sql && el("pre", { class: "source" }, way.sql),
    way.remedy && (way.leaks || !way.tried) && el("p", { class: "remedy" }, el("b", {}, "Fix: "), way.remedy),
    way.seen_after && el("p", { class: "muted" }, "Seen since ", el("code", {}, way.seen_after)));
}

function waysCard(ways) {
  if (ways.length === 0) return null;
  const [open, closed] = [ways.filter(way => way.leaks || !way.tried), ways.filter(way => way.tried && !way.leaks)];
  const list = items => el("ul", { class: "differences" }, items.map(wayItem));
  const kind = open.some(way => way.leaks) ? "failed" : open.length > 0 ? "warning" : "passed";
  return dataCard("Ways around row security", kind, open.length > 0 ? String(open.length) : "none",
    open.length > 0 && list(open), closed.length > 0 && folded(`${plural(closed.length, "way")} tried that led nowhere`, () => list(closed)));
}

// --- mutants --------------------------------------------------------------------------------------

const mutantRow = mutant => [[kMutations[mutant.kind], el("div", { class: "muted" }, el("code", {}, mutant.table), mutant.policy && [", policy ", el("code", {}, mutant.policy)])],
  el("code", { class: "value" }, mutant.sql), mutant.problem ? [state("skipped", "not tried"), el("div", { class: "muted" }, mutant.problem)] :
    mutant.noticed ? [state("passed", "noticed"), mutant.by && el("div", { class: "muted" }, "by ", mutant.by)] : state("warning", "nothing noticed")];

function mutantsCard(mutants) {
  if (mutants.length === 0) return null;
  const tried = mutants.filter(mutant => !mutant.problem), survivors = tried.filter(mutant => !mutant.noticed);
  const list = some => grid(["Weakened", "By", "Any try?"], some.map(mutantRow));
  const rest = (some, title) => some.length > 0 && folded(title, () => list(some));
  const score = `${tried.length - survivors.length} of ${plural(tried.length, "mutant")} noticed`;
  return dataCard("Would the tries have noticed?", survivors.length > 0 ? "warning" : "passed", score,
    el("p", { class: "muted" }, "One thing weakened at a time, and the tries made again: one of them must come out otherwise."),
    survivors.length > 0 && list(survivors),
    rest(tried.filter(mutant => mutant.noticed), `${plural(tried.length - survivors.length, "mutant")} noticed`),
    rest(mutants.filter(mutant => mutant.problem), `${plural(mutants.length - tried.length, "mutant")} that could not be tried`));
}

// --- plans ----------------------------------------------------------------------------------------

const costs = plan => Boolean(plan.rewrite || plan.per_row?.length || (plan.index_serves_without && !plan.index_serves_with));

function planItem(plan) {
  const { table, index, index_serves_with, index_serves_without, per_row = [], rewrite } = plan;
  const half = (title, text) => text && el("div", {}, el("p", { class: "column-head" }, title), el("pre", { class: "source" }, text));
  return el("li", { class: "difference" }, el("code", {}, table), plan.policy && [", policy ", el("code", {}, plan.policy)],
    el("p", { class: "muted" }, index ? [el("code", {}, index), index_serves_with ? " serves the policy" :
      index_serves_without ? " serves the plain condition, but not the policy's" : " serves neither"] : "No index begins with the tenant's column."),
    per_row.length > 0 && el("p", {}, "Called for each row: ", per_row.map((call, i) => [i > 0 && ", ", el("code", {}, call)])),
    el("div", { class: "beside" }, half("With the policy", plan.plan_with), half("Without it", plan.plan_without)),
    rewrite && el("p", { class: "column-head" }, el("b", {}, "Fix:")), rewrite && el("pre", { class: "source" }, rewrite),
    plan.seen_after && el("p", { class: "muted" }, "Seen since ", el("code", {}, plan.seen_after)));
}

function plansCard(plans) {
  if (plans.length === 0) return null;
  const dear = plans.filter(costs), cheap = plans.filter(plan => !costs(plan));
  const list = some => el("ul", { class: "differences" }, some.map(planItem));
  return dataCard("What the policies cost", dear.length > 0 ? "warning" : "passed",
    dear.length > 0 ? `${dear.length} of ${plural(plans.length, "table")}` : plural(plans.length, "table"),
    dear.length > 0 && list(dear), cheap.length > 0 && folded(`${plural(cheap.length, "table")} whose policy costs nothing more`, () => list(cheap)));
}

// --- the migration itself -------------------------------------------------------------------------

function hiddenCard(trial) {
  const title = "The up as its role, and as the same role unbound";
  if (!trial?.ran) return trial?.skipped && calmCard(title, "skipped", "not tried", trial.skipped);
  const { role = "", hidden: differing = [] } = trial;
  if (differing.length === 0) return calmCard(title, "passed", "the same", `row security hides nothing from ${role}`);
  return dataCard(title, "failed", `${plural(differing.length, "statement")} did not see all rows`,
    grid(["Statement", `Rows as ${role}`, "Rows unbound", ""], differing.map(hidden => [cause(hidden.statement, hidden.file, hidden.line),
      count(hidden.rows), count(hidden.rows_unbound), hidden.contents])));
}

function windowsCard(windows) {
  return windows.length > 0 && dataCard("Open between two commits", "failed", plural(windows.length, "window"),
    grid(["Table", "Opened behind", "Closed by"], windows.map(open => [[el("code", {}, open.table), el("div", { class: "muted" }, `in the ${open.in_down ? "down" : "up"}`)],
      cause(open.statement, open.file, open.line), open.closed_by ? el("code", { class: "value" }, open.closed_by) : state("failed", "nothing")])));
}

const wayCards = ({ paths = [], mutants = [], plans = [], role_faithful, windows = [] }) =>
  [waysCard(paths), mutantsCard(mutants), plansCard(plans), hiddenCard(role_faithful), windowsCard(windows)];
