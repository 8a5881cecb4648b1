import { el, freshId } from "./dom.js";
import { closeIfOpen, openPopover } from "./popover.js";

/**
 * Opens a list to choose from by `anchor`: arrow keys move, Enter chooses, typing narrows it.
 * `groups` is [{label, options: [{id, text, node, name, detail}]}]. With `multiple` a choice toggles and
 * the list stays open; `choose(id)` is called for each. `selected()` gives the ids chosen now.
 */
export function openPicker(anchor, { label, groups, choose, selected, multiple = false, className = "" }) {
  if (closeIfOpen(anchor)) return;
  const id = freshId("picker");
  const total = groups.reduce((sum, group) => sum + group.options.length, 0);
  const list = el("div", {
    class: "picker-list",
    role: "listbox",
    id,
    "aria-label": label,
    "aria-multiselectable": multiple || null,
    tabIndex: total > 6 ? -1 : 0,
  });
  const filter = total > 6 ? filterField(label, id) : null;
  const host = filter ?? list;
  const view = { list, host, groups, selected, at: 0, options: [] };
  let close = null;
  const pick = (option) => {
    if (!option) return;
    if (!multiple) close(true);
    choose(option.dataset.id);
    if (multiple) draw(view, filter?.value ?? "", option.dataset.id);
  };
  filter?.addEventListener("input", () => draw(view, filter.value));
  host.addEventListener("keydown", (event) => onKey(event, view, pick, close));
  list.addEventListener("click", (event) => pick(event.target.closest("[role=option]")));
  list.addEventListener("pointerdown", (event) => event.preventDefault());
  draw(view, "", selected()[0]);
  close = openPopover(anchor, [filter ?? "", list], { className: `popover-picker ${className}` });
  highlight(view, view.at);
  host.focus();
}

function filterField(label, controls) {
  return el("input", {
    type: "text",
    class: "picker-filter",
    role: "combobox",
    "aria-label": `${label}: type to narrow the list`,
    "aria-expanded": true,
    "aria-controls": controls,
    "aria-autocomplete": "list",
    placeholder: "Type to narrow the list",
    autocomplete: "off",
  });
}

function draw(view, text, stay = null) {
  const wanted = text.trim().toLowerCase();
  const chosen = new Set(view.selected());
  view.options = [];
  const nodes = view.groups.flatMap((group) => {
    const kept = group.options.filter((option) => option.text.toLowerCase().includes(wanted));
    const made = kept.map((option) => optionNode(option, chosen.has(option.id)));
    view.options.push(...made);
    if (!made.length || !group.label) return made;
    return [
      el(
        "div",
        { role: "group", "aria-label": group.label },
        el("div", { class: "picker-group", "aria-hidden": true, text: group.label }),
        made,
      ),
    ];
  });
  view.list.replaceChildren(
    ...(nodes.length ? nodes : [el("p", { class: "menu-empty", text: "Nothing matches." })]),
  );
  highlight(
    view,
    Math.max(
      0,
      view.options.findIndex((node) => node.dataset.id === stay),
    ),
  );
}

function optionNode(option, isChosen) {
  return el(
    "div",
    {
      class: "picker-option",
      role: "option",
      id: freshId("option"),
      "aria-selected": isChosen,
      "aria-label": option.name ?? null,
      data: { id: option.id },
    },
    option.node?.() ?? el("span", { text: option.text }),
  );
}

function highlight(view, index) {
  view.options[view.at]?.classList.remove("is-active");
  view.at = index;
  const node = view.options[index];
  node?.classList.add("is-active");
  node?.scrollIntoView({ block: "nearest" });
  if (node) view.host.setAttribute("aria-activedescendant", node.id);
  else view.host.removeAttribute("aria-activedescendant");
}

function onKey(event, view, pick, close) {
  const count = view.options.length;
  const steps = {
    ArrowDown: view.at + 1,
    ArrowUp: view.at - 1 + count,
    PageDown: Math.min(view.at + 8, count - 1),
    PageUp: Math.max(view.at - 8, 0),
  };
  if (event.key in steps && count) highlight(view, steps[event.key] % count);
  else if (event.key === "Enter" || (event.key === " " && view.host === view.list))
    pick(view.options[view.at]);
  else if (event.key === "Tab") return close(true);
  else return;
  event.preventDefault();
}
