// The trend of a backfill over earlier runs: batch size chosen, rows/s and stall of the recommended
// variant, as three small plots with one point a run.
"use strict";

const kTrendSize = { width: 380, height: 132, left: 62, right: 12, top: 24, bottom: 24 };
const dayOf = timestamp => timestamp.slice(0, 10);
const minuteOf = timestamp => timestamp.slice(0, 16).replace("T", " ");

function tellRun(run) {
  const when = `${minuteOf(run.started_at)} UTC, Drydock ${run.version}, PostgreSQL ${run.postgres}`;
  return run.variant ? `${when}: ${run.variant.name}, ${rate(run.speed)}, p99 stall ${duration(run.stall)}` : `${when}: nothing could be recommended`;
}

/** `value` of a run that recommends something; runs that do not leave a gap. */
function trendPlot(title, runs, value, label, log) {
  const { width, height, left, right, top, bottom } = kTrendSize;
  const values = runs.filter(run => run.variant).map(value);
  if (values.length === 0) return null;
  const scaled = log ? v => Math.log10(Math.max(v, 1e-3)) : v => v;
  const low = log ? scaled(Math.min(...values)) - 0.2 : 0, high = log ? scaled(Math.max(...values)) + 0.2 : 1.1 * Math.max(...values, 1);
  const x = i => left + (width - left - right) * between(i, 0, runs.length - 1);
  const y = v => height - bottom - (height - top - bottom) * between(scaled(v), low, high);
  const ticks = log ? [...new Set([Math.min(...values), Math.max(...values)])] : roundTicks(high, 3);
  const joined = runs.map((run, i) => run.variant ? `${x(i)},${y(value(run))}` : null);
  const pieces = joined.join(" ").split(/ *null */).concat();
  return svg("svg", { class: "trend-plot", viewBox: `0 0 ${width} ${height}`, role: "group", "aria-label": `${title}, ${plural(runs.length, "run")}` },
    svg("text", { class: "plot-title", x: left, y: 13 }, title),
    ticks.map(tick => [svg("line", { class: "tick", x1: left, x2: width - right, y1: y(tick), y2: y(tick) }), svg("text", { x: left - 8, y: y(tick) + 4, "text-anchor": "end" }, label(tick))]),
    [0, runs.length - 1].map(i => svg("text", { x: x(i), y: height - 6, "text-anchor": i === 0 ? "start" : "end" }, dayOf(runs[i].started_at))),
    pieces.map(points => points && svg("polyline", { class: "trend-line", points })),
    runs.map((run, i) => run.variant && svg("circle", { class: "trend-point", cx: x(i), cy: y(value(run)), r: 4.5, tabindex: 0, role: "img", "aria-label": tellRun(run) }, svg("title", {}, tellRun(run)))));
}

function trendSection({ name, runs }) {
  const cells = run => [minuteOf(run.started_at), run.version, run.postgres, run.variant ? run.variant.name : "nothing", run.variant ? whole(run.speed) : "", run.variant ? duration(run.stall) : ""];
  return el("section", { class: "card trend" }, el("h3", {}, name),
    el("div", { class: "trend-plots" }, trendPlot("Rows a batch", runs, run => run.variant.batch, whole, true),
      trendPlot("Throughput, rows/s", runs, run => run.speed, whole, false), trendPlot("p99 stall", runs, run => run.stall, duration, true)),
    el("details", {}, el("summary", {}, "As a table"), grid(["Started (UTC)", "Drydock", "PostgreSQL", "Recommended", "Rows/s", "p99 stall"], runs.map(cells))));
}

const trendSections = trends => trends.length > 0 && [el("h2", { id: "trend" }, "Trend"), trends.map(trendSection)];
