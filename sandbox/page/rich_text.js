import { el } from "./dom.js";
import { emojiNode } from "./emoji_node.js";
import { broadcastMention, channelMention, dateNode, linkNode, userMention } from "./mentions.js";

const STYLES = [
  ["code", "code", "code"],
  ["bold", "strong"],
  ["italic", "em"],
  ["strike", "del"],
  ["underline", "u"],
];

/** Renders a rich_text block. */
export function richText(block) {
  const out = el("div", { class: "rich" });
  const counts = new Map();
  for (const part of block.elements ?? []) out.append(partNode(part, counts));
  return out;
}

function partNode(part, counts) {
  if (part.type !== "rich_text_list") counts.clear();
  switch (part.type) {
    case "rich_text_section":
      return el("div", { class: "rich-section" }, leaves(part.elements));
    case "rich_text_quote":
      return el("blockquote", { class: "quote" }, leaves(part.elements));
    case "rich_text_preformatted":
      return el("pre", { class: "pre" }, leaves(part.elements));
    case "rich_text_list":
      return listNode(part, counts);
    default:
      return el("p", { class: "undrawn", text: `This block type is not drawn here: ${part.type}` });
  }
}

function listNode(part, counts) {
  const indent = Math.min(part.indent ?? 0, 8);
  const ordered = part.style === "ordered";
  const items = (part.elements ?? []).map((item) => el("li", {}, leaves(item.elements)));
  const already = counts.get(indent) ?? 0;
  const start = ordered ? already + (part.offset ?? 0) + 1 : null;
  counts.set(indent, already + items.length);
  for (const deeper of [...counts.keys()]) if (deeper > indent) counts.delete(deeper);
  const bordered = part.border ? " rich-list-border" : "";
  return el(
    ordered ? "ol" : "ul",
    { class: `rich-list indent-${indent}${bordered}`, start: start > 1 ? start : null },
    items,
  );
}

function leaves(elements) {
  return (elements ?? []).map(leaf);
}

function leaf(element) {
  switch (element.type) {
    case "text":
      return styled(broken(element.text), element.style);
    case "link":
      return styled([linkNode(element.url, element.text || element.url)], element.style);
    case "user":
      return styled([userMention(element.user_id)], element.style);
    case "usergroup":
      return styled([broadcastMention(element.usergroup_id)], element.style);
    case "channel":
      return styled([channelMention(element.channel_id)], element.style);
    case "emoji":
      return emojiNode(element.name, element.unicode);
    case "broadcast":
      return broadcastMention(element.range);
    case "date":
      return dateNode(element.timestamp, element.format, element.fallback);
    case "color":
      return el("code", { class: "code", text: element.value });
    default:
      return el("span", { class: "undrawn", text: `This element is not drawn here: ${element.type}` });
  }
}

function broken(text) {
  return String(text ?? "")
    .split("\n")
    .flatMap((line, index) => (index ? [el("br"), line] : [line]));
}

function styled(nodes, style) {
  return STYLES.filter(([name]) => style?.[name]).reduce(
    (inner, [, tag, cls]) => [el(tag, { class: cls ?? null }, inner)],
    nodes,
  );
}
