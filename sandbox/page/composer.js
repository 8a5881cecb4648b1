import { el } from "./dom.js";
import { perform } from "./actions.js";
import { Completion, hintFor, isCommand } from "./completion.js";
import { clearHere, sayHere } from "./conversation.js";
import { iconButton } from "./icon_button.js";
import { openMenu } from "./menu.js";
import { inWords } from "./mrkdwn.js";
import { channelLabel, change, openChannel, openMessages, person, state } from "./store.js";

const KEYS = "Enter sends, Shift + Enter makes a new line";
const drafts = new Map();
let parts = null;
let place = "";

const FIELD = {
  class: "composer-field",
  id: "composer",
  rows: 1,
  "aria-autocomplete": "list",
  "aria-controls": "completion",
  "aria-describedby": "composer-hint",
  spellcheck: "true",
  data: { testid: "composer" },
};

/** Builds the composer into `main`; `drawComposer` fits it to the open channel. */
export function makeComposer(main) {
  const field = el("textarea", FIELD);
  const ghost = el("div", { class: "composer-ghost", "aria-hidden": true });
  const hint = el("span", { class: "sr-only", id: "composer-hint" });
  const send = iconButton("send", "Send", { class: "composer-send", onclick: () => submit() });
  const menu = { class: "composer-tool", "aria-haspopup": "menu", "aria-expanded": false };
  const shortcuts = iconButton("bolt", "Shortcuts", { ...menu, onclick: showShortcuts });
  const reply = el("div", { class: "composer-reply", hidden: true });
  const keys = el("span", { class: "composer-keys", "aria-hidden": true, text: KEYS });
  const closed = el("p", { class: "composer-closed", hidden: true, tabIndex: -1 });
  const completion = new Completion(field, complete);
  const frame = el(
    "div",
    { class: "composer-frame" },
    el("div", { class: "composer-text" }, ghost, field),
    el("div", { class: "composer-bar" }, shortcuts, closed, keys, send),
  );
  main.append(
    el("section", { class: "composer", "aria-label": "Message box" }, completion.node, reply, frame, hint),
  );
  parts = { field, ghost, hint, send, shortcuts, reply, completion, frame, closed };
  field.addEventListener("input", follow);
  field.addEventListener("keydown", onKey);
  field.addEventListener("blur", () => completion.close());
}

/** Fits the composer to the open channel, keeping a draft for each. */
export function drawComposer() {
  const one = openChannel();
  const here = `${state.as}/${state.channel}`;
  if (here !== place) {
    place = here;
    parts.field.value = drafts.get(here) ?? "";
    follow();
  }
  const closed = one ? closedSentence(one) : "";
  parts.frame.classList.toggle("is-closed", Boolean(closed) || !one);
  parts.closed.hidden = !closed;
  parts.closed.textContent = closed;
  const name = one ? `Message ${channelLabel(one)}` : "Message";
  parts.field.setAttribute("aria-label", state.replyTo ? `${name}, reply in thread` : name);
  parts.field.placeholder = name;
  drawReply();
}

/** Puts the caret into the composer, or onto the sentence that stands in its place. */
export function focusComposer() {
  const home = document.getElementById("home");
  if (home && !home.hidden) return home.focus();
  return (parts.closed.hidden ? parts.field : parts.closed).focus();
}

function closedSentence(one) {
  const { app } = state.workspace;
  if (one.kind === "im" && one.with === app.bot_user_id && app.messages_tab !== "open") {
    return `${app.name} writes to you here. To start something, open Shortcuts or type a command in any channel; messages cannot be sent here.`;
  }
  return one.read_only ? "Only some people can post here. You can read along." : "";
}

function drawReply() {
  const message = state.replyTo && openMessages()?.find((one) => one.ts === state.replyTo);
  parts.reply.hidden = !message;
  if (!message) return parts.reply.replaceChildren();
  const words = inWords(message.text).slice(0, 60);
  const stop = el("button", {
    type: "button",
    class: "link-button",
    text: "Cancel reply",
    onclick: () => change({ replyTo: null }),
  });
  return parts.reply.replaceChildren(
    el("span", { text: `Replying to ${person(message.user).real_name}: ${words}` }),
    " ",
    stop,
  );
}

