import { el, freshId } from "./dom.js";
import { unescape } from "./mrkdwn.js";
import { person } from "./store.js";
import { trapFocus } from "./trap.js";

/** Asks for another text of a message; resolves to it, or to null when the person leaves it as it is. */
export function editedText(text) {
  return new Promise((resolve) => {
    const back = document.activeElement;
    const { dialog, form, field, cancel } = build(asTyped(text));
    const finish = (answer) => {
      dialog.close();
      dialog.remove();
      if (back?.isConnected) back.focus();
      resolve(answer);
    };
    const save = () => field.value.trim() && finish(field.value);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      save();
    });
    field.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      save();
    });
    cancel.addEventListener("click", () => finish(null));
    dialog.addEventListener("cancel", (event) => {
      event.preventDefault();
      finish(null);
    });
    document.body.append(dialog);
    dialog.showModal();
    field.focus();
  });
}

function build(text) {
  const ids = { title: freshId("edit-title"), hint: freshId("edit-hint") };
  const field = el("textarea", {
    class: "field field-area",
    rows: 4,
    value: text,
    "aria-labelledby": ids.title,
    "aria-describedby": ids.hint,
  });
  const cancel = el("button", { type: "button", class: "button", text: "Cancel" });
  const save = el("button", { type: "submit", class: "button button-primary", text: "Save" });
  const form = el(
    "form",
    { class: "edit-form" },
    el("h2", { id: ids.title, class: "confirm-title", text: "Edit message" }),
    field,
    el("p", { id: ids.hint, class: "input-hint", text: "Enter saves, Shift + Enter makes a new line" }),
    el("div", { class: "confirm-buttons" }, cancel, save),
  );
  const dialog = el("dialog", { class: "confirm", "aria-labelledby": ids.title }, form);
  dialog.dataset.testid = "edit";
  trapFocus(dialog);
  return { dialog, form, field, cancel };
}

/** A stored text as it was typed: names in place of ids, and without Slack's escapes. */
function asTyped(text) {
  const named = String(text ?? "")
    .replace(/<@(\w+)(?:\|[^>]*)?>/g, (_, id) => `@${person(id).name}`)
    .replace(/<((?:https?|mailto):[^|>]+)(?:\|[^>]*)?>/g, "$1");
  return unescape(named);
}
