import { el } from "./dom.js";
import { perform } from "./actions.js";
import { avatar } from "./avatar.js";
import { drawBlocks } from "./blocks.js";
import { clockTime, instant, wholeTime } from "./dates.js";
import { iconButton } from "./icon_button.js";
import { icon } from "./icons.js";
import { moreButton } from "./message_menu.js";
import { inWords, mrkdwn } from "./mrkdwn.js";
import { note } from "./notes.js";
import { addButton, reactionRow } from "./reactions.js";
import { change, me, person, state } from "./store.js";
import { Surface } from "./surface.js";

const surfaces = new Map();

/** Draws one message. `grouped` leaves out the name when the same person wrote just before. */
export function messageNode(message, channelId, { grouped = false, reply = false, fail }) {
  const writer = person(message.user);
  const time = instant(message.ts);
  const name = message.username || writer.real_name;
  const node = el("article", {
    class: [
      "message",
      grouped && "is-grouped",
      message.ephemeral && "is-ephemeral",
      reply && "is-reply",
      message.subtype && "is-line",
    ]
      .filter(Boolean)
      .join(" "),
    "aria-label": `${message.ephemeral ? "Only visible to you. " : ""}${name}, ${clockTime(time, me())}`,
    tabIndex: -1,
    data: { testid: "message", ts: message.ts, fk: `message/${message.ts}` },
  });
  const stamp = el("time", {
    class: "stamp",
    datetime: time.toISOString(),
    title: wholeTime(time, me()),
    text: clockTime(time, me()),
  });
  const gutter = el("div", { class: "gutter" }, grouped ? stamp : avatar(writer));
  const body = el("div", { class: "message-body" });
  if (message.ephemeral) body.append(ephemeralMark(message, channelId, fail));
  if (!grouped) body.append(headLine(name, writer, message, stamp));
  if (message.pinned)
    body.append(el("div", { class: "pinned" }, icon("pin"), el("span", { text: "Pinned" })));
  body.append(content(message, channelId), ...[reactionRow(message, channelId, fail)].filter(Boolean));
  node.append(gutter, body);
  if (!message.ephemeral) node.append(toolbar(message, channelId, reply, fail));
  return node;
}

function headLine(name, writer, message, stamp) {
  const bot = message.is_bot || writer.is_bot;
  return el(
    "div",
    { class: "message-head" },
    el("span", { class: "writer", text: name }),
    bot ? el("span", { class: "app-mark", text: "APP" }) : null,
    stamp,
  );
}

function ephemeralMark(message, channelId, fail) {
  const leave = () => document.dispatchEvent(new CustomEvent("sandbox:opened"));
  const dismiss = () => perform("dismiss", { ts: message.ts }).then(leave, (error) => fail(error.message));
  return el(
    "div",
    { class: "only-you" },
    icon("eye"),
    el("span", { text: "Only visible to you" }),
    el("button", {
      type: "button",
      class: "link-button",
      "aria-label": "Dismiss this message",
      text: "Dismiss",
      onclick: dismiss,
    }),
  );
}

function content(message, channelId) {
  const holder = el("div", { class: "message-content" });
  if (message.blocks?.length) {
    const blocks = el("div", { class: "blocks" });
    const trouble = el("div", { class: "message-trouble" });
    const surface = surfaceOf(message, channelId);
    surface.say = (sentence) => trouble.replaceChildren(note(sentence, () => trouble.replaceChildren()));
    drawBlocks(blocks, message.blocks, surface);
    holder.append(blocks, trouble);
  } else if (message.text) {
    holder.append(el("div", { class: "message-text" }, mrkdwn(message.text)));
  }
  for (const file of message.files ?? []) holder.append(fileNode(file));
  for (const attachment of message.attachments ?? [])
    holder.append(attachmentNode(attachment, message, channelId));
  if (message.edited) holder.append(el("span", { class: "edited", text: "(edited)" }));
  return holder;
}

function fileNode(file) {
  if (file.deleted) return el("p", { class: "file" }, icon("file"), "This file was deleted.");
  const size = file.size < 1024 ? `${file.size} bytes` : `${Math.round(file.size / 1024)} kB`;
  const words = el(
    "span",
    { class: "file-words" },
    file.title,
    el("small", { text: `${file.name} · ${size}` }),
  );
  const props = { class: "file", href: file.url, download: file.name };
  return el(
    "a",
    { ...props, "aria-label": `Save ${file.title}, ${file.name}, ${size}` },
    icon("file"),
    words,
  );
}

function attachmentNode(attachment, message, channelId) {
  const blocks = el("div", { class: "blocks" });
  if (attachment.blocks?.length) drawBlocks(blocks, attachment.blocks, surfaceOf(message, channelId));
  const words = [attachment.pretext, attachment.title, attachment.text ?? attachment.fallback]
    .filter(Boolean)
    .join("\n");
  const node = el(
    "div",
    { class: "attachment" },
    words && !attachment.blocks ? el("div", { class: "message-text" }, mrkdwn(words)) : null,
    blocks,
  );
  if (/^#[0-9a-f]{6}$/i.test(attachment.color ?? "")) node.style.borderLeftColor = attachment.color;
  return node;
}

function surfaceOf(message, channelId) {
  const key = [state.as, channelId, message.ts].join("/");
  if (!surfaces.has(key)) {
    const surface = new Surface({
      name: key,
      act: (block, action, value, values) =>
        act(surface, { channel: channelId, ts: message.ts }, block, action, value, values),
    });
    surfaces.set(key, surface);
  }
  const surface = surfaces.get(key);
  surface.state = message.state?.values ?? {};
  return surface;
}

async function act(surface, where, blockId, actionId, value, values) {
  try {
    const fields = { ...where, block_id: blockId, action_id: actionId, value };
    if (Object.keys(values).length) fields.values = values;
    const answer = await perform("block_action", fields);
    if (answer.outcome === "acked") return true;
    if (!state.seen?.notices?.length) surface.say(unanswered(answer.outcome));
  } catch (error) {
    surface.say(error.message);
  }
  return false;
}

/** What stands beside a control whose app did not take it. */
export function unanswered(outcome) {
  const app = state.workspace.app.name;
  if (outcome === "not_connected")
    return `${app} is not connected just now. Nothing was sent; try again in a moment.`;
  return `${app} did not answer in time. Try again in a moment.`;
}

function toolbar(message, channelId, reply, fail) {
  const tools = el(
    "div",
    { class: "message-tools", role: "group", "aria-label": "Message actions" },
    addButton(message, channelId, fail, "tool"),
  );
  if (!reply && (!message.thread_ts || message.thread_ts === message.ts)) {
    const answer = () => {
      change({ replyTo: message.ts });
      document.dispatchEvent(new CustomEvent("sandbox:opened"));
    };
    tools.append(
      iconButton("reply", "Reply in thread", { class: "tool", data: { fk: "reply" }, onclick: answer }),
    );
  }
  const more = moreButton(message, channelId, { fail, unanswered });
  if (more) tools.append(more);
  return tools;
}

/** A message in one sentence, for announcing it. */
export function messageInWords(message) {
  const words = inWords(message.text) || "a message";
  return `${message.ephemeral ? "Only visible to you. " : ""}${message.username || person(message.user).real_name}: ${words}`;
}
