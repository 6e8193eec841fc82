// Throughput and stall against batch size: two plots with one x axis, drawn to the width there is.
// Every point can be reached by pointer and by keyboard, and is named in full by its label.
"use strict";

const kPlotHeight = 268;
const kMargin = { top: 26, right: 20, bottom: 30, left: 66 };
const kSteps = [1, 2, 5];

const whole = n => count(Math.round(n));
const rate = n => `${whole(n)} rows/s`;
const share = (part, digits = 0) => `${(100 * part).toFixed(digits)} %`;
const ratio = part => `${part.toFixed(2)} ×`;

/** What is between two values, as 0 to 1; one value alone lies in the middle. */
const between = (value, low, high) => high > low ? (value - low) / (high - low) : 0.5;

/** At most about `most` round numbers from 0 up to `end`. */
function roundTicks(end, most) {
  const power = 10 ** Math.floor(Math.log10(end / most));
  const step = power * ([...kSteps, 10].find(factor => end / (factor * power) <= most) || 10);
  return Array.from({ length: Math.floor(end / step) + 1 }, (unused, i) => i * step);
}

/** 1, 2, 5, 10 … within the ends; only the powers of ten where that would be many. */
function logTicks(low, high) {
  const all = [];
  for (let power = 10 ** Math.floor(Math.log10(low)); power <= high; power *= 10) all.push(...kSteps.map(step => step * power));
  const inside = all.filter(value => value >= low * 0.999 && value <= high * 1.001);
  return inside.length <= 8 ? inside : inside.filter(value => Math.abs(Math.log10(value) % 1) < 1e-9);
}

// --- series -------------------------------------------------------------------------------------

const isBatched = point => point.variant.batch > 0;
const seriesKey = ({ strategy, workers, pause_ms }) => `${strategy}/${workers}/${pause_ms}`;

/** One a strategy, number of workers and pause, with its points by batch size. */
function seriesOf(points) {
  const found = new Map();
  for (const point of points.filter(p => isBatched(p) && p.measured)) {
    const { strategy, workers, pause_ms } = point.variant, key = seriesKey(point.variant);
    if (!found.has(key)) {
      found.set(key, { strategy, workers, pause_ms, points: [], hidden: false,
        title: `${strategy}, ${plural(workers, "worker")}${pause_ms > 0 ? `, pause ${pause_ms} ms` : ""}` });
    }
    found.get(key).points.push(point);
  }
  for (const series of found.values()) series.points.sort((a, b) => a.variant.batch - b.variant.batch);
  return [...found.values()];
}

const strokeClass = ({ strategy, workers, pause_ms }) =>
  `series s-${strategy} w-${Math.min(workers, 4)}${pause_ms > 0 ? " paused" : ""}`;

// --- scales -------------------------------------------------------------------------------------

/** x for both plots: batch sizes by their logarithm. */
function batchScale(series, width) {
  const sizes = [...new Set(series.flatMap(s => s.points.map(p => p.variant.batch)))].sort((a, b) => a - b);
  const low = Math.log10(sizes[0]) - 0.15, high = Math.log10(sizes.at(-1)) + 0.15;
  const room = width - kMargin.left - kMargin.right;
  return { sizes, x: batch => kMargin.left + room * between(Math.log10(batch), low, high), left: kMargin.left, right: width - kMargin.right };
}

const yOf = part => kPlotHeight - kMargin.bottom - part * (kPlotHeight - kMargin.top - kMargin.bottom);

function speedScale(backfill, series) {
  const all = [...series.flatMap(s => s.points.flatMap(p => [p.speed, ...p.speeds])),
    ...backfill.points.filter(p => !isBatched(p)).map(p => p.speed), backfill.budgets.rows_per_second || 0];
  const end = 1.06 * Math.max(...all, 1);
  return { y: value => yOf(value / end), ticks: roundTicks(end, 5), label: whole };
}

