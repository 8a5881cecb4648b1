import { el } from "./dom.js";
import { getPanel } from "./api.js";

/** Shows a table that the embedding program supplies, and reads it anew when told to. */
export function openRows(body, name) {
  let turn = 0;
  let open = true;
  body.replaceChildren(el("p", { class: "panel-note", text: "Reading…" }));
  const refresh = async () => {
    const mine = ++turn;
    let nodes;
    try {
      nodes = tableNodes(await getPanel(name), name);
    } catch (error) {
      nodes = [el("p", { class: "panel-note", role: "alert", text: error.message })];
    }
    if (open && mine === turn) body.replaceChildren(...nodes);
  };
  refresh();
  return {
    refresh,
    close: () => {
      open = false;
    },
  };
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
  const scroll = { class: "panel-scroll", tabIndex: 0, role: "region", "aria-label": `${name}, ${count}` };
  return [
    data.note ? el("p", { class: "panel-note", text: data.note }) : null,
    rows.length ? el("div", scroll, table) : el("p", { class: "panel-note", text: "Nothing is stored yet." }),
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
