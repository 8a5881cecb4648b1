import { el } from "./dom.js";
import { emojiNode } from "./emoji_node.js";
import { broadcastMention, channelMention, dateNode, linkNode, userMention } from "./mentions.js";

const TAGS = { "*": "strong", _: "em", "~": "del" };
const EMOJI = /:([a-z0-9_+'-]{1,60}(?:::skin-tone-\d)?):/iy;
const BARE_LINK = /https?:\/\/[^\s<>|]+/iy;
const SPACE = /\s/;
const WORD = /[\p{L}\p{N}]/u;

/** Undoes Slack's three escapes. */
export function unescape(text) {
  return text.replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&amp;/g, "&");
}

/** Turns Slack's mrkdwn into nodes. Whatever the text holds, it only ever becomes text. */
export function mrkdwn(text) {
  const out = document.createDocumentFragment();
  String(text ?? "")
    .split("```")
    .forEach((part, index, all) => {
      const fenced = index % 2 === 1 && index < all.length - 1;
      if (fenced)
        out.append(el("pre", { class: "pre", text: unescape(plainTokens(part.replace(/^\n|\n$/g, ""))) }));
      else lines(index % 2 === 1 ? `\`\`\`${part}` : part, index > 0).forEach((node) => out.append(node));
    });
  return out;
}

/** Text of a `plain_text` object: no formatting, only emoji names. */
export function plainText(text, emoji = true) {
  const out = document.createDocumentFragment();
  const shown = unescape(String(text ?? ""));
  if (!emoji) {
    out.append(shown);
    return out;
  }
  let at = 0;
  for (const match of shown.matchAll(new RegExp(EMOJI.source, "gi"))) {
    out.append(shown.slice(at, match.index), emojiNode(match[1]));
    at = match.index + match[0].length;
  }
  out.append(shown.slice(at));
  return out;
}

/** Renders a Block Kit text object of either type. */
export function textObject(object) {
  if (!object) return document.createDocumentFragment();
  return object.type === "mrkdwn" ? mrkdwn(object.text) : plainText(object.text, object.emoji !== false);
}

/** The same text without formatting, for names and announcements. */
export function inWords(text) {
  const holder = el("div");
  holder.append(mrkdwn(text));
  holder.querySelectorAll("br").forEach((br) => br.replaceWith("\n"));
  return holder.textContent.trim();
}

function lines(part, afterFence) {
  const nodes = [];
  let text = afterFence ? part.replace(/^\n/, "") : part;
  while (text) {
    const quote = /(^|\n)(?:>|&gt;)/.exec(text);
    const end = quote ? quote.index + quote[1].length : text.length;
    if (end > 0) nodes.push(...inline(quote ? text.slice(0, quote.index) : text));
    if (!quote) break;
    const [quoted, rest] = takeQuote(text.slice(end));
    nodes.push(el("blockquote", { class: "quote" }, inline(quoted)));
    text = rest;
  }
  return nodes;
}

function takeQuote(text) {
  const long = /^(?:>>>|&gt;&gt;&gt;)\s?/.exec(text);
  if (long) return [text.slice(long[0].length), ""];
  const quoted = [];
  const all = text.split("\n");
  while (all.length && /^(?:>|&gt;)/.test(all[0])) quoted.push(all.shift().replace(/^(?:>|&gt;) ?/, ""));
  return [quoted.join("\n"), all.join("\n")];
}

function inline(text) {
  const nodes = [];
  let plain = "";
  const flush = () => {
    if (plain) nodes.push(unescape(plain));
    plain = "";
  };
  for (let at = 0; at < text.length;) {
    const found = tokenAt(text, at);
    if (found) {
      flush();
      nodes.push(found.node);
      at = found.end;
    } else {
      plain += text[at];
      at += 1;
    }
  }
  flush();
  return nodes;
}

function tokenAt(text, at) {
  switch (text[at]) {
    case "\n":
      return { node: el("br"), end: at + 1 };
    case "`":
      return codeAt(text, at);
    case "<":
      return angleAt(text, at);
    case ":":
      return emojiAt(text, at);
    case "*":
    case "_":
    case "~":
      return styledAt(text, at);
    case "h":
      return bareLinkAt(text, at);
    default:
      return null;
  }
}

function codeAt(text, at) {
  const close = text.indexOf("`", at + 1);
  const inside = text.slice(at + 1, close);
  if (close < 0 || !inside.trim() || inside.includes("\n")) return null;
  return { node: el("code", { class: "code", text: unescape(plainTokens(inside)) }), end: close + 1 };
}

function emojiAt(text, at) {
  EMOJI.lastIndex = at;
  const match = EMOJI.exec(text);
  return match ? { node: emojiNode(match[1]), end: at + match[0].length } : null;
}

function bareLinkAt(text, at) {
  if (at > 0 && WORD.test(text[at - 1])) return null;
  BARE_LINK.lastIndex = at;
  const match = BARE_LINK.exec(text);
  if (!match) return null;
  const address = match[0].replace(/[.,;:!?)'"*_~]+$/, "");
  return { node: linkNode(unescape(address)), end: at + address.length };
}

function styledAt(text, at) {
  const mark = text[at];
  const before = text[at - 1];
  const after = text[at + 1];
  if (!after || SPACE.test(after) || after === mark || before === mark || (before && WORD.test(before)))
    return null;
  const close = closing(text, at + 1, mark);
  if (close < 0) return null;
  return { node: el(TAGS[mark], {}, inline(text.slice(at + 1, close))), end: close + 1 };
}

function closing(text, from, mark) {
  for (let at = from; at < text.length && text[at] !== "\n"; at += 1) {
    if (text[at] === "<" || text[at] === "`") {
      const skip = text.indexOf(text[at] === "<" ? ">" : "`", at + 1);
      if (skip > 0) at = skip;
    } else if (text[at] === mark && at > from && !SPACE.test(text[at - 1])) {
      const next = text[at + 1];
      if (!next || !WORD.test(next)) return at;
    }
  }
  return -1;
}

function angleAt(text, at) {
  const close = text.indexOf(">", at);
  if (close < 0) return null;
  const node = tokenNode(text.slice(at + 1, close));
  return node ? { node, end: close + 1 } : null;
}

function tokenNode(token) {
  const bar = token.indexOf("|");
  const target = unescape(bar < 0 ? token : token.slice(0, bar));
  const label = bar < 0 ? null : token.slice(bar + 1);
  if (/^@[UW]/.test(target)) return userMention(target.slice(1), label && unescape(label));
  if (/^#[CG]/.test(target)) return channelMention(target.slice(1), label && unescape(label));
  if (target.startsWith("!")) return specialNode(target.slice(1), label && unescape(label));
  if (/^(https?:|mailto:)/i.test(target)) return label ? linkNode(target, inline(label)) : linkNode(target);
  return null;
}

function specialNode(target, label) {
  if (["channel", "here", "everyone"].includes(target)) return broadcastMention(target);
  if (target.startsWith("subteam^")) return broadcastMention((label || target.slice(8)).replace(/^@/, ""));
  const date = /^date\^(\d+)\^([^^]+)/.exec(target);
  return date ? dateNode(date[1], date[2], label) : null;
}

function plainTokens(text) {
  return text.replace(
    /<((?:https?:|mailto:|[@#!])[^<>|]+)(?:\|([^<>]*))?>/g,
    (_, target, label) => label || target,
  );
}
