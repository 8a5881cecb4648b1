import { el } from "./dom.js";
import { getPanel } from "./api.js";
import { iconButton } from "./icon_button.js";
import { icon } from "./icons.js";
import { change, state } from "./store.js";

let parts = null;
let shown = null;
let turn = 0;

/** Builds the drawer for the workspace's panels into `aside`. */
export function makePanel(aside) {
  const title = el("h2", { class: "panel-title", tabIndex: -1 });
  const body = el("div", { class: "panel-body" });
  const close = iconButton("close", "Close this panel", { class: "modal-icon", onclick: () => shut() });
  aside.replaceChildren(el("header", { class: "panel-head" }, title, close), body);
  aside.addEventListener("keydown", (event) => {
    if (event.key === "Escape") shut();
  });
  parts = { aside, title, body };
  document.addEventListener("sandbox:acted", fill);
  document.addEventListener("sandbox:changed", fill);
}

/** Returns one button for each panel. */
export function panelButtons() {
  return (state.workspace?.panels ?? []).map((name) =>
    el(
      "button",
      {
        type: "button",
        class: "bar-button",
        "aria-label": name,
        title: name,
        "aria-expanded": state.panel === name,
        "aria-controls": "panel",
        data: { panel: name },
        onclick: () => change({ panel: state.panel === name ? null : name }),
      },
      icon("table"),
      el("span", { class: "bar-label", text: name }),
    ),
  );
}

/** Shows or hides the drawer. */
export function drawPanel() {
  const { aside } = parts;
  aside.hidden = !state.panel;
  document
    .querySelectorAll("[data-panel]")
    .forEach((button) => button.setAttribute("aria-expanded", String(button.dataset.panel === state.panel)));
  if (state.panel === shown) return;
  shown = state.panel;
  if (!shown) return;
  aside.setAttribute("aria-label", shown);
  parts.title.textContent = shown;
  parts.body.replaceChildren(el("p", { class: "panel-note", text: "Reading…" }));
  parts.title.focus();
  fill();
}

function shut() {
  const name = state.panel;
  change({ panel: null });
  document.querySelector(`[data-panel="${CSS.escape(name ?? "")}"]`)?.focus();
}

async function fill() {
  if (!state.panel) return;
  const mine = ++turn;
  const name = state.panel;
  let nodes;
  try {
    nodes = tableNodes(await getPanel(name), name);
  } catch (error) {
    nodes = [el("p", { class: "panel-note", role: "alert", text: error.message })];
  }
  if (mine === turn && name === state.panel) parts.body.replaceChildren(...nodes);
}

function tableNodes(data, name) {
  const head = el(
    "thead",
    {},
    el(
      "tr",
      {},
      data.columns.map((column) => el("th", { scope: "col", text: column })),
    ),
  );
  const rows = data.rows.map((row) => el("tr", {}, row.map(cell)));
  const table = el("table", { class: "panel-table", "aria-label": name }, head, el("tbody", {}, rows));
  const count = `${rows.length} ${rows.length === 1 ? "row" : "rows"}`;
  return [
    data.note ? el("p", { class: "panel-note", text: data.note }) : null,
    rows.length
      ? el(
          "div",
          { class: "panel-scroll", tabIndex: 0, role: "region", "aria-label": `${name}, ${count}` },
          table,
        )
      : el("p", { class: "panel-note", text: "Nothing is stored yet." }),
  ].filter(Boolean);
}

function cell(value) {
  const text =
    value === null || value === undefined
      ? "–"
      : typeof value === "object"
        ? JSON.stringify(value)
        : String(value);
  const look = /\S{24,}/.test(text) ? "is-long" : text.length <= 24 ? "is-short" : null;
  return el("td", { class: look, text });
}
