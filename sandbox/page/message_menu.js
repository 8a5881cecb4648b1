import { el } from "./dom.js";
import { perform } from "./actions.js";
import { confirmed } from "./confirm.js";
import { editedText } from "./editor.js";
import { iconButton } from "./icon_button.js";
import { openMenu } from "./menu.js";
import { state } from "./store.js";

const REALLY = {
  title: { type: "plain_text", text: "Delete message" },
  text: { type: "plain_text", text: "Are you sure? This cannot be undone." },
  confirm: { type: "plain_text", text: "Delete" },
  deny: { type: "plain_text", text: "Cancel" },
  style: "danger",
};

/** The button with the message shortcuts of the app and what a writer may do, or null if there is nothing. */
export function moreButton(message, channelId, { fail, unanswered }) {
  const items = itemsFor(message, channelId, { fail, unanswered });
  if (!items.length) return null;
  const node = iconButton("dots", "More actions", {
    class: "tool",
    "aria-haspopup": "menu",
    "aria-expanded": false,
    data: { fk: "more" },
  });
  node.addEventListener("click", () => openMenu(node, items, { label: "More actions" }));
  return node;
}

function itemsFor(message, channelId, { fail, unanswered }) {
  const { app, acts = [] } = state.workspace;
  const where = { channel: channelId, ts: message.ts };
  const attempt = (work) => work().catch((error) => fail(error.message));
  const items = [];
  if (acts.includes("message_shortcut") && message.subtype !== "tombstone")
    for (const one of (app.shortcuts ?? []).filter((each) => each.type === "message"))
      items.push({
        node: words(one.name, one.description ?? app.name),
        choose: () => attempt(() => run(one, where, fail, unanswered)),
      });
  if (message.user !== state.as || message.subtype) return items;
  if (acts.includes("edit"))
    items.push({ node: words("Edit message"), choose: () => attempt(() => edit(message, where)) });
  if (acts.includes("delete"))
    items.push({ node: words("Delete message"), choose: () => attempt(() => remove(where)) });
  return items;
}

function words(text, about = null) {
  return el(
    "span",
    { class: "menu-text" },
    el("span", { text }),
    about ? el("small", { text: about }) : null,
  );
}

async function run(shortcut, where, fail, unanswered) {
  const { outcome } = await perform("message_shortcut", { callback_id: shortcut.callback_id, ...where });
  if (outcome !== "acked" && !state.seen?.notices?.length) fail(unanswered(outcome));
}

async function edit(message, where) {
  const text = await editedText(message.text);
  if (text !== null) await perform("edit", { ...where, text });
}

async function remove(where) {
  if (await confirmed(REALLY)) await perform("delete", where);
}