function stallScale(backfill, series) {
  const single = backfill.points.find(p => p.variant.strategy === "single" && p.measured);
  const all = [...series.flatMap(s => s.points.flatMap(p => [p.stall, ...p.stalls])), single && single.stall, backfill.budgets.stall_p99_ms].filter(v => v > 0);
  if (all.length === 0) return null;
  const low = Math.log10(Math.min(...all)) - 0.12, high = Math.log10(Math.max(...all)) + 0.12;
  return { y: value => yOf(between(Math.log10(Math.max(value, 10 ** low)), low, high)), ticks: logTicks(10 ** low, 10 ** high),
    label: ms => ms < 1000 ? `${Number(ms.toPrecision(3))} ms` : `${ms / 1000} s` };
}

// --- drawing ------------------------------------------------------------------------------------

function axes(scale, xs) {
  return [scale.ticks.map(tick => [svg("line", { class: "tick", x1: xs.left, x2: xs.right, y1: scale.y(tick), y2: scale.y(tick) }),
    svg("text", { x: xs.left - 9, y: scale.y(tick) + 4, "text-anchor": "end" }, scale.label(tick))]),
  xs.sizes.map(size => [svg("line", { class: "tick", x1: xs.x(size), x2: xs.x(size), y1: yOf(0), y2: yOf(0) + 5 }),
    svg("text", { x: xs.x(size), y: kPlotHeight - 10, "text-anchor": "middle" }, whole(size))])];
}

/** A level through the whole plot, named at one of its ends; `below`: the name stands under it. */
function level(kind, y, xs, words, { below = false, right = false } = {}) {
  return svg("g", { class: "level " + kind }, svg("line", { x1: xs.left, x2: xs.right, y1: y, y2: y }),
    svg("text", { x: right ? xs.right - 4 : xs.left + 6, y: below ? y + 13 : y - 5, "text-anchor": right ? "end" : "start" }, words));
}

function tellPoint(backfill, point) {
  const { figures } = point, marks = marksOf(backfill, point);
  return [point.variant.name, `${rate(point.speed)} (± ${share(point.spread / 2)})${point.share > 0 ? `, ${share(point.share)} of the single UPDATE` : ""}`,
    `p99 stall ${duration(point.stall)}, calm ${duration(figures.calm_p99)}`, `p99 batch ${duration(figures.batch.p99)}`,
    marks.length > 0 && marks.join(", "), !point.within && "over budget"].filter(Boolean);
}

function marksOf(backfill, point) {
  const at = backfill.points.indexOf(point);
  return [at === backfill.recommended && "recommended", at === backfill.knee && "knee", point.frontier && "on the frontier"].filter(Boolean);
}

function mark(backfill, point, x, y) {
  const at = backfill.points.indexOf(point);
  return [at === backfill.recommended && svg("circle", { class: "recommended", cx: x, cy: y, r: 10.5 }),
    at === backfill.knee && svg("path", { class: "knee", d: `M${x} ${y - 10}l10 10l-10 10l-10 -10z` }),
    svg("circle", { class: "point" + (point.frontier ? " frontier" : ""), cx: x, cy: y, r: 4.6 }),
    at === backfill.recommended && svg("text", { class: "mark-name", x, y: y - 15, "text-anchor": "middle" }, "recommended"),
    at === backfill.knee && at !== backfill.recommended && svg("text", { class: "mark-name", x, y: y + 23, "text-anchor": "middle" }, "knee")];
}

