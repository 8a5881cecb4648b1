import { el } from "./dom.js";
import { icon } from "./icons.js";

/** Returns a button that shows a drawing; its name stands in the label and the tooltip. */
export function iconButton(drawing, name, props = {}) {
  return el("button", { type: "button", "aria-label": name, title: name, ...props }, icon(drawing));
}
