import { el, freshId } from "./dom.js";

const SVG = "http://www.w3.org/2000/svg";
const PLOT = 170; // height of what lies between the axes
const TOP = 12;
const RIGHT = 14;
const LETTER = 7; // width of a digit or a small letter
const LINE = 15;
const ASLANT = 20; // so far apart that names do not touch
const SLANT = (40 * Math.PI) / 180;
const COMPACT = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 2 });
const [NARROWEST, WIDEST] = [280, 590];
const NAMES = { line: "Line chart", bar: "Bar chart", area: "Area chart", pie: "Pie chart" };
const DASHES = ["", "7 4", "2 4", "10 4 2 4", "1 5", "12 3"];

/** Draws a data_visualization block: a picture, its legend, and the same numbers as a table. */
export function chartBlock(block) {
  const chart = block.chart;
  const id = freshId("chart");
  const title = el("figcaption", { class: "chart-title", id, text: block.title });
  const box = el("div", { class: "chart-box" });
  show(block, box, matchMedia("(max-width: 760px)").matches ? NARROWEST : WIDEST);
  if (chart.type !== "pie") new ResizeObserver(([entry]) => fit(block, box, entry)).observe(box);
  const parts = [title, box, legend(chart), numbers(chart)];
  return el("figure", { class: "chart", "aria-labelledby": id }, parts);
}

function show(block, box, room) {
  const picture = block.chart.type === "pie" ? pie(block.chart) : plot(block.chart, room);
  picture.setAttribute("role", "img");
  picture.setAttribute("aria-label", inWords(block));
  box.replaceChildren(picture);
  box.dataset.room = String(room);
  const scrolls = Boolean(picture.style.width);
  box.tabIndex = scrolls ? 0 : -1;
  if (scrolls) box.setAttribute("aria-label", "Chart, scrolls sideways");
  box.setAttribute("role", scrolls ? "group" : "presentation");
}

/** Draws the chart again for the room that there is, so that its words keep their size. */
function fit(block, box, { contentRect }) {
  const room = Math.max(NARROWEST, Math.min(WIDEST, Math.floor(contentRect.width)));
  if (contentRect.width && Math.abs(room - Number(box.dataset.room)) > 4) show(block, box, room);
}

/** The whole chart in a sentence or two, for those who do not see it. */
export function inWords(block) {
  const { chart } = block;
  const rows = rowsOf(chart).map(([name, pairs]) => {
    const told = pairs.map(([label, value]) => `${label} ${value}`).join(", ");
    return name ? `${name}: ${told}` : told;
  });
  const { x_label: across, y_label: up } = chart.axis_config ?? {};
  const axes = [across && `Across: ${across}. `, up && `Up: ${up}. `].filter(Boolean).join("");
  return `${NAMES[chart.type]}: ${block.title}. ${axes}${rows.join(". ")}.`;
}

function rowsOf(chart) {
  if (chart.type === "pie") return [["", chart.segments.map((one) => [one.label, one.value])]];
  return chart.series.map((one) => [one.name, chart.axis_config.categories.map((c) => [c, valueAt(one, c)])]);
}

const valueAt = (series, category) => series.data.find((point) => point.label === category)?.value ?? 0;

function plot(chart, room) {
  const { categories } = chart.axis_config;
  const all = chart.series.flatMap((one) => categories.map((c) => valueAt(one, c)));
  const ticks = ticksFor(Math.min(0, ...all), Math.max(0, ...all));
  const frame = frameOf(chart, ticks, room);
  const x = (index) => frame.left + frame.slot * (index + 0.5);
  const [low, high] = [ticks[0], ticks.at(-1)];
  const y = (value) => TOP + PLOT * (1 - (value - low) / (high - low));
  const svg = draw("svg", { viewBox: `0 0 ${frame.width} ${frame.height}`, class: "chart-picture" });
  if (frame.width > frame.wanted) svg.style.width = `${frame.width}px`;
  for (const tick of ticks) svg.append(...gridLine(tick, y(tick), frame));
  svg.append(...labels(categories, x, frame));
  const shape = { bar: bars, line: lines, area: areas }[chart.type];
  const { slot } = frame;
  svg.append(...chart.series.flatMap((one, index) => shape({ one, index, chart, categories, x, y, slot })));
  svg.append(...axisTitles(chart.axis_config, frame));
  return svg;
}