function follow() {
  const text = parts.field.value;
  drafts.set(place, text);
  const hint = hintFor(text);
  parts.ghost.replaceChildren(
    el("span", { class: "ghost-typed", text }),
    el("span", { class: "ghost-hint", text: hint }),
  );
  parts.hint.textContent = hint ? `Usage: ${hint}` : "";
  parts.send.classList.toggle("is-ready", Boolean(text.trim()));
  parts.completion.follow(text);
  parts.field.style.height = "auto";
  parts.field.style.height = `${Math.min(parts.field.scrollHeight, 220)}px`;
}

function complete(one) {
  parts.field.value = `${one.command} `;
  parts.field.focus();
  follow();
}

function onKey(event) {
  if (event.isComposing || parts.completion.takes(event)) return;
  if (event.key === "Enter" && !event.shiftKey) {
    event.preventDefault();
    submit();
  }
}

async function submit() {
  const text = parts.field.value;
  const from = { place, channel: state.channel, replyTo: state.replyTo };
  if (!text.trim() || parts.frame.getAttribute("aria-busy") === "true") return;
  parts.completion.close();
  const refusal = text.startsWith("/") ? commandRefusal(text) : null;
  if (refusal) return sayHere(refusal);
  busy(true);
  await clearHere();
  try {
    const answer = text.startsWith("/")
      ? await perform("command", { channel: from.channel, text: text.trimEnd() })
      : await perform("message", {
          channel: from.channel,
          text,
          ...(from.replyTo ? { thread_ts: from.replyTo } : {}),
        });
    settle(answer, text, from);
  } catch (error) {
    sayHere(error.message);
  } finally {
    busy(false);
  }
  return null;
}

function commandRefusal(text) {
  const word = text.split(/\s/)[0];
  if (state.replyTo) return `${word} cannot be used in a thread. Cancel the reply first; your text is kept.`;
  if (!isCommand(word)) return unknownCommand(word);
  return null;
}

function unknownCommand(word) {
  return `${word} is not a command in this workspace. Everything that starts with "/" is read as a command; to send it as a message, put a space in front.`;
}

function settle(answer, text, from) {
  if (answer.outcome === "unknown_command") return sayHere(unknownCommand(text.split(/\s/)[0]));
  if (answer.outcome !== "acked" && answer.outcome !== "posted") {
    const told = (state.seen?.notices ?? []).some(
      (notice) => !notice.channel || notice.channel === from.channel,
    );
    if (!told)
      sayHere(`${text.split(/\s/)[0]} did not get an answer. Your text is kept; try again in a moment.`);
    return null;
  }
  if (drafts.get(from.place) === text) drafts.delete(from.place);
  if (place === from.place && parts.field.value === text) {
    parts.field.value = "";
    follow();
  }
  if (from.replyTo) change({ replyTo: null });
  return null;
}

function busy(on) {
  parts.frame.setAttribute("aria-busy", String(on));
  parts.field.readOnly = on;
}

function showShortcuts() {
  const app = state.workspace.app;
  const items = (app.shortcuts ?? [])
    .filter((one) => one.type === "global")
    .map((one) => ({
      node: el(
        "span",
        { class: "menu-text" },
        el("span", { text: one.name }),
        el("small", { text: one.description ?? app.name }),
      ),
      choose: () => runShortcut(one),
    }));
  openMenu(parts.shortcuts, items, { label: "Shortcuts", empty: "This app has no shortcuts." });
}

async function runShortcut(one) {
  try {
    const answer = await perform("shortcut", { callback_id: one.callback_id });
    const silent = answer.outcome !== "acked" && !state.seen?.notices?.length;
    if (silent) sayHere(`${one.name} did not get an answer. Try again in a moment.`);
  } catch (error) {
    sayHere(error.message);
  }
}
