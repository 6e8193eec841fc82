// What the trials of locks saw: latencies of an application while the migration ran, queues,
// interruptions, leftovers, and forecasts for tables as large as in production.
"use strict";

const kOperations = { select: "SELECT", insert: "INSERT", update: "UPDATE", delete: "DELETE",
  select_for_update: "SELECT FOR UPDATE", plan: "planning" };
const kHolders = { report: "a long report", idle_in_transaction: "a client idle in a transaction",
  dump: "a dump", old_snapshot: "an old snapshot" };

/** A statement with the place where it stands. */
const cause = (statement, file, line) => (statement || line > 0) && [el("span", { class: "mono nowrap" }, place(file && file.split("/").pop(), line)),
  el("div", { class: "muted" }, statement.slice(0, 120))];

// --- traffic ------------------------------------------------------------------------------------

// Bucket i of a histogram ends at 2^i / 16 ms; buckets are equally wide, so that x is a logarithm.
const kFirstBucket = 1 / 16;

function plotScale(probes) {
  const tried = probes.flatMap(probe => [probe.calm, probe.under]);
  const used = tried.map(latencies => latencies.histogram.findLastIndex(n => n > 0) + 1);
  const longest = Math.max(...tried.map(latencies => latencies.longest_ms), kFirstBucket);
  const buckets = Math.max(8, ...used, Math.ceil(Math.log2(longest / kFirstBucket)) + 1);
  const most = Math.max(1, ...tried.flatMap(latencies => latencies.histogram));
  return { buckets, x: ms => Math.min(1, Math.max(0, (Math.log2(Math.max(ms, 1e-3) / kFirstBucket) + 1) / buckets)),
    height: n => n > 0 ? Math.max(0.08, Math.log(1 + n) / Math.log(1 + most)) : 0 };
}

const kDecades = [0.1, 1, 10, 100, 1e3, 1e4, 1e5, 1e6];
const decades = scale => kDecades.filter(ms => scale.x(ms) < 0.97);
const shortTime = ms => ms < 1000 ? `${ms} ms` : `${ms / 1000} s`;

function plotAxis(scale) {
  return svg("svg", { class: "plot-axis", "aria-hidden": "true" },
    decades(scale).map(ms => svg("text", { x: percent(scale.x(ms)), y: 11, "text-anchor": "middle" }, shortTime(ms))));
}

/** Calm above the line, under the migration below it; the longest stall as a mark. */
function stallPlot(probe, scale) {
  const half = 20;
  const bars = (latencies, kind, below) => latencies.histogram.slice(0, scale.buckets).map((n, i) => n > 0 && svg("rect", {
    class: kind, x: percent((i + 0.06) / scale.buckets), width: percent(0.88 / scale.buckets),
    y: below ? half + 1 : half - half * scale.height(n), height: half * scale.height(n) },
  svg("title", {}, `${kind === "calm" ? "calm" : "while the migration ran"}: ${count(n)} below ${duration(kFirstBucket * 2 ** i)}`)));
  const line = (ms, kind, y1, y2) => ms > 0 && svg("line", { class: kind, x1: percent(scale.x(ms)), x2: percent(scale.x(ms)), y1, y2 });
  const told = ({ p50_ms, longest_ms }) => `half below ${duration(p50_ms)}, longest ${duration(longest_ms)}`;
  return svg("svg", { class: "stall-plot", role: "img", "aria-label":
    `${kOperations[probe.operation]} on ${probe.table}: calm ${told(probe.calm)}; while the migration ran ${told(probe.under)}` },
  decades(scale).map(ms => line(ms, "tick", 0, 2 * half + 1)),
  svg("line", { class: "middle", x1: 0, x2: "100%", y1: half + 0.5, y2: half + 0.5 }),
  bars(probe.calm, "calm", false), bars(probe.under, "under", true), line(probe.longest_stall_ms, "stall", half - 3, 2 * half + 1));
}

function probeRow(probe, scale) {
  if (probe.problem) return [kOperations[probe.operation], el("span", { class: "muted" }, "not tried: ", probe.problem), "", "", "", ""];
  const pair = name => el("span", { class: "nowrap" }, `${duration(probe.calm[name])} → ${duration(probe.under[name])}`);
  const stall = probe.blocked_on ? [el("b", {}, duration(probe.longest_stall_ms)),
    el("div", { class: "muted" }, `${modeWord(probe.blocked_by)} on ${probe.blocked_on}`,
      probe.line > 0 && `, line ${probe.line}`)] : el("span", { class: "muted" }, "none");
  return [kOperations[probe.operation], stallPlot(probe, scale), stall, pair("p50_ms"), pair("p99_ms"), pair("longest_ms")];
}

