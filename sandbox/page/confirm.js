import { el, freshId } from "./dom.js";
import { inWords, textObject } from "./mrkdwn.js";
import { trapFocus } from "./trap.js";

/** Shows a Block Kit confirm dialog; resolves to whether the person agreed. No `confirm` means yes. */
export function confirmed(confirm) {
  if (!confirm) return Promise.resolve(true);
  return new Promise((resolve) => {
    const back = document.activeElement;
    const { dialog, yes, no } = build(confirm);
    const finish = (answer) => {
      dialog.close();
      dialog.remove();
      if (back?.isConnected) back.focus();
      resolve(answer);
    };
    yes.addEventListener("click", () => finish(true));
    no.addEventListener("click", () => finish(false));
    dialog.addEventListener("cancel", (event) => {
      event.preventDefault();
      finish(false);
    });
    document.body.append(dialog);
    dialog.showModal();
    yes.focus();
  });
}

function build(confirm) {
  const ids = { title: freshId("confirm-title"), text: freshId("confirm-text") };
  const style = confirm.style === "danger" ? "button button-danger" : "button button-primary";
  const yes = el("button", { type: "button", class: style }, textObject(confirm.confirm));
  const no = el("button", { type: "button", class: "button" }, textObject(confirm.deny));
  const title = inWords(confirm.title?.text ?? "Are you sure?");
  const dialog = el(
    "dialog",
    { class: "confirm", role: "alertdialog", "aria-labelledby": ids.title, "aria-describedby": ids.text },
    el("h2", { id: ids.title, class: "confirm-title", text: title }),
    el("div", { id: ids.text, class: "confirm-text" }, textObject(confirm.text)),
    el("div", { class: "confirm-buttons" }, no, yes),
  );
  dialog.dataset.testid = "confirm";
  trapFocus(dialog);
  return { dialog, yes, no };
}
