import { announce, el, freshId } from "./dom.js";
import { icon } from "./icons.js";
import { iconButton } from "./icon_button.js";
import { richText } from "./rich_text.js";

const DEFAULT_PAGE = 5;

/** A table block: its first row heads the columns. */
export function tableBlock(block) {
  const [head = [], ...rows] = block.rows ?? [];
  const settings = block.column_settings ?? [];
  const table = el(
    "table",
    { class: "grid" },
    el(
      "thead",
      {},
      el(
        "tr",
        {},
        head.map((cell, at) => headCell(cell, settings[at], rows[0]?.[at])),
      ),
    ),
    el(
      "tbody",
      {},
      rows.map((row) =>
        el(
          "tr",
          {},
          row.map((cell, at) => bodyCell(cell, settings[at])),
        ),
      ),
    ),
  );
  return scrolled(table, `Table, ${count(rows.length)}`);
}

/** A data_table block: pages of rows that can be sorted by each column. */
export function dataTableBlock(block, surface) {
  const view = surface.recall(`table/${block.block_id}`, () => ({ page: 0, column: null, down: false }));
  const caption = freshId("caption");
  const holder = el("div", { class: "data-table" });
  const draw = (focus = null) => {
    holder.replaceChildren(...dataTable(block, view, caption, draw));
    if (focus) holder.querySelector(`[data-fk="${CSS.escape(focus)}"]`)?.focus();
  };
  draw();
  return holder;
}

function dataTable(block, view, caption, draw) {
  const [head = [], ...rows] = block.rows ?? [];
  const size = block.page_size ?? DEFAULT_PAGE;
  const pages = Math.max(1, Math.ceil(rows.length / size));
  view.page = Math.min(view.page, pages - 1);
  const shown = sorted(rows, view).slice(view.page * size, (view.page + 1) * size);
  const names = block.row_header_column_index ?? 0;
  const body = shown.map((row) =>
    el(
      "tr",
      {},
      row.map((cell, at) => bodyCell(cell, null, at === names ? "th" : "td")),
    ),
  );
  const heads = head.map((cell, at) => sortHead({ cell, at, block, view, draw, below: rows[0]?.[at] }));
  const table = el(
    "table",
    { class: "grid", "aria-labelledby": caption, "aria-rowcount": rows.length + 1 },
    el("thead", {}, el("tr", {}, heads)),
    el("tbody", {}, body),
  );
  const title = el("p", { class: "grid-caption", id: caption, text: block.caption });
  const name = `${block.caption}, ${count(rows.length)}`;
  return [title, scrolled(table, name), pages > 1 ? pager({ block, view, pages, draw }) : null].filter(
    Boolean,
  );
}

function sortHead({ cell, at, block, view, draw, below }) {
  const mine = view.column === at;
  const direction = view.down ? "descending" : "ascending";
  const fk = `${block.block_id}/sort/${at}`;
  const sort = () => {
    Object.assign(view, { column: at, down: mine && !view.down, page: 0 });
    announce(`Sorted by ${wordsOf(cell)}, ${view.down ? "descending" : "ascending"}`);
    draw(fk);
  };
  const mark = mine ? icon(view.down ? "below" : "up") : null;
  const button = el(
    "button",
    { type: "button", class: "grid-sort", data: { fk }, onclick: sort },
    wordsOf(cell),
    mark,
  );
  return el("th", { scope: "col", "aria-sort": mine ? direction : null, class: alignment(below) }, button);
}

function pager({ block, view, pages, draw }) {
  const turn = (by, name) => {
    const there = view.page + by;
    const fk = `${block.block_id}/page/${by}`;
    return iconButton(name === "Next page" ? "forward" : "back", name, {
      class: "button button-icon",
      "aria-disabled": there < 0 || there >= pages || null,
      data: { fk },
      onclick: () => {
        if (there < 0 || there >= pages) return;
        view.page = there;
        announce(`Page ${there + 1} of ${pages}`);
        draw(fk);
      },
    });
  };
  const words = el("span", { text: `Page ${view.page + 1} of ${pages}` });
  return el("div", { class: "pager" }, turn(-1, "Page before"), words, turn(1, "Next page"));
}

function sorted(rows, { column, down }) {
  if (column === null) return rows;
  const order = (a, b) => {
    const [left, right] = [valueOf(a[column]), valueOf(b[column])];
    if (typeof left === "number" && typeof right === "number") return left - right;
    return String(left).localeCompare(String(right), undefined, { numeric: true });
  };
  return [...rows].sort((a, b) => (down ? order(b, a) : order(a, b)));
}

const valueOf = (cell) => (cell?.type === "raw_number" ? cell.value : wordsOf(cell));

function wordsOf(cell) {
  if (cell?.type === "raw_text") return cell.text;
  if (cell?.type === "raw_number") return cell.text ?? String(cell.value);
  return cell ? richText(cell).textContent : "";
}

/** The head of a column stands as the cells below it. */
function headCell(cell, setting, below) {
  return el("th", { scope: "col", class: alignment(below, setting) }, contentOf(cell));
}

function bodyCell(cell, setting, tag = "td") {
  const scope = tag === "th" ? "row" : null;
  const wrap = setting?.is_wrapped ? "is-wrapped" : "";
  return el(tag, { class: `${alignment(cell, setting)} ${wrap}`, scope }, contentOf(cell));
}

function alignment(cell, setting = null) {
  return `align-${setting?.align ?? (cell?.type === "raw_number" ? "right" : "left")}`;
}

function contentOf(cell) {
  return cell?.type === "rich_text" ? richText(cell) : wordsOf(cell);
}

function count(rows) {
  return `${rows} ${rows === 1 ? "row" : "rows"}`;
}

/** A box that scrolls by itself, also by keyboard, so that nothing gets wider than the message. */
export function scrolled(node, label, className = "") {
  return el(
    "div",
    { class: `scrolled ${className}`, tabIndex: 0, role: "region", "aria-label": label },
    node,
  );
}