function trafficCard(trial) {
  const title = "Traffic while the up ran";
  if (!trial.ran) return trial.skipped && calmCard(title, "skipped", "not tried", trial.skipped);
  const scale = plotScale(trial.probes);
  const longest = Math.max(0, ...trial.probes.map(probe => probe.longest_stall_ms));
  const heads = ["Operation", plotAxis(scale), "Waited for a lock", "Half below", "99 % below", "Longest"];
  const tables = [...new Set(trial.probes.map(probe => probe.table))];
  const kind = trial.failure || trial.deadlock ? "failed" : "info";
  return dataCard(title, kind, trial.deadlock ? "deadlock" : trial.failure ? "the up failed" : longest > 0 ? `waited up to ${duration(longest)}` : "nothing waited",
    el("p", { class: "muted" }, `The up took ${duration(trial.duration_ms)}. In each plot: how many operations took how long, calm above the line, while the up ran below it; both directions are logarithmic. A red mark is the longest wait for a lock.`),
    tables.map(table => [el("p", { class: "column-head" }, el("code", {}, table)),
      el("div", { class: "probes" }, grid(heads.map(head => head.nodeType ? head.cloneNode(true) : head),
        trial.probes.filter(probe => probe.table === table).map(probe => probeRow(probe, scale))))]),
    trial.failure && errorBlock(trial.failure),
    trial.deadlock && el("pre", { class: "source more" }, trial.deadlock));
}

// --- queue, interruptions, leftovers -----------------------------------------------------------

const nameOf = difference => `${difference.kind} ${difference.name} ${difference.change}`;
const differenceNames = list => list.length > 0 && el("div", { class: "muted" }, list.slice(0, 5).map(nameOf).join("; "),
  list.length > 5 && ` and ${list.length - 5} more`);

function attemptRow(attempt) {
  const did = attempt.waited_it_out ? state("passed", "was not kept waiting") :
    attempt.gave_up ? [state("passed", "gave up"), ` after ${duration(attempt.waited_ms)}`, attempt.sqlstate && ` (${attempt.sqlstate})`] :
      [state("failed", "waited on"), ` until it was stopped after ${duration(attempt.waited_ms)}`];
  const second = attempt.waited_it_out ? "" : attempt.second_try_ok ? state("passed", "applies") :
    [state("failed", "fails"), el("div", { class: "muted" }, attempt.second_error)];
  return [[kHolders[attempt.holder], el("div", { class: "muted" }, "on ", el("code", {}, attempt.relation))], did,
    attempt.stalled_ms > 0 ? took(attempt.stalled_ms) : "",
    second, attempt.left_behind.length > 0 ? [state("failed", "left behind"), differenceNames(attempt.left_behind)] : "",
    cause(attempt.statement, attempt.file, attempt.line)];
}

function queueCard(trial) {
  const title = "The up behind somebody else's lock";
  if (!trial.ran) return trial.skipped && calmCard(title, "skipped", "not tried", trial.skipped);
  const bad = trial.attempts.some(attempt => !attempt.waited_it_out &&
    (!attempt.gave_up || !attempt.second_try_ok || attempt.left_behind.length > 0));
  return dataCard(title, bad ? "failed" : "passed", bad ? "does not give way" : "gives way",
    grid(["Behind", "The up", "A SELECT waited", "Second try", "Left behind", "Statement"], trial.attempts.map(attemptRow)));
}

function interruptionRow(interrupted) {
  const { failure, schema, contents: differing } = interrupted;
  return [`${interrupted.killed ? "killed behind" : "cancelled in"} statement ${interrupted.after_statement}`,
    cause(interrupted.statement, interrupted.file, interrupted.line),
    failure ? [state("failed", "fails"), el("div", { class: "muted" }, place(failure.file.split("/").pop(), failure.line), ": ", failure.message)] : state("passed", "applies"),
    schema.length > 0 ? [state("failed", "another schema"), differenceNames(schema)] :
      differing ? [state("failed", "other rows"), el("div", { class: "muted" }, differing)] : failure ? "" : state("passed", "the same")];
}

function interruptionsCard(trial) {
  const title = "The up interrupted, then run again";
  if (!trial.ran) return trial.skipped && calmCard(title, "skipped", "not tried", trial.skipped);
  const harmed = trial.interruptions.filter(one => one.failure || one.schema.length > 0 || one.contents);
  const list = ones => grid(["Stopped", "", "Second run", "What it comes to"], ones.map(interruptionRow));
  const well = trial.interruptions.filter(one => !harmed.includes(one));
  return dataCard(title, harmed.length > 0 ? "warning" : "passed",
    harmed.length > 0 ? `${harmed.length} of ${plural(trial.interruptions.length, "interruption")} do harm` : plural(trial.interruptions.length, "interruption"),
    harmed.length > 0 && list(harmed), well.length > 0 && folded(`${well.length} without harm`, () => list(well)));
}