/** How wide and high a chart is: many bars need room, long names below it stand aslant. */
function frameOf(chart, ticks, wanted) {
  const { categories, x_label: below, y_label: beside } = chart.axis_config;
  const longest = Math.max(...categories.map((one) => [...one].length)) * LETTER;
  const axis = Math.max(...ticks.map((tick) => short(tick).length)) * LETTER + 14 + (beside ? LINE : 0);
  // Where names stand aslant, the first one begins left of its place.
  const crowded = (longest + 6) * categories.length > wanted - axis - RIGHT;
  const left = crowded ? Math.max(axis, longest * Math.cos(SLANT) - 6) : axis;
  const least = categories.length * Math.max(ASLANT, chart.type === "bar" ? chart.series.length * 4 : 0);
  const width = Math.max(wanted, Math.ceil(left + RIGHT + least));
  const slot = (width - left - RIGHT) / categories.length;
  const aslant = longest + 6 > slot;
  const deep = aslant ? Math.ceil(longest * Math.sin(SLANT)) + LINE : LINE + 4;
  return { wanted, left, width, slot, aslant, height: TOP + PLOT + deep + (below ? LINE + 2 : 0) };
}

/** A number for an axis: 1200000 is "1.2M". */
function short(value) {
  return Math.abs(value) < 10000 ? String(value) : COMPACT.format(value);
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

function gridLine(tick, at, { left, width }) {
  const look = tick === 0 ? "chart-grid chart-zero" : "chart-grid";
  return [
    draw("line", { x1: left, x2: width - RIGHT, y1: at, y2: at, class: look }),
    words(short(tick), { x: left - 6, y: at + 4, "text-anchor": "end" }),
  ];
}

function labels(categories, x, { aslant }) {
  return categories.map((one, index) => {
    const [left, top] = [x(index), TOP + PLOT + LINE];
    if (!aslant) return words(one, { x: left, y: top, "text-anchor": "middle" });
    const turned = `rotate(-40 ${left + 4} ${top - 2})`;
    return words(one, { x: left + 4, y: top - 2, "text-anchor": "end", transform: turned });
  });
}

function axisTitles(config, { left, width, height }) {
  const centre = { x: left + (width - left - RIGHT) / 2, y: height - 3, "text-anchor": "middle" };
  const middle = TOP + PLOT / 2;
  const side = { x: 11, y: middle, "text-anchor": "middle", transform: `rotate(-90 11 ${middle})` };
  return [
    ...(config.x_label ? [words(cut(config.x_label, width - left - RIGHT), centre)] : []),
    ...(config.y_label ? [words(cut(config.y_label, PLOT), side)] : []),
  ];
}

/** As much of a title as there is room for; all of it stands in the words of the chart. */
function cut(text, room) {
  const most = Math.floor(room / LETTER);
  return [...text].length > most ? `${[...text].slice(0, most - 1).join("")}…` : text;
}

function bars({ one, index, chart, categories, x, y, slot }) {
  const wide = (slot * 0.76) / chart.series.length;
  return categories.map((category, number) => {
    const value = valueAt(one, category);
    const ends = [y(0), y(value)].sort((a, b) => a - b);
    const left = x(number) - slot * 0.38 + wide * index;
    const [width, height] = [Math.max(1, wide - 1), Math.max(1, ends[1] - ends[0])];
    const look = `chart-fill chart-${index + 1}`;
    return titled(draw("rect", { x: left, y: ends[0], width, height, class: look }), one, category, value);
  });
}

function lines({ one, index, categories, x, y }) {
  const at = categories.map((category, number) => [x(number), y(valueAt(one, category))]);
  const path = at.map(([left, top], number) => `${number ? "L" : "M"}${left} ${top}`).join("");
  return [
    draw("path", { d: path, class: `chart-line chart-${index + 1}`, "stroke-dasharray": DASHES[index] }),
    ...at.map(([cx, cy], number) => {
      const dot = draw("circle", { cx, cy, r: 3, class: `chart-fill chart-${index + 1}` });
      return titled(dot, one, categories[number], valueAt(one, categories[number]));
    }),
  ];
}

/** What the mouse is told over a bar or a point. */
function titled(node, series, category, value) {
  const title = draw("title", {});
  title.textContent = `${series.name}, ${category}: ${value}`;
  node.append(title);
  return node;
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
  const items = names.map((name, index) => el("li", {}, key(chart.type, index), name));
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
  const head = el(
    "tr",
    {},
    el("td", {}),
    heads.map((name) => el("th", { scope: "col", text: name })),
  );
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
