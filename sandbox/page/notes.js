import { el } from "./dom.js";
import { iconButton } from "./icon_button.js";
import { icon } from "./icons.js";

/** A sentence in a box that can be put away; said at once to screen readers. */
export function note(sentence, dismiss) {
  return el(
    "div",
    { class: "note", role: "alert", data: { testid: "notice" } },
    icon("warning"),
    el("span", { class: "note-text", text: sentence }),
    iconButton("close", "Dismiss this notice", { class: "note-close", onclick: dismiss }),
  );
}
