import { el } from "./dom.js";
import { getTimeline } from "./api.js";
import { secondTime } from "./dates.js";
import { icon } from "./icons.js";
import { channel, me, state } from "./store.js";

const MOST_ROWS = 500;
const FINE = new Set(["ok", "acked", "delayed"]);
const WAYS = [
  ["all", "All"],
  ["sent", "Sent"],
  ["received", "Received"],
];
const HEADS = ["Time", "What and where", "Outcome", "ms"];

let entries = [];
let last = 0;
const filter = { way: "all", failures: false };

/** Shows what the app sent and received, newest at the bottom, and goes on as it comes in. */
export function openTimeline(body) {
  const rows = el("tbody");
  const head = el(
    "tr",
    {},
    HEADS.map((text) => el("th", { scope: "col", text })),
  );
  const table = el(
    "table",
    { class: "panel-table timeline", "aria-label": "Timeline" },
    el("thead", {}, head),
    rows,
  );
  const scroll = el(
    "div",
    {
      class: "panel-scroll",
      tabIndex: 0,
      role: "region",
      "aria-label": "What the app sent and received",
      "aria-live": "off",
    },
    table,
  );
  const empty = el("p", { class: "panel-note", text: "Nothing to show yet." });
  const trouble = el("p", { class: "panel-note", role: "alert", hidden: true });
  const newest = el("button", { type: "button", class: "newest", hidden: true, text: "Newer entries below" });
  const view = { rows, scroll, empty, trouble, newest, open: true, asking: false, again: false, drawn: 0 };
  newest.addEventListener("click", () => toEnd(view));
  scroll.addEventListener("scroll", () => {
    if (atEnd(scroll)) newest.hidden = true;
  });
  body.replaceChildren(tools(view), trouble, empty, el("div", { class: "timeline-frame" }, scroll, newest));
  rebuild(view);
  goOn(view);
  return {
    refresh: () => goOn(view),
    goOn: () => goOn(view),
    close: () => {
      view.open = false;
    },
  };
}

function tools(view) {
  const ways = WAYS.map(([way, text]) => {
    const input = el("input", {
      type: "radio",
      name: "timeline-way",
      value: way,
      checked: way === filter.way,
    });
    input.addEventListener("change", () => narrow(view, { way }));
    return el("label", { class: "segment" }, input, el("span", { text }));
  });
  const failures = el("input", { type: "checkbox", checked: filter.failures });
  failures.addEventListener("change", () => narrow(view, { failures: failures.checked }));
  const clear = el("button", { type: "button", class: "button", text: "Clear", onclick: () => forget(view) });
  return el(
    "div",
    { class: "timeline-tools" },
    el("div", { class: "segments", role: "radiogroup", "aria-label": "Which way" }, ways),
    el("label", { class: "choice" }, failures, el("span", { text: "Only failures" })),
    clear,
  );
}

function narrow(view, change) {
  Object.assign(filter, change);
  rebuild(view);
}

function forget(view) {
  entries = [];
  rebuild(view);
}

async function goOn(view) {
  view.again = true;
  if (view.asking) return;
  view.asking = true;
  while (view.again && view.open) {
    view.again = false;
    await fetchMore(view);
  }
  view.asking = false;
}

async function fetchMore(view) {
  try {
    let answer = await getTimeline(last);
    if (answer.last < last) {
      entries = []; // another sandbox answers now
      answer = await getTimeline(0);
    }
    const fresh = answer.entries.filter((entry) => entry.n > last || answer.last < last);
    last = answer.last;
    entries = [...entries, ...fresh].slice(-MOST_ROWS);
    view.trouble.hidden = true;
    if (view.open) append(view, fresh);
  } catch (error) {
    view.trouble.textContent = error.message;
    view.trouble.hidden = false;
  }
}

const failed = (entry) => !FINE.has(entry.outcome);

function wanted(entry) {
  return (filter.way === "all" || entry.way === filter.way) && (!filter.failures || failed(entry));
}

function rebuild(view) {
  view.rows.replaceChildren();
  append(view, entries, true);
}

function append(view, fresh, always = false) {
  const follow = always || atEnd(view.scroll);
  const rows = fresh.filter(wanted).slice(-MOST_ROWS).map(row);
  view.rows.append(...rows);
  while (view.rows.childElementCount > MOST_ROWS) view.rows.firstElementChild.remove();
  view.empty.hidden = view.rows.childElementCount > 0;
  view.scroll.hidden = !view.empty.hidden;
  if (follow) toEnd(view);
  else if (rows.length) view.newest.hidden = false;
}

function atEnd(scroll) {
  return scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < 40;
}

function toEnd(view) {
  view.scroll.scrollTop = view.scroll.scrollHeight;
  view.newest.hidden = true;
}

function row(entry) {
  const arrow = entry.way === "sent" ? "up" : "below";
  const again = entry.attempt ? `, try ${entry.attempt + 1}` : "";
  const outcome = el(
    "td",
    { class: "timeline-outcome" },
    failed(entry) ? icon("warning") : null,
    `${entry.outcome}${again}`,
  );
  if (entry.over) outcome.append(el("small", { text: entry.over }));
  return el(
    "tr",
    { class: failed(entry) ? "is-failure" : null, data: { way: entry.way, n: String(entry.n) } },
    el("td", { class: "is-time", text: secondTime(new Date(entry.at), me()) }),
    el(
      "td",
      { class: `timeline-what is-${entry.way}` },
      icon(arrow),
      el("span", { class: "sr-only", text: `${entry.way} ` }),
      el("span", { text: entry.what }),
      entry.where ? el("small", { text: place(entry.where) }) : null,
    ),
    outcome,
    el("td", { class: "is-number", text: entry.ms < 10 ? entry.ms.toFixed(1) : Math.round(entry.ms) }),
  );
}

/** A conversation by name, but a direct message without anybody's. */
function place(id) {
  const kind = channel(id)?.kind ?? (id.startsWith("D") ? "im" : null);
  if (kind === "im") return "direct message";
  if (kind === "mpim") return "group message";
  const name = channel(id)?.name ?? state.seen?.names[id];
  return name ? `#${name}` : id;
}
