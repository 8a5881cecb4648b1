import { el } from "./dom.js";
import { closeIfOpen, openPopover } from "./popover.js";

/**
 * Opens a menu by `anchor`; a second press on the anchor closes it.
 * Each item has `node` (what it shows), `name` (optional accessible name) and `choose`.
 */
export function openMenu(anchor, items, { label, columns = 1, empty = "Nothing here." }) {
  if (closeIfOpen(anchor)) return;
  const list = el("div", {
    class: columns > 1 ? "menu menu-grid" : "menu",
    role: "menu",
    "aria-label": label,
  });
  const buttons = items.map((item) =>
    el(
      "button",
      {
        type: "button",
        class: "menu-item",
        role: "menuitem",
        tabIndex: -1,
        "aria-label": item.name ?? null,
        title: item.name ?? null,
      },
      item.node,
    ),
  );
  list.append(...(buttons.length ? buttons : [el("p", { class: "menu-empty", text: empty })]));
  list.addEventListener("keydown", (event) => move(event, buttons, columns, () => close(true)));
  const close = openPopover(anchor, list, { className: columns > 1 ? "popover-grid" : "" });
  buttons.forEach((button, index) =>
    button.addEventListener("click", () => {
      close(true);
      items[index].choose();
    }),
  );
  (buttons[0] ?? list).focus();
}

function move(event, buttons, columns, leave) {
  const steps = { ArrowDown: columns, ArrowUp: -columns, ArrowRight: 1, ArrowLeft: -1 };
  const here = buttons.indexOf(document.activeElement);
  let next = null;
  if (event.key in steps) next = (here + steps[event.key] + buttons.length) % buttons.length;
  else if (event.key === "Home") next = 0;
  else if (event.key === "End") next = buttons.length - 1;
  else if (event.key === "Tab") leave();
  if (next === null) return;
  event.preventDefault();
  buttons[next]?.focus();
}
