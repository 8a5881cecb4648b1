import { el } from "./dom.js";

let open = null;

/**
 * Shows `content` in a small box by `anchor`. Escape or a press elsewhere closes it.
 * Only one is open at a time. Returns its `close(giveFocusBack)`.
 */
export function openPopover(anchor, content, { className = "", onclose = null } = {}) {
  open?.close(false);
  const box = el("div", { class: `popover ${className}` }, content);
  const host = anchor.closest("dialog") ?? document.body;
  const place = () => placeBy(box, anchor);
  const outside = (event) => {
    if (!box.contains(event.target) && !anchor.contains(event.target)) close(false);
  };
  const close = (giveFocusBack = true) => {
    if (open?.box !== box) return;
    open = null;
    document.removeEventListener("pointerdown", outside, true);
    window.removeEventListener("resize", place);
    if (giveFocusBack && anchor.isConnected) anchor.focus(); // while it still shows as expanded
    box.remove();
    anchor.setAttribute("aria-expanded", "false");
    onclose?.();
  };
  box.addEventListener("keydown", (event) => escape(event, close));
  document.addEventListener("pointerdown", outside, true);
  window.addEventListener("resize", place);
  host.append(box);
  anchor.setAttribute("aria-expanded", "true");
  open = { box, anchor, close };
  place();
  return close;
}

/** Whether the box that `anchor` opened is open; if so it is closed. */
export function closeIfOpen(anchor) {
  if (open?.anchor !== anchor) return false;
  open.close(true);
  return true;
}

/** Closes whatever box is open, leaving focus alone. */
export function closePopover() {
  open?.close(false);
}

function escape(event, close) {
  if (event.key !== "Escape") return;
  event.preventDefault();
  event.stopPropagation();
  close(true);
}

function placeBy(box, anchor) {
  const room = 8;
  const spot = anchor.getBoundingClientRect();
  const width = Math.min(box.offsetWidth, window.innerWidth - 2 * room);
  const below = window.innerHeight - spot.bottom - room;
  const above = spot.top - room;
  const up = below < Math.min(box.scrollHeight, 240) && above > below;
  box.style.maxHeight = `${Math.max(up ? above : below, 120) - 6}px`;
  const left = Math.max(room, Math.min(spot.left, window.innerWidth - width - room));
  box.style.left = `${left}px`;
  box.style.top = up ? "auto" : `${spot.bottom + 6}px`;
  box.style.bottom = up ? `${window.innerHeight - spot.top + 6}px` : "auto";
}