/** One of the two: `value` of a point, `values` of its repetitions. */
function plot(view, title, scale, value, values, levels) {
  const { backfill, xs, width } = view;
  const shown = view.series.filter(series => !series.hidden);
  const lines = shown.map(series => svg("polyline", { class: strokeClass(series),
    points: series.points.map(point => `${xs.x(point.variant.batch)},${scale.y(value(point))}`).join(" ") }));
  const points = shown.flatMap(series => series.points.map(point => {
    const x = xs.x(point.variant.batch), y = scale.y(value(point)), all = values(point);
    return svg("g", { class: "plot-point " + strokeClass(series), role: "img", tabindex: -1, "aria-label": tellPoint(backfill, point).join("; "), "data-at": backfill.points.indexOf(point) },
      all.length > 1 && svg("line", { class: "range", x1: x, x2: x, y1: scale.y(Math.min(...all)), y2: scale.y(Math.max(...all)) }),
      svg("circle", { class: "target", cx: x, cy: y, r: 13 }), mark(backfill, point, x, y));
  }));
  // What is marked is drawn last, so that nothing hides it.
  points.sort((a, b) => a.querySelectorAll(".recommended, .knee").length - b.querySelectorAll(".recommended, .knee").length);
  return svg("svg", { class: "bench-plot", width, height: kPlotHeight, viewBox: `0 0 ${width} ${kPlotHeight}`, role: "group", "aria-label": `${title}, ${plural(points.length, "point")}; arrow keys move among them` },
    svg("text", { class: "plot-title", x: xs.left, y: 14 }, title), axes(scale, xs), levels, lines, points);
}

function speedPlot(view) {
  const { backfill, xs } = view, scale = speedScale(backfill, view.series);
  const of = strategy => backfill.points.find(p => p.variant.strategy === strategy && p.measured);
  // Names keep away from the recommended point, which is often at the top.
  const chosen = backfill.points[backfill.recommended], chosenIsRight = chosen && xs.x(chosen.variant.batch) > (xs.left + xs.right) / 2 + 40;
  const single = of("single"), written = of("as-written"), least = backfill.budgets.rows_per_second;
  return plot(view, "Throughput, rows/s", scale, p => p.speed, p => p.speeds, [
    single && level("single", scale.y(single.speed), xs, `single UPDATE ${whole(single.speed)}`, { right: !chosenIsRight }),
    written && level("written", scale.y(written.speed), xs, `as written ${whole(written.speed)}`, { below: true }),
    least != null && level("budget", scale.y(least), xs, `budget: at least ${whole(least)}`, { right: true })]);
}

function stallPlot(view) {
  const { backfill, xs } = view, scale = stallScale(backfill, view.series);
  if (!scale) return el("p", { class: "muted" }, "No traffic ran beside it, so that nothing is known of stalls.");
  const single = backfill.points.find(p => p.variant.strategy === "single" && p.measured && p.stall > 0), most = backfill.budgets.stall_p99_ms;
  return plot(view, "p99 stall of traffic, ms (logarithmic)", scale, p => p.stall, p => p.stalls, [
    single && level("single", scale.y(single.stall), xs, `single UPDATE ${duration(single.stall)}`, { below: true }),
    most != null && level("budget", scale.y(most), xs, `budget: at most ${duration(most)}`)]);
}

// --- pointer and keyboard -----------------------------------------------------------------------

const placeOf = node => { const circle = node.querySelector(".point"); return [Number(circle.getAttribute("cx")), Number(circle.getAttribute("cy"))]; };

/** The nearest point that lies in the direction of the key; x and y count as on the screen. */
function neighbour(points, from, key) {
  const [x0, y0] = placeOf(from), sideways = key === "ArrowLeft" || key === "ArrowRight";
  const sign = key === "ArrowRight" || key === "ArrowDown" ? 1 : -1;
  const near = points.filter(node => node !== from).map(node => {
    const [x, y] = placeOf(node), along = sign * (sideways ? x - x0 : y - y0), across = Math.abs(sideways ? y - y0 : x - x0);
    return { node, along, cost: along + 3 * across };
  }).filter(({ along }) => along > 0.5);
  return near.sort((a, b) => a.cost - b.cost)[0]?.node;
}

