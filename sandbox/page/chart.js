import { el, freshId } from "./dom.js";

const SVG = "http://www.w3.org/2000/svg";
const HEIGHT = 220;
const EDGE = { top: 12, right: 14, bottom: 30, left: 44 };
const NAMES = { line: "Line chart", bar: "Bar chart", area: "Area chart", pie: "Pie chart" };
const DASHES = ["", "7 4", "2 4", "10 4 2 4", "1 5", "12 3"];

/** Draws a data_visualization block: a picture, its legend, and the same numbers as a table. */
export function chartBlock(block) {
  const chart = block.chart;
  const id = freshId("chart");
  const title = el("figcaption", { class: "chart-title", id, text: block.title });
  const picture = chart.type === "pie" ? pie(chart) : plot(chart);
  picture.setAttribute("role", "img");
  picture.setAttribute("aria-label", inWords(block));
  const parts = [title, picture, legend(chart), numbers(chart)];
  return el("figure", { class: "chart", "aria-labelledby": id }, parts);
}

/** The whole chart in a sentence or two, for those who do not see it. */
export function inWords(block) {
  const { chart } = block;
  const rows = rowsOf(chart).map(([name, pairs]) => {
    const told = pairs.map(([label, value]) => `${label} ${value}`).join(", ");
    return name ? `${name}: ${told}` : told;
  });
  return `${NAMES[chart.type]}: ${block.title}. ${rows.join(". ")}.`;
}

function rowsOf(chart) {
  if (chart.type === "pie") return [["", chart.segments.map((one) => [one.label, one.value])]];
  return chart.series.map((one) => [one.name, chart.axis_config.categories.map((c) => [c, valueAt(one, c)])]);
}

const valueAt = (series, category) => series.data.find((point) => point.label === category)?.value ?? 0;

function plot(chart) {
  const width = matchMedia("(max-width: 760px)").matches ? 320 : 560;
  const svg = draw("svg", { viewBox: `0 0 ${width} ${HEIGHT}`, class: "chart-picture" });
  const { categories } = chart.axis_config;
  const all = chart.series.flatMap((one) => categories.map((c) => valueAt(one, c)));
  const ticks = ticksFor(Math.min(0, ...all), Math.max(0, ...all));
  const inner = { width: width - EDGE.left - EDGE.right, height: HEIGHT - EDGE.top - EDGE.bottom };
  const slot = inner.width / categories.length;
  const x = (index) => EDGE.left + slot * (index + 0.5);
  const [low, high] = [ticks[0], ticks.at(-1)];
  const y = (value) => EDGE.top + inner.height * (1 - (value - low) / (high - low));
  for (const tick of ticks) svg.append(...gridLine(tick, y(tick), width));
  svg.append(...labels(categories, x, slot));
  const shape = { bar: bars, line: lines, area: areas }[chart.type];
  svg.append(...chart.series.flatMap((one, index) => shape({ one, index, chart, categories, x, y, slot })));
  svg.append(...axisTitles(chart.axis_config, width));
  return svg;
}

function ticksFor(low, high) {
  const span = high - low || 1;
  const rough = span / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((one) => one * power).find((one) => one >= rough);
  const first = Math.floor(low / step);
  const last = Math.max(first + 1, Math.ceil(high / step - 1e-9));
  const at = (index) => Number(((first + index) * step).toPrecision(12));
  return Array.from({ length: last - first + 1 }, (_, index) => at(index));
}

function gridLine(tick, at, width) {
  return [
    draw("line", { x1: EDGE.left, x2: width - EDGE.right, y1: at, y2: at, class: "chart-grid" }),
    words(tick, { x: EDGE.left - 6, y: at + 4, "text-anchor": "end" }),
  ];
}

/** As many names of categories as there is room for, the first among them. */
function labels(categories, x, slot) {
  const longest = Math.min(12, Math.max(...categories.map((one) => one.length)));
  const every = Math.max(1, Math.ceil((longest * 6.4 + 8) / slot));
  const short = (one) => (one.length > 12 ? `${one.slice(0, 11)}…` : one);
  return categories
    .map((one, index) => ({ one, index }))
    .filter(({ index }) => index % every === 0)
    .map(({ one, index }) => words(short(one), { x: x(index), y: HEIGHT - 14, "text-anchor": "middle" }));
}

function axisTitles(config, width) {
  const centre = { x: EDGE.left + (width - EDGE.left) / 2, y: HEIGHT - 1, "text-anchor": "middle" };
  const turned = `rotate(-90 10 ${HEIGHT / 2})`;
  const side = { x: 10, y: HEIGHT / 2, "text-anchor": "middle", transform: turned };
  return [
    ...(config.x_label ? [words(config.x_label, centre)] : []),
    ...(config.y_label ? [words(config.y_label, side)] : []),
  ];
}

