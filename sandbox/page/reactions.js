import { add, announce, el } from "./dom.js";
import { perform } from "./actions.js";
import { OFFERED, emojiWords } from "./emoji.js";
import { emojiNode } from "./emoji_node.js";
import { iconButton } from "./icon_button.js";
import { openMenu } from "./menu.js";
import { person, state } from "./store.js";

/** The row of reactions under a message, or null when there are none. */
export function reactionRow(message, channelId, fail) {
  if (!message.reactions?.length) return null;
  const chips = message.reactions.map((reaction) => chip(reaction, message, channelId, fail));
  return el(
    "div",
    { class: "reactions", role: "group", "aria-label": "Reactions" },
    chips,
    addButton(message, channelId, fail, "chip-add"),
  );
}

function chip(reaction, message, channelId, fail) {
  const mine = reaction.users.includes(state.as);
  const names = reaction.users.map((id) => (id === state.as ? "you" : person(id).real_name)).join(", ");
  const count = reaction.count ?? reaction.users.length;
  const node = el("button", {
    type: "button",
    class: mine ? "reaction is-mine" : "reaction",
    "aria-pressed": mine,
    "aria-label": `${emojiWords(reaction.name)}: ${count} ${count === 1 ? "reaction" : "reactions"}, from ${names}`,
    title: `${names} reacted with :${reaction.name}:`,
    data: { fk: `reaction/${reaction.name}`, reaction: reaction.name },
    onclick: () => toggle(reaction.name, mine, message, channelId, fail),
  });
  return add(node, emojiNode(reaction.name), el("span", { class: "reaction-count", text: String(count) }));
}

/** The button that opens the emoji to react with. */
export function addButton(message, channelId, fail, className) {
  const node = iconButton("smile", "Add reaction", {
    class: className,
    "aria-haspopup": "menu",
    "aria-expanded": false,
    data: { fk: className },
  });
  const items = OFFERED.map((name) => ({
    name: emojiWords(name),
    node: emojiNode(name),
    choose: () => toggle(name, hasMine(message, name), message, channelId, fail),
  }));
  node.addEventListener("click", () => openMenu(node, items, { label: "Add reaction", columns: 8 }));
  return node;
}

function hasMine(message, name) {
  return Boolean(
    message.reactions?.some((reaction) => reaction.name === name && reaction.users.includes(state.as)),
  );
}

async function toggle(name, mine, message, channelId, fail) {
  try {
    await perform(mine ? "unreact" : "react", { channel: channelId, ts: message.ts, name });
    announce(mine ? `Removed ${emojiWords(name)}` : `Reacted with ${emojiWords(name)}`);
  } catch (error) {
    fail(error.message);
  }
}