/** Shows what a point is beside it, and marks the same variant in both plots. */
function showTip(view, node) {
  view.box.querySelectorAll(".same").forEach(other => other.classList.remove("same"));
  view.tip.hidden = !node;
  if (!node) return;
  const at = node.dataset.at, point = view.backfill.points[at];
  view.box.querySelectorAll(`[data-at="${at}"]`).forEach(other => other.classList.add("same"));
  const [first, ...rest] = tellPoint(view.backfill, point);
  view.tip.replaceChildren(el("b", {}, first), ...rest.map(line => el("div", {}, line)));
  const [x, y] = placeOf(node), top = node.ownerSVGElement.getBoundingClientRect().top - view.box.getBoundingClientRect().top;
  const left = x + 16 + view.tip.offsetWidth > view.width ? x - 16 - view.tip.offsetWidth : x + 16;
  view.tip.style.left = `${Math.max(0, left)}px`;
  view.tip.style.top = `${top + y + 14}px`;
}

/** One stop of the tab key a plot, as in a table of buttons. */
function wirePlot(view, drawing) {
  const points = [...drawing.querySelectorAll(".plot-point")];
  const own = node => points.find(point => point.contains(node));
  const first = points.find(node => Number(node.dataset.at) === view.backfill.recommended) || points[0];
  if (first) first.setAttribute("tabindex", "0");
  drawing.addEventListener("pointerover", event => showTip(view, own(event.target)));
  drawing.addEventListener("pointerleave", () => showTip(view, null));
  drawing.addEventListener("focusin", event => {
    points.forEach(node => node.setAttribute("tabindex", node === event.target ? "0" : "-1"));
    showTip(view, own(event.target));
  });
  drawing.addEventListener("focusout", () => showTip(view, null));
  drawing.addEventListener("keydown", event => {
    if (event.key === "Escape") return showTip(view, null);
    const next = event.key.startsWith("Arrow") && neighbour(points, event.target, event.key);
    if (event.key.startsWith("Arrow")) event.preventDefault();
    if (next) next.focus();
  });
}

function legend(view) {
  const entry = series => {
    const button = el("button", { type: "button", class: "legend-entry", "aria-pressed": "true", onclick: () => {
      series.hidden = !series.hidden;
      button.setAttribute("aria-pressed", String(!series.hidden));
      draw(view, view.width);
    } }, svg("svg", { class: "legend-line", width: 30, height: 12, "aria-hidden": "true" },
      svg("line", { class: strokeClass(series), x1: 1, x2: 29, y1: 6, y2: 6 })), series.title);
    return el("li", {}, button);
  };
  return el("div", { class: "legend" }, el("ul", { "aria-label": "Lines; press to hide one" }, view.series.map(entry)),
    el("p", { class: "muted" }, "Filled: on the frontier, nothing else is both faster and gentler. Ring: recommended. Diamond: the knee, where speed begins to cost more stall. Bars: from the slowest repetition to the fastest."));
}

function draw(view, width) {
  view.width = width;
  view.xs = batchScale(view.series, width);
  const drawings = [speedPlot(view), stallPlot(view)];
  view.box.replaceChildren(...drawings, el("p", { class: "axis-name muted" }, "rows a batch (logarithmic)"), view.tip);
  drawings.filter(node => node.tagName === "svg").forEach(node => wirePlot(view, node));
  view.tip.hidden = true;
}

/** Both plots of a backfill; drawn anew when the width changes. */
function plotsOf(backfill) {
  const series = seriesOf(backfill.points);
  if (series.length === 0) return el("p", { class: "note" }, "No variant with batches was measured: there is nothing to draw.");
  const view = { backfill, series, box: el("div", { class: "plots" }), tip: el("div", { class: "tip", "aria-hidden": "true", hidden: true }) };
  new ResizeObserver(([entry]) => {
    const width = Math.round(entry.contentRect.width);
    if (width > 0 && width !== view.width) draw(view, Math.max(width, 280));
  }).observe(view.box);
  return el("div", { class: "card plots-card" }, view.box, legend(view));
}