function leftoversCard(leftovers) {
  return leftovers.length > 0 && dataCard("Half-done things that stay", "failed", String(leftovers.length),
    grid(["Object", "State", "Statement"], leftovers.map(left => [el("code", {}, left.object),
      [left.what, left.accepted && el("div", { class: "muted" }, "was so before, and was taken for done")],
      cause(left.statement, left.file, left.line)])));
}

// --- forecasts ----------------------------------------------------------------------------------

/** Rows to the right, time upwards, both logarithmic: what was measured, and the forecast. */
function forecastPlot(forecast) {
  const [width, height, left, bottom] = [340, 140, 76, 22];
  const low = Math.max(forecast.held_ms - forecast.error_ms, forecast.held_ms / 100, 1e-3);
  const high = forecast.held_ms + forecast.error_ms;
  const points = [...forecast.measured, { rows: forecast.production_rows, held_ms: forecast.held_ms }];
  const range = values => { const logs = values.map(v => Math.log10(Math.max(v, 1e-3))); return [Math.min(...logs), Math.max(...logs)]; };
  const scale = ([from, to], start, end) => value => start + (end - start) * (to > from ? (Math.log10(Math.max(value, 1e-3)) - from) / (to - from) : 0.5);
  const x = scale(range(points.map(point => point.rows)), left + 10, width - 14);
  const times = range([...points.map(point => point.held_ms), low, high]);
  const y = scale(times, height - bottom - 8, 10);
  const at = { x: x(forecast.production_rows), y: y(forecast.held_ms) };
  const text = (words, attributes) => svg("text", attributes, words);
  const short = n => n >= 1e6 ? `${+(n / 1e6).toPrecision(3)} M` : n >= 1e3 ? `${+(n / 1e3).toPrecision(3)} k` : String(n);
  const first = forecast.measured.reduce((a, b) => a.rows <= b.rows ? a : b, points[points.length - 1]);
  return svg("svg", { class: "forecast-plot", width, height, viewBox: `0 0 ${width} ${height}`, role: "img",
    "aria-label": `measured: ${forecast.measured.map(p => `${duration(p.held_ms)} at ${rows(p.rows)}`).join(", ")}; forecast: ${duration(low)} to ${duration(high)} at ${rows(forecast.production_rows)}` },
  svg("path", { class: "frame", d: `M${left} 4V${height - bottom}H${width - 4}` }),
  text(duration(10 ** times[1]), { x: left - 5, y: 14, "text-anchor": "end" }),
  text(duration(10 ** times[0]), { x: left - 5, y: height - bottom - 4, "text-anchor": "end" }),
  text(short(first.rows), { x: x(first.rows), y: height - 7, "text-anchor": "middle" }),
  text(short(forecast.production_rows) + " rows", { x: width, y: height - 7, "text-anchor": "end" }),
  svg("polyline", { class: "trend", points: points.map(point => `${x(point.rows)},${y(point.held_ms)}`).join(" ") }),
  svg("path", { class: "interval", d: `M${at.x - 5} ${y(high)}h10m-5 0V${y(low)}m-5 0h10` }),
  forecast.measured.map(point => svg("circle", { class: "measured", cx: x(point.rows), cy: y(point.held_ms), r: 4 },
    svg("title", {}, `measured: ${duration(point.held_ms)} at ${rows(point.rows)}`))),
  svg("path", { class: "forecast", d: `M${at.x} ${at.y - 6}l6 6l-6 6l-6 -6z` }, svg("title", {}, `forecast: ${duration(forecast.held_ms)}`)));
}

function forecastItem(forecast) {
  const work = [forecast.passes > 0 && plural(forecast.passes, "pass", "passes"), forecast.rewrite && "a rewrite"].filter(Boolean).join(" and ");
  return el("li", { class: "difference forecast-item" }, forecastPlot(forecast), el("div", {},
    el("p", {}, el("b", {}, modeWord(forecast.mode)), " on ", el("code", {}, forecast.table), " for about ",
      el("b", {}, `${duration(forecast.held_ms)} ± ${duration(forecast.error_ms)}`), ` at ${rows(forecast.production_rows)}${work && ": " + work}`),
    el("p", { class: "muted" }, "Measured: ", forecast.measured.map(point => `${duration(point.held_ms)} at ${rows(point.rows)}`).join(", ")),
    cause(forecast.statement, forecast.file, forecast.line)));
}

function forecastsCard(forecasts) {
  return forecasts.length > 0 && dataCard("Forecast for production", "info", plural(forecasts.length, "lock"),
    el("ul", { class: "differences" }, forecasts.map(forecastItem)),
    el("p", { class: "muted" }, "A forecast is no measurement: it is fitted to what was measured here, and the bar is the 95 % interval of its error. Both axes are logarithmic."));
}

const trialCards = locks => [leftoversCard(locks.leftovers), trafficCard(locks.traffic), queueCard(locks.queue),
  interruptionsCard(locks.interruptions), forecastsCard(locks.forecasts)];
