import { el } from "./dom.js";
import { emojiNode } from "./emoji_node.js";
import { linkNode } from "./mentions.js";
import { scrolled } from "./tables.js";

const MARKS = [
  ["**", "strong"],
  ["__", "strong"],
  ["~~", "del"],
  ["*", "em"],
  ["_", "em"],
];
const ITEM = /^(\s*)([-*+]|\d{1,9}[.)])\s+(.*)$/;
const TASK = /^\[( |x|X)\]\s+(.*)$/;
const RULE = /^\s*([-*_])(\s*\1){2,}\s*$/;
const DIVIDER = /^\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*$/;

/** A markdown block: standard Markdown. Whatever the text holds, it only ever becomes text. */
export function markdownBlock(block) {
  return el("div", { class: "markdown" }, parse(String(block.text ?? "").split(/\r?\n/)));
}

function parse(lines) {
  const nodes = [];
  let at = 0;
  while (at < lines.length) {
    const taken = taker(lines, at)(lines, at);
    if (taken.node) nodes.push(taken.node);
    at = taken.end;
  }
  return nodes;
}

function taker(lines, at) {
  const line = lines[at];
  if (!line.trim()) return () => ({ node: null, end: at + 1 });
  if (/^\s*(```|~~~)/.test(line)) return fence;
  if (/^#{1,6}\s/.test(line)) return heading;
  if (RULE.test(line)) return () => ({ node: el("hr", { class: "block-divider" }), end: at + 1 });
  if (/^\s*>/.test(line)) return quote;
  if (ITEM.test(line)) return list;
  if (line.includes("|") && DIVIDER.test(lines[at + 1] ?? "")) return table;
  return paragraph;
}

function fence(lines, at) {
  const mark = /```|~~~/.exec(lines[at])[0];
  let end = at + 1;
  while (end < lines.length && !lines[end].trim().startsWith(mark)) end += 1;
  return { node: el("pre", { class: "pre", text: lines.slice(at + 1, end).join("\n") }), end: end + 1 };
}

function heading(lines, at) {
  const [, marks, words] = /^(#{1,6})\s+(.*?)\s*#*$/.exec(lines[at]) ?? [null, "#", ""];
  const level = Math.min(6, marks.length + 2); // the page has its own first two levels
  return { node: el(`h${level}`, { class: `markdown-h${marks.length}` }, inline(words)), end: at + 1 };
}

function quote(lines, at) {
  let end = at;
  while (end < lines.length && /^\s*>/.test(lines[end])) end += 1;
  const inside = lines.slice(at, end).map((line) => line.replace(/^\s*> ?/, ""));
  return { node: el("blockquote", { class: "quote" }, parse(inside)), end };
}

function paragraph(lines, at) {
  let end = at + 1;
  while (end < lines.length && lines[end].trim() && taker(lines, end) === paragraph) end += 1;
  const parts = lines
    .slice(at, end)
    .flatMap((line, index) => [...(index ? [el("br")] : []), ...inline(line.trim())]);
  return { node: el("p", {}, parts), end };
}

function list(lines, at) {
  const depth = ITEM.exec(lines[at])[1].length;
  const ordered = /\d/.test(ITEM.exec(lines[at])[2]);
  const start = ordered ? Number.parseInt(ITEM.exec(lines[at])[2], 10) : null;
  const items = [];
  let end = at;
  while (end < lines.length) {
    const found = ITEM.exec(lines[end]);
    if (!found || found[1].length < depth || /\d/.test(found[2]) !== ordered) break;
    const inside = [];
    end += 1;
    while (end < lines.length && lines[end].trim() && /^\s/.test(lines[end]) && indent(lines[end]) > depth) {
      inside.push(lines[end]);
      end += 1;
    }
    items.push(item(found[3], inside));
  }
  const node = el(ordered ? "ol" : "ul", { class: "rich-list", start: start > 1 ? start : null }, items);
  return { node, end };
}

const indent = (line) => /^\s*/.exec(line)[0].length;

function item(words, inside) {
  const task = TASK.exec(words);
  const box = task
    ? el("input", {
        type: "checkbox",
        disabled: true,
        checked: task[1] !== " ",
        "aria-label": task[1] === " " ? "Not done" : "Done",
      })
    : null;
  return el(
    "li",
    { class: task ? "markdown-task" : null },
    box,
    inline(task ? task[2] : words),
    parse(inside),
  );
}

function table(lines, at) {
  const aligns = cells(lines[at + 1]).map((cell) => {
    if (/^:.*:$/.test(cell)) return "align-center";
    return cell.endsWith(":") ? "align-right" : "align-left";
  });
  let end = at + 2;
  while (end < lines.length && lines[end].includes("|")) end += 1;
  const row = (line, tag) =>
    el(
      "tr",
      {},
      cells(line).map((cell, index) =>
        el(tag, { class: aligns[index] ?? "align-left", scope: tag === "th" ? "col" : null }, inline(cell)),
      ),
    );
  const body = lines.slice(at + 2, end).map((line) => row(line, "td"));
  const grid = el("table", { class: "grid" }, el("thead", {}, row(lines[at], "th")), el("tbody", {}, body));
  return { node: scrolled(grid, `Table, ${body.length} ${body.length === 1 ? "row" : "rows"}`), end };
}

function cells(line) {
  const inner = line
    .trim()
    .replace(/^\|/, "")
    .replace(/(?<!\\)\|$/, "");
  return inner.split(/(?<!\\)\|/).map((cell) => cell.trim().replace(/\\\|/g, "|"));
}

function inline(text) {
  const nodes = [];
  let plain = "";
  const flush = () => {
    if (plain) nodes.push(plain);
    plain = "";
  };
  for (let at = 0; at < text.length;) {
    const found = tokenAt(text, at);
    if (found?.text) plain += found.text;
    else if (found) {
      flush();
      nodes.push(found.node);
    } else plain += text[at];
    at = found?.end ?? at + 1;
  }
  flush();
  return nodes;
}

function tokenAt(text, at) {
  const rest = text.slice(at);
  if (text[at] === "\\" && /[\\`*_{}[\]()#+\-.!|~>]/.test(text[at + 1] ?? ""))
    return { text: text[at + 1], end: at + 2 };
  if (text[at] === "`") return code(text, at);
  const image = /^!\[([^\]]*)\]\(([^)\s]+)\)/.exec(rest);
  if (image) return { node: linkNode(image[2], image[1] || "Image"), end: at + image[0].length };
  const link = /^\[((?:[^[\]]|\[[^\]]*\])+)\]\(([^)\s]+)(?:\s+"[^"]*")?\)/.exec(rest);
  if (link) return { node: linkNode(link[2], inline(link[1])), end: at + link[0].length };
  const bare = /^<?(https?:\/\/[^\s<>)]+)>?/.exec(rest);
  if (bare && !/\w/.test(text[at - 1] ?? "")) return { node: linkNode(bare[1]), end: at + bare[0].length };
  const emoji = /^:([a-z0-9_+'-]{1,60}):/.exec(rest);
  if (emoji) return { node: emojiNode(emoji[1]), end: at + emoji[0].length };
  return styled(text, at);
}

function code(text, at) {
  const mark = /^`+/.exec(text.slice(at))[0];
  const close = text.indexOf(mark, at + mark.length);
  if (close < 0) return null;
  const inside = text.slice(at + mark.length, close).trim();
  return { node: el("code", { class: "code", text: inside }), end: close + mark.length };
}

function styled(text, at) {
  for (const [mark, tag] of MARKS) {
    if (!text.startsWith(mark, at)) continue;
    const from = at + mark.length;
    if (!/\S/.test(text[from] ?? " ") || (mark.includes("_") && /\w/.test(text[at - 1] ?? ""))) return null;
    const close = closing(text, from, mark);
    if (close > from) return { node: el(tag, {}, inline(text.slice(from, close))), end: close + mark.length };
  }
  return null;
}

function closing(text, from, mark) {
  for (let at = text.indexOf(mark, from); at >= 0; at = text.indexOf(mark, at + 1)) {
    const single = mark.length === 1 && (text[at + 1] === mark || text[at - 1] === mark);
    if (!single && /\S/.test(text[at - 1] ?? " ")) return at;
  }
  return -1;
}