function bars({ one, index, chart, categories, x, y, slot }) {
  const wide = (slot * 0.76) / chart.series.length;
  return categories.map((category, number) => {
    const ends = [y(0), y(valueAt(one, category))].sort((a, b) => a - b);
    const left = x(number) - slot * 0.38 + wide * index;
    const [width, height] = [Math.max(1, wide - 1), Math.max(1, ends[1] - ends[0])];
    const look = `chart-fill chart-${index + 1}`;
    return draw("rect", { x: left, y: ends[0], width, height, class: look });
  });
}

function lines({ one, index, categories, x, y }) {
  const at = categories.map((category, number) => [x(number), y(valueAt(one, category))]);
  const path = at.map(([left, top], number) => `${number ? "L" : "M"}${left} ${top}`).join("");
  return [
    draw("path", { d: path, class: `chart-line chart-${index + 1}`, "stroke-dasharray": DASHES[index] }),
    ...at.map(([cx, cy]) => draw("circle", { cx, cy, r: 3, class: `chart-fill chart-${index + 1}` })),
  ];
}

function areas(given) {
  const { one, index, categories, x, y } = given;
  const at = categories.map((category, number) => `${x(number)} ${y(valueAt(one, category))}`);
  const path = `M${x(0)} ${y(0)}L${at.join("L")}L${x(categories.length - 1)} ${y(0)}Z`;
  return [draw("path", { d: path, class: `chart-area chart-${index + 1}` }), ...lines(given)];
}

function pie(chart) {
  const svg = draw("svg", { viewBox: "0 0 180 180", class: "chart-picture chart-pie" });
  const sum = chart.segments.reduce((all, one) => all + one.value, 0);
  let from = 0;
  chart.segments.forEach((one, index) => {
    const to = from + one.value / sum;
    svg.append(slice(from, to, index));
    from = to;
  });
  return svg;
}

function slice(from, to, index) {
  const look = { class: `chart-fill chart-slice chart-${index + 1}` };
  if (to - from > 0.9999) return draw("circle", { cx: 90, cy: 90, r: 80, ...look });
  const [a, b] = [from, to].map((turn) => turn * 2 * Math.PI - Math.PI / 2);
  const point = (angle) => `${90 + 80 * Math.cos(angle)} ${90 + 80 * Math.sin(angle)}`;
  return draw("path", { d: `M90 90L${point(a)}A80 80 0 ${to - from > 0.5 ? 1 : 0} 1 ${point(b)}Z`, ...look });
}

function legend(chart) {
  const sum = (chart.segments ?? []).reduce((all, one) => all + one.value, 0);
  const names =
    chart.type === "pie"
      ? chart.segments.map((one) => `${one.label} ${Math.round((one.value / sum) * 100)} %`)
      : chart.series.map((one) => one.name);
  const items = names.map((name, index) =>
    el("li", {}, key(chart.type, index), name),
  );
  return el("ul", { class: "chart-legend", "aria-hidden": true }, items);
}

/** A patch of the colour, or for lines a piece of the line, which differs without colour too. */
function key(kind, index) {
  if (kind !== "line") return el("span", { class: `chart-key chart-${index + 1}` });
  const svg = draw("svg", { viewBox: "0 0 28 12", class: "chart-key-line" });
  const look = { class: `chart-line chart-${index + 1}`, "stroke-dasharray": DASHES[index] };
  svg.append(draw("path", { d: "M0 6H28", ...look }));
  return svg;
}

function numbers(chart) {
  const rows = rowsOf(chart);
  const heads = rows.map(([name]) => name || "Value");
  const body = rows[0][1].map(([label], index) =>
    el(
      "tr",
      {},
      el("th", { scope: "row", text: label }),
      rows.map(([, pairs]) => el("td", { text: String(pairs[index][1]) })),
    ),
  );
  const head = el("tr", {}, el("td", {}), heads.map((name) => el("th", { scope: "col", text: name })));
  const table = el("table", { class: "chart-table" }, el("thead", {}, head), el("tbody", {}, body));
  return el("details", { class: "chart-numbers" }, el("summary", { text: "The numbers" }), table);
}

function draw(tag, attributes) {
  const node = document.createElementNS(SVG, tag);
  for (const [key, value] of Object.entries(attributes))
    if (value !== "") node.setAttribute(key, String(value));
  return node;
}

function words(text, attributes) {
  const node = draw("text", { ...attributes, class: "chart-words" });
  node.textContent = String(text);
  return node;
}
